"""Submissions whose worth is known: solution and stubs, known and trivial answers, mutants, the solution a bit off."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from grader.assignments.known_answers import alternatives, misconceptions
from grader.authoring.quality.mutants import mutants
from grader.authoring.quality.numeric_perturbation import LARGE_ERROR, REORDERED, ROUNDED, SMALL_ERROR, perturb
from grader.authoring.quality.solution import Solution
from grader.authoring.quality.trivial_answers import trivial_answers
from grader.authoring.release import build
from grader.models import Assignment, CaseResult, ScoreReport, Status, Submission

SOLUTION, STUBS = "solutions", "stubs"
RIGHT, WRONG, MUTANT, TRIVIAL = "alternative", "misconception", "mutant", "trivial answer"


@dataclass(frozen=True)
class ControlSubmission:
    """One submission: of which kind it is, what it is called, and the question that it is about, if only one."""

    kind: str
    name: str
    question: str
    submission: Submission
    diff: str = ""  # of a mutant: the lines that differ
    hint: str = ""  # of a misconception: what its report should say
    advice: str = ""  # of a mutant that is a habit: how a case can find it


@dataclass(frozen=True)
class ControlResult:
    """A trial, and what the hidden cases said of it."""

    control: ControlSubmission
    report: ScoreReport

    @property
    def lost(self) -> list[str]:
        """The questions that lost points."""
        return [question.name for question in self.report.questions if question.score < question.max_score]

    @property
    def named_hint(self) -> str:
        """The hint of the mistake that its report names; nothing when it names none."""
        named = (q.diagnosis.hint for q in self.report.questions if q.name == self.control.question and q.diagnosis)
        return next(named, "")

    @property
    def killing_cases(self) -> set[str]:
        """The cases of its own question that it failed."""
        return {
            case.name
            for question in self.report.questions
            if question.name == self.control.question
            for case in question.cases
            if not case.points and case.status is not Status.SKIPPED  # which another case's failure took from it
        }

    @property
    def earned(self) -> list[CaseResult]:
        """The cases of its own question that gave it points."""
        own = (question for question in self.report.questions if question.name == self.control.question)
        return [case for question in own for case in question.cases if case.points]


def control_submissions(assignment: Assignment) -> Iterator[ControlSubmission]:
    """All of them. What is about one question is graded on it, and on those that it could have an effect on."""
    solution = Solution(assignment)
    yield from _baselines(assignment, solution)
    names = [question.name for question in assignment.questions]
    for how in (ROUNDED, REORDERED, SMALL_ERROR, LARGE_ERROR):
        yield ControlSubmission(how, how, "", _submission(how, solution.file, perturb(solution.text, names, how)))
    for kind, answers in ((RIGHT, alternatives(assignment)), (WRONG, misconceptions(assignment))):
        for answer in answers:
            name, content = f"{answer.question}: {answer.name}", answer.substitute_into(solution.text)
            asked = solution.affected[answer.question]
            submission = _submission(f"{kind} {name}", solution.file, content, asked, diagnose=kind == WRONG)
            yield ControlSubmission(kind, name, answer.question, submission, hint=answer.hint)
    for question in names:
        for nothing in trivial_answers(solution, question):
            submission = _submission(f"{TRIVIAL} {nothing.name}", solution.file, nothing.code, (question,))
            yield ControlSubmission(TRIVIAL, nothing.name, question, submission)
        for mutant in mutants(ast.unparse(solution.functions[question]), arrays="np." in solution.text):
            code = f"{mutant.code}\n{question} = {question}()" if solution.is_value(question) else mutant.code
            content = solution.replace_answer(question, code)
            submission = _submission(f"{MUTANT} {mutant.name}", solution.file, content, (question,))
            yield ControlSubmission(MUTANT, mutant.name, question, submission, mutant.diff, advice=mutant.advice)


def _baselines(assignment: Assignment, solution: Solution) -> Iterator[ControlSubmission]:
    """The solutions and the untouched stubs, as a notebook and as a module."""
    stubs = build(assignment.folder)
    notebook, file = assignment.notebook.name, solution.file
    solutions = {notebook: assignment.notebook.read_bytes(), file: solution.text.encode()}
    for kind, files in ((SOLUTION, solutions), (STUBS, stubs)):
        for name in (notebook, file):
            label = f"{kind}, {name}"
            yield ControlSubmission(kind, label, "", _submission(label, name, files[name]))


def _submission(
    student: str, file: str, text: str | bytes, questions: tuple[str, ...] = (), diagnose: bool = False
) -> Submission:
    content = text.encode() if isinstance(text, str) else text
    digest = hashlib.sha256(content).hexdigest()
    return Submission(student, file, content, digest, questions=questions, diagnose=diagnose)
