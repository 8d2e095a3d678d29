"""How a wrong result relates to the right one: negated, transposed, off by a factor, in reverse order, and so on.

A relation is told only where it holds for every wrong result of an exercise, so that the advice fits the mistake.
"""

import re
from itertools import chain

import numpy as np

ACTIVATIONS, TRAINING = "activations", "training"  # kinds of lists, besides the names of a pair such as ("dW", "db")
MOST_NUMBERS = 16  # of an array that is shown whole
LOGARITHMS = {1 / np.log(2): "1 / ln 2: that is the logarithm to base 2", 1 / np.log(10): "1 / ln 10: that is log10"}


# --- values -------------------------------------------------------------------------------------------


def holds_none(value):
    if isinstance(value, (list, tuple)):
        return any(map(holds_none, value))
    return value is None or (isinstance(value, np.ndarray) and value.dtype == object and None in value.ravel().tolist())


def as_numbers(value):
    """Return the value as an array of floats, or None if it isn't made of numbers."""
    if holds_none(value) or isinstance(value, (str, bytes, dict, set)):
        return None
    try:
        array = np.asarray(value)
        return None if array.dtype.kind in "cSU" else array.astype(float)
    except Exception:  # what a stranger's object raises
        return None


def as_list(value):
    """Return a list, a tuple or an array as a list, or None if it is none of these."""
    return list(value) if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim) else None


def equal(got, expected):
    """Tell whether two arrays of one shape hold the same numbers. A cost may be 1e-5 away from 0."""
    return got.shape == expected.shape and np.allclose(got, expected, rtol=1e-4, atol=2e-5)


def alike(got, expected):
    """Tell whether two values, arrays or nested lists of arrays, are the same."""
    if isinstance(expected, str):
        return isinstance(got, str) and got == expected
    if isinstance(expected, (list, tuple)):
        got = as_list(got)
        return got is not None and len(got) == len(expected) and all(map(alike, got, expected))
    numbers = as_numbers(got)
    return numbers is not None and equal(numbers, np.asarray(expected, dtype=float))


def text_of(value):
    """Return numbers as a student would write them down."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, str):
        return value
    numbers = as_numbers(value)
    if numbers is None:
        return kind_of(value)
    if numbers.ndim:
        return "[" + ", ".join(map(text_of, numbers)) + "]"
    return "0" if numbers == 0 else f"{numbers:.8g}"


def kind_of(value):
    """Return in words what a value is."""
    if value is None:
        return "nothing (None): is the return missing?"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} with {len(value)} {'entry' if len(value) == 1 else 'entries'}"
    if isinstance(value, dict):
        return "a dict"
    if callable(value):
        return "a function (are the brackets of a call missing?)"
    numbers = as_numbers(value)
    if numbers is None:
        return f"something of type {type(value).__name__}"
    return "one number" if numbers.ndim == 0 else f"an array of shape {numbers.shape}"


def labels_of(expected, names):
    """Return the names of the parts of a result, nested as the result is: "dW of layer 1", "A1", "costs"."""
    if names == TRAINING:
        return labels_of(expected[0], ("W", "b")), "costs"
    if names == ACTIVATIONS:
        return ["X", *(f"A{i}" for i in range(1, len(expected)))]
    if names and isinstance(expected, (list, tuple)):
        return [tuple(f"{name} of layer {i}" for name in names) for i in range(1, len(expected) + 1)]
    return ""


def leaves(got, expected, labels):
    """Return [(label, got, expected)] for each array of a result, or nothing if it isn't nested as expected."""
    if isinstance(labels, str):
        return [(labels, got, expected)]
    got = as_list(got)
    if got is None or len(got) != len(expected):
        return []
    found = [leaves(*each) for each in zip(got, expected, labels, strict=True)]
    return list(chain.from_iterable(found)) if all(found) else []


# --- lists --------------------------------------------------------------------------------------------


def shape_of_list(expected, labels):
    """Return in words what list was expected."""
    if labels and labels[-1] == "costs":
        return "the pair (parameters, costs)"
    if labels and isinstance(labels[0], tuple):
        first, second = (label.partition(" ")[0] for label in labels[0])
        return f"a list of {len(expected)} {'pair' if len(expected) == 1 else 'pairs'} ({first}, {second})"
    return f"a list of {len(expected)} arrays: {', '.join(labels)}"


def list_relations(got, expected, labels):
    """Return {relation: sentence} for a list that is in another order, or has too few or too many entries."""
    training = labels[-1] == "costs"
    if not isinstance(got, (list, tuple)):
        alone = not training and not isinstance(got, dict) and alike(got, expected[-1])
        return {"alone": f"You returned {lower(name_of(labels[-1]))} alone."} if alone else {}
    several = len(expected) > 1
    pairs = isinstance(labels[0], tuple) and not training
    tests = {
        "flat list": (
            pairs and alike(got, list(chain.from_iterable(expected))),
            "Your arrays are in one flat list: keep the two of a layer together in a pair.",
        ),
        "pairs": (
            pairs and alike(got, [pair[::-1] for pair in expected]),
            f"Each pair should be {the_pair(labels)}, in this order." if pairs else "",
        ),
        "reversed": (several and alike(got, expected[::-1]), reversed_text(labels)),
        "first": (several and alike(got, expected[1:]), f"{name_of(labels[0])} is missing at the start of your list."),
        "last": (several and alike(got, expected[:-1]), f"{name_of(labels[-1])} is missing at the end of your list."),
        "one": (
            several and alike(got, expected[:1]),
            f"Your list ends after its first entry, {lower(name_of(labels[0]))}.",
        ),
        "parameters": (training and alike(got, expected[0]), "You returned the parameters alone, without the costs."),
        "more": (len(got) > 1 and alike(got[:-1], expected), "Your list has one entry too many, at the end."),
        "before": (len(got) > 1 and alike(got[1:], expected), "Your list has one entry too many, at the start."),
    }
    return {relation: text for relation, (holds, text) in tests.items() if holds}


def the_pair(labels):
    return "(" + ", ".join(label.partition(" ")[0] for label in labels[0]) + ")"


def name_of(label):
    """Return "A1" for "A1", and "Layer 1" for ("dW of layer 1", "db of layer 1")."""
    if isinstance(label, str):
        return label
    return f"Layer {label[0].rpartition(' ')[2]}" if isinstance(label[0], str) else "The list of parameters"


def reversed_text(labels):
    if labels[-1] == "costs":
        return "The two results are swapped: the parameters come first."
    return f"Your list is in reverse order: {lower(name_of(labels[0]))} comes first."


def lower(name):
    return name.replace("Layer", "layer")


# --- arrays -------------------------------------------------------------------------------------------


def shape_relations(got, expected):
    """Yield (key, predicate) for an array of another shape."""
    if got.ndim == 2 and expected.ndim == 2 and equal(got.T, expected):
        yield "transposed", "is transposed: its rows should be columns"
    if got.size == expected.size and equal(got.reshape(expected.shape), expected):
        if expected.ndim == 0:
            yield "shape", f"is the right number, but still in an array of shape {got.shape}"
        elif got.ndim < expected.ndim:
            yield "shape", f"has the right numbers, but has lost an axis: {got.shape} should be {expected.shape}"
        else:
            yield "shape", f"has the right numbers, but the shape {got.shape} should be {expected.shape}"
    elif got.ndim == 2 and expected.shape == (len(got), 1) and got.shape[1] > 1:
        if equal(got.sum(axis=1, keepdims=True), expected) or equal(got.mean(axis=1, keepdims=True), expected):
            yield "unsummed", "has a column for each example, and they aren't combined yet"
    elif expected.ndim == 0 and got.size > 1 and equal(got.mean(), expected):
        yield "unsummed", "has a number for each example, and their mean isn't taken yet"


def value_relations(got, expected, m):
    """Yield (key, predicate) for an array of the right shape with wrong numbers; m is the number of examples."""
    if np.isnan(got).any() and not np.isnan(expected).any():
        yield "nan", "holds nan, which is not a number"
        return
    if not np.isfinite(got).all():
        return
    if got.any() and equal(got, -expected):
        yield "sign", "has the wrong sign"
    if expected.any() and not got.any():
        yield "zeros", "is 0 everywhere"
    if got.ndim == 2 and got.shape[0] == got.shape[1] and equal(got.T, expected):
        yield "transposed", "is transposed: its rows should be columns"
    elif got.size > 1 and got.ndim == 2 and equal(got.ravel(), expected.T.ravel()):
        yield "reshaped", "has the right numbers in wrong places: to reshape is not to transpose"
    elif np.unique(expected).size > 2 and equal(np.sort(got, axis=None), np.sort(expected, axis=None)):
        yield "places", "has the right numbers in wrong places"
    yield from factor_relations(got, expected, m)
    if not equal(expected, np.trunc(expected)) and np.array_equal(got, np.trunc(expected)):
        yield "whole", "is cut to whole numbers"
    elif any(np.array_equal(got, np.round(expected, digits)) for digits in (0, 1, 2, 3, 4)):
        yield "rounded", "is rounded"


def factor_relations(got, expected, m):
    """Yield (key, predicate) where the numbers are off by a constant factor, or by a constant."""
    spots = np.abs(expected) > 1e-9
    factors = got[spots] / expected[spots]
    if factors.size and np.allclose(factors, factors[0], rtol=1e-4) and equal(got, factors[0] * expected):
        factor = float(factors[0])
        if m and m > 1 and np.isclose(factor, m, rtol=1e-4):
            yield "times m", "is m times too large, where m is the number of examples"
        if m and m > 1 and np.isclose(factor, 1 / m, rtol=1e-4):
            yield "over m", "is m times too small, where m is the number of examples"
        known = next((text for value, text in LOGARITHMS.items() if np.isclose(factor, value, rtol=1e-4)), "")
        if known:
            yield f"factor {factor:.3f}", f"is off by the constant factor {known}"
        elif np.isclose(factor, 2, rtol=1e-4):
            yield "factor 2", "is twice as large as expected"
        elif np.isclose(factor, 0.5, rtol=1e-4):
            yield "factor 0.5", "is half as large as expected"
        elif factor not in (0, 1, -1):
            yield f"factor {factor:.3f}", f"is off by the constant factor {factor:.4g}"
    offsets = got - expected
    if offsets.size and np.allclose(offsets, offsets.flat[0], atol=2e-5):
        amount = float(offsets.flat[0])
        yield f"offset {amount:.3f}", f"is {abs(amount):.4g} too {'large' if amount > 0 else 'small'} everywhere"


WEAK = (
    "sign",
    "zeros",
    "times",
    "over",
    "factor",
    "offset",
    "rounded",
    "whole",
)  # one number alone proves none of them


# --- one result, and all of an exercise -----------------------------------------------------------------


class Mismatch:
    """A wrong result: what was returned and expected in words, and the relations that hold between the two.

    `found` maps a relation to a sentence; `numbers` holds the numbers that speak for it.
    """

    def __init__(self, got, expected, names=None, m=None, says=""):
        self.labels, self.found, self.numbers = labels_of(expected, names), {}, set()
        self.wrong, self.right = [], []  # labels of parts
        parts = leaves(got, expected, self.labels)
        wrong = [part for part in parts if not alike(*part[1:])]
        if self.labels and not isinstance(self.labels, str):
            listed = list_relations(got, expected, self.labels)
            self.found = dict(listed)
            self.numbers = {0, 1} if listed else set()
        if got is None:
            self.fact = f"You returned {kind_of(got)}"
        elif not parts:
            self.fact = self.about_the_list(got, expected)
        elif isinstance(expected, str) or says:
            shown = text_of(got) if as_numbers(got) is not None or isinstance(got, (str, list)) else kind_of(got)
            self.fact = (says or "You returned {got}; expected {expected}.").format(
                got=shown, expected=text_of(expected)
            )
        else:
            self.wrong = [label for label, *_ in wrong]
            self.right = [label for label, *_ in parts if label not in self.wrong]
            also = f" Also wrong: {', '.join(self.wrong[1:])}." if self.right and self.wrong[1:] else ""
            self.fact = fact_of(*wrong[0]) + also
            self.relate(wrong, [label for label, *_ in parts], m)

    def about_the_list(self, got, expected):
        """Say what list was returned, and what was expected; or which entry of it is no pair."""
        entries = list(zip(got, expected, self.labels, strict=False)) if isinstance(got, (list, tuple)) else []
        odd = next((e for e in entries if not leaves(*e)), None)
        if odd and len(got) == len(expected) and not self.found:
            entry, right, label = odd
            pair = the_pair([label]) if isinstance(label[0], str) else shape_of_list(right, label)
            return f"{name_of(label)}: you returned {kind_of(entry)}; expected {pair}."
        return f"You returned {kind_of(got)}; expected {shape_of_list(expected, self.labels)}."

    def relate(self, wrong, every, m):
        """Find the relations that hold for all the wrong parts alike."""
        subject = subject_of(self.wrong, every)
        common = None
        for _, got, expected in wrong:
            numbers, right = as_numbers(got), np.asarray(expected, dtype=float)
            if numbers is None:
                return
            shaped = numbers.shape == right.shape
            found = dict(value_relations(numbers, right, m) if shaped else shape_relations(numbers, right))
            common = found if common is None else {key: found[key] for key in common if key in found}
            self.numbers |= set(np.round(np.abs(right[right != 0]), 6).tolist())
        several = len(wrong) > 1
        for key, predicate in (common or {}).items():
            predicate = re.sub(r": \(.*", "", predicate) if several else predicate  # each part has its own shape
            self.found[key] = f"{subject} {predicate}."


def fact_of(label, got, expected):
    """Say what was returned and what was expected, for a whole result or for one of its parts."""
    start = f"{label}: you" if label else "You"
    numbers, right = as_numbers(got), np.asarray(expected, dtype=float)
    if numbers is None:
        if got is None:
            return f"{label} is None; expected {kind_of(right)}." if label else f"You returned {kind_of(None)}"
        return f"{start} returned {kind_of(got)}; expected {kind_of(right)}."
    if numbers.shape != right.shape:
        return f"{start} returned {kind_of(numbers)}; expected {kind_of(right)}."
    if right.size > MOST_NUMBERS:
        place = tuple(int(i) for i in np.argwhere(~np.isclose(numbers, right, rtol=1e-4, atol=2e-5))[0])
        where = f"[{', '.join(map(str, place))}]"
        return f"{start} returned {text_of(numbers[place])} at {where}; expected {text_of(right[place])}."
    return f"{start} returned {text_of(numbers)}; expected {text_of(right)}."


def subject_of(wrong, every):
    """Return words for the parts that are wrong: all of them, every dW, those before the last layer, or some."""
    names = sorted({label.partition(" ")[0] for label in wrong})
    last = every[-1].rpartition(" ")[2]
    if every == [""]:
        return "Your result"
    if len(names) == 1 and wrong == [label for label in every if label.partition(" ")[0] == names[0]]:
        return f"Every {names[0]}" if len(wrong) > 1 else wrong[0]
    if wrong == every:
        return "Every part"
    if wrong == [label for label in every if label.rpartition(" ")[2] != last]:
        return "Every part before the last layer"
    return " and ".join(wrong) if len(wrong) == 1 else f"Each wrong part ({', '.join(wrong)})"


def common_sentences(mismatches):
    """Return the sentences, one for each mismatch, of the first relation that holds for all of them; else nothing."""
    shared = None
    for mismatch in mismatches:
        keys = list(mismatch.found)
        shared = keys if shared is None else [key for key in shared if key in keys]
    numbers = set().union(*(mismatch.numbers for mismatch in mismatches)) if mismatches else set()
    for key in shared or []:
        if len(numbers) > 1 or not key.startswith(WEAK):
            return [mismatch.found[key] for mismatch in mismatches]
    return []
