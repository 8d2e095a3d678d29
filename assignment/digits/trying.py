"""Try a function on the examples of its exercise, and say what is wrong and why."""

import contextlib
import importlib
import inspect
import types
import warnings

import numpy as np
from examples import (
    EXAMPLES,
    LN3,
    NUMBERS,
    PARTS,
    SLOPES,
    USES,
    WITH_TENSORFLOW,
    Example,
    Unfit,
    calls_of_g,
    first_argument,
    known_answers,
)
from relations import ACTIVATIONS, TRAINING, Mismatch, alike, common_sentences, kind_of
from running import (
    INDENT,
    TooLong,
    about_none,
    fresh,
    is_stub,
    is_students,
    left_raise,
    limited,
    quiet,
    shapes_of,
    shown,
    trouble,
    unused_arguments,
)
from suspects import alone, suspects

SECONDS, SECONDS_WITH_TENSORFLOW = 10.0, 60.0  # that one example may take


def without_tensorflow():
    """Return a sentence if TensorFlow can't be imported here, and nothing if it can."""
    try:
        with quiet():
            importlib.import_module("tensorflow")
    except ModuleNotFoundError as error:
        if error.name == "tensorflow":
            return "can't be checked here, because TensorFlow isn't installed. Exercises 1 to 11 do without it"
        return f"can't be checked here, because TensorFlow doesn't start: {shown(str(error))[:200]}"
    except Exception as error:
        return f"can't be checked here, because TensorFlow doesn't start: {shown(str(error))[:200]}"
    return ""


def waits_for(error, name):
    """Return the exercise whose stub raised the error, if it is another one than `name`."""
    return next((other for other in error.args if other in NUMBERS and other != name), None)


# --- one example ------------------------------------------------------------------------------------------


class Unknown(Exception):
    """A stand-in was asked for something that the examples don't tell."""


class Outcome:
    """What came of an example: nothing wrong, an error in words, or a mismatch."""

    def __init__(self, example, error="", mismatch=None, got=None, too_long=False):
        self.example, self.error, self.mismatch, self.got, self.too_long = example, error, mismatch, got, too_long

    @property
    def wrong(self):
        return self.error or (shown(self.mismatch.fact) if self.mismatch else "")


def count_of_examples(name, arguments):
    """Return m, the number of examples in the arguments, where there is one."""
    place = {"cost": 1, "backward": 1, "train": 1, "tf_gradients": 2, "my_dense_v": 0, "standardize": 0}.get(name)
    return None if place is None else np.shape(arguments[place])[1]


def kind_of_result(name):
    return {"forward": ACTIVATIONS, "train": TRAINING}.get(name) or PARTS.get(name)


def looked_at(name, function, example, arguments):
    """Call the function, and return what the example compares: the result, or something of it."""
    result = function(*arguments)
    if name == "build_model" and result is not None and not hasattr(result, "get_weights"):
        raise Unfit(f"You returned {kind_of(result)}; expected a Keras model.")
    if example.look is None or (result is None and example.look not in (calls_of_g, first_argument)):
        return result
    return example.look(result, arguments)


def changed(name, function, example, arguments):
    """Say which arguments a call changed, where no example of the exercise asks for that by itself."""
    if any(other.look is first_argument for other in EXAMPLES[name]):
        return ""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    names += [f"argument {i}" for i in range(len(names) + 1, len(arguments) + 1)]
    pairs = zip(names, arguments, example.arguments, strict=False)
    found = [argument for argument, now, before in pairs if not as_before(now, before)]
    text = f"Your result is right, but the call changed {' and '.join(found)}. Make new arrays and lists instead."
    return text if found else ""


def as_before(now, before):
    """Tell whether an array, or a list of these, is as it was. Anything else counts as unchanged."""
    if isinstance(before, np.ndarray):
        return np.array_equal(now, before)
    if isinstance(before, (list, tuple)):
        return len(now) == len(before) and all(map(as_before, now, before))
    return True


def try_example(name, function, example):
    """Call the function on one example. Raises NotImplementedError where another exercise's stub is in the way."""
    arguments = fresh(example.arguments)
    seconds = SECONDS_WITH_TENSORFLOW if name in WITH_TENSORFLOW else SECONDS
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            got = limited(seconds, lambda: looked_at(name, function, example, arguments))
            if any(alike(got, right) for right in (example.expected, *example.also)):
                return Outcome(example, changed(name, function, example, arguments), got=got)
            names = kind_of_result(name) if example.look is None else None
            mismatch = Mismatch(got, example.expected, names, count_of_examples(name, example.arguments), example.says)
            if got is None:
                mismatch.fact = about_none(function)
            return Outcome(example, mismatch=mismatch, got=got)
    except NotImplementedError as error:
        if waits_for(error, name):
            raise
        return Outcome(example, left_raise(function))
    except Unknown:
        raise
    except Unfit as error:
        return Outcome(example, shown(str(error)))
    except TooLong:
        text = f"No result after {seconds:g} seconds. Is there a loop that never ends?"
        return Outcome(example, text, too_long=True)
    except (Exception, SystemExit) as error:
        return Outcome(example, trouble(error, shapes_of(function, arguments)))


# --- advice -----------------------------------------------------------------------------------------------


def suspected(name, failed, passed):
    """Return the sentence of the first known mistake that gives all the wrong results, and the right ones too."""
    matching = None
    for outcome in failed + passed:
        got = outcome.got if outcome.mismatch else outcome.example.expected
        results = {}
        with np.errstate(all="ignore"):
            for wrong, text in suspects(name, outcome.example):
                results[text] = results.get(text, False) or alike(got, wrong)
        held = [text for text, holds in results.items() if holds]
        matching = held if matching is None else [text for text in matching if results.get(text, outcome in passed)]
    return matching[0] if matching else ""


def layers_of(example):
    """Return how many layers the network of an example has, or None."""
    lists = [a for a in example.arguments if isinstance(a, list) and a and isinstance(a[0], tuple)]
    return len(lists[0]) if lists else None


def in_words(numbers):
    words = [str(n) for n in sorted(numbers)]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def by_layers(outcomes):
    """Say for how many layers the function is right, if it is wrong for more. If it is only wrong for fewer, the
    larger network may be right by chance.
    """
    plain = [o for o in outcomes if o.example.look is None]
    right = {layers_of(o.example) for o in plain if not o.wrong}
    wrong = {layers_of(o.example) for o in plain if o.wrong}
    if not right or not wrong or None in right | wrong or right & wrong:
        return ""
    if max(wrong) > max(right):
        layers = "layer" if right == {1} else "layers"
        return f"Your function is right with {in_words(right)} {layers}, but not with {in_words(wrong)}."
    return ""


def by_parts(failed):
    """Say which parts are right and which are wrong, if that is alike in every wrong result."""
    if not failed or not all(o.mismatch.right and o.mismatch.wrong for o in failed):
        return ""
    wrong = {label.partition(" ")[0] for o in failed for label in o.mismatch.wrong}
    right = {label.partition(" ")[0] for o in failed for label in o.mismatch.right} - wrong
    if wrong == {"costs"}:
        return "The parameters are right, and the costs aren't."
    if "costs" in right:
        return "The costs are right, and the parameters aren't."
    if len(wrong) == len(right) == 1 and not right & {"X"}:
        return f"Every {right.pop()} is right, and only {wrong.pop()} is wrong."
    if all(last_layer_is_right(o.mismatch) for o in failed):
        return (
            "The last layer is right, and the layers before it aren't: check the step from a layer to the one before."
        )
    return ""


def last_layer_is_right(mismatch):
    """Tell whether gradients are wrong, and not those of the last layer, from which the others follow."""
    if not all(label.startswith("d") and " of layer " in label for label in mismatch.wrong):
        return False
    wrong, right = ([int(label.rpartition(" ")[2]) for label in labels] for labels in (mismatch.wrong, mismatch.right))
    return max(wrong) < max(right)


def advise(name, function, outcomes):
    """Return what to say below each example: what holds for all wrong results, else how the right one comes about."""
    failed = [o for o in outcomes if o.mismatch and o.example.look is None]
    advice = {id(o): alone(name, o.example, o.got) for o in outcomes if o.mismatch}
    rest = [o for o in failed if not advice[id(o)]]
    passed = [o for o in outcomes if not o.wrong and o.example.look is None]
    broken = any(o.error for o in outcomes)  # then a single number proves little
    told = [some for some in (failed, rest) if len(some) > broken]
    sentence = next((text for some in told if (text := suspected(name, some, passed))), "")
    shared = common_sentences([o.mismatch for o in rest]) if not sentence else []
    unused = unused_arguments(function)
    fallback = by_parts(failed) or unused or by_layers(outcomes)
    for i, outcome in enumerate(rest):
        advice[id(outcome)] = sentence or (shared[i] if shared else fallback)
    told = []
    for outcome in outcomes:
        new = [text for text in (advice.get(id(outcome)), unused) if text and (text != unused or unused not in told)]
        told.append("" if enough_said(outcome) or not outcome.wrong else [*new, outcome.example.why][0])
    return told


def enough_said(outcome):
    """Tell whether how the result comes about wouldn't help: it is right, or never came, or isn't compared."""
    compared = outcome.example.look is not first_argument
    return outcome.too_long or (outcome.error and (outcome.got is not None or not compared))


# --- cascades ---------------------------------------------------------------------------------------------


def same_function(g, known):
    """Tell whether g is the activation of a known answer; None stands for the sigmoid."""
    if known is None:
        return alike(g(np.array([[0.0], [LN3]])), [[0.5], [0.75]])
    return alike(g(np.array([[1.0], [2.0]])), known(np.array([[1.0], [2.0]])))


def same_arguments(given, known):
    if len(given) != len(known):
        return False
    tests = (same_function(a, b) if callable(a) else alike(a, b) for a, b in zip(given, known, strict=True))
    return all(tests)


def stand_in(name):
    """Return a function that gives the right answers of an exercise where the examples know them."""
    known = known_answers()[name]

    def right(*arguments, **keywords):
        given = (*arguments, *keywords.values())
        if name == "sigmoid":
            return right_sigmoid(*given)
        for expected, answer in known:
            if same_arguments(given, expected):
                return fresh(answer)
        raise Unknown(name)

    def right_sigmoid(z):
        places = np.concatenate([np.ravel(z) for (z,), _ in known])
        answers = np.concatenate([np.ravel(answer) for _, answer in known])
        given = np.asarray(z, dtype=float)
        nearest = np.abs(given[..., None] - places).argmin(axis=-1)
        if not np.allclose(given, places[nearest], atol=1e-4):
            raise Unknown(name)
        return answers[nearest]

    return right


@contextlib.contextmanager
def replaced(space, functions):
    """Put other functions in the place of a student's for a while."""
    before = {name: space[name] for name in functions}
    space.update(functions)
    try:
        yield
    finally:
        space.update(before)


def mentions(function, other, seen=()):
    """Tell whether a function, or one of the student's that it calls, uses the name `other`."""
    code, space = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    names = names_in(code) if code else set()
    helpers = (space.get(name) for name in names if name not in EXAMPLES and name not in seen)
    return other in names or any(
        isinstance(helper, types.FunctionType) and is_students(helper.__code__.co_filename)
        and mentions(helper, other, (*seen, *names))
        for helper in helpers
    )  # fmt: skip


def names_in(code):
    inner = (names_in(constant) for constant in code.co_consts if isinstance(constant, types.CodeType))
    return set(code.co_names).union(*inner)


def culprits(name, function):
    """Return the earlier exercises that a function calls and that fail their own checks, the deepest ones."""
    space, found = getattr(function, "__globals__", {}), []
    for other in USES.get(name, ()):
        helper = space.get(other)
        if not callable(helper) or is_stub(helper) or not mentions(function, other):
            continue
        deeper = culprits(other, helper)
        if deeper:
            found += deeper
        elif any(o.wrong for o in try_all(other, helper)):
            found.append(other)
    return list(dict.fromkeys(found))


def try_all(name, function):
    """Return the outcomes of all examples; after one that takes too long the others aren't tried."""
    outcomes = []
    for example in EXAMPLES[name]:
        if outcomes and outcomes[-1].too_long:
            outcomes.append(Outcome(example, "Not tried, after the example above took too long.", too_long=True))
        else:
            outcomes.append(try_example(name, function, example))
    return outcomes


def title(name):
    return f"Exercise {NUMBERS[name]}, {name}"


def blame(name, function, outcomes):
    """Find the earlier exercises that make this one fail.

    Returns (what to say of them, the outcomes with right functions in their places); outcomes is None where the
    examples don't tell what these would give.
    """
    wrong = culprits(name, function)
    if not wrong:
        return "", outcomes
    listed = " and ".join(f"exercise {NUMBERS[other]}, {other}" for other in wrong)
    fails = "which fails its own check" if len(wrong) == 1 else "which fail their own checks"
    try:
        with replaced(function.__globals__, {other: stand_in(other) for other in wrong}):
            return f"{listed}, {fails}", try_all(name, function)
    except (NotImplementedError, Unknown):
        return f"{listed}, {fails}", None


# --- an exercise ------------------------------------------------------------------------------------------


def examine(name, function):
    """Try a function on the examples of its exercise.

    Returns ("passed", "failed" or "to do"; why in a few words; its checks, each as a sentence, what is wrong with it,
    which is nothing when it passed, and advice).
    """
    if is_stub(function):
        return "to do", "still to be written", []
    if not callable(function):
        return "failed", "failed, there is no function of this name", []
    if name in WITH_TENSORFLOW and (reason := without_tensorflow()):
        return "to do", reason, []
    try:
        outcomes = try_all(name, function)
        if name == "backward" and not any(o.wrong for o in outcomes):
            outcomes += measured_slopes(function)
    except NotImplementedError as error:
        first = waits_for(error, name)
        return "to do", f"waits for exercise {NUMBERS[first]}, {first}", []
    return verdict(name, function, outcomes)


def verdict(name, function, outcomes):
    """Return what examine returns, from the outcomes of the examples."""
    if all(not o.wrong for o in outcomes):
        return "passed", "passed", [(o.example.sentence, "", "") for o in outcomes]
    blamed, outcomes = blame(name, function, outcomes)
    if outcomes is None:
        return "to do", f"waits for {blamed}: fix that first", []
    checks, before = [], None
    for outcome, advice in zip(outcomes, advise(name, function, outcomes), strict=True):
        error = outcome.error.partition(f"{INDENT}The shapes")[0]
        repeated = error and error == before and not outcome.too_long
        told = ("the same error", "") if repeated else (outcome.wrong, advice)
        checks.append((outcome.example.sentence, *told))
        before = error
    if not any(wrong for _, wrong, _ in checks):
        return "to do", f"waits for {blamed}: fix that first. With a right one this exercise passes", []
    why = f"failed. It uses {blamed}: fix that first. The checks below ran with a right one" if blamed else "failed"
    return "failed", why, checks


def measured_slopes(function):
    """Compare every gradient with the slope that the student's own forward and cost give, where these are right."""
    space = getattr(function, "__globals__", {})
    forward, cost = space.get("forward"), space.get("cost")
    for name, helper in (("forward", forward), ("cost", cost)):
        if not callable(helper) or is_stub(helper):
            return []
        try:
            if any(o.wrong for o in try_all(name, helper)):
                return []
        except NotImplementedError:
            return []
    X, Y, parameters = fresh(SLOPES)
    expected = slopes(lambda moved: float(np.squeeze(cost(forward(X, moved)[-1], Y))), parameters)
    example = Example(
        "every slope as your forward and cost measure it",
        (forward(X, parameters), Y, parameters),
        expected,
        "Each parameter was pushed a little to both sides, and your cost was measured there.",
    )
    return [try_example("backward", function, example)]


def slopes(price, parameters, step=1e-5):
    """Return the slope of a price for each parameter, in the form of the parameters."""
    found = []
    for pair in parameters:
        found.append(tuple(np.zeros(array.shape) for array in pair))
        for array, slope in zip(pair, found[-1], strict=True):
            for place in np.ndindex(array.shape):
                middle, sides = array[place], []
                for push in (step, -step):
                    array[place] = middle + push
                    sides.append(price(parameters))
                array[place] = middle
                slope[place] = (sides[0] - sides[1]) / (2 * step)
    return found
