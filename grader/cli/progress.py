"""How far a batch is: a bar on a terminal, a line for each submission elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from grader._util.escaping import one_line
from grader._util.wording import format_score
from grader.gradebook.counts import RunCounts
from grader.models import ScoreReport
from grader.reports.html.page_queue import PageQueue

RATE_SECONDS = 60.0  # seconds over which the rate is taken


class ProgressBar:
    """Use as a context manager; `advance` it by each report that was made. The counts counts the others too."""

    def __init__(self, counts: RunCounts, total: int, console: Console, pages: PageQueue | None = None) -> None:
        self._counts = counts
        self._total = total
        self._console = console
        self._pages = pages
        self._slowest: ScoreReport | None = None
        self._bar = _StatusBar(self._status_line, console)

    def __enter__(self) -> ProgressBar:
        if self._counts.reused:
            was, is_ = ("was", "is") if self._counts.reused == 1 else ("were", "are")
            again = f"{self._counts.reused} of {self._total} {was} graded before and {is_} unchanged"
            self._console.print(again, markup=False, highlight=False)
        if self._console.is_terminal:
            self._task = self._bar.add_task("grading", total=self._total, completed=self._counts.done)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def advance(self, report: ScoreReport) -> None:
        if self._slowest is None or report.seconds > self._slowest.seconds:
            self._slowest = report
        if self._console.is_terminal:
            self._bar.update(self._task, completed=self._counts.done)
            return
        line = f"{self._counts.done}/{self._total} {one_line(report.student)}: {format_score(report)}"
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def wait_for_pages(self) -> None:
        """Returns when all pages are made, or no more of them are wanted."""
        for _ in self._pages.rest() if self._pages else ():
            pass  # the bar shows how many are left

    def _status_line(self) -> str:
        words = [
            f"{self._counts.graded} graded",
            f"{self._counts.rejected} rejected",
            f"{self._counts.review} for review",
        ]
        if self._slowest:
            words.append(f"slowest {self._slowest.seconds:.1f} s: {one_line(self._slowest.student, 30)}")
        if self._pages and (left := self._pages.left):
            words.append(f"pages of {left} student{'s' * (left > 1)} to make")
        return ", ".join(words)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed * 60:.0f} a minute" if task.speed else "", style="progress.data.speed")


class _StatusBar(Bar):
    """A bar with a line of words below it."""

    def __init__(self, words: Callable[[], str], console: Console) -> None:
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        self._status_line = words
        super().__init__(*columns, console=console, transient=True, speed_estimate_period=RATE_SECONDS)

    def get_renderables(self) -> Iterable[RenderableType]:
        yield self.make_tasks_table(self.tasks)
        yield Text(self._status_line(), no_wrap=True, overflow="ellipsis")
