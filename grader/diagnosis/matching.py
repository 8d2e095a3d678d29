"""Finds the known mistake that explains a wrong answer, or a relation: a wrong diagnosis is worse than no diagnosis.

The student's function is called with the probes of the question, and its answers are compared with those of known
wrong answers. A mistake explains the answers if it gives equal ones everywhere. It may differ only where right answers
differ among themselves. If no single mistake fits, pairs are tried: one applied after the other, or each in other
parts of the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import combinations
from typing import Any

from grader.assignments.known_answers import KnownAnswer
from grader.diagnosis.known_answers import NO_ANSWER, KnownAnswerRunner
from grader.diagnosis.probes import (
    ABSENT,
    MAX_ANSWER_PARTS,
    PartPath,
    Probe,
    ProbeAnswer,
    ask,
    differing_parts,
    interchangeable,
)
from grader.diagnosis.relations import EXACT, find_relation
from grader.diagnosis.relations.behaviour import DIFFERS
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Respondent
from grader.models import Diagnosis, Question
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.student_proxy import StudentProxy

MAX_MORE_CALLS = 80  # of a function whose mistake has no name: the probes are up to 30 calls
Mistakes = tuple[KnownAnswer, ...]  # one that explains the answers, or two that do together
ProbePart = tuple[int, PartPath]  # a part of the answer to a probe


def diagnose(known_answers: KnownAnswerRunner, question: Question, student: StudentProxy) -> Diagnosis | None:
    """Return the known mistake in the student's function, else a relation that its answers have; None without both."""
    comparison = _compare(known_answers, question, student)
    if not isinstance(comparison, AnswerComparison):
        return comparison
    found = list(comparison.explanations())
    named = make_diagnosis(found)
    if named and len(found[0]) == 1:
        return named
    relation = relation_diagnosis(comparison, LiveStudent(student, question))
    return relation if relation and relation.name in EXACT else named or relation


def _compare(
    known_answers: KnownAnswerRunner, question: Question, student: StudentProxy
) -> AnswerComparison | Diagnosis | None:
    """Ask the student the probes, and the extra ones if the others show no mistake.

    Return None without answers, and if they have too many parts. Answers that grow from call to call have a diagnosis.
    """
    probes, answers = known_answers.all_probes(question), list[ProbeAnswer]()
    try:
        for i, probe in enumerate(probes):
            if probe.extra and not probes[i - 1].extra:
                comparison = AnswerComparison(known_answers, question, list(answers))
                if comparison.shows_mistake:
                    return comparison
            answers.append(ask(student, question.name, probe))
            if sum(len(answer.parts) for answer in answers) > MAX_ANSWER_PARTS:
                # No known mistake has so many parts, and comparing each with all would be slow.
                again = differing_parts(ask(student, question.name, probes[0]), answers[0])
                return _of_relation("differs_between_calls", DIFFERS) if again else None
    except StudentError:
        return None  # timeout or crash, which the report says already
    return AnswerComparison(known_answers, question, answers)


class LiveStudent:
    """The student's function, for calls beyond the probes: at most MAX_MORE_CALLS, and one new process.

    :param name: the function to call, if it has another name than the question
    """

    def __init__(self, student: StudentProxy, question: Question, name: str = "") -> None:
        self._student = student
        self._question = question
        self._name = name or question.name
        self._left = MAX_MORE_CALLS

    def ask(self, probe: Probe) -> ProbeAnswer | None:
        """Return the answer to a call; None without one, or if no call is left."""
        if not self._left:
            return None
        self._left -= 1
        try:
            return ask(self._student, self._name, probe, self._question.name)
        except StudentError:
            self._left = 0  # it takes too long
            return None

    def ask_afresh(self, probe: Probe) -> ProbeAnswer | None:
        """Return the answer to the first call of a new process; None where that would import large modules again."""
        if self._question.preload or probe.reads_value:
            return None
        self._student.close()
        return self.ask(probe)

    def ask_together(self, probes: Sequence[Probe]) -> list[Any] | None:
        """Return the results of several calls, read after the last one; None if one failed."""
        if any(probe.kwargs or probe.reads_value for probe in probes):
            return None
        try:
            return [call.value for call in self._student.calls(self._name, *(probe.args for probe in probes))]
        except StudentError:
            return None


def relation_diagnosis(comparison: AnswerComparison, respondent: Respondent | None = None) -> Diagnosis | None:
    """Return the most specific relation between the student's answers and the right ones, or None.

    :param respondent: the student's function, to ask it more
    """
    question, known_answers, given = comparison.question, comparison.known_answers, comparison.student_answers
    if NO_ANSWER in comparison.right:
        return None
    evidence = Evidence(
        known_answers.signature(question),
        known_answers.all_probes(question)[: len(given)],
        given,
        comparison.right,
        [known_answers.accepted_parts(question, i) for i in range(len(given))],
        partial(known_answers.answer_to, question),
        most_calls=[known_answers.most_calls(question, i) for i in range(len(given))],
        respondent=respondent,
    )
    found = find_relation(evidence)
    return _of_relation(*found) if found else None


def _of_relation(name: str, sentence: str) -> Diagnosis:
    return Diagnosis(name, f"This is no known mistake, but your answers show a pattern. {sentence}", "relation")


def make_diagnosis(found: Iterable[Mistakes]) -> Diagnosis | None:
    """Return the diagnosis that all explanations agree on, or None. Two single mistakes are named as alternatives."""
    distinct = list({frozenset(each.hint for each in mistakes): mistakes for mistakes in reversed([*found])}.values())
    names = [" + ".join(each.name for each in mistakes) for mistakes in distinct]
    hints = [each.hint for mistakes in distinct for each in mistakes]
    if len(hints) == 1:
        return Diagnosis(names[0], f"This looks like a known mistake. {hints[0]}")
    if len(hints) == 2 and len(distinct) == 1:
        return Diagnosis(names[0], f"This looks like two known mistakes together. First: {hints[0]} Second: {hints[1]}")
    if len(hints) == 2:
        either = f"This looks like one of two known mistakes. Either: {hints[1]} Or: {hints[0]}"
        return Diagnosis(" or ".join(reversed(names)), either)
    return None


class AnswerComparison:
    """Compares the student's answers to a question's probes with right and known wrong answers."""

    def __init__(
        self, known_answers: KnownAnswerRunner, question: Question, student_answers: list[ProbeAnswer]
    ) -> None:
        self.known_answers = known_answers
        self.question = question
        self.student_answers = student_answers
        self.misconceptions = known_answers.wrong[question.name]
        self.slips = known_answers.slips[question.name]

    def explanations(self) -> Iterator[Mistakes]:
        """Yield the simplest explanations: all that are equally simple."""
        if NO_ANSWER in self.right:
            return
        if not self.wrong:
            yield from self.calls_too_often()
            return
        for kind, strict in (
            (self.single_mistakes, True),
            (self.single_mistakes, False),
            (self.mistake_pairs, True),
            (self.mistake_pairs, False),
        ):
            if found := list(kind(strict)):
                yield from found
                return

    @cached_property
    def right(self) -> list[ProbeAnswer]:
        """Return the solution's answers, one for each probe."""
        return [self.answer(self.question.name, i) for i in range(len(self.student_answers))]

    @cached_property
    def wrong(self) -> set[ProbePart]:
        """Return the parts in which the student's answers differ from the solution's."""
        pairs = zip(self.student_answers, self.right, strict=True)
        return {(i, place) for i, pair in enumerate(pairs) for place in differing_parts(*pair)}

    @property
    def shows_mistake(self) -> bool:
        """Return whether an answer is wrong where right answers agree, or can't be compared, or took too many calls.

        The calls are of functions among the arguments. On large arguments there may be thousands.
        """
        if NO_ANSWER in self.right or self.wrong - self.ambiguous.keys():
            return True
        most = (self.known_answers.most_calls(self.question, i) for i in range(len(self.student_answers)))
        return any(len(answer.calls) > right for answer, right in zip(self.student_answers, most, strict=True))

    @cached_property
    def order(self) -> list[int]:
        """Return the probes, those with wrong answers first: they rule out most mistakes."""
        telling = {i for i, _ in self.wrong}
        return sorted(range(len(self.student_answers)), key=lambda i: i not in telling)

    @cached_property
    def ambiguous(self) -> dict[ProbePart, list[Any]]:
        """Return the parts in which right answers differ among themselves, and the values they have there."""
        return {
            (i, place): parts
            for i in self.order
            for place, parts in self.known_answers.accepted_parts(self.question, i).items()
        }

    def answer(self, name: str, i: int) -> ProbeAnswer:
        """Return what a known answer gives to probe `i`."""
        return self.known_answers.answer(self.question, name, i)

    # ---- one mistake

    def calls_too_often(self) -> Iterator[Mistakes]:
        """Yield mistakes that give right values but call the functions that were passed in a wrong number of times."""
        calls = [answer.calls for answer in self.student_answers]
        if calls == [answer.calls for answer in self.right]:
            return
        for each in self.misconceptions:
            answers = [self.answer(each.name, i) for i in range(len(self.student_answers))]
            if calls == [answer.calls for answer in answers] and not self.differences(each):
                yield (each,)

    def single_mistakes(self, strict: bool) -> Iterator[Mistakes]:
        """Yield each mistake that explains the answers by itself. With `strict`, ambiguous parts must be equal too."""
        for each in self.misconceptions:
            if self.explains(partial(self.answer, each.name), strict):
                yield (each,)
        for slip in self.slips:
            if self.explains(
                partial(self.known_answers.answer_after_slip, self.question, slip.name, self.question.name), strict
            ):
                yield (slip,)

    def explains(self, answer: Callable[[int], ProbeAnswer], strict: bool) -> bool:
        """Return whether these answers agree with the student's.

        Without `strict`, one wrong part must not be ambiguous.
        """
        if not strict and not self.wrong - self.ambiguous.keys():
            return False
        return not any(self.contradictions(i, answer(i), strict) for i in self.order)

    def contradictions(self, i: int, answer: ProbeAnswer, strict: bool) -> set[ProbePart]:
        """Return the parts in which the student's answer to probe `i` contradicts a known one."""
        found = {(i, place) for place in differing_parts(self.student_answers[i], answer)}
        return found if strict else {at for at in found if not self.is_ambiguous(at, answer)}

    def is_ambiguous(self, at: ProbePart, answer: ProbeAnswer) -> bool:
        """Return whether a differing part is one in which right answers differ as well."""
        i, place = at
        here, there = (each.parts.get(place, ABSENT) for each in (self.student_answers[i], answer))
        return at in self.ambiguous and interchangeable(here, there, self.ambiguous[at])

    # ---- two mistakes

    def mistake_pairs(self, strict: bool) -> Iterator[Mistakes]:
        """Yield pairs of mistakes that explain the answers together."""
        yield from self.chained_pairs(strict)
        yield from self.independent_pairs(strict)

    def chained_pairs(self, strict: bool) -> Iterator[Mistakes]:
        """Yield a mistake and a slip that is applied to its result. The slip must not repair what the mistake broke."""
        for slip in self.slips:
            for each in self.misconceptions:
                if (
                    slip.hint != each.hint
                    and self.explains(
                        partial(self.known_answers.answer_after_slip, self.question, slip.name, each.name), strict
                    )
                    and self.differences(each) <= self.wrong | self.ambiguous.keys()
                ):
                    yield each, slip

    def independent_pairs(self, strict: bool) -> Iterator[Mistakes]:
        """Yield pairs of mistakes that show in different parts, each alone in several probes.

        Where both would show, one of them must.
        """
        wrong = self.wrong if strict else self.wrong - self.ambiguous.keys()
        differences, contradictions, shows = {}, {}, {}
        for each in self.misconceptions:
            differences[each] = self.differences(each)
            contradictions[each] = {
                at for i in self.order for at in self.contradictions(i, self.answer(each.name, i), strict)
            }
            shows[each] = (differences[each] & wrong) - contradictions[each]
        for one, other in combinations([each for each in self.misconceptions if shows[each]], 2):
            here, there = shows[one], shows[other]
            missing = (differences[one] - differences[other]) & contradictions[one] or (
                differences[other] - differences[one]
            ) & contradictions[other]
            hidden = differences[one] & differences[other] & contradictions[one] & contradictions[other]
            alone = all(len({i for i, _ in parts}) >= MIN_PROBES for parts in (here - there, there - here))
            if wrong == here | there and alone and not missing and not hidden:
                yield one, other

    def differences(self, each: KnownAnswer) -> set[ProbePart]:
        """Return the parts in which a known wrong answer is wrong."""
        return {(i, place) for i in self.order for place in self.known_answers.differences(self.question, each.name, i)}
