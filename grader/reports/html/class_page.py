"""Page of a class: distribution of scores, submissions that need review, item analysis, table of students."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.gradebook.item_analysis import Item
from grader.gradebook.runs import Run
from grader.models import ScoreReport, Status
from grader.reports.html.class_summary import MISTAKE, RESULT, ClassSummary, Mistake
from grader.reports.html.environment import render_template
from grader.reports.html.histogram import bars
from grader.reports.html.limits import MIN_CORRELATION_STUDENTS
from grader.reports.html.row_filters import Filter
from grader.statuses import STATUS_TEXT

NONE = "\N{EN DASH}"

Address = Callable[[str], str]  # student -> relative URL of the report; empty if there is none


@dataclass(frozen=True)
class ItemRow:
    """Row of an item, which is a question or a case."""

    title: str
    points: str
    share: str
    percent: float  # length of the bar
    discrimination: str
    undefined: str | None  # reason why there is no discrimination
    counts: tuple[tuple[int, int | None], ...]  # for each status, the count and the filter of its students
    remarks: tuple[str, ...]
    cases: tuple[ItemRow, ...] = ()

    @property
    def flagged(self) -> int:
        """Return the number of cases with remarks."""
        return sum(bool(case.remarks) for case in self.cases)


def render(reports: Iterable[ScoreReport], run: Run, address: Address) -> bytes:
    """Return the page in UTF-8. Reads the reports once; `address` returns the link to a student's report."""
    figures = ClassSummary()
    for report in reports:
        figures.add(report)
    items = figures.analysis.items
    statuses = [
        status for status in Status if any(status in item.status_counts for item in _with_cases(items.values()))
    ]
    return render_template(
        "class.html",
        styles=["tables.css", "class.css"],
        scripts=["tables.js"],
        shown=one_line,
        number=format_number,
        run=run,
        figures=figures,
        address=address,
        summary=list(_summary(figures)),
        bars=bars(figures.bins, figures.best),
        endings=[STATUS_TEXT[status] for status in statuses],
        lines=[_item_row(item, statuses, figures, item.name) for item in items.values()],
        few=figures.analysis.students < MIN_CORRELATION_STUDENTS,
        mistakes=[(mistake, figures.filters.number(MISTAKE, _label(mistake))) for mistake in figures.commonest],
        filters=list(_filter_groups(figures)),
    )


def _summary(figures: ClassSummary) -> Iterator[tuple[str, str, int | None]]:
    """Yield label, figure, and the number of the filter that shows its students."""
    for name, count in (
        ("graded", figures.graded),
        ("rejected", len(figures.rejected)),
        ("for review", len(figures.review)),
    ):
        yield name, str(count), figures.filters.number(RESULT, name)
    yield "mean", _format(figures.mean), None
    yield "median", _format(figures.median), None
    yield "standard deviation", _format(figures.deviation), None
    yield "Cronbach\N{RIGHT SINGLE QUOTATION MARK}s alpha", _format(figures.analysis.alpha), None


def _item_row(item: Item, statuses: Sequence[Status], figures: ClassSummary, question: str = "") -> ItemRow:
    """Return the row of an item. Only counts of a `question` have filters: the table of students has no cases."""
    share = item.difficulty
    counts = tuple(
        (item.status_counts[status], figures.filters.number(question, STATUS_TEXT[status]) if question else None)
        for status in statuses
    )
    return ItemRow(
        title=item.title,
        points=format_number(item.points),
        share=NONE if share is None else f"{share:.0%}",
        percent=round(100 * (share or 0), 1),
        discrimination=_format(item.discrimination),
        undefined=item.undefined_reason,
        counts=counts,
        remarks=tuple(item.remarks()),
        cases=tuple(_item_row(case, statuses, figures) for case in item.cases.values()),
    )


def _filter_groups(figures: ClassSummary) -> Iterator[tuple[str, list[Filter]]]:
    """Yield the groups of filters: results, mistakes, then the questions in order. The commonest filter is first."""
    groups = dict(figures.filters.groups())
    for name in (RESULT, MISTAKE, *figures.questions):
        if name in groups:
            yield name, sorted(groups[name], key=lambda one: (-one.count, one.label))


def _with_cases(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from item.cases.values()


def _label(mistake: Mistake) -> str:
    return f"{mistake.question}: {mistake.diagnosis.name}"


def _format(value: float | None) -> str:
    """Return a figure with two decimals and a minus sign, not a hyphen; a dash for None."""
    return NONE if value is None else f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
