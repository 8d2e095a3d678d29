"""Two runs side by side: whose score changed, question by question, and through which cases.

grader diff out            # the last two runs that came to their end
grader diff out 3 7 --json
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader._util.wording import format_score
from grader.errors import UserError
from grader.gradebook.store import Gradebook, Run, student_sort_key
from grader.models import CaseResult, QuestionResult, ScoreReport, Status


class RunDiffError(UserError):
    """There are no two such runs; the message is one sentence for the user."""


class CaseChange(msgspec.Struct, frozen=True):
    """A case that ended in another way, or is worth something else. None: it isn't there."""

    name: str
    title: str
    before: Status | None
    after: Status | None
    points_before: float | None
    points_after: float | None
    message: str  # that of the later run; of the earlier one when there is none


class QuestionChange(msgspec.Struct, frozen=True):
    """A question whose points changed, or that lost and won the same. None: it isn't there."""

    name: str
    before: float | None
    after: float | None
    cases: tuple[CaseChange, ...]


class Change(msgspec.Struct, frozen=True):
    """A student whose result changed."""

    student: str
    before: str  # 87 / 100, or rejected
    after: str
    reasons: tuple[str, ...]  # beside what the questions say
    questions: tuple[QuestionChange, ...]
    by: float = 0.0  # points won; negative when they were lost


class RunDiff(msgspec.Struct, frozen=True):
    """All that differs between two runs."""

    before: Run
    after: Run
    differences: tuple[tuple[str, str, str], ...]  # of what the runs are based on: what, before, after
    changed: list[Change]
    only_before: list[str]
    only_after: list[str]
    same: int  # how many have the same result in both


def choose_runs(book: Gradebook, numbers: tuple[int, ...]) -> tuple[Run, Run]:
    """The runs with these numbers, or the last two that came to their end."""
    runs = book.runs()
    if not numbers:
        *_, before, after = (None, None, *(run for run in runs if run.finished))
        if before is None or after is None:
            raise RunDiffError(f"{book.path} has no two finished runs to compare; `grader runs` lists what there is")
        return before, after
    known = {run.number: run for run in runs}
    for number in numbers:
        if number not in known:
            raise RunDiffError(f"{book.path} has no run {number}; `grader runs` lists what there is")
    before, after = (known[number] for number in numbers)
    return before, after


def diff_runs(book: Gradebook, before: Run, after: Run) -> RunDiff:
    """What differs between two runs of a gradebook."""
    changed: list[Change] = []
    only: tuple[list[str], list[str]] = [], []
    same = 0
    for old, new in _pairs(book.reports(before.number), book.reports(after.number)):
        if old and new:
            change = _change(old, new)
            changed += [change] if change else []
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
    """Merges two sequences that are sorted by student, holding one report of each."""
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


def _change(old: ScoreReport, new: ScoreReport) -> Change | None:
    questions = tuple(_questions(old, new))
    if not questions and format_score(old) == format_score(new):
        return None
    by = round(new.score - old.score, 2)
    return Change(old.student, format_score(old), format_score(new), tuple(_reasons(old, new)), questions, by)


def _reasons(old: ScoreReport, new: ScoreReport) -> Iterator[str]:
    if old.digest != new.digest:
        yield "another submission"
    if new.status != old.status:
        yield f"rejected: {new.notes[-1]}" if new.status == "rejected" else f"no longer rejected: {old.notes[-1]}"
    if new.needs_review:
        yield "a person must look at the later report"
    elif old.needs_review:
        yield "the earlier report was one for a person to look at"


def _questions(old: ScoreReport, new: ScoreReport) -> Iterator[QuestionChange]:
    """The questions that changed, when both reports have any."""
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
            shown = new or was[name]
            message = shown.message or (old.message if old else "")
            yield CaseChange(
                name,
                shown.title,
                old.status if old else None,
                new.status if new else None,
                old.points if old else None,
                new.points if new else None,
                message,
            )
