"""The checks below the exercises: small examples worked out by hand. Each says what holds, or what came instead.

Each returns whether all of it is right, so that a cell can go on with what you have written.
"""

import html
import sys

import numpy as np

TO_DO = "still to be written"
MOST = 600  # characters of a line
ROW = np.array([1.0, 2.0])
LAYER = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([10.0, 20.0, 30.0])  # two inputs, three units
ONE_UNIT = np.array([[3.0], [-1.0]]), np.array([0.5])
BATCH = np.array([[1.0, 2.0], [0.0, 1.0]])
UNITS = [25, 15, 1]
LN3 = np.log(np.array([1, 3], dtype=np.float32))  # of which the sigmoid is 1/2 and 3/4


def test_c1(model):
    """Exercise 1: three layers of 25, 15 and 1 units with the sigmoid, for 400 inputs."""
    if model is None:
        return _told("model", [TO_DO])
    if not hasattr(model, "layers"):
        return _told("model", [f"this is no Keras model, but of type {type(model).__name__}"])
    dense = [layer for layer in model.layers if hasattr(layer, "units")]
    wrong = []
    if (units := [layer.units for layer in dense]) != UNITS:
        wrong.append(f"the layers have {units} units; {UNITS} are wanted, in this order")
    for number, layer in enumerate(dense, start=1):
        name = getattr(layer.activation, "__name__", str(layer.activation))
        if not np.allclose(layer.activation(LN3), [0.5, 0.75], atol=1e-5):
            wrong.append(f"layer {number} has the activation {name}; each needs activation='sigmoid'")
    if dense and dense[0].get_weights() and len(dense[0].get_weights()[0]) != 400:
        wrong.append(f"it takes {len(dense[0].get_weights()[0])} inputs; a picture has 400")
    return _told("model", wrong)


def test_c2(my_dense):
    """Exercise 2: one layer for one example."""
    return _tried(
        my_dense,
        ("g(z) = z, three units", (ROW, *LAYER, _same), [15, 22, 29], "Unit j has column j of W and entry j of b."),
        ("g(z) = 2 z", (ROW, *LAYER, _double), [30, 44, 58], "Use the g that came as an argument, whatever it is."),
        ("a layer with one unit", (ROW, *ONE_UNIT, _same), [1.5], "An array of shape (1,): one number for the unit."),
    )


def test_sequential(my_sequential):
    """Exercise 3: three layers for one example."""
    return _tried(my_sequential, *_network(ROW, [0.5], [0.75]))


def test_c3(my_dense_v):
    """Exercise 4: one layer for a batch."""
    W, b = LAYER
    want = np.array([[15, 22, 29], [12, 21, 30]])
    return _tried(
        my_dense_v,
        ("two examples, three units", (BATCH, W, b, _same), want, "Z is A_in W + b: the order counts."),
        ("b with two axes, (1, 3)", (BATCH, W, b.reshape(1, -1), _same), want, "b is added to each row either way."),
        ("g(z) = 2 z", (BATCH, W, b, _double), 2 * want, "Use the g that came as an argument, whatever it is."),
        ("one unit", (BATCH, *ONE_UNIT, _same), [[1.5], [-0.5]], "A row for each example, a column for each unit."),
    )


def test_sequential_v(my_sequential_v):
    """Exercise 5: three layers for a batch."""
    return _tried(my_sequential_v, *_network(BATCH, [[0.5], [0.5]], [[0.75], [0.75]]))


def _network(inputs, half, more):
    """With weights of 0 a layer gives sigmoid(b), and that is easy to work out: sigmoid(ln 3) is 0.75."""
    first = (np.zeros((2, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2), np.zeros((2, 1)))
    added = (np.zeros((2, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2), np.full((2, 1), np.log(3)))
    return (
        ("all weights and biases 0", (inputs, *first, np.zeros(1)), half, "sigmoid(0) is 0.5, in the last layer too."),
        ("a last bias of ln 3", (inputs, *first, np.array([np.log(3)])), more, "Does b3 belong to the last layer?"),
        ("last weights of ln 3", (inputs, *added, np.zeros(1)), more, "Layer 3 works on what layer 2 gives."),
    )


def _same(z):
    return z


def _double(z):
    return 2 * z


def _tried(function, *examples):
    """Tries the examples: (what it is, arguments, what is wanted, help)."""
    name, wrong = getattr(function, "__name__", "this"), []
    for title, arguments, want, hint in examples:
        try:
            # A copy of each array: the function may write into it.
            own = [np.copy(each) if isinstance(each, np.ndarray) else each for each in arguments]
            came = np.asarray(function(*own), dtype=float)
        except NotImplementedError:
            return _told(name, [TO_DO])
        except Exception as error:
            wrong.append(f"{title}: {type(error).__name__}: {error}")
            continue
        if came.ndim == 0 and np.size(want) == 1:
            came = came.reshape(np.shape(want))  # a layer of one unit may answer with a number
        if came.shape != np.shape(want):
            wrong.append(f"{title}: shape {came.shape} came, {np.shape(want)} was wanted. {hint}")
        elif not np.allclose(came, want, atol=1e-5):
            wrong.append(f"{title}: {came.tolist()} came, {np.asarray(want).tolist()} was wanted. {hint}")
    return _told(name, wrong)


def _told(name, wrong):
    card = _Card(name, wrong)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
        from IPython.display import display

        display(card)
    else:
        print(card)
    return not wrong


class _Card:
    """What came of the examples: in a notebook a coloured card, and lines where there is no HTML.

    Its colours let the page shine through, and the letters are the page's own: readable on light and dark.
    """

    def __init__(self, name, wrong):
        self.head = f"{name}: right, as far as these examples go" if not wrong else f"{name}:"
        self.lines = ["".join(c if c.isprintable() else repr(c)[1:-1] for c in line[:MOST]) for line in wrong]
        self.colour = "46, 160, 67" if not wrong else "158, 130, 60" if wrong == [TO_DO] else "218, 54, 51"

    def __repr__(self):
        return f"{self.head} " + "\n  ".join(self.lines) if self.lines else self.head

    def _repr_html_(self):
        box = f"border-left: 5px solid rgb({self.colour}); background: rgba({self.colour}, 0.12); color: inherit"
        rows = "".join(f'<div style="margin-top: 0.3em">{html.escape(line)}</div>' for line in self.lines)
        head = f"<strong>{html.escape(self.head)}</strong>"
        return f'<div style="{box}; padding: 0.6em 1em; border-radius: 4px; max-width: 60em">{head}{rows}</div>'
