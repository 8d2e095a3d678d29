"""python check.py [digits.ipynb | digits.py] [EXERCISE ...]

Tries your functions on small examples worked out by hand. An exercise is a number or a name; without
one all are checked, without a file the one you have got further with. In the notebook: check(sigmoid).
"""

import ast
import contextlib
import functools
import json
import linecache
import os
import re
import sys
import sysconfig
import traceback
import warnings
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # of TensorFlow's messages only the errors
FILES = ("digits.ipynb", "digits.py")
WITH_TENSORFLOW = ("build_model", "parameters_from_keras", "tf_gradients")
INDENT = "\n" + " " * 10  # of what is said about a check, below its line


# --- the examples -------------------------------------------------------------------------------------


def row(*numbers):
    return np.array([numbers], dtype=float)


def column(*numbers):
    return row(*numbers).T


def same(x):
    return x


def double(x):
    return 2 * x


def calls_of_g(f, *arguments):
    """How often f calls the activation that it is given."""
    calls = []
    f(*arguments, lambda z: (calls.append(z), z)[1])
    return len(calls)


def fresh(value):
    """A copy, so that a function which writes into its arguments doesn't spoil the other examples."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(fresh, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def left(f, argument, *others):
    """The first argument as it is after the call."""
    argument = fresh(argument)
    f.__wrapped__(argument, *others)
    return argument


def small_model():
    """A Keras model with known weights: two inputs, three units, one unit."""
    import tensorflow as tf

    model = tf.keras.Sequential()
    model.add(tf.keras.Input((2,)))
    for size in (3, 1):
        model.add(tf.keras.layers.Dense(size))
    model.set_weights([GRID, np.array([7, 8, 9]), column(10, 11, 12), np.array([13])])
    return model


def as_tensors(parameters):
    import tensorflow as tf

    return [(tf.constant(W), tf.constant(b)) for W, b in parameters]


def word(thing):
    """The name of a loss or an activation, which Keras takes as a word, a function or an object."""
    return str(getattr(thing, "name", None) or getattr(thing, "__name__", thing))


LN3 = np.log(3)  # e^-LN3 is 1/3, so its sigmoid is 3/4
GRID = np.array([[1.0, 2, 3], [4, 5, 6]])  # as a batch: three examples with two features
LAYER = (np.array([[1.0, 1], [1, -1], [0, 2]]), column(0, 10, 100))  # two inputs, three units
DEEP = [
    (np.array([[1.0, 0], [0, 2], [1, 1]]), column(0, 1, 0)),
    (row(1, 1, -1), column(4)),
    (row(2), column(1)),
]
PLAIN, ZERO = (row(1), column(0)), (row(0), column(0))  # layers with one input and one unit
TWO_ROWS = np.array([[1.0, 3], [10, 30]])
HALVES = [(column(0, 0), column(0, 0)), (row(2, -4), column(1))]  # every activation is 0.5
HALVES_GRADIENTS = [(column(-0.75, 1.5), column(-0.25, 0.5)), (row(-0.25, -0.25), column(-0.5))]
STEP = ([(row(1, 2), column(5))], [(row(10, 20), column(-10))], 0.1)

EXAMPLES = {  # for each exercise: what must hold, a call, what it gives, help for when it doesn't
    "sigmoid": [
        ("sigmoid(0) is 0.5", lambda f: f(0), 0.5, "e^0 is 1, so the formula gives 1 / (1 + 1)."),
        ("an array keeps its shape", lambda f: f(np.array([[0, LN3], [-LN3, 0]])),
         np.array([[0.5, 0.75], [0.25, 0.5]]), "np.exp takes an array and works on each of its elements."),
        ("right at -1000 and 1000", lambda f: f(np.array([-1000.0, 1000.0])), np.array([0.0, 1.0]),
         "The values are 0 and 1 there. A warning about an overflow costs nothing."),
    ],
    "my_dense": [
        ("one unit: the weighted sum plus the bias", lambda f: f(column(10, 20), row(1, 2), column(3), same),
         column(53), "z is 1*10 + 2*20 + 3, in an array of shape (1, 1)."),
        ("three units", lambda f: f(column(1, 4), *LAYER, same), column(5, 7, 108),
         "Unit j has row j of W and row j of b."),
        ("g is applied", lambda f: f(column(1, 4), *LAYER, double), column(10, 14, 216),
         "Return g(z), with the g that came as an argument: it need not be the sigmoid."),
    ],
    "my_sequential": [
        ("one layer", lambda f: f(column(1, 2), DEEP[:1], same), column(1, 5, 3),
         "With one (W, b) in the list it is what my_dense returns."),
        ("two layers", lambda f: f(column(1, 2), DEEP[:2], same), column(7),
         "What a layer returns is the input of the next."),
        ("three layers", lambda f: f(column(1, 2), DEEP, same), column(15),
         "Loop over the list, however long it is."),
        ("g in every layer", lambda f: f(column(1, 2), DEEP[:2], double), column(20),
         "Hand g on to every call of my_dense."),
    ],
    "my_dense_v": [
        ("three examples, three units", lambda f: f(GRID, *LAYER, same),
         np.array([[5, 7, 9], [7, 7, 7], [108, 110, 112]]), "Z is W A_in + b: the order counts."),
        ("a batch of one example", lambda f: f(GRID[:, :1], *LAYER, same), column(5, 7, 108),
         "The column b is added to every column, however many there are."),
        ("g is called once", lambda f: calls_of_g(f, GRID, *LAYER), 1,
         "Give g the whole matrix Z: no loop over the examples."),
    ],
    "standardize": [
        ("each row: mean 0, deviation 1", lambda f: f(TWO_ROWS), np.array([[-1, 1], [-1, 1]]),
         "A feature is a row: take the mean along axis=1, with keepdims=True."),
        ("a constant feature becomes 0", lambda f: f(np.array([[5.0, 5], [0, 4]])),
         np.array([[0, 0], [-1, 1]]), "Its deviation is 0: in that row divide by something else."),
        ("a constant feature of 0.1 too", lambda f: f(row(0.1, 0.1, 0.1)), row(0, 0, 0),
         "Rounding makes the deviation of equal numbers 1e-17 instead of 0: don't divide by that either."),
        ("X stays as it was", lambda f: left(f, TWO_ROWS), TWO_ROWS,
         "X -= ... changes the caller's array; X - ... makes a new one."),
    ],
    "forward": [
        ("one layer: [X, A1]", lambda f: f(row(0, LN3), [PLAIN]), [row(0, LN3), row(0.5, 0.75)],
         "Start the list with X, then append what each layer returns."),
        ("two layers: [X, A1, A2]", lambda f: f(row(0, LN3), [PLAIN, (row(-4), column(2))]),
         [row(0, LN3), row(0.5, 0.75), row(0.5, 0.26894142)], "A1 is the input of the second layer."),
    ],
    "cost": [
        ("0.5 everywhere costs ln 2", lambda f: f(row(0.5, 0.5, 0.5), row(1, 0, 1)), 0.69314718,
         "One number, the mean over the examples, with the natural logarithm and a minus sign."),
        ("two examples", lambda f: f(row(0.75, 0.5), row(1, 0)), 0.49041463,
         "It is the mean of -ln 0.75 and -ln(1 - 0.5)."),
        ("certain and right costs 0", lambda f: f(row(0, 1), row(0, 1)), 0.0,
         "NumPy's 0 * ln 0 is nan: keep what the logarithm gets away from 0."),
        ("certain and wrong is finite", lambda f: bool(np.isfinite(f(row(0, 1), row(1, 0)))), True,
         "ln 0 is minus infinity: keep what the logarithm gets away from 0."),
    ],
    "backward": [
        ("one layer", lambda f: f([row(2, 4, 6, 8), row(0.5, 0.5, 0.5, 0.5)], row(1, 1, 0, 1), [ZERO]),
         [(row(-1), column(-0.25))],
         "dZ is A - Y; then dW is dZ A_in^T / m, and db is the mean of each row of dZ."),
        ("two layers", lambda f: f([row(3), column(0.5, 0.5), row(0.5)], row(1), HALVES), HALVES_GRADIENTS,
         "Going back a layer, dZ is multiplied by W^T (a matrix product) and by a(1 - a) (elementwise)."),
    ],
    "gradient_step": [
        ("against the gradient", lambda f: f(*STEP), [(row(0, 0), column(6))],
         "W - alpha * dW, and the same for b."),
        ("the old parameters stay", lambda f: left(f, *STEP), STEP[0],
         "W -= ... writes into the caller's array; W - ... makes a new one."),
    ],
    "train": [
        ("one step", lambda f: f(row(2, -2), row(1, 0), [ZERO], 1.0, 1), ([PLAIN], np.array([0.69314718])),
         "In this order: forward, cost, backward, gradient_step."),
        ("costs[1] is the cost before step 1", lambda f: f(row(2, -2), row(1, 0), [ZERO], 1.0, 2)[1],
         np.array([0.69314718, 0.12692801]), "The second step uses the parameters that the first one made."),
        ("no steps", lambda f: f(row(2, -2), row(1, 0), [PLAIN], 1.0, 0), ([PLAIN], np.array([])),
         "With steps=0 the parameters come back as they were, and the list of costs is empty."),
    ],
    "predict": [
        ("1 from a probability of 0.5 on", lambda f: f(row(-1, 0, 2), [PLAIN]), row(0, 1, 1),
         "At least means >=, and the probabilities are the last entry of what forward returns."),
        ("another threshold", lambda f: f(row(-1, 0, 2), [PLAIN], 0.8), row(0, 0, 1),
         "Compare with `threshold`, not with 0.5."),
    ],
    "build_model": [
        ("a layer for each entry of units", lambda f: [layer.units for layer in f(3, (4, 2, 1)).layers],
         [4, 2, 1], "One Dense layer for each entry, with as many units as the entry says."),
        ("the sigmoid everywhere", lambda f: [word(layer.activation) for layer in f(3, (2, 1)).layers],
         ["sigmoid", "sigmoid"], 'Dense takes activation="sigmoid"; the last layer has it too.'),
        ("five rows in, five answers out", lambda f: list(np.shape(f(3, (4, 1))(np.zeros((5, 3))))), [5, 1],
         "Begin with tf.keras.Input(shape=(n_features,)); the last entry of units is the number of answers."),
        ("binary cross-entropy", lambda f: word(f(3, (1,)).loss), "binary_crossentropy",
         "model.compile sets the loss."),
        ("Adam", lambda f: type(f(3, (1,)).optimizer).__name__, "Adam", "model.compile sets the optimizer."),
        ("400 features; 25, 15, 1 units by default", lambda f: f().count_params(), 10431,
         "Leave the defaults in the first line as they are, and use the two arguments in the body."),
    ],
    "parameters_from_keras": [
        ("two layers, transposed", lambda f: f(small_model()),
         [(np.array([[1, 4], [2, 5], [3, 6]]), column(7, 8, 9)), (row(10, 11, 12), column(13))],
         "layer.get_weights() gives kernel and bias; W is the kernel transposed, b the bias as a column."),
    ],
    "tf_gradients": [
        ("one layer", lambda f: f([ZERO], row(2, 4, 6, 8), row(1, 1, 0, 1)), [(row(-1), column(-0.25))],
         "The gradients of the mean binary cross-entropy, as in backward."),
        ("two layers", lambda f: f(HALVES, row(3), row(1)), HALVES_GRADIENTS,
         "A pair (dW, db) for each layer, first layer first."),
        ("tensors are welcome", lambda f: f(as_tensors(HALVES), row(3), row(1)), HALVES_GRADIENTS,
         "tf.cast takes arrays and tensors alike."),
    ],
}  # fmt: skip
NUMBERS = {name: number for number, name in enumerate(EXAMPLES, start=1)}


# --- comparing and telling ----------------------------------------------------------------------------


def title(name):
    return f"Exercise {NUMBERS[name]}, {name}"


def described(got):
    """What came instead, when it isn't of the right kind at all."""
    if got is None:
        return "None (is there a return?)"
    return f"an array of shape {np.shape(got)}" if isinstance(got, np.ndarray) else f"a {type(got).__name__}"


def difference(got, want):
    """What is wrong with `got`, in words; empty when nothing is."""
    if isinstance(want, (str, bool)):
        return "" if got == want else f"{got!r} came, {want!r} was wanted"
    if isinstance(want, (list, tuple)):
        if not isinstance(got, (list, tuple)) or len(got) != len(want):
            came = f"{len(got)} entries" if isinstance(got, (list, tuple)) else described(got)
            return f"{came} came, a list of {len(want)} was wanted"
        found = (difference(*pair) for pair in zip(got, want, strict=True))
        return next((f"entry {i}: {text}" for i, text in enumerate(found) if text), "")
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return f"{described(got)} came, numbers were wanted"
    if got.shape != np.shape(want):
        return f"shape {got.shape} came, {np.shape(want)} was wanted"
    if np.allclose(got, want, rtol=1e-4, atol=1e-6):
        return ""
    return f"{got.tolist()} came, {np.asarray(want).tolist()} was wanted"


def trouble(error):
    """An exception in a sentence, with the last line of the student's code that it went through."""
    ours = (__file__, sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), "<frozen", "<__array")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(ours)]
    text = f"{type(error).__name__}: {error}"
    if not frames:
        return text
    last = frames[-1]
    place = "" if Path(last.filename).is_absolute() else f"{last.filename}, "
    return f"{text}{INDENT}in {place}{last.name}, line {last.lineno}: {last.line}"


def is_stub(function):
    """Whether the body is still nothing but the raise that it came with."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_names == ("NotImplementedError",)


def waits_for(error, name):
    """The exercise that a stub deeper down belongs to, or nothing."""
    return next((other for other in error.args if other in NUMBERS and other != name), None)


def attempt(name, function, call, want):
    """What is wrong with one example, in words; empty when it passed."""

    @functools.wraps(function)
    def guarded(*arguments):
        return function(*map(fresh, arguments))

    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return difference(call(guarded), want)
    except NotImplementedError as error:
        if waits_for(error, name):
            raise
        return "your code still raises NotImplementedError: delete that line"
    except (Exception, SystemExit) as error:
        return trouble(error)


def examine(name, function):
    """How an exercise stands, "passed", "failed" or "to do", and the lines that say so."""
    if is_stub(function):
        return "to do", [f"{title(name)}: still to be written"]
    if not callable(function):
        return "failed", [f"{title(name)}: failed, there is no function of this name"]
    lines, result = [], "passed"
    for sentence, call, want, advice in EXAMPLES[name]:
        try:
            wrong = attempt(name, function, call, want)
        except NotImplementedError as error:
            first = waits_for(error, name)
            return "to do", [f"{title(name)}: waits for exercise {NUMBERS[first]}, {first}"]
        result = "failed" if wrong else result
        lines.append(f"  failed  {sentence}{INDENT}{wrong}{INDENT}{advice}" if wrong else f"  passed  {sentence}")
    return result, [f"{title(name)}: {result}", *lines]


def check(function):
    """For the notebook: print how a function does on its examples."""
    name = getattr(function, "__name__", None)
    if name in EXAMPLES:
        print("\n".join(examine(name, function)[1]))
    else:
        print(f"{name} is none of the exercises: {', '.join(EXAMPLES)}")


@contextlib.contextmanager
def needs(*names):
    """For a notebook cell that uses these exercises: says in one line why it can't run yet."""
    try:
        yield
    except (Exception, SystemExit) as error:
        functions = vars(sys.modules["__main__"])
        missing = [name for name in names if name not in functions or is_stub(functions[name])]
        if isinstance(error, NotImplementedError):
            missing += [name for name in error.args if name in NUMBERS]
        if missing:
            print(f"{title(missing[0])}: still to be written")
        elif isinstance(error, NameError) and error.name not in functions:
            print(f"`{error.name}` is missing: run the cells above first")
        else:
            print(f"Not yet: {trouble(error)}{INDENT}The checks of the exercises above say more.")


@contextlib.contextmanager
def quiet():
    """Without the lines that TensorFlow writes about the processor while it starts."""
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


# --- reading a notebook or a module -------------------------------------------------------------------


class Unreadable(Exception):
    """The file can't be checked; the message says why."""


def cells(path):
    """(place, source) of each code cell; a module is one cell."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name} can't be read: {error}") from None
    if path.suffix == ".py":
        return [(path.name, text)]
    try:
        found = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return [(f"{path.name}, code cell {i}", "".join(cell["source"])) for i, cell in enumerate(found, start=1)]
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"{path.name} isn't a notebook: save it again from Jupyter") from None


def without_magics(source):
    """The cell with its % and ! lines taken out; all of it goes when %%bash or the like takes the cell."""
    if re.match(r"\s*%%(?!time|timeit|capture|prun)", source):
        return ""
    return re.sub(r"^([ \t]*)(\w+ *= *)?[%!?].*$|^([ \t]*)\S+\?+$", r"\1\3pass", source, flags=re.MULTILINE)


def statements(place, source):
    """The top-level statements of a cell."""
    try:
        tree = ast.parse(source, place)
    except SyntaxError:
        source = without_magics(source)
        tree = ast.parse(source, place)
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    return tree.body


def used(node):
    """The names that a statement takes from around it."""
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    inside = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    inside |= {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)}
    return {name.id for name in names} - inside


def bound(node):
    """The names that an import or an assignment makes."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


class Work:
    """The functions of a file, and what they use: nothing else of it is run, above all no training."""

    def __init__(self, path):
        self.names, self.notes, self.later, found = {"__name__": path.stem}, [], [], []
        for place, source in cells(path):
            try:
                found += [(place, statement) for statement in statements(place, source)]
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None)
                self.notes.append(f"{place}{f', line {line}' if line else ''}: {type(error).__name__}: {error}")
        for place, statement in self.wanted(found):
            self.run(place, statement)
        self.stubs = [name for name in EXAMPLES if name not in self.names or is_stub(self.names[name])]

    def wanted(self, found):
        """The definitions, and the imports and assignments whose names these use."""
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        makers = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
        chosen = {id(node) for _, node in found if isinstance(node, definitions)}
        names = set().union(*(used(node) for _, node in found if id(node) in chosen))
        for _, node in reversed(found):
            if isinstance(node, makers) and bound(node) & (names | {"*"}) and not used(node) & EXAMPLES.keys():
                chosen.add(id(node))
                names |= used(node)
        return [(place, node) for place, node in found if id(node) in chosen]

    def run(self, place, statement):
        """Run a statement; TensorFlow's imports, which take seconds, only when something asks for them."""
        modules = [alias.name for alias in getattr(statement, "names", ()) if isinstance(statement, ast.Import)]
        modules += [statement.module or ""] if isinstance(statement, ast.ImportFrom) else []
        if any(re.match(r"(tensorflow|keras)\b", module) for module in modules) and self.later is not None:
            self.later.append((place, statement))
            return
        try:
            exec(compile(ast.Module([statement], []), place, "exec"), self.names)
        except (Exception, SystemExit) as error:
            if isinstance(error, NameError) and self.later:
                self.start_tensorflow()
                self.run(place, statement)
            else:
                self.notes.append(f"{place}: {trouble(error)}")

    def start_tensorflow(self):
        """Run the imports that were put off."""
        waiting, self.later = self.later or [], None
        with quiet():
            for place, statement in waiting:
                self.run(place, statement)


# --- the command --------------------------------------------------------------------------------------


def choose(arguments):
    """The file that is named, or else the one in this folder that the student has got further with."""
    named = [Path(argument) for argument in arguments if Path(argument).suffix in (".py", ".ipynb")]
    paths = named or [Path(name) for name in FILES if Path(name).exists()]
    if len(named) > 1:
        raise Unreadable("one file at a time, please")
    if not paths:
        raise Unreadable(f"neither {FILES[0]} nor {FILES[1]} is in this folder")
    if len(paths) == 1:
        print(f"Checking {paths[0].name}")
        return Work(paths[0])
    works = [Work(path) for path in paths]
    best = min((0, 1), key=lambda i: len(works[i].stubs))
    more = (
        "has more exercises still to be written"
        if len(works[1 - best].stubs) > len(works[best].stubs)
        else "too is here"
    )
    print(f"Checking {paths[best].name} ({paths[1 - best].name} {more})")
    return works[best]


def exercises(arguments):
    """The names of the exercises that are asked for, all of them by default."""
    asked = [argument for argument in arguments if Path(argument).suffix not in (".py", ".ipynb")]
    names = [next((name for name in EXAMPLES if word in (name, str(NUMBERS[name]))), None) for word in asked]
    if None in names:
        numbers = f"1 to {len(EXAMPLES)}"
        raise Unreadable(f"{asked[names.index(None)]} is no exercise: take {numbers}, or one of {', '.join(EXAMPLES)}")
    return names or list(EXAMPLES)


def main(arguments):
    """Check and print. Returns the exit code: 0 when all passed, 1 when not, 2 when it couldn't check."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    try:
        names, work = exercises(arguments), choose(arguments)
    except Unreadable as error:
        print(error)
        return 2
    if any(name in WITH_TENSORFLOW and name not in work.stubs for name in names):
        work.start_tensorflow()
    for note in work.notes:
        print(f"Note: {note}")
    results = {}
    for name in names:
        results[name], lines = examine(name, work.names.get(name))
        print("\n".join(lines))
    print(f"\n{list(results.values()).count('passed')} of {len(names)} exercises passed")
    for result, label in (("failed", "failed"), ("to do", "still to do")):
        if some := [f"{NUMBERS[name]} {name}" for name in names if results[name] == result]:
            print(f"  {label}: {', '.join(some)}")
    return int(set(results.values()) != {"passed"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
