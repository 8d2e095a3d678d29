"""Relations of dependence: what the answers depend on and should not, and the other way round.

These are experiments: the student's function is asked again with other numbers in a part of its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from grader.diagnosis.probes import ProbeAnswer
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome
from grader.diagnosis.relations.experiments import MAX_REPAIRS, mapped, passed_arguments, proves
from grader.diagnosis.relations.leaves import Leaves, answer_leaves, differing_leaves, is_array
from grader.diagnosis.relations.variants import Arguments, changed_probe


def ignores_argument(evidence: Evidence) -> str | None:
    """Return a sentence if another value of one argument changes the right answers, and never the student's."""
    calls = _telling(evidence)
    for name in passed_arguments(evidence, calls[0]) if calls else ():
        if all(_ignores(evidence, outcome, name) for outcome in calls):
            return f"Your function gave the same answers when `{name}` was changed: where is `{name}` used?"
    return None


def _telling(evidence: Evidence) -> list[Outcome]:
    """Return some wrong answers that hold numbers; none if there is one only, or nothing more can be asked."""
    if evidence.respondent is None or not evidence.signature.parameters:
        return []
    found = [outcome for outcome in evidence.wrong if not outcome.raised and proves(evidence.answer(outcome.index))]
    return found[:MAX_REPAIRS] if len(found) >= MIN_PROBES else []


def _ignores(evidence: Evidence, outcome: Outcome, name: str) -> bool:
    for words, change in (("mirrored", _mirrored), ("another", _other)):
        answers = _answers(evidence, outcome, f"{words} `{name}`", partial(_with_other, name=name, change=change))
        if answers is None:
            return False
        given, expected = answers
        if not differing_leaves(answer_leaves(expected), outcome.expected):
            return False
        if not _identical(answer_leaves(given, outcome.expected), outcome.given):
            return False
    return True


def _identical(one: Leaves, other: Leaves) -> bool:
    """Return whether two answers are equal to the last digit, as those of equal calculations are."""
    return one.keys() == other.keys() and all(
        is_array(one[path], other[path]) and np.array_equal(one[path], other[path]) for path in one
    )


def _answers(
    evidence: Evidence, outcome: Outcome, words: str, change: Callable[[Mapping[str, Any]], Arguments]
) -> tuple[ProbeAnswer, ProbeAnswer] | None:
    """Return the student's answer and the right one to a changed call; None if one is missing."""
    probe = changed_probe(evidence, change, outcome)
    expected = evidence.ask_solution(f"experiment: {words}", probe, outcome.index) if probe else None
    given = evidence.respondent.ask(probe) if expected and probe and evidence.respondent else None
    return (given, expected) if given and expected else None


def _with_other(arguments: Mapping[str, Any], name: str, change: Callable[[Any], Any]) -> Arguments:
    """Return the arguments with another value of one of them. Raises ValueError if it can't be changed."""
    value = arguments[name]
    if callable(value) and not hasattr(value, "layers"):
        return {**arguments, name: (lambda z: 0.5 * value(z) + 0.125)}
    new = change(value) if isinstance(value, int | float) else mapped(value, change)
    if new is value:
        raise ValueError("nothing to change")
    return {**arguments, name: new}


def _mirrored(x: Any) -> Any:
    """Return the numbers of an array with the small ones large, in the same range; others as `_other` does."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or not np.ptp(x) > 0:
        return _other(x)
    return (x.max() + x.min() - x).astype(x.dtype)


def _other(x: Any) -> Any:
    """Return other numbers near the range of these, of the same type."""
    if isinstance(x, bool | np.bool_) or getattr(getattr(x, "dtype", None), "kind", "f") not in "fiu":
        raise ValueError("these aren't numbers")
    if isinstance(x, int):
        return x + 1
    if isinstance(x, float):
        return 0.75 * x + 0.1
    if np.isin(x, (0, 1)).all():
        return (1 - x).astype(x.dtype)
    return x[::-1] + 1 if x.dtype.kind in "iu" else (0.75 * x + 0.1).astype(x.dtype)


# ---- parts of the answer that depend on other parts of the arguments


def mixes_examples(evidence: Evidence) -> str | None:
    """Return a sentence if one column, row or number of the answer changes with other ones of the arguments."""
    if evidence.respondent is None or not evidence.signature.parameters:
        return None
    calls = [outcome for outcome in evidence.wrong if not outcome.raised][
        : MAX_REPAIRS if evidence.labels else MIN_PROBES
    ]
    for noun, axis in (("column", 1), ("row", 0)):
        changed = [names for outcome in calls if (names := _mixed(evidence, outcome, noun, axis))]
        if len(changed) >= MIN_PROBES and len(set(changed)) == 1:
            return (
                f"The first {noun} of your result changes when only the other {noun}s of {changed[0]} are changed. "
                f"It should not: what is computed over all {noun}s together?"
            )
    return None


def _mixed(evidence: Evidence, outcome: Outcome, noun: str, axis: int) -> str:
    """Return the arguments whose other columns or rows change the first one of the student's answer alone; else ""."""
    names = _aligned(evidence, outcome, axis)
    words = " and ".join(f"`{name}`" for name in names)
    if not names or not _same_form(outcome.given, outcome.expected):
        return ""
    answers = _answers(evidence, outcome, f"other {noun}s of {words}", partial(_with_others, names=names, axis=axis))
    if answers is None:
        return ""
    given, expected = (answer_leaves(answer, outcome.expected) for answer in answers)
    if not _same_form(given, expected) or differing_leaves(_first(expected, axis), _first(outcome.expected, axis)):
        return ""
    return words if differing_leaves(_first(given, axis), _first(outcome.given, axis)) else ""


def _aligned(evidence: Evidence, outcome: Outcome, axis: int) -> list[str]:
    """Return the names of arguments that have as many columns or rows as the answer; none if that has a single one."""
    want: Any = next(iter(outcome.expected.values()), None)
    if not is_array(want) or want.ndim != 2 or want.shape[axis] == 1:
        return []
    return [
        name
        for name, value in passed_arguments(evidence, outcome).items()
        if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[axis] == want.shape[axis]
    ]


def _with_others(arguments: Mapping[str, Any], names: list[str], axis: int) -> Arguments:
    """Return the arguments with other numbers in all columns or rows but the first."""
    new = dict(arguments)
    for name in names:
        array = np.array(arguments[name])
        rest = (slice(None),) * axis + (slice(1, None),)
        array[rest] = _mirrored(array[rest])
        new[name] = array
    return new


def _same_form(one: Leaves, other: Leaves) -> bool:
    """Return whether two answers have arrays of equal shapes at equal paths."""
    return one.keys() == other.keys() and all(
        is_array(one[path], other[path]) and one[path].shape == other[path].shape for path in one
    )


def _first(leaves: Leaves, axis: int) -> Leaves:
    """Return the first column or row of each array."""
    index = (slice(None),) * axis + (0,)
    return {path: leaf[index] for path, leaf in leaves.items() if is_array(leaf) and leaf.ndim == 2 and leaf.size}
