"""Experiments: the student's function is asked again, with one thing of its wrong calls changed.

If the changed calls get right answers, the mistake depends on what was changed. A single wrong call is enough for that,
as the call before the change and the call after it differ in one thing only. Labels prove nothing: a wrong function
often gives right ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from grader.diagnosis.probes import ProbeAnswer, differing_parts, with_value
from grader.diagnosis.relations.evidence import Evidence, Outcome, named_arrays
from grader.diagnosis.relations.leaves import answer_leaves, differing_leaves, is_array
from grader.diagnosis.relations.variants import Arguments, changed_probe
from grader.sandbox.client.model_view import Tensor

MAX_REPAIRS = 6  # wrong calls that a change must make right
MAX_UNTOLD = 4  # sizes up to which an answer may prove nothing
MAX_FEW = 0.25  # of the single columns that may be wrong
MIN_MANY = 32  # columns from which on their number explains a mistake that other columns don't show
LARGE, SMALL = 5.0, 1e-3  # numbers of usual size are between
NEAR = 0.05  # a probability as close to 0 or 1 is changed
REMEMBERS = (
    "Your function answers a call otherwise if there were other calls before: does it keep something from one call to "
    "the next?"
)
Change = Callable[[Any], Any]  # of one array or number; raises ValueError if it changes nothing


@dataclass(frozen=True)
class Experiment:
    """A change of a call, and the words that end "It is right in the same call"."""

    words: str
    change: Callable[[Mapping[str, Any]], Arguments]
    same_values: bool = False  # the right answer stays: even an easy one proves something


def experiment(evidence: Evidence) -> str | None:
    """Return a sentence if one change of their arguments makes all wrong calls right."""
    wrong = comparable_calls(evidence)
    if not wrong:
        return None
    for each in _experiments(passed_arguments(evidence, wrong[0]), _label_arguments(evidence)):
        if all(repairs(evidence, each, outcome) for outcome in wrong[:MAX_REPAIRS]):
            return f"{_count(evidence, wrong)} {each.words}"
    return None


def comparable_calls(evidence: Evidence) -> list[Outcome]:
    """Return the wrong answers that can be right otherwise; none if nothing more can be asked."""
    return evidence.wrong if evidence.respondent and evidence.signature.parameters else []


def passed_arguments(evidence: Evidence, outcome: Outcome) -> dict[str, Any]:
    """Return the arguments of a call without the defaults: the student's function may have other ones."""
    probe = evidence.probes[outcome.index]
    names = {*list(evidence.signature.parameters)[: len(probe.args)], *probe.kwargs}
    return {name: value for name, value in outcome.arguments.items() if name in names}


def _label_arguments(evidence: Evidence) -> set[str]:
    """Return the arguments that hold nothing but 0 and 1 in all calls."""
    calls = [dict(named_arrays(outcome.arguments)) for outcome in evidence.outcomes]
    return {name for name in calls[0] if all(np.isin(call.get(name, 0), (0, 1)).all() for call in calls)}


def _count(evidence: Evidence, wrong: list[Outcome]) -> str:
    """Return in how many calls the function is wrong, and the beginning of a sentence on what makes them right."""
    count, of = len(wrong), len(evidence.outcomes)
    calls = f"all {of}" if count == of else f"{count} of {of}"
    if count == 1:
        same = "the same call"
    else:
        same = "the same calls" if count <= MAX_REPAIRS else f"{MAX_REPAIRS} of these, which were made again"
    return f"Your function is wrong in {calls} calls. It is right in {same}"


def repairs(evidence: Evidence, each: Experiment, outcome: Outcome) -> bool:
    """Return whether the student's answer to the changed call is right, and that proves something."""
    probe = changed_probe(evidence, each.change, outcome)
    if probe is None or evidence.respondent is None:
        return False
    expected = evidence.ask_solution(f"experiment: {each.words}", probe, outcome.index)
    if expected is None or not (each.same_values or proves(expected)):
        return False
    given = evidence.respondent.ask(probe)
    if given is None:
        return False
    if each.same_values:
        return evidence.is_right(outcome.index, given, expected)
    return is_right(given, expected)


def is_right(given: ProbeAnswer, expected: ProbeAnswer) -> bool:
    leaves = answer_leaves(expected)
    return not differing_leaves(answer_leaves(given, leaves), leaves, expected.rounding)


def proves(answer: ProbeAnswer) -> bool:
    """Return whether a wrong function could hardly give this answer: it holds some number that isn't a label."""
    arrays = [leaf for leaf in answer_leaves(answer).values() if is_array(leaf) and leaf.size]
    if not arrays or not all(np.isfinite(array).all() for array in arrays):
        return False
    numbers = np.concatenate([array.ravel() for array in arrays])
    return not np.isin(numbers, (-1.0, 0.0, 1.0)).all()


# ---- changes of types and values


def _experiments(arguments: Mapping[str, Any], labels: set[str]) -> Iterator[Experiment]:
    """Yield experiments, those first that change least."""
    whole = "with the whole numbers as floats (3.0 for 3): which type do the arrays have that you make or change?"
    yield Experiment(whole, partial(_everywhere, change=partial(_retyped, kinds="iub")), same_values=True)
    short = "with 64 bits a number instead of 32 or fewer: which type do the arrays have that you make or change?"
    yield Experiment(short, partial(_everywhere, change=partial(_retyped, kinds="f")), same_values=True)
    types = "with 64-bit floats in all arrays: which type do the arrays have that you make or change?"
    yield Experiment(types, partial(_everywhere, change=partial(_retyped, kinds="iubf")), same_values=True)
    arrays = [name for name, value in arguments.items() if name not in labels and is_numeric(value)]
    for (words, change), name in product(_OF_ARRAYS, arrays):
        yield Experiment(words.format(f"`{name}`"), partial(_in_one, name=name, change=change))
    for name, value in arguments.items():
        if callable(value) and not hasattr(value, "layers"):
            words = f"with tanh in the place of `{name}`: what does your function pass to `{name}`?"
            yield Experiment(words, partial(replaced, name=name, number=np.tanh))
            words = f"with the sigmoid in the place of `{name}`: is the sigmoid called where `{name}` should be?"
            yield Experiment(words, partial(replaced, name=name, number=_sigmoid))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            for number in (1, 2) if isinstance(value, int) else (0.01, 0.3):
                yield Experiment(
                    f"with `{name}` = {number}: what does your function do with other numbers?",
                    partial(replaced, name=name, number=number),
                )


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def is_numeric(value: Any) -> bool:
    array = value.array if isinstance(value, Tensor) else value
    return isinstance(array, list | tuple) or (isinstance(array, np.ndarray) and array.dtype.kind in "fiu")


def _everywhere(arguments: Mapping[str, Any], change: Change) -> Arguments:
    """Return the arguments with a change in all their arrays that it applies to. Raises ValueError if there is none."""
    changed = {name: mapped(value, change) for name, value in arguments.items()}
    if all(changed[name] is value for name, value in arguments.items()):
        raise ValueError("nothing to change")
    return changed


def _in_one(arguments: Mapping[str, Any], name: str, change: Change) -> Arguments:
    new = mapped(arguments[name], partial(_kept_type, change=change))
    if new is arguments[name]:
        raise ValueError("nothing to change")
    return {**arguments, name: new}


def replaced(arguments: Mapping[str, Any], name: str, number: Any) -> Arguments:
    if arguments[name] is number or (not callable(number) and arguments[name] == number):
        raise ValueError("nothing to change")
    return {**arguments, name: number}


def mapped(value: Any, change: Change) -> Any:
    """Return the value with its arrays changed; the value itself if the change applies to none."""
    if isinstance(value, Tensor):
        new = mapped(value.array, change)
        return value if new is value.array else Tensor(new)
    if isinstance(value, list | tuple):
        items = [mapped(item, change) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    if not isinstance(value, np.ndarray):
        return value
    try:
        changed: Any = change(value)
        return changed
    except ValueError:
        return value


def _retyped(array: Any, kinds: str) -> Any:
    if array.dtype.kind not in kinds or array.dtype == np.float64:
        raise ValueError("the type is right already")
    return array.astype(np.float64)


def _kept_type(array: Any, change: Change) -> Any:
    """Return a changed array of floats. Raises ValueError for others, as a change of the type would explain as much."""
    if array.dtype.kind != "f":
        raise ValueError("these aren't floats")
    return np.asarray(change(array)).astype(array.dtype)


def _where(mask: Any, new: Any, array: Any) -> Any:
    """Return the array with other numbers at some places. Raises ValueError if there is no such place."""
    if not mask.any():
        raise ValueError("no such number")
    return np.where(mask, new, array)


def _scaled(array: Any, down: bool) -> Any:
    largest, spread = np.abs(array).max(initial=0), np.ptp(array) if array.size else 0
    if 0 < spread < SMALL * largest:
        raise ValueError("the numbers are nearly equal, and would seem so after the change")
    if largest <= LARGE if down else not 0 < largest < SMALL:
        raise ValueError("the numbers have a usual size")
    return array / largest


def _centred(array: Any) -> Any:
    """Return the array without the mean of each row, if that is large beside how the row varies."""
    mean, spread = array.mean(axis=-1, keepdims=True), np.ptp(array, axis=-1, keepdims=True)
    return _where(np.broadcast_to((np.abs(mean) > 1000 * spread) & (spread > 0), array.shape), array - mean, array)


def _spread(array: Any) -> Any:
    """Return the array with rows that vary more, if some vary little."""
    mean, spread = array.mean(axis=-1, keepdims=True), np.ptp(array, axis=-1, keepdims=True)
    small = (spread > 0) & (spread < SMALL)
    stretched = mean + (array - mean) / np.where(small, spread, 1)
    return _where(np.broadcast_to(small, array.shape), stretched, array)


def _moderate(array: Any) -> Any:
    """Return probabilities moved away from 0 and 1. Raises ValueError for labels and other numbers."""
    if not ((array >= 0) & (array <= 1)).all():
        raise ValueError("these aren't probabilities")
    return _where((array < NEAR) | (array > 1 - NEAR), 0.1 + 0.8 * array, array)


def _apart(array: Any) -> Any:
    """Return rows that differ from each other and in themselves, by a little that is added to those that don't."""
    rows = array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
    alike = [len(np.unique(row)) < row.size or (rows == row).all(axis=1).sum() > 1 for row in rows]
    little = 0.1 * np.arange(1, 1 + array.size).reshape(rows.shape) / max(array.size, 1)
    return _where(np.array(alike)[:, np.newaxis], rows + little, rows).reshape(array.shape)


_OF_ARRAYS: list[tuple[str, Change]] = [
    ("with 0.5 in the place of each 0 in {}: what becomes of zeros?", lambda x: _where(x == 0, 0.5, x)),
    (
        "with the mean of a row taken from large numbers in {} that differ little: what becomes of small differences?",
        _centred,
    ),
    ("with the numbers in {} scaled up to 1: what becomes of tiny ones?", partial(_scaled, down=False)),
    ("with the numbers in {} scaled down to at most 1: what becomes of large ones?", partial(_scaled, down=True)),
    ("with the numbers in {} moved away from 0 and 1: what becomes of numbers close to these?", _moderate),
    ("with the rows of {} that vary little stretched: when do numbers count as equal?", _spread),
    ("with a little added to each number in {}, so that no two are equal: what becomes of equal ones?", _apart),
]


# ---- sizes

Cut = Callable[..., Arguments]  # of arguments and k: keeps the first entries, or the last ones for a negative number


def size(evidence: Evidence) -> str | None:
    """Return a sentence if wrong calls are right with their first columns, rows or entries alone, up to some number."""
    wrong = comparable_calls(evidence)
    if not wrong:
        return None
    for noun, names, cut, length in _cuts(passed_arguments(evidence, wrong[0])):
        right = partial(_right_with, evidence, f"{noun} {names}", cut)
        k = _threshold(partial(right, wrong[0]), length)
        if not k or not all(right(other, k) and right(other, k + 1) is False for other in wrong[1:MAX_REPAIRS]):
            continue
        calls = (
            "Take a call that your function gets wrong." if len(wrong) > 1 else "Your function is wrong in one call."
        )
        # A row that is wrong itself is among as many rows that begin one later.
        later = partial(
            _right_with, evidence, f"{noun} {names} but the first", partial(_cut_later, cut=cut, length=length)
        )
        last = right(wrong[0], -k) and right(wrong[0], -k - 1) is False and later(wrong[0], k)
        if not last and noun != "entry" and k < MIN_MANY:
            continue
        rest = "That is so from the other end, too: what depends on their number?" if last else "What changes there?"
        some = f"first {noun}" if k == 1 else f"first {k} {'entries' if noun == 'entry' else noun + 's'}"
        return f"{calls} With only the {some} of {names} it is right, and with the first {k + 1} it is wrong. {rest}"
    return None


def single_columns_are_right(evidence: Evidence) -> bool:
    """Return whether wrong calls are right if they are made again with their first or their last column alone.

    Few may be wrong: the right answers themselves may differ for some columns.
    """
    found = [
        _right_with(evidence, f"{noun} {names}", cut, outcome, k)
        for outcome in comparable_calls(evidence)[:MAX_REPAIRS]
        for noun, names, cut, _ in list(_cuts(passed_arguments(evidence, outcome)))[:1]
        for k in (1, -1)
    ]
    return found.count(False) <= MAX_FEW * len(found)


def zeros_matter(evidence: Evidence, name: str) -> bool:
    """Return whether wrong calls are right without the zeros in an argument, or can't be made again without them."""
    if name in _label_arguments(evidence):
        return True
    words, change = _OF_ARRAYS[0]
    without = Experiment(words.format(f"`{name}`"), partial(_in_one, name=name, change=change))
    repeated = [
        each for each in comparable_calls(evidence)[:MAX_REPAIRS] if changed_probe(evidence, without.change, each)
    ]
    return all(repairs(evidence, without, each) for each in repeated)


def _right_with(evidence: Evidence, words: str, cut: Cut, outcome: Outcome, k: int) -> bool | None:
    """Return whether the student's answer with `k` entries is right; None if there is none that proves something."""
    probe = changed_probe(evidence, partial(cut, k=k), outcome)
    if probe is None or evidence.respondent is None:
        return None
    expected = evidence.ask_solution(f"experiment: {k} {words}", probe, outcome.index)
    given = evidence.respondent.ask(probe) if expected else None
    if expected is None or given is None:
        return None
    return is_right(given, expected) and (proves(expected) or None)


def _threshold(right: Callable[[int], bool | None], length: int) -> int | None:
    """Return the first size that is right, with the next one wrong, as far as some sizes tell. Sizes grow twofold."""
    low, k = 0, 1
    while k < length:
        if (found := right(k)) is False:
            break
        if found is None and k >= MAX_UNTOLD:
            return None
        low, k = (k, max(2 * k - 1, 2)) if found else (low, k + 1)
    high = min(k, length)
    if not low:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = right(middle)
        if found is None:
            return None
        low, high = (middle, high) if found else (low, middle)
    return low


def _cuts(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str, Cut, int]]:
    """Yield what can be cut: a name for its entries, the function that does it, and how many there are."""
    batches = {name: value for name, value in arguments.items() if isinstance(value, np.ndarray) and value.ndim == 2}
    columns = {value.shape[1] for value in batches.values()}
    if batches and len(columns) == 1:
        yield "column", _listed(batches), partial(_cut_arrays, names=list(batches), axis=1), columns.pop()
    for name in list(batches)[:1]:
        for axis, noun in ((1, "column"), (0, "row")):
            yield noun, f"`{name}`", partial(_cut_arrays, names=[name], axis=axis), batches[name].shape[axis]
    lists = {name: value for name, value in arguments.items() if isinstance(value, list | tuple) and value}
    if lists:
        length = min(map(len, lists.values()))
        yield "entry", _listed(lists), partial(_cut_lists, names=list(lists), length=length), length


def _cut_later(arguments: Mapping[str, Any], k: int, cut: Cut, length: int) -> Arguments:
    """Cut after the first of `length` entries was left out."""
    return cut(cut(arguments, k=1 - length), k=k)


def _listed(names: Mapping[str, Any]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _cut_arrays(arguments: Mapping[str, Any], k: int, names: list[str], axis: int) -> Arguments:
    keep = slice(k) if k > 0 else slice(k, None)
    index = (slice(None),) * axis + (keep,)
    if any(arguments[name].shape[axis] < abs(k) for name in names):
        raise ValueError("nothing to cut")
    return {**arguments, **{name: arguments[name][index] for name in names}}


def _cut_lists(arguments: Mapping[str, Any], k: int, names: list[str], length: int) -> Arguments:
    if k < 0 or min(len(arguments[name]) for name in names) < k:
        raise ValueError("nothing to cut")
    return {**arguments, **{name: arguments[name][: k + len(arguments[name]) - length] for name in names}}


# ---- memory


def changes_results(evidence: Evidence) -> str | None:
    """Return a sentence if the function changes results that it returned before."""
    if evidence.respondent is None or evidence.wrong:
        return None
    values = evidence.respondent.ask_together(evidence.probes)
    if values is None:
        return None
    now = [with_value(ProbeAnswer({}), value) for value in values]
    then = [evidence.answer(i) for i in range(len(values))]
    if any(isinstance(step, str) for answer in then for path in answer_leaves(answer) for step in path):
        return None  # models aren't compared
    changed = [i for i in range(len(values)) if not is_right(now[i], then[i])]
    if not changed:
        return None
    overwritten = any(is_right(now[i], then[k]) for i in changed for k in range(i + 1, len(then)))
    if not overwritten and any(is_right(now[i], then[k]) for i in changed for k in range(i)):
        return REMEMBERS
    if not any(_is_right_alone(evidence, i, then[i]) for i in changed):
        return None  # no later call is to blame
    return "What your function returns changes when it is called again: return a new array (or list) from each call."


def _is_right_alone(evidence: Evidence, i: int, then: ProbeAnswer) -> bool:
    """Return whether probe `i`, asked as before but without the others, gets the answer that it got."""
    values = evidence.respondent.ask_together([evidence.probes[i]]) if evidence.respondent else None
    return values is not None and is_right(with_value(ProbeAnswer({}), values[0]), then)


def remembers_calls(evidence: Evidence) -> str | None:
    """Return a sentence if a wrong call gets another answer in a new process, in which it comes first."""
    if evidence.respondent is None or not evidence.wrong:
        return None
    index = evidence.wrong[0].index
    again = evidence.respondent.ask_afresh(evidence.probes[index])
    if again is None or not differing_parts(again, evidence.answer(index)):
        return None
    return REMEMBERS
