"""Runs the known answers of an assignment on the probes of its questions, and keeps their results."""

from __future__ import annotations

import hashlib
import logging
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain
from typing import Any

import msgspec

from grader._util import budget, logs
from grader.assignments import known_answers
from grader.assignments.known_answers import KnownAnswer
from grader.diagnosis.answer_cache import AnswerCache
from grader.diagnosis.probes import ABSENT, UNCACHED, PartPath, Probe, ProbeAnswer, ask, differing_parts, with_value
from grader.diagnosis.relations.evidence import Signature, signatures
from grader.models import Assignment, Question, Status, Submission
from grader.notebooks.cells import with_cell
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.student_proxy import StudentProxy, WorkerLauncher

LOG = logging.getLogger("grader.diagnosis")

UNLIMITED_SECONDS = 1e9  # the worker lives as long as the grading process
RETRIED_STATUSES = (Status.TIMEOUT, Status.CRASHED, Status.OUT_OF_MEMORY)  # may be the machine's fault
NO_ANSWER = ProbeAnswer({("lost",): math.nan})  # NaN: not even equal to itself
ProbeRecorder = Callable[[Question, Submission, StudentProxy], list[Probe]]


class KnownAnswerRunner:
    """Runs right and wrong known answers in a worker of their own. Results depend on the assignment alone.

    :param probes: records the calls that a question's cases make
    """

    def __init__(self, assignment: Assignment, launcher: WorkerLauncher, probes: ProbeRecorder) -> None:
        self.assignment = assignment
        self._launcher = launcher
        self._record_probes = probes
        self._student: StudentProxy | None = None
        self._probes: dict[str, list[Probe]] = {}
        self._answers: dict[tuple[str, ...], ProbeAnswer] = {}
        self._differences: dict[tuple[str, str, int], frozenset[PartPath]] = {}
        self._accepted_parts: dict[tuple[str, int], dict[PartPath, list[Any]]] = {}
        self._hits = self._misses = 0  # answers that the cache had, and had not

    @cached_property
    def wrong(self) -> dict[str, list[KnownAnswer]]:
        """Return the known wrong answers by question, without those whose modules aren't available here."""
        return _by_question(
            each for each in known_answers.misconceptions(self.assignment) if each.modules <= self._available_modules
        )

    @cached_property
    def slips(self) -> dict[str, list[KnownAnswer]]:
        """Return the slips by question: functions that spoil a right result afterwards."""
        return _by_question(
            each for each in known_answers.slips(self.assignment) if each.modules <= self._available_modules
        )

    @cached_property
    def right(self) -> dict[str, list[KnownAnswer]]:
        """Return the right answers beside the solution, without those that need more modules than their question."""
        asked = {question.name: question for question in self.assignment.questions}
        return _by_question(
            each
            for each in known_answers.alternatives(self.assignment)
            if each.modules <= self._support_modules.union(self.assignment.preload, asked[each.question].preload)
        )

    @property
    def _support_modules(self) -> frozenset[str]:
        return frozenset(path.stem for path in self.assignment.support.glob("*"))

    @property
    def _available_modules(self) -> frozenset[str]:
        """Return modules that are imported anyway. Others would take seconds, and may not be installed."""
        return self._support_modules.union(self.assignment.modules)

    def probes(self, question: Question) -> list[Probe]:
        """Return the calls that a question's cases make. Their inputs are drawn from one seed."""
        return [probe for probe in self.all_probes(question) if not probe.extra]

    def all_probes(self, question: Question) -> list[Probe]:
        """Return the probes, and after them the extra ones, which are asked where the others show no mistake."""
        if question.name not in self._probes:
            with budget.pause():
                self._probes[question.name] = self._record_probes(question, self._submission(), self._live_student())
        return self._probes[question.name]

    def answer(self, question: Question, name: str, i: int) -> ProbeAnswer:
        """Return what a known answer gives to probe `i`. The question's own name stands for the solution."""
        return self._get_or_compute(
            (question.name, name, str(i)), lambda: self._ask(name, self.all_probes(question)[i], question)
        )

    def answer_after_slip(self, question: Question, slip: str, name: str, i: int) -> ProbeAnswer:
        """Return answer `i` with the function `slip` applied to its value."""
        answer, probe = self.answer(question, name, i), self.all_probes(question)[i]
        if answer.value is ABSENT:
            return answer

        def value() -> ProbeAnswer:
            whole = self._ask(name, probe, question) if answer.value is UNCACHED else answer
            if whole.value is ABSENT:
                return NO_ANSWER
            slip_probe = Probe((whole.value, *probe.args), probe.kwargs)
            return with_value(answer, self._ask(slip, slip_probe, question).value)

        return self._get_or_compute((question.name, name, slip, str(i)), value)

    def answer_to(self, question: Question, words: str, probe: Probe, i: int) -> ProbeAnswer:
        """Return the solution's answer to probe `i` with other arguments, which `words` name.

        It is asked once only: it may never end on arguments that no case has.
        """
        key = (question.name, "", words, str(i))
        return self._get_or_compute(key, lambda: self._ask(question.name, probe, question, tries=1))

    def signature(self, question: Question) -> Signature:
        """Return what the solution's notebook says of the question's function."""
        return self._signatures.get(question.name, Signature(question.name))

    def most_calls(self, question: Question, i: int) -> int:
        """Return how often right answers call the functions that probe `i` passes, at most."""
        names = [question.name, *(each.name for each in self.right[question.name])]
        return max(len(self.answer(question, name, i).calls) for name in names)

    def differences(self, question: Question, name: str, i: int) -> frozenset[PartPath]:
        """Return where a known answer to probe `i` differs from the solution's."""
        key = (question.name, name, i)
        if key not in self._differences:
            pair = (self.answer(question, each, i) for each in (question.name, name))
            self._differences[key] = frozenset(differing_parts(*pair))
        return self._differences[key]

    def accepted_parts(self, question: Question, i: int) -> dict[PartPath, list[Any]]:
        """Return the parts of answer `i` in which right answers differ, with the values they have."""
        if (question.name, i) not in self._accepted_parts:
            names = [question.name, *(each.name for each in self.right[question.name])]
            right = [name for name in names if self.answer(question, name, i) is not NO_ANSWER]
            places = frozenset().union(*(self.differences(question, name, i) for name in right))
            answers = [self.answer(question, name, i) for name in right]
            self._accepted_parts[question.name, i] = {
                place: [answer.parts.get(place, ABSENT) for answer in answers] for place in places
            }
        return self._accepted_parts[question.name, i]

    def answer_all(self) -> None:
        """Ask all known answers all probes, so that the cache has what later diagnoses compare with."""
        for question in self.assignment.questions:
            wrong = [each.name for each in self.wrong[question.name]]
            names = dict.fromkeys([question.name, *wrong, *(each.name for each in self.right[question.name])])
            slips = [(slip.name, name) for slip in self.slips[question.name] for name in (question.name, *wrong)]
            for i in range(len(self.all_probes(question))):
                for name in list(names):
                    if self.answer(question, name, i) is NO_ANSWER:
                        del names[name]  # it may never end: each further call would take its whole limit
                for slip, name in slips:
                    if name in names:
                        self.answer_after_slip(question, slip, name, i)

    def solution(self) -> StudentProxy:
        """Return a proxy of the solution, on which a case can be tried."""
        return self._live_student()

    def close(self) -> None:
        """End the worker, and save new answers in the cache."""
        if "_cache" in vars(self):
            self._cache.save()
            logs.event(LOG, logging.INFO, "known answers", from_cache=self._hits, asked=self._misses)
        self._end()

    def _end(self) -> None:
        if self._student:
            self._student.close()
            self._student = None

    def _get_or_compute(self, key: tuple[str, ...], compute: Callable[[], ProbeAnswer]) -> ProbeAnswer:
        if key not in self._answers:
            with budget.pause():
                answer = self._cache.get(key)
                self._hits += answer is not None
                self._misses += answer is None
                if answer is None:
                    answer = compute()
                    if answer is not NO_ANSWER:  # it may be the machine's fault: not cached
                        self._cache.put(key, answer)
                self._answers[key] = answer
        return self._answers[key]

    def _ask(self, name: str, probe: Probe, question: Question, tries: int = 2) -> ProbeAnswer:
        """Return the answer of a known function.

        After a timeout or crash, such as on a busy machine, a new worker is asked, until there were `tries`.
        """
        for _ in range(tries):
            try:
                return ask(self._live_student(), name, probe, question.name)
            except StudentError as problem:
                if problem.status not in RETRIED_STATUSES:
                    break
                self._end()
        return NO_ANSWER

    @cached_property
    def _signatures(self) -> dict[str, Signature]:
        return signatures(self.assignment.notebook.read_bytes(), self.assignment.notebook.name)

    @cached_property
    def _cache(self) -> AnswerCache:
        return AnswerCache(self.assignment, self._content, self._launcher.protections)

    @cached_property
    def _content(self) -> bytes:
        return _notebook_with_answers(
            self.assignment, chain(self.wrong.values(), self.slips.values(), self.right.values())
        )

    def _submission(self) -> Submission:
        """Return the solution with the known answers.

        The inputs of the probes are drawn from the digest of the solution alone: with that of the known answers, each
        new known mistake would change the inputs of all questions, and what relations say of other mistakes.
        """
        digest = hashlib.sha256(self.assignment.notebook.read_bytes()).hexdigest()
        return Submission("the solution", self.assignment.notebook.name, self._content, digest)

    def _live_student(self) -> StudentProxy:
        if self._student is None:
            limits = msgspec.structs.replace(self.assignment.limits, total_seconds=UNLIMITED_SECONDS)
            self._student = StudentProxy(self._submission(), self.assignment.question_names, self._launcher, limits)
        return self._student


def _by_question(answers: Iterable[KnownAnswer]) -> dict[str, list[KnownAnswer]]:
    found: dict[str, list[KnownAnswer]] = defaultdict(list)
    for answer in answers:
        found[answer.question].append(answer)
    return found


def _notebook_with_answers(assignment: Assignment, answers: Iterable[list[KnownAnswer]]) -> bytes:
    """Return the solution's notebook, read as a submission is, with the known answers in a cell at its end.

    Not through nbformat, which takes a quarter of a second to import, in each grading process.
    """
    code = ["import math", *dict.fromkeys(part for answer in chain(*answers) for part in answer.parts)]
    return with_cell(assignment.notebook.read_bytes(), assignment.notebook.name, "\n\n\n".join(code))
