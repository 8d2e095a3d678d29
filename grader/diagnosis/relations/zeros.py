"""Experiments without an argument: wrong calls are made again with zeros in its place, or the identity for a function.

If such calls are right, the mistake is in what is computed with the argument. In a network, zeros in the last layer
hide every mistake before it, so an argument counts only if the right answer still depends on most of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from grader.diagnosis.probes import ProbeAnswer
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome
from grader.diagnosis.relations.experiments import (
    Change,
    Experiment,
    comparable_calls,
    is_numeric,
    is_right,
    passed_arguments,
    repairs,
    replaced,
)
from grader.diagnosis.relations.numbers import MIN_FITTED
from grader.diagnosis.relations.variants import Arguments, changed_probe
from grader.sandbox.client.model_view import Tensor


def localised(evidence: Evidence) -> str | None:
    """Return a sentence if wrong calls are right without some of their arguments, and wrong without the others."""
    wrong = [outcome for outcome in comparable_calls(evidence) if not outcome.raised]
    if len(wrong) < MIN_PROBES:
        return None
    arguments = passed_arguments(evidence, wrong[0])
    one, several = dict(_without_one(arguments)), dict(_without_several(arguments))
    found = _repairing(evidence, one, wrong)
    if not found:
        found, one = _repairing(evidence, several, wrong), several
    found = _least_hiding(evidence, found, one, wrong[0])
    if not found or len(found) == len(one):
        return None
    calls = f"{len(wrong)} of {len(evidence.outcomes)}" if evidence.right else f"all {len(wrong)}"
    repeated = "all of them" if len(wrong) <= MIN_FITTED else f"{MIN_FITTED} of them"
    functions = {f"`{name}`" for name, value in arguments.items() if callable(value)}
    changed = [f"{'the identity' if name in functions else 'zeros'} in the place of {name}" for name in found]
    return (
        f"Your function is wrong in {calls} calls. In {repeated}, which were made again, it is right with "
        f"{' or with '.join(changed)}. Look at the step with {' and '.join(found)}, and at what goes into it."
    )


def _repairing(evidence: Evidence, changes: Mapping[str, Change], wrong: list[Outcome]) -> list[str]:
    """Return the names of the changes that make wrong calls right."""
    return [
        name
        for name, change in changes.items()
        if all(repairs(evidence, Experiment(f"without {name}", change), each) for each in wrong[:MIN_FITTED])
    ]


def _least_hiding(evidence: Evidence, found: list[str], changes: Mapping[str, Change], outcome: Outcome) -> list[str]:
    """Return those without which the right answer depends on most of the other arguments, and at least on half."""
    left = {name: _effective(evidence, name, changes, outcome) for name in found}
    most = max(left.values(), default=0)
    return [name for name in found if left[name] == most >= (len(changes) - 1) / 2]


def _effective(evidence: Evidence, name: str, changes: Mapping[str, Change], outcome: Outcome) -> int:
    """Return how many other changes still change the right answer after one was made."""
    before = _solved(evidence, f"without {name}", changes[name], outcome)
    others = [
        _solved(evidence, f"without {name} and {other}", partial(_both, one=changes[name], other=change), outcome)
        for other, change in changes.items()
        if other != name
    ]
    return sum(before is not None and other is not None and not is_right(other, before) for other in others)


def _solved(evidence: Evidence, words: str, change: Change, outcome: Outcome) -> ProbeAnswer | None:
    probe = changed_probe(evidence, change, outcome)
    return evidence.ask_solution(f"experiment: {words}", probe, outcome.index) if probe else None


def _both(arguments: Mapping[str, Any], one: Change, other: Change) -> Any:
    return other(one(arguments))


def _without_one(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Change]]:
    """Yield names of arguments and changes to calls without them. A list of pairs has two names."""
    for name, value in arguments.items():
        if callable(value) and not hasattr(value, "layers"):
            yield f"`{name}`", partial(replaced, name=name, number=_identity)
        elif _is_pairs(value):
            for k, words in enumerate(("first", "second")):
                yield f"the {words} entry of each pair in `{name}`", partial(_without, names=[name], keep=1 - k)
        elif is_numeric(value):
            yield f"`{name}`", partial(_without, names=[name])


def _without_several(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Change]]:
    """Yield names and changes for whole lists of pairs, and for arrays whose names differ in a number, as W1 and W2."""
    stems: dict[str, list[str]] = {}
    for name, value in arguments.items():
        if _is_pairs(value):
            yield f"`{name}`", partial(_without, names=[name])
        elif is_numeric(value):
            stems.setdefault(name.rstrip("0123456789"), []).append(name)
    for names in stems.values():
        if len(names) > 1:
            yield f"all of {', '.join(f'`{name}`' for name in names)}", partial(_without, names=names)


def _identity(z: Any) -> Any:
    return z


def _is_pairs(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, list | tuple) and len(each) == 2 for each in value)


def _without(arguments: Mapping[str, Any], names: list[str], keep: int | None = None) -> Arguments:
    """Return the arguments with zeros in some, but for one entry of each pair."""
    return {**arguments, **{name: _zeros(arguments[name], keep) for name in names}}


def _zeros(value: Any, keep: int | None = None) -> Any:
    if isinstance(value, list | tuple):
        return [_pair_of_zeros(each, keep) if isinstance(each, list | tuple) else _zeros(each) for each in value]
    return Tensor(np.zeros_like(value.array)) if isinstance(value, Tensor) else np.zeros_like(value)


def _pair_of_zeros(pair: Any, keep: int | None) -> Any:
    return tuple(each if i == keep else _zeros(each) for i, each in enumerate(pair))
