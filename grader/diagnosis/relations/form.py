"""Relations of form: None, entries missing or in another order, another shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from grader.diagnosis.probes import PartPath, parts_equal
from grader.diagnosis.relations import numbers, variants
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome, entry_count
from grader.diagnosis.relations.leaves import MAX_LEAVES, Leaves, is_array, leaf_at

Reordering = Callable[[list[Any]], list[Any]]
Reduction = Callable[..., Any]


def returns_none(evidence: Evidence) -> str | None:
    """Return a sentence if every answer, or every wrong one, is None."""
    if not evidence.holds(lambda outcome: outcome.given.get((), 0) is None):
        return None
    if evidence.right:
        return "For some arguments your function returns None: does every way through it end in a `return`?"
    return "Your function returns None, whatever it is called with: does it end in a `return`?"


def entries(evidence: Evidence) -> str | None:
    """Return a sentence if the answer has the right entries in another arrangement."""
    for words, reorder in _REORDERINGS:
        if evidence.explained(partial(_reordered, reorder=reorder)):
            return words
    for words, related in _NESTINGS:
        if evidence.holds(related):
            return f"{words}{_in_calls(evidence)}"
    if evidence.holds(_in_another_order):
        return f"Your list has the right entries in another order: what orders them?{_in_calls(evidence)}"
    return None


def _in_calls(evidence: Evidence) -> str:
    """Return how many calls a sentence is true of; "" if it is of all."""
    count, of = len(evidence.wrong), len(evidence.outcomes)
    return f" That is so in {count} of {of} calls; the others are right." if evidence.right else ""


def _entries(leaves: Leaves) -> list[Leaves] | None:
    """Return the entries of an answer that is a list, each with its leaves; None if the answer is no list."""
    if () in leaves:
        array = leaves[()]
        flat = is_array(array) and array.ndim == 1 and len(array) <= MAX_LEAVES
        return [{(): item} for item in array] if flat else None
    if not leaves or not all(isinstance(path[0], int) for path in leaves):
        return None
    length = 1 + max(path[0] for path in leaves)
    return [{path[1:]: leaf for path, leaf in leaves.items() if path[0] == i} for i in range(length)]


def _joined(entries: list[Any]) -> Leaves | None:
    if all(set(entry) == {()} and np.ndim(entry[()]) == 0 for entry in entries):
        return {(): np.array([entry[()] for entry in entries])}
    return {(i, *path): leaf for i, entry in enumerate(entries) for path, leaf in entry.items()}


def _reordered(outcome: Outcome, reorder: Reordering) -> Leaves | None:
    own = _entries(outcome.expected)
    if own is None or not own:
        return outcome.expected
    new = reorder(own)
    return _joined(new)


def _pairs_swapped(entries: list[Any]) -> list[Any]:
    return [_joined(items[::-1]) if (items := _entries(entry)) and len(items) == 2 else entry for entry in entries]


def _flat(entries: list[Any]) -> list[Any]:
    return [item for entry in entries for item in (_entries(entry) or [entry])]


def _by_position(entries: list[Any]) -> list[Any]:
    inner = [_entries(entry) or [] for entry in entries]
    if not inner or len({len(items) for items in inner}) != 1:
        return entries
    return [_joined(list(items)) for items in zip(*inner, strict=True)]


def _of_each(k: int, entries: list[Any]) -> list[Any]:
    return [items[k] if (items := _entries(entry)) and len(items) == 2 else entry for entry in entries]


_REORDERINGS: list[tuple[str, Reordering]] = [
    ("Your list has the right entries in reverse order: which one comes first?", lambda e: e[::-1]),
    ("The two entries of each pair are swapped: in which order should they come?", _pairs_swapped),
    ("The right arrays come as one flat list: keep those of a pair together.", _flat),
    ("The arrays are right, but grouped otherwise: which of them belong together in one entry?", _by_position),
    ("Only the first entry of each pair comes back: what belongs beside it?", partial(_of_each, 0)),
    ("Only the second entry of each pair comes back: what belongs beside it?", partial(_of_each, 1)),
    ("The first entry is missing from your list; the others are right.", lambda e: e[1:]),
    ("The last entry is missing from your list; the others are right.", lambda e: e[:-1]),
    ("Your list ends after its first entry; the others are missing.", lambda e: e[:1]),
    ("Only the last entry is in your list: what becomes of the others?", lambda e: e[-1:]),
    ("The first entry is in your list twice; the others are right.", lambda e: [e[0], *e]),
    ("The last entry is in your list twice; the others are right.", lambda e: [*e, e[-1]]),
    ("Every entry of your list is what the last one should be.", lambda e: [e[-1]] * len(e)),
    ("Every entry of your list is what the first one should be.", lambda e: [e[0]] * len(e)),
    ("All entries but the first are what the last one should be.", lambda e: [e[0], *[e[-1]] * (len(e) - 1)]),
    ("Your entries are shifted by one: the last one comes first.", lambda e: [e[-1], *e[:-1]]),
    ("Your entries are shifted by one: the first one comes last.", lambda e: [*e[1:], e[0]]),
]


def _as_entry(outcome: Outcome, which: int, of: str) -> bool:
    """Return whether the whole answer `of` one side is entry `which` of the other side's."""
    whole, other = (outcome.given, outcome.expected) if of == "given" else (outcome.expected, outcome.given)
    own = _entries(other)
    array = leaf_at(other, ())
    if own is None and is_array(array) and len(array.shape[:1]) and len(array) <= MAX_LEAVES:
        own = [{(): item} for item in array] if array.ndim == np.ndim(leaf_at(whole, ())) + 1 else None
    if not own:
        return False
    return len(own) > 1 and -len(own) <= which < len(own) and _same(own[which], whole)


def _same(one: Leaves, other: Leaves) -> bool:
    return one.keys() == other.keys() and all(parts_equal(one[path], other[path]) for path in one)


def _in_another_order(outcome: Outcome) -> bool:
    """Return whether each entry of a list is another right one, which are no plain numbers."""
    got, want = _entries(outcome.given), _entries(outcome.expected)
    if got is None or want is None or len(got) != len(want) or () in outcome.expected:
        return False
    left = list(want)
    for entry in got:
        same = [i for i, other in enumerate(left) if _same(entry, other)]
        if not same:
            return False
        left.pop(same[0])
    return not left


def _one_more(outcome: Outcome, front: bool) -> bool:
    """Return whether the right entries come with one more before or after them."""
    got, want = _entries(outcome.given), _entries(outcome.expected)
    if got is None or want is None or len(got) != len(want) + 1:
        return False
    return all(map(_same, got[1:] if front else got[:-1], want))


def _same_in_entries(outcome: Outcome, missing: Callable[[list[Leaves], list[Leaves]], bool]) -> bool:
    got, want = _entries(outcome.given), _entries(outcome.expected)
    return got is not None and want is not None and missing(got, want)


_NESTINGS: list[tuple[str, Callable[[Outcome], bool]]] = [
    ("Your list has one entry too many at its front; the others are right.", partial(_one_more, front=True)),
    ("Your list has one entry too many at its end; the others are right.", partial(_one_more, front=False)),
    *(
        (f"Only {words} comes back of what should: is the rest returned?", partial(_as_entry, which=i, of="given"))
        for i, words in ((0, "the first entry"), (-1, "the last entry"), (1, "the second entry"))
    ),
    *(
        (
            f"{words} of what comes back is the right answer: what else is returned?",
            partial(_as_entry, which=i, of="expected"),
        )
        for i, words in ((-1, "The last entry"), (0, "The first entry"), (1, "The second entry"))
    ),
]


def first_wrong_entry(evidence: Evidence) -> str | None:
    """Return a sentence if the answers are wrong from one entry on, and a relation holds there.

    What comes after it is computed from it. In a list that is computed from its end, it is the last wrong one.
    """
    counts = [entry_count(outcome.expected) for outcome in evidence.wrong]
    if (
        len(evidence.wrong) < MIN_PROBES
        or min(counts) < 1
        or any(entry_count(o.given) != entry_count(o.expected) for o in evidence.wrong)
    ):
        return None
    places = [sorted({path[0] for path in outcome.wrong}) for outcome in evidence.wrong]
    first = {at[0] for at in places}
    last = {at[-1] - count for at, count in zip(places, counts, strict=True)}
    for found, name in ((first, _ordinal), (last, _ordinal_from_end)):
        if len(found) == 1:
            part = evidence.within(k := found.pop())
            for relation in (shapes, numbers.number_relation, variants.applied_again, numbers.by_row):
                if sentence := relation(part):
                    return f"{name(k)} {sentence}"
    return None


def _ordinal(k: int) -> str:
    return f"The first wrong entry of your list is number {k + 1}. There:"


def _ordinal_from_end(k: int) -> str:
    which = "the last one" if k == -1 else f"number {-k}"
    return f"Counted from its end, the first wrong entry of your list is {which}. There:"


def named_entry(evidence: Evidence) -> str | None:
    """Return a sentence if only one of the named results is wrong, and has a relation of form."""
    names = evidence.signature.results
    if evidence.signature.in_list or len(evidence.wrong) < MIN_PROBES:
        return None
    for k, name in enumerate(names):
        if all(path[:1] == (k,) for outcome in evidence.wrong for path in outcome.wrong):
            part = evidence.within(k)
            for relation in (returns_none, entries, shapes):
                if found := relation(part):
                    return f"Only `{name}` is wrong. {found}"
    return None


# ---- the shape of arrays


def shapes(evidence: Evidence) -> str | None:
    """Return a sentence if the numbers are right and their shape isn't."""
    for words, related in _SHAPES:
        if evidence.holds(partial(_each_wrong, related=related)):
            return f"{_subject(evidence, related)}{words}{_in_calls(evidence)}"
    return None


def _each_wrong(outcome: Outcome, related: Callable[[Any, Any], bool]) -> bool:
    exact = outcome.wrong - outcome.loose
    return all(_pair(outcome, path, related) for path in exact) and all(
        _pair(outcome, path, _other_shape) for path in outcome.loose
    )


def _other_shape(got: Any, want: Any) -> bool:
    return bool(got.shape != want.shape and got.size == want.size)


def _pair(outcome: Outcome, path: PartPath, related: Callable[[Any, Any], bool]) -> bool:
    got, want = leaf_at(outcome.given, path), leaf_at(outcome.expected, path)
    return is_array(got, want) and related(got, want)


def _subject(evidence: Evidence, related: Callable[[Any, Any], bool]) -> str:
    """Return the name of the result if all wrong leaves have it: "Every `db` "; else "Your result ".

    Where a leaf of that name is right, and not related to itself as the wrong ones are to theirs: "Each wrong `db` ".
    """
    names = evidence.signature.results
    in_list = evidence.signature.in_list
    last = {path[int(in_list) : 1 + in_list] for outcome in evidence.wrong for path in outcome.wrong}
    for k, name in enumerate(names):
        if last == {(k,)}:
            every = all(_all_related(outcome, k, related) for outcome in evidence.wrong)
            return f"{('Every' if every else 'Each wrong') if in_list else 'The'} `{name}` "
    return "Your result "


def _all_related(outcome: Outcome, k: int, related: Callable[[Any, Any], bool]) -> bool:
    """Return whether part `k` of each entry is wrong, related as the wrong ones are, or a single number."""
    paths = [path for path in outcome.expected if path[1:2] == (k,) and path not in outcome.wrong]
    return all(np.size(outcome.expected[path]) == 1 or _pair(outcome, path, related) for path in paths)


def _reshaped(got: Any, want: Any) -> bool:
    return got.shape != want.shape and got.size == want.size and parts_equal(got.ravel(), want.ravel())


def _informative(want: Any) -> bool:
    return want.size > 1 and not parts_equal(want.ravel(), want.ravel()[::-1])


def _permuted(got: Any, want: Any) -> bool:
    fits = got.shape == want.shape and want.size > 2 and not parts_equal(got, want)
    return fits and parts_equal(np.sort(got, axis=None), np.sort(want, axis=None))


_SHAPES: list[tuple[str, Callable[[Any, Any], bool]]] = [
    (
        "has the right numbers without their axes: a flat array comes back. Which shape should it have?",
        lambda got, want: got.ndim == 1 and want.ndim > 1 and _reshaped(got, want),
    ),
    (
        "is a plain number where an array of one element should come: is an axis lost?",
        lambda got, want: got.ndim == 0 and want.ndim > 0 and _reshaped(got, want),
    ),
    (
        "is a single number, the first of those that should come.",
        lambda got, want: got.ndim == 0 and want.size > 0 and parts_equal(got, np.asarray(want.flat[0])),
    ),
    (
        "is an array of one element where a plain number should come.",
        lambda got, want: want.ndim == 0 and _reshaped(got, want),
    ),
    (
        "is transposed: what are its rows, and what its columns?",
        lambda got, want: want.ndim == 2 and got.shape == want.T.shape and parts_equal(got, want.T),
    ),
    (
        "has the right numbers in the order of the transposed: reshaping isn't transposing.",
        lambda got, want: (
            got.shape == want.shape and min(want.shape, default=0) > 1 and parts_equal(got.ravel(), want.T.ravel())
        ),
    ),
    ("has the right numbers, but another shape: which axes should it have?", _reshaped),
    (
        "is in reverse order along its first axis.",
        lambda got, want: want.ndim > 0 and len(want) > 1 and got.shape == want.shape and parts_equal(got, want[::-1]),
    ),
    (
        "is in reverse order along its last axis.",
        lambda got, want: (
            want.ndim > 1 and want.shape[-1] > 1 and got.shape == want.shape and parts_equal(got, want[..., ::-1])
        ),
    ),
    ("has the right numbers in a wrong order.", _permuted),
]


def reductions(evidence: Evidence) -> str | None:
    """Return a sentence if a mean or sum is missing, or is taken where none belongs."""
    for words, reduce in _REDUCTIONS.items():
        if evidence.holds(partial(_each_wrong, related=partial(_reduced, reduce=reduce))):
            return f"The {words} of your result is the right answer: is it taken?{_in_calls(evidence)}"
        if evidence.holds(partial(_each_wrong, related=partial(_reduces, reduce=reduce))):
            subject = _subject(evidence, partial(_reduces, reduce=reduce))
            return f"{subject}is the {words} of the right one.{_in_calls(evidence)}"
    return None


def _over(function: Reduction, axis: int, array: Any) -> Any:
    return function(array, axis=axis) if array.ndim == 2 else None


_REDUCTIONS: dict[str, Reduction] = {
    "sum": np.sum,
    "mean": np.mean,
    "sum over each of the columns": partial(_over, np.sum, 0),
    "mean over each of the columns": partial(_over, np.mean, 0),
    "sum over each of the rows": partial(_over, np.sum, 1),
    "mean over each of the rows": partial(_over, np.mean, 1),
}


def _reduces(got: Any, want: Any, reduce: Reduction) -> bool:
    return _reduced(want, got, reduce)


def _reduced(got: Any, want: Any, reduce: Reduction) -> bool:
    """Return whether the reduction of one array is the other one, whose axes of length 1 don't count."""
    if got.size < want.size or want.ndim > got.ndim:
        return False
    with np.errstate(all="ignore"):
        value = reduce(got)
    return value is not None and np.size(value) == want.size and parts_equal(np.ravel(value), np.ravel(want))
