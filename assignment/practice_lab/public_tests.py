"""The checks below the exercises: small examples worked out by hand.

Each returns whether all of it is right, so that a cell can go on with what you have written. submit() hands your
notebook in to the portal of the course.
"""

import html
import sys
import warnings

import numpy as np
from relations import Mismatch, alike, as_numbers, common_sentences
from running import TooLong, about_none, fresh, is_stub, left_raise, limited, shapes_of, shown, trouble

TO_DO, WAITS = "still to be written", "waits for"
SECONDS = 10.0  # that one example may take
ROW = np.array([1.0, 2.0])
LAYER = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([10.0, 20.0, 30.0])  # two inputs, three units
ONE_UNIT = np.array([[3.0], [-1.0]]), np.array([0.5])
BATCH = np.array([[1.0, 2.0], [0.0, 1.0]])
UNITS = [25, 15, 1]
LN3 = np.log(np.array([1, 3], dtype=np.float32))  # of which the sigmoid is 1/2 and 3/4
WEIGHTS = (
    *(LAYER[0], np.array([-4.0, -2.0, 1.0])),
    *(np.array([[1.0, -1.0], [0.5, 1.0], [-1.0, 2.0]]), np.array([0.5, -0.5])),
    *(np.array([[2.0], [-1.0]]), np.array([0.25])),
)


def submit(file=None):
    """Hand in your notebook, or the file that you name, to the portal of the course, and show the result."""
    import submitting

    submitting.hand_in("practice_lab", file)


def test_c1(model):
    """Exercise 1: three layers of 25, 15 and 1 units with the sigmoid, for 400 inputs."""
    if model is None:
        return _told("model", [TO_DO])
    if not hasattr(model, "layers"):
        return _told("model", [f"`model` is of type {type(model).__name__}; expected a Keras model"])
    dense = [layer for layer in model.layers if hasattr(layer, "units")]
    wrong = []
    if (units := [layer.units for layer in dense]) != UNITS:
        wrong.append(f"The layers have {units} units; expected {UNITS}, in this order")
    for number, layer in enumerate(dense, start=1):
        name = getattr(layer.activation, "__name__", str(layer.activation))
        if not _is_sigmoid(layer) and not _followed_by_sigmoid(model, layer):
            wrong.append(f"The activation of layer {number} is {name}; expected sigmoid")
    if dense and dense[0].get_weights() and len(dense[0].get_weights()[0]) != 400:
        wrong.append(f"The model takes {len(dense[0].get_weights()[0])} inputs; expected 400, the pixels of a picture")
    return _told("model", wrong)


def _is_sigmoid(layer):
    return np.allclose(layer.activation(LN3), [0.5, 0.75], atol=1e-5)


def _followed_by_sigmoid(model, layer):
    """Tell whether a layer without an activation has it in the next layer, an Activation."""
    following = model.layers[model.layers.index(layer) + 1 :][:1]
    alone = np.allclose(layer.activation(LN3), LN3)
    return alone and any(type(other).__name__ == "Activation" and _is_sigmoid(other) for other in following)


def test_c2(my_dense):
    """Exercise 2: one layer for one example."""
    return _tried(
        my_dense,
        ("g(z) = z, three units", (ROW, *LAYER, _same), [15, 22, 29], "z is (1 + 2*2 + 10, 2 + 20, -1 + 30)."),
        ("g(z) = 2 z", (ROW, *LAYER, _double), [30, 44, 58], "z is (15, 22, 29), and g doubles it."),
        ("a layer with one unit", (ROW, *ONE_UNIT, _same), [1.5], "z is 3 - 2 + 0.5, in an array of shape (1,)."),
    )


def test_sequential(my_sequential):
    """Exercise 3: three layers for one example."""
    return _tried(my_sequential, *_network(ROW, [0.5], [0.75], [0.75727612]))


def test_c3(my_dense_v):
    """Exercise 4: one layer for a batch."""
    W, b = LAYER
    want = np.array([[15, 22, 29], [12, 21, 30]])
    return _tried(
        my_dense_v,
        ("two examples, three units", (BATCH, W, b, _same), want, "A row for each example, a column for each unit."),
        ("b with two axes, (1, 3)", (BATCH, W, b.reshape(1, -1), _same), want, "b is added to each row."),
        ("g(z) = 2 z", (BATCH, W, b, _double), 2 * want, "Z is ((15, 22, 29), (12, 21, 30)), and g doubles it."),
        ("one unit", (BATCH, *ONE_UNIT, _same), [[1.5], [-0.5]], "A row for each example, a column for each unit."),
    )


def test_sequential_v(my_sequential_v):
    """Exercise 5: three layers for a batch."""
    return _tried(my_sequential_v, *_network(BATCH, [[0.5], [0.5]], [[0.75], [0.75]], [[0.75727612], [0.62453266]]))


def _network(inputs, half, more, last):
    """With weights of 0 a layer gives sigmoid(b), and that is easy to work out: sigmoid(ln 3) is 0.75."""
    first = (np.zeros((2, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2), np.zeros((2, 1)))
    added = (np.zeros((2, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2), np.full((2, 1), np.log(3)))
    return (
        ("all weights and biases 0", (inputs, *first, np.zeros(1)), half, "Every z is 0, and sigmoid(0) is 0.5."),
        (
            "a last bias of ln 3",
            (inputs, *first, np.array([np.log(3)])),
            more,
            "The last z is ln 3, in the last layer.",
        ),
        ("last weights of ln 3", (inputs, *added, np.zeros(1)), more, "The last z is 0.5 ln 3 + 0.5 ln 3."),
        (
            "a network with other weights",
            (inputs, *WEIGHTS),
            last,
            "For (1, 2) layer 1 gives (0.731, 0.5, 0.5), and layer 2 gives (0.727, 0.567).",
        ),
    )


def _same(z):
    return z


def _double(z):
    return 2 * z


def _suspects(arguments, want):
    """Yield (wrong result, what it is) for a single layer: z is known from the right answer, since g is z or 2z."""
    if len(arguments) != 4:
        return
    _, _, b, g = arguments
    right, bias = np.asarray(want, dtype=float), np.ravel(b)
    z = right / g(1.0)
    yield g(z - bias), "Your numbers are right for a bias of 0: b isn't added."
    yield g(z - 2 * bias), "The bias is subtracted: look at its sign."
    yield g(z - bias) + bias, "The bias is added after g. It belongs to z, before g."
    yield z, "This is z itself: g isn't applied."
    yield g(right), "This is g(g(z)): g is applied twice."
    yield (1 + np.tanh(z / 2)) / 2, "This is the sigmoid of z. Use the g that is handed over."
    yield g(z - bias + bias[0]), "All units use the bias of the first unit."
    first, last = np.zeros_like(right), np.array(right)
    first[..., 0], last[..., -1] = right[..., 0], 0
    yield first, "Only the first unit is filled in: does the loop end too early?"
    yield last, "The last unit is 0: does the loop reach it?"


def _tried(function, *examples):
    """Try the examples: (what it is, arguments, expected result, how that comes about)."""
    name, outcomes = getattr(function, "__name__", "this"), []
    if is_stub(function):
        return _told(name, [TO_DO])
    for title, arguments, want, why in examples:
        error, mismatch, got = _outcome(name, function, arguments, want)
        if error.startswith(WAITS):
            return _told(name, [error])
        outcomes.append((title, arguments, want, why, error, mismatch, got))
        if error.startswith("No result"):
            break
    told = _sentences(outcomes)
    wrong = []
    for (title, _, _, why, error, mismatch, _), sentence in zip(outcomes, told, strict=True):
        if error:
            wrong.append(f"{title}: {error}")
        elif mismatch:
            wrong.append(f"{title}: {mismatch.fact} {sentence or why}")
    return _told(name, wrong)


def _outcome(name, function, arguments, want):
    """Return (error, mismatch, result) of one example."""
    own = fresh(arguments)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            got = limited(SECONDS, lambda: function(*own))
        numbers = as_numbers(got)
        if numbers is not None and numbers.ndim == 0 and np.size(want) == 1:
            got = numbers.reshape(np.shape(want))  # a layer of one unit may answer with a number
        if alike(got, np.array(want)):
            return "", None, got
        mismatch = Mismatch(got, np.array(want))
        if got is None:
            mismatch.fact = about_none(function)
        return "", mismatch, got
    except NotImplementedError as error:
        other = error.args[0] if error.args else name
        return f"{WAITS} {other}, which is {TO_DO}" if other != name else left_raise(function), None, None
    except TooLong:
        return f"No result after {SECONDS:g} seconds. Is there a loop that never ends?", None, None
    except Exception as error:
        return trouble(error, shapes_of(function, own)), None, None


def _sentences(outcomes):
    """Return for each outcome what holds for all the wrong results, or nothing."""
    failed = [i for i, outcome in enumerate(outcomes) if outcome[5]]
    matching = None
    for i, (_, arguments, want, _, error, _, got) in enumerate(outcomes):
        if error:
            continue
        held = [text for wrong, text in _suspects(arguments, want) if alike(got, wrong)]
        fits = held if i in failed else [text for wrong, text in _suspects(arguments, want) if alike(want, wrong)]
        matching = fits if matching is None else [text for text in matching if text in fits]
    broken = any(outcome[4] for outcome in outcomes)
    shared = common_sentences([outcomes[i][5] for i in failed])
    told = [""] * len(outcomes)
    for place, i in enumerate(failed):
        if matching and len(failed) > broken:
            told[i] = matching[0]
        elif shared:
            told[i] = shared[place]
    return told


def _told(name, wrong):
    card = _Card(name, wrong)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
        from IPython.display import display

        display(card)
    else:
        print(card)
    return not wrong


class _Card:
    """What came of the examples: in a notebook a colored card, and lines where there is no HTML.

    Its colors let the page shine through, and the letters are the page's own: readable on light and dark.
    """

    def __init__(self, name, wrong):
        self.head = f"{name}: right, as far as these examples go" if not wrong else f"{name}:"
        self.lines = [" ".join(shown(line).split()) for line in wrong]
        self.color = (
            "46, 160, 67" if not wrong else "158, 130, 60" if wrong[0].startswith((TO_DO, WAITS)) else "218, 54, 51"
        )

    def __repr__(self):
        return f"{self.head} " + "\n  ".join(self.lines) if self.lines else self.head

    def _repr_html_(self):
        box = f"border-left: 5px solid rgb({self.color}); background: rgba({self.color}, 0.12); color: inherit"
        rows = "".join(f'<div style="margin-top: 0.3em">{html.escape(line)}</div>' for line in self.lines)
        head = f"<strong>{html.escape(self.head)}</strong>"
        return f'<div style="{box}; padding: 0.6em 1em; border-radius: 4px; max-width: 60em">{head}{rows}</div>'
