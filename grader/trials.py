"""Submissions whose worth is known: the solution, the stubs, known answers, mutants, and the solution a bit off."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from grader.known import alternatives, misconceptions
from grader.model import Assignment, ScoreReport, Submission
from grader.mutants import mutants
from grader.perturb import FAR_OFF, OFF, REORDERED, ROUNDED, perturbed
from grader.release import build
from grader.solution import Solution

SOLUTION, STUBS = "solutions", "stubs"
RIGHT, WRONG, MUTANT = "alternative", "misconception", "mutant"


@dataclass(frozen=True)
class Trial:
    """One submission: of which kind it is, what it is called, and the question that it is about, if only one."""

    kind: str
    name: str
    question: str
    submission: Submission
    diff: str = ""  # of a mutant: the lines that differ
    hint: str = ""  # of a misconception: what its report should say


@dataclass(frozen=True)
class Judged:
    """A trial, and what the hidden cases said of it."""

    trial: Trial
    report: ScoreReport

    @property
    def lost(self) -> list[str]:
        """The questions that lost points."""
        return [question.name for question in self.report.questions if question.score < question.max_score]

    @property
    def told(self) -> str:
        """The hint of the mistake that its report names; nothing when it names none."""
        named = (q.diagnosis.hint for q in self.report.questions if q.name == self.trial.question and q.diagnosis)
        return next(named, "")

    @property
    def killers(self) -> set[str]:
        """The cases of its own question that it failed."""
        return {
            case.name
            for question in self.report.questions
            if question.name == self.trial.question
            for case in question.cases
            if not case.points
        }


def trials(assignment: Assignment) -> Iterator[Trial]:
    """All of them. What is about one question is graded on it, and on those that it could have an effect on."""
    solution = Solution(assignment)
    yield from _extremes(assignment, solution)
    names = [question.name for question in assignment.questions]
    for how in (ROUNDED, REORDERED, OFF, FAR_OFF):
        yield Trial(how, how, "", _submission(how, solution.file, perturbed(solution.text, names, how).encode()))
    for kind, answers in ((RIGHT, alternatives(assignment)), (WRONG, misconceptions(assignment))):
        for answer in answers:
            name = f"{answer.question}: {answer.name}"
            content = answer.in_place_of(solution.text).encode()
            submission = _submission(f"{kind} {name}", solution.file, content, solution.affected[answer.question])
            yield Trial(kind, name, answer.question, submission, hint=answer.hint)
    for question in names:
        for mutant in mutants(ast.unparse(solution.functions[question])):
            code = f"{mutant.code}\n{question} = {question}()" if solution.is_value(question) else mutant.code
            content = solution.instead(question, code).encode()
            submission = _submission(f"{MUTANT} {mutant.name}", solution.file, content, (question,))
            yield Trial(MUTANT, mutant.name, question, submission, mutant.diff)


def _extremes(assignment: Assignment, solution: Solution) -> Iterator[Trial]:
    """The solutions and the untouched stubs, as a notebook and as a module."""
    stubs = build(assignment.folder)
    notebook, file = assignment.notebook.name, solution.file
    solutions = {notebook: assignment.notebook.read_bytes(), file: solution.text.encode()}
    for kind, files in ((SOLUTION, solutions), (STUBS, stubs)):
        for name in (notebook, file):
            label = f"{kind}, {name}"
            yield Trial(kind, label, "", _submission(label, name, files[name]))


def _submission(student: str, file: str, content: bytes, questions: tuple[str, ...] = ()) -> Submission:
    return Submission(student, file, content, hashlib.sha256(content).hexdigest(), questions=questions)
