"""Difference between two runs: whose score and grade changed, in which questions, and because of which cases.

grader diff out            # the last two finished runs
grader diff out 3 7 --json
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from grader._util.wording import format_score
from grader.errors import UserError
from grader.gradebook.final_changes import FinalChange, FinalChanges
from grader.gradebook.runs import Run, student_sort_key
from grader.models import CaseResult, QuestionResult, ScoreReport, Status

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook


class RunDiffError(UserError):
    """The gradebook doesn't have the two runs to compare."""


class CaseChange(msgspec.Struct, frozen=True):
    """A case whose status or points changed. None stands for a case that a run doesn't have."""

    name: str
    title: str
    before: Status | None
    after: Status | None
    points_before: float | None
    points_after: float | None
    message: str  # of the later run; of the earlier run if the later one has none


class QuestionChange(msgspec.Struct, frozen=True):
    """A question whose points changed. None stands for a question that a run doesn't have."""

    name: str
    before: float | None
    after: float | None
    cases: tuple[CaseChange, ...]


class StudentChange(msgspec.Struct, frozen=True):
    """A student whose result changed."""

    student: str
    before: str  # 87 / 100, or rejected
    after: str
    reasons: tuple[str, ...]  # other reasons than the questions
    questions: tuple[QuestionChange, ...]
    by: float = 0.0  # change of the score in points
    final: FinalChange | None = None  # of the grade; None if it is the score


class RunDiff(msgspec.Struct, frozen=True):
    """All that differs between two runs."""

    before: Run
    after: Run
    differences: tuple[tuple[str, str, str], ...]  # of the fingerprints: field, before, after
    changed: list[StudentChange]
    only_before: list[str]
    only_after: list[str]
    same: int  # number of students with equal results


def choose_runs(book: Gradebook, numbers: tuple[int, ...]) -> tuple[Run, Run]:
    """Return the runs with these numbers; without numbers, the last two finished runs. Raises RunDiffError."""
    runs = book.runs()
    if not numbers:
        *_, before, after = (None, None, *(run for run in runs if run.finished))
        if before is None or after is None:
            raise RunDiffError(f"{book.name} has no two finished runs to compare; `grader runs` lists what there is")
        return before, after
    known = {run.number: run for run in runs}
    for number in numbers:
        if number not in known:
            raise RunDiffError(f"{book.name} has no run {number}; `grader runs` lists what there is")
    before, after = (known[number] for number in numbers)
    return before, after


def diff_runs(book: Gradebook, before: Run, after: Run) -> RunDiff:
    """Return all differences between two runs of a gradebook."""
    changed: list[StudentChange] = []
    only: tuple[list[str], list[str]] = [], []
    same = 0
    finals = FinalChanges(book, after.basis.assignment)
    for old, new in _pairs(book.reports(before.number), book.reports(after.number)):
        if old and new:
            change = compare_reports(old, new)
            if change:
                changed.append(msgspec.structs.replace(change, final=finals.between_runs(old, new)))
            same += not change
        elif old:
            only[0].append(old.student)
        elif new:
            only[1].append(new.student)
    return RunDiff(before, after, tuple(_differences(before, after)), changed, *only, same)


def _differences(before: Run, after: Run) -> Iterator[tuple[str, str, str]]:
    names = ("assignment", "assignment_digest", "grader_version", "settings")
    for name in names:
        old, new = getattr(before.basis, name), getattr(after.basis, name)
        if old != new:
            yield name.replace("_", " "), old, new


def _pairs(
    before: Iterable[ScoreReport], after: Iterable[ScoreReport]
) -> Iterator[tuple[ScoreReport | None, ScoreReport | None]]:
    """Merge two sequences that are sorted by student, with one report of each in memory."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old or new:
        if new is None or (old and student_sort_key(old.student) < student_sort_key(new.student)):
            yield old, None
            old = next(olds, None)
        elif old is None or student_sort_key(new.student) < student_sort_key(old.student):
            yield None, new
            new = next(news, None)
        else:
            yield old, new
            old, new = next(olds, None), next(news, None)


def compare_reports(old: ScoreReport, new: ScoreReport) -> StudentChange | None:
    """Return what differs between two reports of a student; None if their results are equal."""
    questions = tuple(_questions(old, new))
    if not questions and format_score(old) == format_score(new):
        return None
    by = round(new.score - old.score, 2)
    return StudentChange(old.student, format_score(old), format_score(new), tuple(_reasons(old, new)), questions, by)


def _reasons(old: ScoreReport, new: ScoreReport) -> Iterator[str]:
    if old.digest != new.digest:
        yield "another submission"
    if new.status != old.status:
        yield f"rejected: {new.notes[-1]}" if new.status == "rejected" else f"no longer rejected: {old.notes[-1]}"
    if new.needs_review:
        yield "the later report needs review"
    elif old.needs_review:
        yield "the earlier report needed review"


def _questions(old: ScoreReport, new: ScoreReport) -> Iterator[QuestionChange]:
    """Yield the questions that changed, if both submissions were graded."""
    if old.status != new.status:
        return
    olds = {question.name: question for question in old.questions}
    news = {question.name: question for question in new.questions}
    for name in {**news, **olds}:
        was, now = olds.get(name), news.get(name)
        cases = tuple(_cases(was.cases if was else (), now.cases if now else ()))
        if _worth(was) != _worth(now):
            yield QuestionChange(name, was.score if was else None, now.score if now else None, cases)


def _worth(question: QuestionResult | None) -> tuple[float, float] | None:
    return (question.score, question.max_score) if question else None


def _cases(olds: Iterable[CaseResult], news: Iterable[CaseResult]) -> Iterator[CaseChange]:
    was = {case.name: case for case in olds}
    now = {case.name: case for case in news}
    for name in {**now, **was}:
        old, new = was.get(name), now.get(name)
        if (old and (old.status, old.points)) != (new and (new.status, new.points)):
            latest = new or was[name]
            message = latest.message or (old.message if old else "")
            yield CaseChange(
                name,
                latest.title,
                old.status if old else None,
                new.status if new else None,
                old.points if old else None,
                new.points if new else None,
                message,
            )
