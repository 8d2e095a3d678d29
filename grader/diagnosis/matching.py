"""Finds the known mistake that explains a wrong answer, or nothing: a wrong diagnosis is worse than none.

The student's function is called with the probes of the question, and its answers are held against those of the
known wrong ones. A mistake explains them when it gives the same everywhere; only where right answers differ among
themselves may it differ too. What one mistake doesn't explain, two may: one after the other, or each in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from itertools import combinations
from typing import Any

from grader.assignments.known_answers import KnownAnswer
from grader.diagnosis.known_answers import LOST, KnownAnswerRunner
from grader.diagnosis.probes import ABSENT, MAX_PARTS, Place, ProbeAnswer, allowed, ask, differing
from grader.models import Diagnosis, Question
from grader.sandbox.client.student_proxy import StudentError, StudentProxy

Mistakes = tuple[KnownAnswer, ...]  # one that explains the answers, or two that do together
At = tuple[int, Place]  # a part of the answer to a probe


def diagnose(bench: KnownAnswerRunner, question: Question, student: StudentProxy) -> Diagnosis | None:
    """What is wrong with the student's function, as far as the known mistakes go."""
    if not bench.wrong[question.name]:
        return None
    told: list[ProbeAnswer] = []
    try:
        for probe in bench.probes(question):
            told.append(ask(student, question.name, probe))
            if sum(len(answer.parts) for answer in told) > MAX_PARTS:
                return None  # no mistake that anybody knows, and each known one would be held against every part
    except StudentError:
        return None  # it takes too long, or ends the process: the report says so
    return in_words(list(AnswerComparison(bench, question, told).explanations()))


def in_words(found: Iterable[Mistakes]) -> Diagnosis | None:
    """The diagnosis that all explanations agree on; of two single mistakes it may be one or the other."""
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
    """The student's answers to the probes of a question, beside the right ones and the known wrong ones."""

    def __init__(self, bench: KnownAnswerRunner, question: Question, told: list[ProbeAnswer]) -> None:
        self.bench = bench
        self.question = question
        self.told = told
        self.known = bench.wrong[question.name]
        self.slips = bench.slips[question.name]

    def explanations(self) -> Iterator[Mistakes]:
        """The simplest ones, and all that are as simple."""
        if LOST in self.right:
            return
        if not self.wrong:
            yield from self.calls_too_often()
            return
        for kind, strict in ((self.one, True), (self.one, False), (self.two, True), (self.two, False)):
            if found := list(kind(strict)):
                yield from found
                return

    @cached_property
    def right(self) -> list[ProbeAnswer]:
        return [self.answer(self.question.name, i) for i in range(len(self.told))]

    @cached_property
    def wrong(self) -> set[At]:
        """Where the student's answers aren't the right ones."""
        pairs = zip(self.told, self.right, strict=True)
        return {(i, place) for i, pair in enumerate(pairs) for place in differing(*pair)}

    @cached_property
    def order(self) -> list[int]:
        """The probes, those first on which the student is wrong: they tell most."""
        telling = {i for i, _ in self.wrong}
        return sorted(range(len(self.told)), key=lambda i: i not in telling)

    @cached_property
    def open(self) -> dict[At, list[Any]]:
        """Where right answers differ among themselves, and what they have there."""
        return {(i, place): parts for i in self.order for place, parts in self.bench.choices(self.question, i).items()}

    def answer(self, name: str, i: int) -> ProbeAnswer:
        return self.bench.answer(self.question, name, i)

    # ---- one mistake

    def calls_too_often(self) -> Iterator[Mistakes]:
        """The values are right; perhaps the functions that it was given are called too often."""
        calls = [answer.calls for answer in self.told]
        if calls == [answer.calls for answer in self.right]:
            return
        for each in self.known:
            answers = [self.answer(each.name, i) for i in range(len(self.told))]
            if calls == [answer.calls for answer in answers] and not self.off(each):
                yield (each,)

    def one(self, strict: bool) -> Iterator[Mistakes]:
        for each in self.known:
            if self.explains(partial(self.answer, each.name), strict):
                yield (each,)
        for slip in self.slips:
            if self.explains(partial(self.bench.slipped, self.question, slip.name, self.question.name), strict):
                yield (slip,)

    def explains(self, answer: Callable[[int], ProbeAnswer], strict: bool) -> bool:
        """Whether these answers are the student's, everywhere, and where the student is wrong for certain."""
        if not strict and not self.wrong - self.open.keys():
            return False
        return not any(self.against(i, answer(i), strict) for i in self.order)

    def against(self, i: int, answer: ProbeAnswer, strict: bool) -> set[At]:
        """Where the student's answer to a probe speaks against this one."""
        found = {(i, place) for place in differing(self.told[i], answer)}
        return found if strict else {at for at in found if not self.left_open(at, answer)}

    def left_open(self, at: At, answer: ProbeAnswer) -> bool:
        i, place = at
        here, there = (each.parts.get(place, ABSENT) for each in (self.told[i], answer))
        return at in self.open and allowed(here, there, self.open[at])

    # ---- two mistakes

    def two(self, strict: bool) -> Iterator[Mistakes]:
        yield from self.one_after_the_other(strict)
        yield from self.side_by_side(strict)

    def one_after_the_other(self, strict: bool) -> Iterator[Mistakes]:
        for slip in self.slips:
            for each in self.known:
                if slip.hint != each.hint and self.explains(
                    partial(self.bench.slipped, self.question, slip.name, each.name), strict
                ):
                    yield each, slip

    def side_by_side(self, strict: bool) -> Iterator[Mistakes]:
        """Two mistakes, each of which shows at places of its own; where both would show, one of them does."""
        wrong = self.wrong if strict else self.wrong - self.open.keys()
        off, against, shows = {}, {}, {}
        for each in self.known:
            off[each] = self.off(each)
            against[each] = {at for i in self.order for at in self.against(i, self.answer(each.name, i), strict)}
            shows[each] = (off[each] & wrong) - against[each]
        for one, other in combinations([each for each in self.known if shows[each]], 2):
            here, there = shows[one], shows[other]
            missing = (off[one] - off[other]) & against[one] or (off[other] - off[one]) & against[other]
            hidden = off[one] & off[other] & against[one] & against[other]
            if wrong == here | there and here - there and there - here and not missing and not hidden:
                yield one, other

    def off(self, each: KnownAnswer) -> set[At]:
        """Where a known wrong answer is wrong."""
        return {(i, place) for i in self.order for place in self.bench.off(self.question, each.name, i)}
