"""Relations of size and kind: how many numbers or entries the answers have, and whether they are numbers at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome, entry_count
from grader.diagnosis.relations.leaves import NO_NUMBERS, is_array, leaf_at
from grader.diagnosis.relations.numbers import named_sizes

AXES = {1: ("entries",), 2: ("rows", "columns")}


def kind(evidence: Evidence) -> str | None:
    """Return a sentence if all wrong answers are texts or functions where numbers, or something else, are asked for."""
    if all(map(_is_function, evidence.wrong)) and evidence.wrong:
        return "What comes is a function, not what the function returns: is it called?"
    if not evidence.holds(_is_text):
        return None
    return "Your function returns a text where numbers should come: what follows `return`?"


def _is_function(outcome: Outcome) -> bool:
    return "an object of type function" in str(outcome.given.get(("raised",), ""))


def _is_text(outcome: Outcome) -> bool:
    got = leaf_at(outcome.given, ())
    return isinstance(got, str) and got != NO_NUMBERS and is_array(leaf_at(outcome.expected, ()))


def sizes(evidence: Evidence) -> str | None:
    """Return a sentence if all wrong answers have another number of rows, columns or entries, and it has a name."""
    wrong = evidence.wrong
    if len(wrong) < MIN_PROBES:
        return None
    pairs = [(leaf_at(outcome.given, ()), leaf_at(outcome.expected, ())) for outcome in wrong]
    if all(is_array(*pair) for pair in pairs):
        return _of_arrays(evidence, [(got.shape, want.shape) for got, want in pairs])
    counts = [(entry_count(outcome.given), entry_count(outcome.expected)) for outcome in wrong]
    if not all(min(pair) for pair in counts) or sum(got != want for got, want in counts) < MIN_PROBES:
        return None
    return _sentence(evidence, "the number of entries of your list", counts)


def _of_arrays(evidence: Evidence, shapes: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> str | None:
    if len({(len(got), len(want)) for got, want in shapes}) != 1:
        return None
    axes, asked = len(shapes[0][0]), len(shapes[0][1])
    if axes != asked:
        return f"Your result has {_axes(axes)} in each wrong call; it should have {_axes(asked)}."
    if axes not in AXES:
        return None
    apart = [sum(got[i] != want[i] for got, want in shapes) for i in range(axes)]
    i = int(np.argmax(apart))
    if apart[i] < MIN_PROBES:
        return None
    counts = [(got[i], want[i]) for got, want in shapes]
    return _sentence(evidence, f"the number of {AXES[axes][i]} of your result", counts)


def _axes(count: int) -> str:
    return "no axes (it is a plain number)" if not count else f"{count} ax{'i' if count == 1 else 'e'}s"


def _sentence(evidence: Evidence, what: str, counts: Sequence[tuple[int, int]]) -> str | None:
    got, want = (named_count(evidence.wrong, [pair[k] for pair in counts]) for k in (0, 1))
    calls = "In the wrong calls" if evidence.right else "In all calls"
    return f"{calls} {what} is {got}; it should be {want}." if got and want else None


def named_count(outcomes: list[Outcome], counts: list[int]) -> str:
    """Return a number in words, such as a fixed one or the number of rows of an argument; "" if it has no name."""
    if len(set(counts)) == 1:
        return str(counts[0])
    for more, text in ((0, ""), (1, " + 1"), (-1, " - 1")):
        for words, values in named_sizes(outcomes):
            exact = not more or words.startswith("the length of")
            if exact and np.array_equal(np.array(values) + more, counts) and " / " not in words:
                return f"{words}{text}"
    return ""
