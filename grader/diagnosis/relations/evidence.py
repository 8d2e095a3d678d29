"""What relations look at: for each probe the arguments, the right answer and the student's, and where they differ."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from grader.diagnosis.probes import ABSENT, PartPath, Probe, ProbeAnswer, differing_parts, interchangeable, parts_equal
from grader.diagnosis.relations.leaves import Leaves, answer_leaves, differing_leaves, is_array, own_parts
from grader.notebooks.statements import read

MIN_ALONE = 6  # numbers in a single wrong answer that may be explained alone
MAX_LOST = 2  # answers of the solution: each takes the time limit of a call
MARGIN, MIN_MARGIN = 0.25, 1e-3  # beyond the numbers of right answers
MIN_PROBES = 2  # wrong answers that a relation must explain: one could be an accident
RESULT_NAMES = re.compile(r"Returns?\b([^:.]*?)(?<!shape )\(([A-Za-z]\w*(?:, [A-Za-z]\w*)+)\)")
REQUIRED = object()  # the default of a parameter that has none


@dataclass(frozen=True)
class Signature:
    """What the notebook says of a function: its parameters with their defaults, and how it names its results."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)  # name -> default
    results: tuple[str, ...] = ()  # "dW" and "db", if the docstring says "Returns a list of (dW, db)"
    in_list: bool = False  # whether the results are the entries of each pair in a list, not of the answer itself

    def arguments(self, probe: Probe) -> dict[str, Any]:
        """Return the arguments of a call by name, defaults included."""
        given = dict(zip(self.parameters, probe.args, strict=False)) | probe.kwargs
        return {name: value for name, value in (dict(self.parameters) | given).items() if value is not REQUIRED}


def signatures(content: bytes, file: str) -> dict[str, Signature]:
    """Return the signature of each function of a notebook or module. Runs nothing."""
    functions = [node for each in read(content, file).statements if isinstance(node := each.node, ast.FunctionDef)]
    return {node.name: _signature(node) for node in functions}


def _signature(node: ast.FunctionDef) -> Signature:
    names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    defaults = [REQUIRED] * (len(names) - len(node.args.defaults)) + [_literal(each) for each in node.args.defaults]
    results = RESULT_NAMES.search(" ".join((ast.get_docstring(node) or "").split()))
    parameters = dict(zip(names, defaults, strict=True))
    if not results:
        return Signature(node.name, parameters)
    return Signature(node.name, parameters, tuple(results[2].split(", ")), "list" in results[1])


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return REQUIRED


class Respondent(Protocol):
    """The student's function, which can be asked more than the probes. Each answer is None once too much was asked."""

    def ask(self, probe: Probe) -> ProbeAnswer | None:
        """Return the answer to a call."""
        ...

    def ask_afresh(self, probe: Probe) -> ProbeAnswer | None:
        """Return the answer to the first call of a new process; None where starting one is too expensive."""
        ...

    def ask_together(self, probes: Sequence[Probe]) -> list[Any] | None:
        """Return the results of several calls, read after the last one."""
        ...


@dataclass(frozen=True)
class Outcome:
    """One probe: its arguments, the right leaves and the student's."""

    index: int
    arguments: Mapping[str, Any]
    expected: Leaves
    given: Leaves
    skipped: frozenset[PartPath]  # where right answers differ among themselves, and the student's is like them
    wrong: frozenset[PartPath]
    loose: frozenset[PartPath]  # wrong, and right answers differ among themselves there: only the form can be compared
    changed: tuple[str, ...]  # arguments that the student's function changed, and the solution's not
    too_often: bool  # whether functions in the arguments were called more often than right answers do
    rounding: float = 0.0  # by which equal results may differ, because the arguments are large

    @property
    def raised(self) -> bool:
        """Return whether the student's function raised an exception."""
        return ("raised",) in self.given


class Evidence:
    """The student's answers to all probes beside the right ones.

    :param signature: of the question's function
    :param ambiguous: for each probe the parts in which right answers differ, and the values that they have there
    :param reference: returns the solution's answer to other arguments (a text that names them, probe, its index)
    """

    def __init__(
        self,
        signature: Signature,
        probes: Sequence[Probe],
        given: Sequence[ProbeAnswer],
        expected: Sequence[ProbeAnswer],
        ambiguous: Sequence[Mapping[PartPath, Sequence[Any]]],
        reference: Callable[[str, Probe, int], ProbeAnswer],
        *,
        most_calls: Sequence[int] = (),
        respondent: Respondent | None = None,
    ) -> None:
        self.signature = signature
        self.probes = probes
        self._given = given
        self._expected = expected
        self._ambiguous = ambiguous
        self._reference = reference
        self._most_calls = most_calls or [len(answer.calls) for answer in expected]
        self._lost = 0  # answers of the solution to other arguments that didn't come
        self.respondent = respondent
        self.least = MIN_PROBES  # wrong answers that a relation must explain

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Return all probes, those with wrong answers first: they rule out most relations."""
        return sorted(map(self._outcome, range(len(self.probes))), key=lambda outcome: not outcome.wrong)

    @property
    def wrong(self) -> list[Outcome]:
        """Return the probes with wrong answers."""
        return [outcome for outcome in self.outcomes if outcome.wrong]

    @property
    def right(self) -> list[Outcome]:
        """Return the probes with right answers."""
        return [outcome for outcome in self.outcomes if not outcome.wrong]

    @cached_property
    def repeatable(self) -> bool:
        """Return whether the student's function gives equal answers to equal calls. Calls it up to twice more."""
        for i in dict.fromkeys([0, self.outcomes[0].index]):
            value = self.probes[i].reads_value  # a second read gets the same object
            again = self.respondent.ask(self.probes[i]) if self.respondent and not value else None
            if again is None or {("raised",)} <= again.parts.keys() & self._given[i].parts.keys():
                continue  # a message may hold a name that Keras makes up
            if differing_parts(again, self._given[i]):
                return False
        return True

    @property
    def labels(self) -> bool:
        """Return whether all right answers hold nothing but labels: -1, 0 and 1."""
        arrays = [leaf for outcome in self.outcomes for leaf in outcome.expected.values() if is_array(leaf)]
        return all(np.isin(leaf, (-1.0, 0.0, 1.0)).all() for leaf in arrays)

    @property
    def alone(self) -> bool:
        """Return whether a single answer is wrong, which holds enough numbers to be no accident."""
        arrays = [leaf for outcome in self.wrong for leaf in outcome.expected.values() if is_array(leaf)]
        varied = [leaf for leaf in arrays if not np.isin(leaf, (-1.0, 0.0, 1.0)).all()]
        return len(self.wrong) == 1 and sum(leaf.size for leaf in varied) >= MIN_ALONE

    def ask_solution(self, words: str, probe: Probe, i: int) -> ProbeAnswer | None:
        """Return the solution's answer to probe `i` with other arguments, which `words` name; None without an answer.

        None too after MAX_LOST answers that didn't come, such as of a recursion on 1000 in the place of 10: no budget
        counts the time of the solution.
        """
        if self._lost >= MAX_LOST:
            return None
        answer = self._reference(words, probe, i)
        self._lost += ("lost",) in answer.parts
        return None if {("raised",), ("lost",)} & answer.parts.keys() else answer

    def answer(self, i: int) -> ProbeAnswer:
        """Return the student's answer to probe `i`."""
        return self._given[i]

    def is_right(self, i: int, given: ProbeAnswer, expected: ProbeAnswer) -> bool:
        """Return whether an answer to probe `i`, or to its arguments in another type, is right."""
        want = answer_leaves(expected)
        got = answer_leaves(given, want)
        differing = differing_leaves(got, want, expected.rounding)
        return all(self._is_accepted(i, path, got, want) for path in differing)

    def within(self, k: int) -> Evidence:
        """Return the evidence on entry `k` of the answers alone; a negative one counts from the end."""
        part = Evidence(Signature(""), self.probes, self._given, self._expected, self._ambiguous, self._reference)
        outcomes = [_part(outcome, k) for outcome in self.outcomes]
        part.outcomes = sorted(outcomes, key=lambda outcome: not outcome.wrong)
        return part

    def explained(self, candidate: Callable[[Outcome], Leaves | None], least: int = 0) -> bool:
        """Return whether the candidate's answers equal the student's on every probe, and enough were wrong."""
        telling = 0
        for outcome in self.outcomes:
            answer = candidate(outcome)
            if answer is None and outcome.raised:
                continue  # neither can answer
            if answer is None:
                return False
            if differing_leaves(outcome.given, answer, outcome.rounding) - outcome.skipped - outcome.loose:
                return False
            telling += bool(outcome.wrong - outcome.loose)
        return telling >= (least or self.least)

    def holds(self, relation: Callable[[Outcome], bool]) -> bool:
        """Return whether a relation holds for every wrong answer, and enough answers are wrong."""
        return len(self.wrong) >= self.least and all(map(relation, self.wrong))

    def _outcome(self, i: int) -> Outcome:
        expected = answer_leaves(self._expected[i])
        given = answer_leaves(self._given[i], expected)
        rounding = self._expected[i].rounding
        differing = differing_leaves(given, expected, rounding)
        if not differing_leaves(own_parts(self._given[i]), own_parts(self._expected[i]), rounding):
            differing = set()  # an array with the entries of a list in it, which is as good
        skipped = {path for path in differing if self._is_accepted(i, path, given, expected)}
        changed = _changed_arguments(self._given[i]) - _changed_arguments(self._expected[i])
        names = list(self.signature.parameters)
        return Outcome(
            index=i,
            arguments=self.signature.arguments(self.probes[i]),
            expected=expected,
            given=given,
            skipped=frozenset(skipped),
            wrong=frozenset(differing - skipped),
            loose=frozenset(path for path in differing - skipped if self._accepted(i, path)),
            changed=tuple(names[k] for k in sorted(changed) if k < len(names)),
            too_often=len(self._given[i].calls) > self._most_calls[i],
            rounding=rounding,
        )

    def _is_accepted(self, i: int, path: PartPath, given: Leaves, expected: Leaves) -> bool:
        """Return whether right answers differ at this path or around it, and the student's is like them."""
        here, there = given.get(path, ABSENT), expected.get(path, ABSENT)
        accepted = self._accepted(i, path)
        if any(isinstance(step, str) for step in path):  # a part of a model, whose numbers are sizes
            return any(parts_equal(here, choice) for values in accepted for choice in values)
        if accepted and is_array(here, there) and all(_differ_in_form_only(values) for values in accepted):
            return here.size == there.size and parts_equal(here.ravel(), there.ravel())
        return any(interchangeable(here, there, list(values)) and _is_among(here, values) for values in accepted)

    def _accepted(self, i: int, path: PartPath) -> list[Sequence[Any]]:
        """Return the values of right answers at the ambiguous parts that hold this path."""
        whole: PartPath = ("value", *path)
        return [values for place, values in self._ambiguous[i].items() if whole[: len(place)] == place]


def entry_count(leaves: Leaves) -> int:
    """Return the number of entries of an answer that is a list; 0 if it is none."""
    return 1 + max((path[0] for path in leaves if path and isinstance(path[0], int)), default=-1)


def _is_among(value: Any, choices: Sequence[Any]) -> bool:
    """Return whether numbers are not far below or above those of all right answers."""
    if not is_array(value, *choices) or any(choice.shape != value.shape for choice in choices):
        return True
    if not all(np.isfinite(choice).all() for choice in (value, *choices)):
        return True
    low, high = np.min(choices, axis=0), np.max(choices, axis=0)
    return bool(((value >= low - _margin(low, high - low)) & (value <= high + _margin(high, high - low))).all())


def _margin(bound: Any, spread: Any) -> Any:
    """Return by how much a number may be beyond a bound: the right answers that are known aren't all possible ones."""
    return MARGIN * np.minimum(spread, np.abs(bound)) + MIN_MARGIN * np.maximum(1, np.abs(bound))


def _differ_in_form_only(values: Sequence[Any]) -> bool:
    """Return whether right answers have equal numbers in different shapes."""
    if not all(is_array(value) for value in values):
        return False
    first = values[0].ravel()
    return all(value.size == first.size and parts_equal(value.ravel(), first) for value in values)


def _part(outcome: Outcome, k: int) -> Outcome:
    i = k if k >= 0 else k + entry_count(outcome.expected)

    def leaves(side: Leaves) -> Leaves:
        return {path[1:]: leaf for path, leaf in side.items() if path[:1] == (i,)}

    def paths(side: frozenset[PartPath]) -> frozenset[PartPath]:
        return frozenset(path[1:] for path in side if path[:1] == (i,))

    return replace(
        outcome,
        expected=leaves(outcome.expected),
        given=leaves(outcome.given),
        skipped=paths(outcome.skipped),
        wrong=paths(outcome.wrong),
        loose=paths(outcome.loose),
    )


def _changed_arguments(answer: ProbeAnswer) -> set[int]:
    return {place[1] for place in answer.parts if place[0] == "argument"}


def named_arrays(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the arguments that are arrays, with their names."""
    for name, value in arguments.items():
        array = getattr(value, "array", value)
        if hasattr(array, "shape") and hasattr(array, "dtype"):
            yield name, array
