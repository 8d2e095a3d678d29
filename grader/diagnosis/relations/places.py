"""Relations of place: which part of the answers is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.diagnosis.probes import PartPath, parts_equal
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome, named_arrays
from grader.diagnosis.relations.leaves import Array, Leaves, is_array, leaf_at
from grader.diagnosis.relations.numbers import wrong_parts

MOST = 0.6  # of the numbers at a place that must be wrong: a few may be right by chance
MIN_TELLING = 2  # probes in which a part could have been wrong as well as right
ACCEPTED_LAYERS = {"Activation", "Flatten", "InputLayer"}  # which may stand beside those that are asked for
MIN_BEYOND = 4  # numbers on either side of a bound
Values = tuple[Array, Array, Array]
Mask = Callable[[Outcome, Array], Any]


def wrong_entries(evidence: Evidence) -> str | None:
    """Return a sentence if only some entries of the answers are wrong, the same in every call."""
    if len(evidence.wrong) < max(MIN_PROBES, len(evidence.outcomes) / 3):
        return None  # what is wrong in a few calls only may lie there by accident
    for words, chosen in list(wrong_parts(evidence))[1:]:
        wrong = [(outcome, paths) for outcome, paths in chosen if outcome.wrong]
        telling = sum(bool(outcome.expected.keys() - paths) for outcome, paths in wrong)
        if words.startswith("All entries") and not all(_each_entry_wrong(*each) for each in wrong):
            continue
        if telling >= MIN_TELLING and telling == len(wrong):
            return f"{words.rpartition(': ')[0]}; the rest of your answers is right."
    return None


def _each_entry_wrong(outcome: Outcome, paths: frozenset[PartPath]) -> bool:
    """Return whether something is wrong in each entry that these paths lead to."""
    return {path[:1] for path in paths} <= {path[:1] for path in outcome.wrong}


def settings(evidence: Evidence) -> str | None:
    """Return a sentence if a model is wrong in one of its properties only."""
    wrong = [{path[0] for path in outcome.wrong if path} for outcome in evidence.wrong]
    named = set().union(*wrong)
    known = {"loss": "loss", "optimizer": "optimizer", "from_logits": "loss", "input_shape": "number of inputs"}
    if (
        len(wrong) < min(MIN_PROBES, len(evidence.outcomes))
        or len(named) != 1
        or (name := next(iter(named))) not in known
    ):
        return None
    return f"Only the {known[name]} of your model is another than the assignment asks for; the layers are right."


def layers(evidence: Evidence) -> str | None:
    """Return a sentence if a model has too few or too many layers, or one property of its layers is wrong."""
    wrong = evidence.wrong
    if len(wrong) < min(MIN_PROBES, len(evidence.outcomes)) or any(
        path[:1] != ("layers",) for outcome in wrong for path in outcome.wrong
    ):
        return None
    strange = {kind for outcome in wrong for kind in _kinds(outcome.given) - _kinds(outcome.expected) - ACCEPTED_LAYERS}
    if strange:
        return f"Your model has layers that aren't asked for, such as this: {min(strange)}."
    kinds = {path[-1] for outcome in evidence.wrong for path in outcome.wrong}
    if kinds == {"activation"}:
        return _activations(evidence)
    units = [(_dense_units(outcome.given), _dense_units(outcome.expected)) for outcome in wrong]
    off = {len(got) - len(want) for got, want in units}
    if off == {0} and all(got != want for got, want in units):
        asked = ": do they come from the arguments?" if evidence.signature.parameters else "."
        return f"The layers have other numbers of units than they should{asked}"
    if len(off) == 1 and (step := off.pop()):
        return f"Your model has {abs(step)} Dense layer{'s' * (abs(step) > 1)} too {'many' if step > 0 else 'few'}."
    if kinds == {"shapes"}:
        return "The layers have the right units, but other weights than they should: their inputs or biases differ."
    return None


def inputs(evidence: Evidence) -> str | None:
    """Return a sentence if a model is wrong in the shape of its inputs, and in the weights that these have."""
    if len(evidence.wrong) < min(MIN_PROBES, len(evidence.outcomes)):
        return None
    for outcome in evidence.wrong:
        first = min(
            (path[1] for path in outcome.expected if path[:1] == ("layers",) and path[1] != "length"), default=0
        )
        shapes = {path for path in outcome.wrong if path[:1] == ("input_shape",)}
        if not shapes or outcome.wrong - shapes - {("layers", first, "shapes")}:
            return None
    return "Only the shape of the inputs of your model is wrong, and with it the weights of the first layer."


def _kinds(leaves: Leaves) -> set[str]:
    """Return the kinds of the layers."""
    return {str(leaf) for path, leaf in leaves.items() if path[:1] == ("layers",) and path[-1] == "kind"}


def _dense_units(leaves: Leaves) -> list[str]:
    """Return the units of the Dense layers, in order: other layers may stand between them."""
    dense = sorted(
        path[1]
        for path, kind in leaves.items()
        if path[:1] == ("layers",) and isinstance(kind, str) and kind == "Dense"
    )
    return [str(leaves.get(("layers", i, "units"))) for i in dense]


def _activations(evidence: Evidence) -> str:
    last = all(
        path[1] == max(p[1] for p in outcome.expected if p[:1] == ("layers",) and isinstance(p[1], int))
        for outcome in evidence.wrong
        for path in outcome.wrong
    )
    return f"The {'last layer has' if last else 'layers have'} another activation than the assignment asks for."


# ---- places in an array


def wrong_places(evidence: Evidence) -> str | None:
    """Return a sentence if the wrong numbers are those of one row, column or other place."""
    if len(evidence.wrong) < max(MIN_PROBES, len(evidence.outcomes) / 4):
        return None  # what is wrong in a few calls only may lie there by accident
    for words, mask in (*_PLACES, *_argument_places(evidence)):
        if _only_at(evidence, mask):
            flat = all(outcome.expected[()].ndim == 1 for outcome in evidence.wrong)
            return f"{words.replace('row', 'entry') if flat else words}{_filler(evidence)}"
    return None


def _only_at(evidence: Evidence, mask: Mask) -> bool:
    """Return whether the numbers are wrong exactly at a place, in enough answers that have other places too."""
    telling = 0
    for outcome in evidence.outcomes:
        want = leaf_at(outcome.expected, ())
        if not is_array(want):
            return False
        here = mask(outcome, want)
        if here is None:
            return False
        if not outcome.wrong:
            continue
        got = leaf_at(outcome.given, ())
        if not is_array(got) or got.shape != want.shape or here.shape != want.shape:
            return False
        off = ~np.isclose(got, want, 1e-6, 1e-9, equal_nan=True)
        if (off & ~here).any() or not off.any():
            return False
        if bool(off.sum() < MOST * here.sum()):
            return False
        telling += bool((~here).any())
    return telling >= MIN_TELLING


def _index(name: str, axis: int, keep: slice) -> tuple[str, Mask]:
    def mask(outcome: Outcome, want: Array) -> Any:
        if want.ndim <= axis:
            return None
        here = np.zeros(want.shape, bool)
        here[(slice(None),) * axis + (keep,)] = True
        return here

    return name, mask


_PLACES = [
    *(
        _index(f"The first {k} {noun}s are always right, the others aren't", axis, slice(k, None))
        for axis, noun in ((0, "row"), (1, "column"))
        for k in (5, 4, 3, 2)
    ),
    _index("Every wrong number is in the last row", 0, slice(-1, None)),
    _index("Every wrong number is in the first row", 0, slice(0, 1)),
    _index("Every wrong number is in the last column", 1, slice(-1, None)),
    _index("Every wrong number is in the first column", 1, slice(0, 1)),
    _index("The first row is always right, the others aren't", 0, slice(1, None)),
    _index("The first column is always right, the others aren't", 1, slice(1, None)),
    _index("The last row is always right, the others aren't", 0, slice(0, -1)),
    _index("The last column is always right, the others aren't", 1, slice(0, -1)),
]


def _argument_places(evidence: Evidence) -> list[tuple[str, Mask]]:
    """Return places that a property of an argument of the answer's shape marks."""
    found: list[tuple[str, Mask]] = [
        (f"Where {label} is the right label, your answers are wrong; the others are right", _labelled(label))
        for label in (1, 0)
    ]
    for name, _ in named_arrays(evidence.outcomes[0].arguments):
        for words, marks in _MARKS:
            found.append((f"Your numbers are wrong {words.format(f'`{name}`')}", _marked(name, marks)))
    return found


def _marked(name: str, marks: Callable[[Array], Any]) -> Mask:
    def mask(outcome: Outcome, want: Array) -> Any:
        value: Any = outcome.arguments.get(name)
        array: Any = getattr(value, "array", value)
        if isinstance(array, int | float):
            array = np.asarray(array, float)
        return np.broadcast_to(marks(array), want.shape) if np.shape(array) == want.shape else None

    return mask


def _labelled(label: int) -> Mask:
    return lambda outcome, want: want == label if np.isin(want, (0.0, 1.0)).all() and want.ndim else None


def _rows_constant(array: Array) -> Any:
    return np.ptp(array, axis=-1, keepdims=True) == 0 if array.ndim and array.size else np.zeros(array.shape, bool)


_MARKS: list[tuple[str, Callable[[Array], Any]]] = [
    ("in rows of {} that are constant", _rows_constant),
    ("where {} is below 0", lambda array: array < 0),
    ("where {} is above 0", lambda array: array > 0),
    ("where {} is 0", lambda array: array == 0),
    ("where {} isn't 0", lambda array: array != 0),
]


def _filler(evidence: Evidence) -> str:
    """Return what stands at the wrong places, if it is one number."""
    values = []
    for outcome in evidence.wrong:
        got, want = outcome.given[()], outcome.expected[()]
        values.append(got[~np.isclose(got, want, 1e-6, 1e-9, equal_nan=True)])
    all_values = np.concatenate(values)
    if all_values.size and parts_equal(all_values, np.zeros_like(all_values)):
        return ": 0 stands there."
    return ": nan stands there." if np.isnan(all_values).all() else "."


# ---- places that numbers mark


def by_value(evidence: Evidence) -> str | None:
    """Return a sentence if the numbers are wrong beyond some bound of an argument, or of the right numbers."""
    if len(evidence.wrong) < MIN_PROBES or evidence.labels:
        return None
    names = [name for name, _ in named_arrays(evidence.outcomes[0].arguments)]
    for name in (*names, ""):
        for absolute in (False, True):
            found = [_values(outcome, name, absolute) for outcome in evidence.outcomes if not outcome.skipped]
            if words := _bound([pair for pair in found if pair is not None], len(found)):
                what = f"`{name}`" if name else "the right result"
                marked = f"{what}, without its sign," if absolute else what
                return f"Your numbers are {words.format(marked)}."
    return None


def _values(outcome: Outcome, name: str, absolute: bool) -> Values | None:
    """Return for each number of an answer whether it is wrong, the value that may mark it, and the right number."""
    got, want = leaf_at(outcome.given, ()), leaf_at(outcome.expected, ())
    value: Any = outcome.arguments.get(name) if name else want
    value = np.asarray(getattr(value, "array", value))
    if not is_array(got, want) or got.shape != want.shape or value.shape != want.shape or value.dtype.kind not in "fiu":
        return None
    wrong = ~np.isclose(got, want, 1e-6, 1e-9, equal_nan=True)
    return wrong.ravel(), np.abs(value).ravel() if absolute else value.ravel(), want.ravel()


def _bound(found: list[Values], count: int) -> str:
    """Return words for the bound between right and wrong numbers; "" if there is none, or few numbers tell."""
    if (
        not found
        or len(found) < count
        or sum(bool(each[0].any() and not each[0].all()) for each in found) < MIN_TELLING
    ):
        return ""
    wrong, values = (np.concatenate([each[k] for each in found]) for k in (0, 1))
    here, there, right = values[wrong], values[~wrong], np.concatenate([each[2] for each in found])
    if min(len(np.unique(here)), len(np.unique(there))) < MIN_BEYOND or not np.isfinite(values).all():
        return ""
    if len(np.unique(np.round(right[~wrong] / np.ptp(right), 3))) < MIN_BEYOND:
        return ""  # where a function hardly changes, many wrong ones are right
    if here.min() > there.max():
        return f"right where {{}} is at most {there.max():.4g}, and wrong from {here.min():.4g} on"
    if here.max() < there.min():
        return f"right where {{}} is at least {there.min():.4g}, and wrong up to {here.max():.4g}"
    return ""


def wrong_labels(evidence: Evidence) -> str | None:
    """Return a sentence if all wrong labels are 0 where 1 is right, or all are 1 where 0 is right."""
    if not evidence.labels or len(evidence.wrong) < MIN_PROBES:
        return None
    pairs = [(leaf_at(outcome.given, ()), leaf_at(outcome.expected, ())) for outcome in evidence.outcomes]
    if not all(is_array(*pair) and pair[0].shape == pair[1].shape for pair in pairs):
        return None
    got, want = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
    if not np.isin(want, (0, 1)).all():
        return None
    strange = got[(got != want) & ~np.isin(got, (0, 1))]
    if strange.size:
        if strange.size != (got != want).sum() or strange.size < MIN_TELLING:
            return None
        least = strange[np.abs(strange).argmin()]
        return f"Some of your labels are neither 0 nor 1, such as {least:.4g}; the others are right."
    for label in (0, 1):
        missed, kept = (got != want) & (got == label), (got == want) & (want != label)
        if missed.sum() == (got != want).sum() >= MIN_BEYOND <= kept.sum():
            return (
                f"Each label that you get wrong is {label} and should be {1 - label}; no other label is wrong. "
                f"What must a number be to get the label {1 - label}?"
            )
    return None
