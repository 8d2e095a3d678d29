"""Validate the hidden cases: grade control submissions, whose score is known, and compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.assignments.known_answers import equivalents
from grader.assignments.loader import AssignmentError
from grader.authoring.quality.controls import (
    MUTANT,
    RIGHT,
    SOLUTION,
    STUBS,
    TRIVIAL,
    WRONG,
    ControlResult,
    control_submissions,
)
from grader.authoring.quality.findings import problems, remarks
from grader.authoring.quality.metrics import BaselineScore, CaseQuality, Equivalent, Quality, QuestionQuality
from grader.authoring.quality.numeric_perturbation import LARGE_ERROR, REORDERED, ROUNDED, SMALL_ERROR
from grader.execution.grader import Grader
from grader.models import Assignment, Question, ScoreReport, Status

PASSING = (Status.PASSED, Status.SKIPPED)  # a skipped case held, but another case lost its points


def validate(
    assignment: Assignment,
    jobs: int = 0,
    sandbox: str = "full",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Quality:
    """Grade all controls, and return the quality of the hidden cases.

    Raises AssignmentError, and SandboxUnavailable. `progress` is called with the number of graded controls and of all.
    """
    unasked = {question.name for question in assignment.ungraded}
    reasons = {name: why for name, why in equivalents(assignment).items() if name.partition(":")[0] not in unasked}
    results = _judge(assignment, jobs, sandbox, progress)
    questions = tuple(_question(question, results, reasons) for question in assignment.questions)
    baselines = [one for one in results if one.control.kind in (SOLUTION, STUBS)]
    return Quality(
        assignment=assignment.name,
        digest=assignment.digest,
        title=assignment.title,
        baselines=(
            *(BaselineScore(one.control.name, one.report.score, one.report.max_score) for one in baselines),
            BaselineScore(
                "the best answers that compute nothing", sum(q.gained for q in questions), assignment.max_score
            ),
        ),
        questions=questions,
        equivalent=tuple(Equivalent(mutant, reasons[mutant]) for mutant in sorted(reasons)),
        problems=tuple(problems(assignment, results, questions, reasons)),
        remarks=tuple(remarks(results, questions, reasons)),
    )


def _judge(
    assignment: Assignment, jobs: int, sandbox: str, progress: Callable[[int, int], None]
) -> list[ControlResult]:
    """Return the results of all controls, in order. Raises AssignmentError if two have one name."""
    controls = list(control_submissions(assignment))
    if len({control.submission.student for control in controls}) < len(controls):
        raise AssignmentError("two known answers to one question have the same name; rename one")
    reports: dict[str, ScoreReport] = {}
    with Grader(assignment, sandbox=sandbox, workers=jobs or None) as grader:
        for report in grader.grade_many(control.submission for control in controls):
            reports[report.student] = report
            progress(len(reports), len(controls))
    return [ControlResult(control, reports[control.submission.student]) for control in controls]


def _question(question: Question, results: Sequence[ControlResult], reasons: dict[str, str]) -> QuestionQuality:
    own = [one for one in results if one.control.question == question.name]
    wrong, right, mutants, trivial = (
        [one for one in own if one.control.kind == kind] for kind in (WRONG, RIGHT, MUTANT, TRIVIAL)
    )
    failed = {one.control.kind: _failed(one, question) for one in results if not one.control.question}
    numeric, missed = failed[LARGE_ERROR], failed[LARGE_ERROR] - failed[SMALL_ERROR]
    return QuestionQuality(
        name=question.name,
        points=question.points,
        misconceptions=len(wrong),
        misconceptions_lost=sum(one.lost == [question.name] for one in wrong),
        named=sum(one.control.hint in one.named_hint for one in wrong),
        alternatives=len(right),
        alternatives_passed=sum(not one.lost for one in right),
        trivial=len(trivial),
        gained=max(
            (sum(case.points for case in one.earned) for one in trivial if one.control.name not in reasons), default=0.0
        ),
        mutants=len(mutants),
        killed=sum(bool(one.lost) for one in mutants),
        equivalent=sum(one.control.name in reasons for one in mutants),
        numeric=len(numeric),
        tolerant=not failed[ROUNDED] | failed[REORDERED],
        exact=not missed,
        cases=tuple(_cases(question, results, wrong, mutants, numeric)),
    )


def _failed(one: ControlResult, question: Question) -> set[str]:
    """Return the cases of a question that a complete submission fails."""
    found = next((result for result in one.report.questions if result.name == question.name), None)
    return {case.name for case in found.cases if case.status not in PASSING} if found else set()


def _cases(
    question: Question,
    results: Sequence[ControlResult],
    wrong: list[ControlResult],
    mutants: list[ControlResult],
    numeric: set[str],
) -> list[CaseQuality]:
    solution = next(one.report for one in results if one.control.kind == SOLUTION)
    own_results = next((result.cases for result in solution.questions if result.name == question.name), ())
    return [
        CaseQuality(
            question=question.name,
            name=case.name,
            title=case.title,
            points=case.max_points,
            misconceptions=sum(case.name in one.killing_cases for one in wrong),
            mutants=sum(case.name in one.killing_cases for one in mutants),
            unique_kills=sum(one.killing_cases == {case.name} for one in (*wrong, *mutants)),
            numeric=case.name in numeric,
        )
        for case in own_results
    ]
