"""The known answers of an assignment on the probes of its questions: asked for in a worker of their own, and kept."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain
from typing import Any

import msgspec

from grader._util import budget
from grader.assignments import known_answers
from grader.assignments.known_answers import KnownAnswer
from grader.diagnosis.answer_cache import AnswerCache
from grader.diagnosis.probes import ABSENT, UNKEPT, Place, Probe, ProbeAnswer, ask, changed, differing
from grader.models import Assignment, Question, Status, Submission
from grader.notebooks.cells import with_cell
from grader.sandbox.client.student_proxy import StudentError, StudentProxy, WorkerLauncher

FOREVER = 1e9  # seconds: the worker is there for as long as the job
MISHAPS = (Status.TIMEOUT, Status.CRASHED, Status.OUT_OF_MEMORY)  # asked again before it is believed
LOST = ProbeAnswer({("lost",): math.nan})  # equals nothing, itself included
Probes = Callable[[Question, Submission, StudentProxy], list[Probe]]


class KnownAnswerRunner:
    """All known answers. What one of them gives depends on the assignment alone, never on what a job has done."""

    def __init__(self, assignment: Assignment, launcher: WorkerLauncher, probes: Probes) -> None:
        self.assignment = assignment
        self._launcher = launcher
        self._find_probes = probes
        self._student: StudentProxy | None = None
        self._probes: dict[str, list[Probe]] = {}
        self._answers: dict[tuple[str, ...], ProbeAnswer] = {}
        self._off: dict[tuple[str, str, int], frozenset[Place]] = {}
        self._choices: dict[tuple[str, int], dict[Place, list[Any]]] = {}

    @cached_property
    def wrong(self) -> dict[str, list[KnownAnswer]]:
        """The wrong answers to each question that can be asked for here."""
        return _by_question(
            each for each in known_answers.misconceptions(self.assignment) if each.modules <= self._there
        )

    @cached_property
    def slips(self) -> dict[str, list[KnownAnswer]]:
        return _by_question(each for each in known_answers.slips(self.assignment) if each.modules <= self._there)

    @cached_property
    def right(self) -> dict[str, list[KnownAnswer]]:
        """The right answers beside the solution that need nothing which their question doesn't."""
        asked = {question.name: question for question in self.assignment.questions}
        return _by_question(
            each
            for each in known_answers.alternatives(self.assignment)
            if each.modules <= self._beside.union(self.assignment.preload, asked[each.question].preload)
        )

    @property
    def _beside(self) -> frozenset[str]:
        return frozenset(path.stem for path in self.assignment.support.glob("*"))

    @property
    def _there(self) -> frozenset[str]:
        """What is imported already: anything else would take seconds, and need not be installed."""
        return self._beside.union(self.assignment.modules)

    def probes(self, question: Question) -> list[Probe]:
        """The calls that the question's cases make, all with inputs of one seed."""
        if question.name not in self._probes:
            with budget.pause():
                self._probes[question.name] = self._find_probes(question, self._submission(), self._live())
        return self._probes[question.name]

    def answer(self, question: Question, name: str, i: int) -> ProbeAnswer:
        """What a known function answers to the i-th probe; the question's own name stands for the solution."""
        return self._once((question.name, name, str(i)), lambda: self._ask(name, self.probes(question)[i], question))

    def slipped(self, question: Question, slip: str, name: str, i: int) -> ProbeAnswer:
        """The same after a slip."""
        answer, probe = self.answer(question, name, i), self.probes(question)[i]
        if answer.value is ABSENT:
            return answer

        def value() -> ProbeAnswer:
            whole = self._ask(name, probe, question) if answer.value is UNKEPT else answer
            if whole.value is ABSENT:
                return LOST
            told = Probe((whole.value, *probe.args), probe.kwargs)
            return changed(answer, self._ask(slip, told, question).value)

        return self._once((question.name, name, slip, str(i)), value)

    def off(self, question: Question, name: str, i: int) -> frozenset[Place]:
        """The places at which a known answer to the i-th probe differs from the solution's."""
        key = (question.name, name, i)
        if key not in self._off:
            pair = (self.answer(question, each, i) for each in (question.name, name))
            self._off[key] = frozenset(differing(*pair))
        return self._off[key]

    def choices(self, question: Question, i: int) -> dict[Place, list[Any]]:
        """The places in the i-th answer at which right answers differ, and what they have there."""
        if (question.name, i) not in self._choices:
            names = [question.name, *(each.name for each in self.right[question.name])]
            right = [name for name in names if self.answer(question, name, i) is not LOST]
            places = frozenset().union(*(self.off(question, name, i) for name in right))
            answers = [self.answer(question, name, i) for name in right]
            self._choices[question.name, i] = {
                place: [answer.parts.get(place, ABSENT) for answer in answers] for place in places
            }
        return self._choices[question.name, i]

    def solution(self) -> StudentProxy:
        """The solution, with which a case can be tried."""
        return self._live()

    def close(self) -> None:
        """Ends the worker, and keeps for other jobs what was asked of it."""
        if "_remembered" in vars(self):
            self._remembered.save()
        self._end()

    def _end(self) -> None:
        if self._student:
            self._student.close()
            self._student = None

    def _once(self, key: tuple[str, ...], compute: Callable[[], ProbeAnswer]) -> ProbeAnswer:
        if key not in self._answers:
            with budget.pause():
                answer = self._remembered.get(key)
                if answer is None:
                    answer = compute()
                    if answer is not LOST:  # which may have been the machine's fault
                        self._remembered.put(key, answer)
                self._answers[key] = answer
        return self._answers[key]

    def _ask(self, name: str, probe: Probe, question: Question) -> ProbeAnswer:
        """A mishap, such as a moment in which the machine is busy, isn't remembered: a fresh worker is asked."""
        for _ in range(2):
            try:
                return ask(self._live(), name, probe, question.name)
            except StudentError as problem:
                if problem.status not in MISHAPS:
                    break
                self._end()
        return LOST

    @cached_property
    def _remembered(self) -> AnswerCache:
        return AnswerCache(self.assignment, self._content, self._launcher.protections)

    @cached_property
    def _content(self) -> bytes:
        return _with_all(self.assignment, chain(self.wrong.values(), self.slips.values(), self.right.values()))

    def _submission(self) -> Submission:
        digest = hashlib.sha256(self._content).hexdigest()
        return Submission("the solution", self.assignment.notebook.name, self._content, digest)

    def _live(self) -> StudentProxy:
        if self._student is None:
            limits = msgspec.structs.replace(self.assignment.limits, total_seconds=FOREVER)
            self._student = StudentProxy(self._submission(), self.assignment.names, self._launcher, limits)
        return self._student


def _by_question(answers: Iterable[KnownAnswer]) -> dict[str, list[KnownAnswer]]:
    found: dict[str, list[KnownAnswer]] = defaultdict(list)
    for answer in answers:
        found[answer.question].append(answer)
    return found


def _with_all(assignment: Assignment, answers: Iterable[list[KnownAnswer]]) -> bytes:
    """The solution's notebook, read as a submission is, with the known answers in a cell at its end.

    Not through nbformat, which takes a quarter of a second to import, in each grading process. Nor through a form of
    our own: the inputs of the probes are drawn from these bytes.
    """
    code = ["import math", *dict.fromkeys(part for answer in chain(*answers) for part in answer.parts)]
    return with_cell(assignment.notebook.read_bytes(), assignment.notebook.name, "\n\n\n".join(code))
