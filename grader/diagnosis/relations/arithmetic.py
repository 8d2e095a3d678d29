"""Relations of arithmetic: an argument is added to the right numbers, multiplies or replaces them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from grader.diagnosis.probes import PartPath, parts_equal
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome
from grader.diagnosis.relations.leaves import Array, is_array, leaf_at, leaves
from grader.diagnosis.relations.numbers import MIN_FITTED, MIN_NUMBERS, named_sizes, wrong_parts

MIN_SHARE = 1e-3  # of the right numbers that what is added must have: less may come from rounding
RTOL = 1e-6
NOTHING = 1e-12  # numbers up to here are rounded zeros
USUAL = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)  # factors that two answers are enough for


class Term(NamedTuple):
    """The numbers at one path of an answer: the student's, the right ones, and those of an argument."""

    got: Any
    want: Any
    argument: Any


Group = list[Term]  # the terms of one answer
Part = Callable[[Term], Array]  # the numbers that should be a multiple of the argument


def combined_with_argument(evidence: Evidence) -> str | None:
    """Return a sentence if the answers are the right ones and a multiple of an argument, or such a multiple alone."""
    if evidence.labels:
        return None  # 0 and 1 are the sum, the difference and the product of each other
    for subject, chosen in wrong_parts(evidence):
        for name in evidence.signature.parameters:
            groups = [_terms(outcome, paths, name) for outcome, paths in chosen]
            if not all(groups) or not _enough(chosen, groups):
                continue
            outcomes = [outcome for outcome, _ in chosen]
            if all(parts_equal(term.got, term.want * term.argument) for group in groups for term in group):
                return f"{subject} the right ones times `{name}`: where is it multiplied once too often?"
            if added := _factor(outcomes, groups, lambda term: term.got - term.want, added=True):
                return f"{subject} the right ones {added.format(f'`{name}`')}: is that one step too many, or left out?"
            if factor := _factor(outcomes, groups, lambda term: term.got, added=False):
                return f"{subject} {factor.format(f'`{name}`')} and nothing else: which step is missing?"
    return None


def _terms(outcome: Outcome, paths: frozenset[PartPath], name: str) -> Group:
    """Return the terms of an answer; none if a shape differs from that of the right numbers."""
    own = dict(leaves(outcome.arguments.get(name)))
    found = [Term(leaf_at(outcome.given, path), leaf_at(outcome.expected, path), own.get(path)) for path in paths]
    return found if all(map(_fits, found)) else []


def _fits(term: Term) -> bool:
    if not is_array(*term) or term.got.shape != term.want.shape or not np.isfinite(term.want).all():
        return False
    try:
        return bool(np.broadcast_shapes(term.want.shape, term.argument.shape) == term.want.shape)
    except ValueError:
        return False


def _enough(chosen: list[tuple[Outcome, frozenset[PartPath]]], groups: list[Group]) -> bool:
    wrong = [group for (outcome, _), group in zip(chosen, groups, strict=True) if outcome.wrong]
    return len(wrong) >= MIN_PROBES and sum(term.want.size for group in wrong for term in group) >= MIN_NUMBERS


def _factor(outcomes: list[Outcome], groups: list[Group], part: Part, *, added: bool) -> str | None:
    """Return words with a place for the argument if a part of each answer is a multiple of it, by a factor with a name.

    :param added: whether the words follow "the right ones"
    """
    fitted = [_fitted(group, part) for group in groups]
    known = [(outcome, factor) for outcome, factor in zip(outcomes, fitted, strict=True) if factor is not None]
    if len(known) < MIN_PROBES or not all(map(partial(_explains, part=part), groups, fitted)):
        return None
    if not any(map(_counts, groups, fitted)):
        return None
    factors = np.array([factor for _, factor in known])
    words = _constant(factors) or _named([outcome for outcome, _ in known], factors)
    if not words:
        return None
    sign, size = ("minus", words[1:]) if words.startswith("-") else ("plus", words)
    times = "{}" if size == "1" else f"{size} times {{}}"
    return f"{sign} {times}" if added else f"{'-' * (sign == 'minus')}{times}"


def _fitted(group: Group, part: Part) -> float | None:
    """Return by what the argument's largest number is multiplied; None if it is 0, or the result isn't finite."""
    term = max(group, key=lambda each: float(np.abs(each.argument).max(initial=0)))
    argument = np.broadcast_to(term.argument, term.want.shape)
    if np.abs(argument).max(initial=0) <= NOTHING:
        return None
    at = np.unravel_index(np.abs(argument).argmax(), argument.shape)
    factor = float(part(term)[at] / argument[at])
    return factor if np.isfinite(factor) else None


def _explains(group: Group, factor: float | None, part: Part) -> bool:
    return all(parts_equal(part(term) + term.want, (factor or 0.0) * term.argument + term.want) for term in group)


def _counts(group: Group, factor: float | None) -> bool:
    """Return whether the multiple of the argument is no rounding beside the right numbers."""
    size = max(float(np.abs((factor or 0.0) * term.argument).max(initial=0)) for term in group)
    return size > MIN_SHARE * max(float(np.abs(term.want).max(initial=0)) for term in group)


def _constant(factors: Array) -> str | None:
    if not np.allclose(factors, factors[0], rtol=RTOL, atol=0):
        return None
    usual = np.isclose(factors[0], USUAL, rtol=RTOL, atol=0).any()
    return f"{factors[0]:.4g}" if usual or len(factors) >= MIN_FITTED else None


def _named(outcomes: list[Outcome], factors: Array) -> str | None:
    for words, sizes in named_sizes(outcomes):
        for sign in (1, -1):
            if len(set(sizes)) > 1 and np.allclose(factors, sign * np.array(sizes), rtol=RTOL, atol=RTOL):
                return f"{'-' * (sign < 0)}{words}"
    return None
