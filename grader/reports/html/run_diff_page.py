"""Page of the differences between two runs: students whose score changed, with the cases and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.gradebook.run_diff import CaseChange, RunDiff, StudentChange
from grader.reports.html.environment import render_template
from grader.reports.html.limits import MAX_CHANGE_MESSAGE, MAX_CHANGED_CASES
from grader.reports.html.row_filters import Filters
from grader.statuses import STATUS_TEXT

MORE, FEWER, AS_MANY = "more points", "fewer points", "as many points"
NONE = "\N{EN DASH}"


@dataclass(frozen=True)
class CaseLine:
    """Case whose outcome changed."""

    title: str
    outcome: str
    message: str


@dataclass(frozen=True)
class QuestionChangeRow:
    """Question whose points changed."""

    name: str
    points: str
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True)
class ChangeRow:
    """Student whose result changed."""

    student: str
    before: str
    after: str
    by: str
    reasons: tuple[str, ...]
    questions: tuple[QuestionChangeRow, ...]
    more: int  # cases that aren't listed
    marks: str


def render(comparison: RunDiff, address: Callable[[str], str]) -> bytes:
    """Return the page in UTF-8. `address` returns the link to a student's report, empty if there is none."""
    filters = Filters()
    through: Counter[tuple[str, str, str]] = Counter()
    rows = [_row(change, filters, through) for change in comparison.changed]
    return render_template(
        "diff.html",
        styles=["tables.css", "diff.css"],
        scripts=["tables.js"],
        shown=one_line,
        comparison=comparison,
        differences=[(what, _shorten(what, old), _shorten(what, new)) for what, old, new in comparison.differences],
        address=address,
        summary=list(_summary(comparison, filters)),
        rows=rows,
        through=[
            (question, title, outcome, many, filters.number(question, _case(title, outcome)))
            for (question, title, outcome), many in sorted(through.items(), key=lambda one: (-one[1], one[0]))
        ],
        filters=list(filters.groups()),
    )


def _summary(comparison: RunDiff, filters: Filters) -> Iterator[tuple[str, str, int | None]]:
    """Yield label, figure, and the number of the filter that shows its students."""
    yield "changed", str(len(comparison.changed)), None
    for kind, many in Counter(map(_kind, comparison.changed)).items():
        yield kind, str(many), filters.number("Result", kind)
    yield "the same", str(comparison.same), None
    if comparison.changed:
        mean = sum(change.by for change in comparison.changed) / len(comparison.changed)
        yield "mean of the changes", _signed(mean), None


def _row(change: StudentChange, filters: Filters, through: Counter[tuple[str, str, str]]) -> ChangeRow:
    marks = [filters.add("Result", _kind(change))]
    marks += [filters.add("Why", reason.partition(":")[0]) for reason in change.reasons]
    questions, room = [], MAX_CHANGED_CASES
    for question in change.questions:
        points = f"{_points(question.before)} → {_points(question.after)}"
        marks.append(filters.add(question.name, "points"))
        for case in question.cases:
            through[question.name, case.title, _outcome_change(case)] += 1
            marks.append(filters.add(question.name, _case(case.title, _outcome_change(case))))
        listed = question.cases[:room]
        room -= len(listed)
        lines = tuple(
            CaseLine(case.title, _outcome_change(case), one_line(case.message, MAX_CHANGE_MESSAGE)) for case in listed
        )
        questions.append(QuestionChangeRow(question.name, points, lines))
    return ChangeRow(
        change.student,
        change.before,
        change.after,
        _signed(change.by),
        tuple(one_line(reason, MAX_CHANGE_MESSAGE) for reason in (*_final(change), *change.reasons)),
        tuple(questions),
        sum(len(question.cases) for question in change.questions) - (MAX_CHANGED_CASES - room),
        " ".join(marks),
    )


def _final(change: StudentChange) -> list[str]:
    return change.final.sentences("→") if change.final else []


def _kind(change: StudentChange) -> str:
    return MORE if change.by > 0 else FEWER if change.by < 0 else AS_MANY


def _case(title: str, outcome: str) -> str:
    return f"{title} {outcome}"


def _outcome_change(case: CaseChange) -> str:
    was, now = (STATUS_TEXT[status] if status else "not there" for status in (case.before, case.after))
    return f"{was} → {now}" if was != now else f"{_points(case.points_before)} → {_points(case.points_after)} points"


def _points(value: float | None) -> str:
    return NONE if value is None else format_number(value)


def _signed(value: float) -> str:
    return f"{value:+.2f}".rstrip("0").rstrip(".").replace("-", "\N{MINUS SIGN}") if round(value, 2) else "0"


def _shorten(what: str, value: str) -> str:
    return value[:8] if what.endswith("digest") else one_line(value)
