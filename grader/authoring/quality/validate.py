"""Judges the hidden cases by what they say of submissions whose worth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.assignments.known_answers import equivalents
from grader.assignments.loader import AssignmentError
from grader.authoring.quality.controls import MUTANT, RIGHT, SOLUTION, STUBS, TRIVIAL, WRONG, ControlResult, trials
from grader.authoring.quality.findings import problems, remarks
from grader.authoring.quality.metrics import BaselineScore, CaseQuality, Equivalent, Quality, QuestionQuality
from grader.authoring.quality.numeric_perturbation import FAR_OFF, OFF, REORDERED, ROUNDED
from grader.authoring.quality.solution import solution_as_module
from grader.execution.grader import Grader
from grader.models import Assignment, Question, ScoreReport, Status

PASSING = (Status.PASSED, Status.SKIPPED)  # a skipped case holds, and another one's failure took its points

__all__ = ["solution_as_module", "validate"]


def validate(
    assignment: Assignment,
    jobs: int = 0,
    sandbox: str = "full",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Quality:
    """Grades every trial as submissions are graded, all in one batch, and counts what came out."""
    unasked = {question.name for question in assignment.ungraded}
    reasons = {name: why for name, why in equivalents(assignment).items() if name.partition(":")[0] not in unasked}
    judged = _judge(assignment, jobs, sandbox, progress)
    questions = tuple(_question(question, judged, reasons) for question in assignment.questions)
    extremes = [one for one in judged if one.trial.kind in (SOLUTION, STUBS)]
    return Quality(
        assignment=assignment.name,
        digest=assignment.digest,
        title=assignment.title,
        extremes=(
            *(BaselineScore(one.trial.name, one.report.score, one.report.max_score) for one in extremes),
            BaselineScore(
                "the best answers that compute nothing", sum(q.gained for q in questions), assignment.max_score
            ),
        ),
        questions=questions,
        equivalent=tuple(Equivalent(mutant, reasons[mutant]) for mutant in sorted(reasons)),
        problems=tuple(problems(assignment, judged, questions, reasons)),
        remarks=tuple(remarks(judged, questions, reasons)),
    )


def _judge(
    assignment: Assignment, jobs: int, sandbox: str, progress: Callable[[int, int], None]
) -> list[ControlResult]:
    """Every trial with its report, in the order of the trials."""
    tried = list(trials(assignment))
    if len({trial.submission.student for trial in tried}) < len(tried):
        raise AssignmentError("two known answers to one question have the same name")
    reports: dict[str, ScoreReport] = {}
    with Grader(assignment, sandbox=sandbox, workers=jobs or None) as grader:
        for report in grader.grade_many(trial.submission for trial in tried):
            reports[report.student] = report
            progress(len(reports), len(tried))
    return [ControlResult(trial, reports[trial.submission.student]) for trial in tried]


def _question(question: Question, judged: Sequence[ControlResult], reasons: dict[str, str]) -> QuestionQuality:
    own = [one for one in judged if one.trial.question == question.name]
    wrong, right, mutants, trivial = (
        [one for one in own if one.trial.kind == kind] for kind in (WRONG, RIGHT, MUTANT, TRIVIAL)
    )
    failed = {one.trial.kind: _failed(one, question) for one in judged if not one.trial.question}
    numeric, missed = failed[FAR_OFF], failed[FAR_OFF] - failed[OFF]
    return QuestionQuality(
        name=question.name,
        points=question.points,
        misconceptions=len(wrong),
        misconceptions_lost=sum(one.lost == [question.name] for one in wrong),
        named=sum(one.trial.hint in one.told for one in wrong),
        alternatives=len(right),
        alternatives_passed=sum(not one.lost for one in right),
        trivial=len(trivial),
        gained=max(
            (sum(case.points for case in one.earned) for one in trivial if one.trial.name not in reasons), default=0.0
        ),
        mutants=len(mutants),
        killed=sum(bool(one.lost) for one in mutants),
        equivalent=sum(one.trial.name in reasons for one in mutants),
        numeric=len(numeric),
        tolerant=not failed[ROUNDED] | failed[REORDERED],
        exact=not missed,
        cases=tuple(_cases(question, judged, wrong, mutants, numeric)),
    )


def _failed(one: ControlResult, question: Question) -> set[str]:
    """The cases of a question that a whole submission fails."""
    results = next((result for result in one.report.questions if result.name == question.name), None)
    return {case.name for case in results.cases if case.status not in PASSING} if results else set()


def _cases(
    question: Question,
    judged: Sequence[ControlResult],
    wrong: list[ControlResult],
    mutants: list[ControlResult],
    numeric: set[str],
) -> list[CaseQuality]:
    solution = next(one.report for one in judged if one.trial.kind == SOLUTION)
    results = next((result.cases for result in solution.questions if result.name == question.name), ())
    return [
        CaseQuality(
            question=question.name,
            name=case.name,
            title=case.title,
            points=case.max_points,
            misconceptions=sum(case.name in one.killers for one in wrong),
            mutants=sum(case.name in one.killers for one in mutants),
            alone=sum(one.killers == {case.name} for one in (*wrong, *mutants)),
            numeric=case.name in numeric,
        )
        for case in results
    ]
