"""Control submissions, whose score is known: solution, stubs, known and trivial answers, mutants, perturbations."""

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
from grader.authoring.release import build_release
from grader.models import Assignment, CaseResult, ScoreReport, Status, Submission

SOLUTION, STUBS = "solutions", "stubs"
RIGHT, WRONG, MUTANT, TRIVIAL = "alternative", "misconception", "mutant", "trivial answer"


@dataclass(frozen=True)
class ControlSubmission:
    """Control submission: its kind, its name, and its question, which is empty if it is about all."""

    kind: str
    name: str
    question: str
    submission: Submission
    diff: str = ""  # of a mutant: the changed lines
    hint: str = ""  # of a misconception: expected in its report
    advice: str = ""  # of a mutant that is a habit: how to find it by a case


@dataclass(frozen=True)
class ControlResult:
    """Control submission with its report."""

    control: ControlSubmission
    report: ScoreReport

    @property
    def lost(self) -> list[str]:
        """Return the questions that lost points."""
        return [question.name for question in self.report.questions if question.score < question.max_score]

    @property
    def named_hint(self) -> str:
        """Return the hint of the known mistake in the report on the control's question; empty if there is none."""
        found = [q.diagnosis for q in self.report.questions if q.name == self.control.question and q.diagnosis]
        return next((diagnosis.hint for diagnosis in found if diagnosis.kind == "misconception"), "")

    @property
    def killing_cases(self) -> set[str]:
        """Return the cases of the control's question that it failed."""
        return {
            case.name
            for question in self.report.questions
            if question.name == self.control.question
            for case in question.cases
            if not case.points and case.status is not Status.SKIPPED  # skipped: its points were lost by another case
        }

    @property
    def earned(self) -> list[CaseResult]:
        """Return the cases of the control's question that gave points."""
        own = (question for question in self.report.questions if question.name == self.control.question)
        return [case for question in own for case in question.cases if case.points]


def control_submissions(assignment: Assignment) -> Iterator[ControlSubmission]:
    """Yield all controls. A control of one question is graded on it; a known answer also where it has an effect."""
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
        for mutant in mutants(ast.unparse(solution.definition(question)), arrays="np." in solution.text):
            content = solution.replace_answer(question, mutant.code)
            submission = _submission(f"{MUTANT} {mutant.name}", solution.file, content, (question,))
            yield ControlSubmission(MUTANT, mutant.name, question, submission, mutant.diff, advice=mutant.advice)


def _baselines(assignment: Assignment, solution: Solution) -> Iterator[ControlSubmission]:
    """Yield the solution and the stubs, both as a notebook and as a module."""
    stubs = build_release(assignment.folder)
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
