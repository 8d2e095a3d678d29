"""Small examples for each exercise, worked out by hand: what check.py calls, and what it expects."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np


@dataclass
class Example:
    """One call of a student's function and what it should return."""

    sentence: str  # what holds
    arguments: tuple
    expected: Any
    why: str = ""  # how the expected value comes about: true whatever the student returned
    look: Callable | None = None  # what is compared, as look(returned, arguments after the call); by default the result
    through: tuple = ()  # numbers on the way: what each layer gives; mean and deviation; the price of each label
    also: tuple = ()  # other results that are right
    says: str = ""  # how a mismatch is told, if not as "You returned {got}; expected {expected}."


def row(*numbers):
    return np.array([numbers], dtype=float)


def column(*numbers):
    return row(*numbers).T


def same(x):
    return x


def double(x):
    return 2 * x


class Counting:
    """The activation g(z) = z, which counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, z):
        self.calls += 1
        return z

    def make(self):
        return Counting()


def shares(z):
    """Divide z by the sum over its units. A flat z, which isn't a column, becomes -1, which no share is."""
    return z / np.sum(z, axis=0) if np.ndim(z) != 1 else np.full(np.shape(z), -1.0)


def whole(result, _):
    """Compare all of a result. An example that looks at it says nothing of the other examples' mistakes."""
    return result


def calls_of_g(_, arguments):
    return arguments[-1].calls


def first_argument(_, arguments):
    return arguments[0]


# --- Keras --------------------------------------------------------------------------------------------


class SmallModel:
    """Stands for a Keras model with known weights, two inputs, three units, one unit: made when it is needed."""

    def make(self):
        import tensorflow as tf

        model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(3), tf.keras.layers.Dense(1)])
        model.set_weights([GRID, np.array([7, 8, 9]), column(10, 11, 12), np.array([13])])
        return model


class Tensors:
    """Stands for a list of (W, b) as tensors."""

    def __init__(self, parameters):
        self.parameters = parameters

    def make(self):
        import tensorflow as tf

        return [(tf.constant(W), tf.constant(b)) for W, b in self.parameters]


class Unfit(Exception):
    """An example can't be tried on the student's model; the message says why."""


def units_of(model, _):
    """Return the units of each layer, or its kind where it has none."""
    kinds = [(layer, type(layer).__name__) for layer in model.layers]
    return [getattr(layer, "units", kind) for layer, kind in kinds if kind not in ("Activation", "Flatten")]


def answer_with_known_weights(model, _):
    """The first layer gets zeros, so that its sigmoid is 1/2, and the second makes ln 3 of these."""
    weights = [np.zeros((2, 2)), np.zeros(2), column(2 * LN3, 0), np.zeros(1)]
    found = [array.shape for array in model.get_weights()]
    if found != [array.shape for array in weights]:
        expected = "(2, 2), (2,), (2, 1), (1,)"
        raise Unfit(f"The weights of your model {text_of_shapes(found)}; expected {expected}.")
    model.set_weights(weights)
    answer = np.asarray(model(np.zeros((1, 2))))
    if not np.allclose(answer, 0.75, atol=1e-4):
        names = [getattr(layer.activation, "__name__", "?") for layer in model.layers if hasattr(layer, "activation")]
        raise Unfit(f"The activations of your model's layers are {', '.join(names)}; expected sigmoid in each.")
    return answer


def text_of_shapes(shapes):
    listed = ", ".join(map(str, shapes))
    return f"have the shapes {listed}" if shapes else "don't exist yet, because it doesn't know the number of features"


def shape_of_answers(rows, model, _):
    return list(np.shape(model(np.zeros(rows))))


def loss_of(model, _):
    """What the loss of a compiled model gives for two examples."""
    import tensorflow as tf

    if getattr(model, "loss", None) is None:
        raise Unfit("Your model has no loss; expected binary cross-entropy. model.compile sets it.")
    if getattr(model.loss, "from_logits", False):
        raise Unfit("The loss of your model takes logits (from_logits=True); expected one that takes probabilities.")
    return float(model.compute_loss(y=tf.constant(column(1, 0)), y_pred=tf.constant(column(0.75, 0.75))))


def optimizer_of(model, _):
    """ "Adam" for Adam and its descendants, or the name of another optimizer."""
    kinds = [kind.__name__ for kind in type(getattr(model, "optimizer", None)).__mro__]
    return "Adam" if "Adam" in kinds else "no optimizer" if kinds[0] == "NoneType" else kinds[0]


def number_of_parameters(model, _):
    if not model.get_weights():
        raise Unfit(
            "Your model has no weights yet; expected 10 431 parameters. It doesn't know the number of features."
        )
    return model.count_params()


# --- networks and what they give ----------------------------------------------------------------------

LN3, LN4, LN7 = np.log([3, 4, 7])  # e^-LN3 is 1/3, so its sigmoid is 3/4; that of LN7 is 7/8
GRID = np.array([[1.0, 2, 3], [4, 5, 6]])  # as a batch: three examples with two features
LAYER = (np.array([[1.0, 1], [1, -1], [0, 2]]), column(20, 10, 100))  # two inputs, three units
DEEP = [
    (np.array([[1.0, 0], [0, 2], [1, 1]]), column(0, 1, 0)),
    (row(1, 1, -1), column(4)),
    (row(2), column(1)),
]
THROUGH_DEEP = (column(1, 2), column(1, 5, 3), column(7), column(15))
THROUGH_DOUBLED = (column(1, 2), column(2, 10, 6), column(20))  # with g(z) = 2 z
PLAIN, ZERO, TURN = (row(1), column(0)), (row(0), column(0)), (row(-4), column(2))  # one input, one unit
THROUGH_TWO = [row(-1, 0, 2), row(0.26894142, 0.5, 0.88079708), row(0.71590409, 0.5, 0.17900844)]
TWO_ROWS = np.array([[1.0, 3], [10, 30]])
HALVES = [(column(0, 0), column(0, 0)), (row(2, -4), column(1))]  # every activation is 0.5
HALVES_ACTIVATIONS = [row(3, 1), np.full((2, 2), 0.5), row(0.5, 0.5)]
HALVES_GRADIENTS = [(column(-0.5, 1), column(-0.25, 0.5)), (row(-0.25, -0.25), column(-0.5))]
STEP = ([(row(1, 2), column(5)), (row(3), column(1))], [(row(10, 20), column(-10)), (row(2), column(4))], 0.5)

# Three layers of 3, 2 and 1 units on four examples. The gradients agree with slopes measured one by one.
NET = [
    (np.array([[1.0, -1], [0.5, 1], [-1, 0.5]]), column(0, -1, 0.5)),
    (np.array([[1.0, -2, 0.5], [0.5, 1, -1]]), column(0.5, -0.5)),
    (row(2, -1), column(-0.5)),
]
NET_X, NET_Y = np.array([[1.0, -1, 0, 2], [0, 2, 1, -1]]), row(1, 0, 0, 1)
NET_ACTIVATIONS = [
    NET_X,
    np.array(
        [
            [0.73105858, 0.04742587, 0.26894142, 0.95257413],
            [0.37754067, 0.62245933, 0.5, 0.26894142],
            [0.37754067, 0.92414182, 0.73105858, 0.11920292],
        ]
    ),
    np.array([[0.66032606, 0.44141486, 0.53356711, 0.72597431], [0.46643289, 0.31475766, 0.35512472, 0.53146476]]),
    row(0.58764036, 0.51701145, 0.55280473, 0.60359903),
]
NET_GRADIENTS = [
    (
        np.array([[-0.01126773, 0.0161369], [0.10498675, -0.13568186], [-0.0249734, 0.02602295]]),
        column(0.00486917, -0.0306951, 0.00104955),
    ),
    (
        np.array([[-0.049844, 0.04600605, 0.08703343], [0.03242887, -0.01685473, -0.03627302]]),
        column(0.04685398, -0.00919428),
    ),
    (row(-0.00922344, -0.01099083), column(0.06526389)),
]
# The first two of these layers alone, with two outputs for each example.
WIDE_Y = np.array([[1.0, 0, 0, 1], [0, 0, 1, 1]])
WIDE_GRADIENTS = [
    (
        np.array([[-0.02347708, 0.02964414], [0.10850736, -0.17765857], [-0.01832926, 0.03281218]]),
        column(0.00616707, -0.06915122, 0.01448292),
    ),
    (
        np.array([[-0.08622964, 0.08490219, 0.15927334], [-0.0659577, -0.01910624, -0.01507857]]),
        column(0.09032058, -0.08305499),
    ),
]
WIDE_HALVED = [(dW / 2, db / 2) for dW, db in WIDE_GRADIENTS]  # per number in Y: as good a reading of "mean"

SLOPES = (np.array([[0.5, -1, 2], [1, 0.5, -1]]), row(1, 0, 1), NET)  # where backward is compared with measured slopes

# A training of one unit: W, what it gives for x = 2 (for -2 the rest to 1), the cost. Its b stays 0.
PATH = (
    (0, 0.5, 0.69314718),
    (1, 0.88079708, 0.12692801),
    (1.23840584, 0.92250016, 0.08066773),
    (1.39340552, 0.94195894, 0.05979359),
    (1.50948764, None, None),
)
TRAIN_X, TRAIN_Y = row(2, -2), row(1, 0)

EXAMPLES: dict[str, list[Example]] = {
    "sigmoid": [
        Example("sigmoid(0) is 0.5", (0,), 0.5, "e^0 is 1, so the formula gives 1 / (1 + 1)."),
        Example(
            "an array keeps its shape",
            (np.array([[0, LN3], [-LN3, LN7]]),),
            np.array([[0.5, 0.75], [0.25, 0.875]]),
            "For z = ln 3 the power e^-z is 1/3, so the formula gives 1 / (1 + 1/3).",
        ),
        Example("no digits are lost", (2,), 0.88079708, "e^-2 is 0.13533528, so the formula gives 1 / 1.13533528."),
        Example(
            "right at -1000 and 1000",
            (np.array([-1000.0, 1000.0]),),
            np.array([0.0, 1.0]),
            "The values are 0 and 1 there. A warning about an overflow costs nothing.",
        ),
    ],
    "my_dense": [
        Example(
            "one unit: the weighted sum plus the bias",
            (column(10, 20), row(1, 2), column(3), same),
            column(53),
            "z is 1*10 + 2*20 + 3, in an array of shape (1, 1).",
        ),
        Example(
            "three units",
            (column(1, 4), *LAYER, same),
            column(25, 7, 108),
            "z is (1 + 4 + 20, 1 - 4 + 10, 2*4 + 100).",
        ),
        Example(
            "g is applied",
            (column(1, 4), *LAYER, double),
            column(50, 14, 216),
            "Here g(z) is 2z, and z is (25, 7, 108).",
        ),
        Example(
            "fractions stay",
            (column(0.5, 0.125), row(1, 2), np.array([[1]]), same),
            column(1.75),
            "z is 0.5 + 0.25 + 1. An array of whole numbers would cut off the fraction.",
        ),
        Example(
            "g sees all units at once",
            (column(1, 4), *LAYER, shares),
            column(25 / 140, 7 / 140, 108 / 140),
            "Here g(z) divides z by the sum over all its units, and z is (25, 7, 108).",
            look=whole,
        ),
    ],
    "my_sequential": [
        Example(
            "one layer",
            (column(1, 2), DEEP[:1], same),
            THROUGH_DEEP[1],
            "z is (1 + 0, 2*2 + 1, 1 + 2), as my_dense returns it.",
            through=THROUGH_DEEP[:2],
        ),
        Example(
            "two layers",
            (column(1, 2), DEEP[:2], same),
            THROUGH_DEEP[2],
            "Layer 1 gives (1, 5, 3), and layer 2 gives 1 + 5 - 3 + 4.",
            through=THROUGH_DEEP[:3],
        ),
        Example(
            "three layers",
            (column(1, 2), DEEP, same),
            THROUGH_DEEP[3],
            "Layer 2 gives 7, and layer 3 gives 2*7 + 1.",
            through=THROUGH_DEEP,
        ),
        Example(
            "g in every layer",
            (column(1, 2), DEEP[:2], double),
            THROUGH_DOUBLED[-1],
            "With g(z) = 2z layer 1 gives (2, 10, 6), and layer 2 gives 2*(2 + 10 - 6 + 4).",
            through=THROUGH_DOUBLED,
        ),
    ],
    "my_dense_v": [
        Example(
            "three examples, three units",
            (GRID, *LAYER, same),
            np.array([[25, 27, 29], [7, 7, 7], [108, 110, 112]]),
            "The first column is (1 + 4 + 20, 1 - 4 + 10, 2*4 + 100).",
        ),
        Example(
            "g is applied to Z",
            (GRID, *LAYER, double),
            np.array([[50, 54, 58], [14, 14, 14], [216, 220, 224]]),
            "Here g(Z) is 2Z, and b is a part of Z.",
        ),
        Example(
            "a batch of one example",
            (GRID[:, :1], *LAYER, same),
            column(25, 7, 108),
            "One example is a batch with one column.",
        ),
        Example(
            "g is called once",
            (GRID, *LAYER, Counting()),
            1,
            "g takes the whole matrix Z, so one call is enough.",
            look=calls_of_g,
            says="g was called {got} times; expected {expected}.",
        ),
        Example(
            "g sees all units of an example at once",
            (GRID, *LAYER, shares),
            np.array([[25 / 140, 27 / 144, 29 / 148], [7 / 140, 7 / 144, 7 / 148], [108 / 140, 110 / 144, 112 / 148]]),
            "Here g(Z) divides Z by the sums of its columns, which are 140, 144 and 148.",
            look=whole,
            through=np.array(
                [[25 / 81, 27 / 81, 29 / 81], [7 / 21, 7 / 21, 7 / 21], [108 / 330, 110 / 330, 112 / 330]]
            ),
        ),
    ],
    "standardize": [
        Example(
            "each row: mean 0, deviation 1",
            (np.array([[1.0, 3, 3, 1], [10, 30, 10, 30], [0, 1, 2, 5]]),),
            np.array([[-1, 1, 1, -1], [-1, 1, -1, 1], [-1.06904497, -0.53452248, 0, 1.60356745]]),
            "Row 1 has the mean 2 and the deviation 1; row 3 has the mean 2 and the deviation 1.871.",
            through=(column(2, 20, 2), column(1, 10, 1.87082869)),
        ),
        Example(
            "whole numbers get fractions",
            (np.array([[0, 1, 2, 5]]),),
            row(-1.06904497, -0.53452248, 0, 1.60356745),
            "The mean is 2 and the deviation 1.871. An array of whole numbers would cut the fractions off.",
            through=(column(2), column(1.87082869)),
        ),
        Example(
            "a constant feature becomes 0",
            (np.array([[5.0, 5], [0, 4]]),),
            np.array([[0, 0], [-1, 1]]),
            "The first row is constant, so its deviation is 0.",
            through=(column(5, 2), column(0, 2)),
        ),
        Example(
            "a constant feature of 0.1 too",
            (row(0.1, 0.1, 0.1),),
            row(0, 0, 0),
            "For three equal numbers 0.1 NumPy computes a deviation of about 1e-17, because it rounds.",
            through=(column(0.1), column(0)),
        ),
        Example(
            "a small deviation counts",
            (row(1e-6, 3e-6),),
            row(-1, 1),
            "The mean is 2e-6 and the deviation 1e-6: divide by it, with nothing added.",
            through=(column(2e-6), column(1e-6)),
        ),
        Example(
            "X stays as it was",
            (TWO_ROWS,),
            TWO_ROWS,
            "`-=`, `/=` and `X[...] = ...` change the array that came in. Make a new one.",
            look=first_argument,
            says="After the call the argument is {got}; expected {expected}, as before.",
        ),
    ],
    "forward": [
        Example(
            "one layer: [X, A1]",
            (row(0, LN3), [(row(1), column(-LN3))]),
            [row(0, LN3), row(0.25, 0.5)],
            "The list holds X and what the layer returns: the sigmoid of -ln 3 is 0.25, that of 0 is 0.5.",
        ),
        Example(
            "two layers: [X, A1, A2]",
            (THROUGH_TWO[0], [PLAIN, TURN]),
            THROUGH_TWO,
            "Layer 1 gives (0.27, 0.5, 0.88), and layer 2 gives (0.72, 0.5, 0.18).",
        ),
        Example(
            "three layers, several units",
            (NET_X, NET),
            NET_ACTIVATIONS,
            "Three layers give a list of four arrays: X, A1, A2, A3.",
        ),
    ],
    "cost": [
        Example(
            "0.5 everywhere costs ln 2",
            (row(0.5, 0.5, 0.5), row(1, 0, 1)),
            0.69314718,
            "Each example costs -ln 0.5, and the mean of three equal numbers is that number.",
            through=(0.46209812, 0.23104906),
        ),
        Example(
            "two examples",
            (row(0.75, 0.5), row(1, 0)),
            0.49041463,
            "It is the mean of -ln 0.75 and -ln(1 - 0.5).",
            through=(0.14384104, 0.34657359),
        ),
        Example(
            "four examples",
            (row(0.75, 0.5, 0.25, 0.125), row(1, 1, 0, 0)),
            0.35051068,
            "It is the mean of -ln 0.75, -ln 0.5, -ln 0.75 and -ln 0.875.",
            through=(0.24520731, 0.10530337),
        ),
        Example(
            "certain and right costs 0",
            (row(0, 1), row(0, 1)),
            0.0,
            "The right labels got the probability 1, and -ln 1 is 0.",
        ),
        Example(
            "certain and wrong costs much",
            (row(0, 1), row(1, 0)),
            "a finite number above 11",
            "Both labels got the probability 0. With a tiny number in place of 0 each costs -ln of it: 11.5 for 1e-5.",
            look=lambda value, _: much(value),
        ),
    ],
    "backward": [
        Example(
            "one layer",
            ([row(2, 4, 6, 8), row(0.5, 0.5, 0.5, 0.5)], row(1, 1, 0, 1), [ZERO]),
            [(row(-1), column(-0.25))],
            "dZ is (-0.5, -0.5, 0.5, -0.5): dW is the mean of dZ times X, and db is the mean of dZ.",
        ),
        Example(
            "two layers",
            (HALVES_ACTIVATIONS, row(1, 1), HALVES),
            HALVES_GRADIENTS,
            "In layer 1 dZ is the last dZ times 2 (or -4) times the slope 0.25.",
        ),
        Example(
            "three layers, several units",
            (NET_ACTIVATIONS, NET_Y, NET),
            NET_GRADIENTS,
            "These are the slopes of the cost, measured for each of the 20 parameters.",
        ),
        Example(
            "two units in the last layer",
            (NET_ACTIVATIONS[:3], WIDE_Y, NET[:2]),
            WIDE_GRADIENTS,
            "The formulas are the same, with a row of dZ for each unit.",
            also=(WIDE_HALVED,),
        ),
        Example(
            "a network that is sure",
            ([row(1, 2), row(1, 0)], row(0, 0), [PLAIN]),
            [(row(0.5), column(0.5))],
            "dZ is A - Y, (1, 0). A fraction with a (1 - a) below its bar would be 0 / 0.",
        ),
    ],
    "gradient_step": [
        Example(
            "against the gradient",
            STEP,
            [(row(-4, -8), column(10)), (row(2), column(-1))],
            "W of layer 1 becomes (1 - 0.5*10, 2 - 0.5*20), and its b becomes 5 + 0.5*10.",
        ),
        Example(
            "another rate",
            (*STEP[:2], 0.1),
            [(row(0, 0), column(6)), (row(2.8), column(0.6))],
            "With alpha = 0.1 W of layer 1 becomes (1 - 0.1*10, 2 - 0.1*20).",
        ),
        Example(
            "whole numbers get fractions",
            ([(np.array([[3]]), np.array([[1]]))], [(np.array([[2]]), np.array([[4]]))], 0.1),
            [(row(2.8), column(0.6))],
            "W becomes 3 - 0.1*2. An array of whole numbers would cut the fraction off.",
        ),
        Example(
            "the old parameters stay",
            STEP,
            STEP[0],
            "`-=` and `parameters[i] = ...` change what came in. Make new arrays and a new list.",
            look=first_argument,
            says="After the call the argument is {got}; expected {expected}, as before.",
        ),
    ],
    "train": [
        Example(
            "one step",
            (TRAIN_X, TRAIN_Y, [ZERO], 1.0, 1),
            ([PLAIN], np.array([0.69314718])),
            "The cost at W = 0 is ln 2, and the step leads to W = 1.",
            through=([ZERO], [(row(PATH[2][0]), column(0))], PATH[1][2]),
        ),
        Example(
            "costs[i] is the cost before step i",
            (TRAIN_X, TRAIN_Y, [ZERO], 1.0, 3),
            ([(row(PATH[3][0]), column(0))], np.array([cost for _, _, cost in PATH[:3]])),
            "W goes from 0 to 1, to 1.238, to 1.393; the costs before these steps are 0.693, 0.127 and 0.081.",
            through=([(row(PATH[2][0]), column(0))], [(row(PATH[4][0]), column(0))], PATH[3][2]),
        ),
        Example(
            "no steps",
            (TRAIN_X, TRAIN_Y, [PLAIN], 1.0, 0),
            ([PLAIN], np.array([])),
            "With steps=0 the parameters come back as they were, and the list of costs is empty.",
            through=([PLAIN], [(row(PATH[2][0]), column(0))], PATH[1][2]),
        ),
    ],
    "predict": [
        Example(
            "1 from a probability of 0.5 on",
            (row(-1, 0, LN3 / 4, 2), [PLAIN]),
            row(0, 1, 1, 1),
            "The probabilities are (0.27, 0.5, 0.57, 0.88), and at least 0.5 means 1.",
            through=(row(-1, 0, LN3 / 4, 2), row(0.26894142, 0.5, 0.56824853, 0.88079708)),
        ),
        Example(
            "two layers",
            (row(-1, 0, 2), [PLAIN, TURN]),
            row(1, 1, 0),
            "The last layer gives the probabilities (0.72, 0.5, 0.18).",
            through=tuple(THROUGH_TWO),
        ),
        Example(
            "another threshold",
            (row(-1, 0, 2), [PLAIN], 0.8),
            row(0, 0, 1),
            "The probabilities are (0.27, 0.5, 0.88), and the threshold is 0.8.",
            through=tuple(THROUGH_TWO[:2]),
        ),
        Example(
            "a low threshold",
            (row(-1, 0, 2), [PLAIN], 0.2),
            row(1, 1, 1),
            "All probabilities are above 0.2, and a label is 0 or 1.",
            through=tuple(THROUGH_TWO[:2]),
        ),
    ],
    "build_model": [
        Example(
            "a layer for each entry of units",
            (3, (4, 2, 1)),
            [4, 2, 1],
            "One Dense layer for each entry, with as many units as the entry says.",
            look=units_of,
            says="Layer by layer your model has {got} units; expected {expected}.",
        ),
        Example(
            "the sigmoid everywhere",
            (2, (2, 1)),
            row(0.75),
            "With known weights layer 1 gives 0.5, and layer 2 gives the sigmoid of ln 3.",
            look=answer_with_known_weights,
            says="Your model returned {got}; expected {expected}.",
        ),
        Example(
            "five rows in, five answers out",
            (3, (4, 1)),
            [5, 1],
            "The model gets five examples with three features each.",
            look=partial(shape_of_answers, (5, 3)),
            says="Your model returned answers of shape {got}; expected {expected}.",
        ),
        Example(
            "binary cross-entropy of probabilities",
            (3, (1,)),
            float(LN4 - LN3 + LN4) / 2,
            "The loss of the probabilities (0.75, 0.75) with the labels (1, 0), as in exercise 7.",
            look=loss_of,
            says="The loss of your model returned {got}; expected {expected}.",
        ),
        Example(
            "Adam",
            (3, (1,)),
            "Adam",
            "The optimizer is Adam.",
            look=optimizer_of,
            says="Your model has {got}; expected {expected}.",
        ),
        Example(
            "400 features; 25, 15, 1 units by default",
            (),
            10431,
            "Without arguments the model has 10 431 parameters.",
            look=number_of_parameters,
            says="Your model has {got} parameters; expected {expected}.",
        ),
    ],
    "parameters_from_keras": [
        Example(
            "two layers, transposed",
            (SmallModel(),),
            [(np.array([[1, 4], [2, 5], [3, 6]]), column(7, 8, 9)), (row(10, 11, 12), column(13))],
            "A kernel has a row for each input, W has a row for each unit, and b is a column.",
        ),
    ],
    "tf_gradients": [
        Example(
            "one layer",
            ([ZERO], row(2, 4, 6, 8), row(1, 1, 0, 1)),
            [(row(-1), column(-0.25))],
            "These are the gradients of the mean binary cross-entropy, as in backward.",
        ),
        Example(
            "two layers",
            (HALVES, row(3, 1), row(1, 1)),
            HALVES_GRADIENTS,
            "The list has a pair (dW, db) for each layer, first layer first.",
        ),
        Example(
            "three layers, several units",
            (NET, NET_X, NET_Y),
            NET_GRADIENTS,
            "These are the slopes of the cost, measured for each of the 20 parameters.",
        ),
        Example(
            "tensors are welcome",
            (Tensors(HALVES), row(3, 1), row(1, 1)),
            HALVES_GRADIENTS,
            "The numbers are those of the example with two layers.",
        ),
    ],
}


def much(cost):
    """The expected sentence where a cost is finite and high, else the cost."""
    fine = np.size(cost) == 1 and cost is not None and 11 < float(np.reshape(cost, ())) < np.inf
    return "a finite number above 11" if fine else cost


NUMBERS = {name: number for number, name in enumerate(EXAMPLES, start=1)}
POINTS = dict(zip(EXAMPLES, (6, 8, 7, 8, 6, 8, 8, 12, 6, 8, 5, 6, 6, 6), strict=True))
WITH_TENSORFLOW = ("build_model", "parameters_from_keras", "tf_gradients")
USES = {  # the earlier exercises that an exercise may call
    "my_sequential": ("my_dense",),
    "forward": ("sigmoid", "my_dense_v"),
    "train": ("forward", "cost", "backward", "gradient_step"),
    "predict": ("forward",),
}
PARTS = {  # the names of what a list holds, layer by layer
    "backward": ("dW", "db"),
    "tf_gradients": ("dW", "db"),
    "gradient_step": ("W", "b"),
    "parameters_from_keras": ("W", "b"),
}


def known_answers():
    """For the exercises that others call: (arguments, right answer), as far as the examples above lead there."""
    known: dict[str, list] = {name: [] for names in USES.values() for name in names}
    for name, examples in EXAMPLES.items():
        known.setdefault(name, []).extend((e.arguments, e.expected) for e in examples if e.look is None)
    for example in EXAMPLES["my_sequential"]:
        _, parameters, g = example.arguments
        layers = zip(example.through, parameters, example.through[1:], strict=False)
        known["my_dense"] += [((a, W, b, g), answer) for a, (W, b), answer in layers]
    for example in EXAMPLES["predict"]:
        known["forward"].append((example.arguments[:2], list(example.through)))
    for (_, parameters), activations in known["forward"]:
        layers = zip(activations, parameters, activations[1:], strict=False)
        known["my_dense_v"] += [((A, W, b, None), answer) for A, (W, b), answer in layers]
    for (W, p, J), (after, *_) in pairwise(PATH):
        activations, parameters = [TRAIN_X, row(p, 1 - p)], [(row(W), column(0))]
        gradients = [(row(W - after), column(0))]  # with a rate of 1
        known["forward"].append(((TRAIN_X, parameters), activations))
        known["my_dense_v"].append(((TRAIN_X, *parameters[0], None), activations[1]))
        known["cost"].append(((activations[1], TRAIN_Y), J))
        known["backward"].append(((activations, TRAIN_Y, parameters), gradients))
        known["gradient_step"].append(((parameters, gradients, 1.0), [(row(after), column(0))]))
    answers = [A for e in EXAMPLES["forward"] for A in e.expected[1:]]
    answers += [A for e in EXAMPLES["predict"] for A in e.through[1:]]
    answers += [row(p, 1 - p) for _, p, _ in PATH[:-1]]
    known["sigmoid"] += [((np.log(a / (1 - a)),), a) for a in np.concatenate([np.ravel(A) for A in answers])]
    return known
