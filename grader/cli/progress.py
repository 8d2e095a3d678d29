"""Progress of a run: a bar on a terminal, else a line for each submission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_score
from grader.gradebook.counts import RunCounts
from grader.models import ScoreReport
from grader.reports.html.page_queue import PageQueue

RATE_SECONDS = 60.0  # over which the rate is averaged


class ProgressBar:
    """Context manager that displays progress. `counts` counts reused reports too; `advance` takes the new ones."""

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
            print_line(self._console, again)
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
        """Show a new report, which `counts` counts already."""
        if self._slowest is None or report.seconds > self._slowest.seconds:
            self._slowest = report
        if self._console.is_terminal:
            self._bar.update(self._task, completed=self._counts.done)
            return
        line = f"{self._counts.done}/{self._total} {one_line(report.student)}: {format_score(report)}"
        print_line(self._console, line)

    def wait_for_pages(self) -> None:
        """Wait until all pages are written, or the queue is stopped."""
        for _ in self._pages.wait() if self._pages else ():
            pass  # the bar shows how many are left

    def _status_line(self) -> str:
        parts = [
            f"{self._counts.graded} graded",
            f"{self._counts.rejected} rejected",
            f"{self._counts.review} for review",
        ]
        if self._slowest:
            parts.append(f"slowest {self._slowest.seconds:.1f} s: {one_line(self._slowest.student, 30)}")
        if self._pages and (left := self._pages.left):
            parts.append(f"pages of {left} student{'s' * (left > 1)} to write")
        return ", ".join(parts)


class _Rate(ProgressColumn):
    """Submissions a minute."""

    def render(self, task: Task) -> Text:
        """Return the rate; empty while it is unknown."""
        return Text(f"{task.speed * 60:.0f} a minute" if task.speed else "", style="progress.data.speed")


class _StatusBar(Bar):
    """Bar with a line of text below it."""

    def __init__(self, status_line: Callable[[], str], console: Console) -> None:
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        self._status_line = status_line
        super().__init__(*columns, console=console, transient=True, speed_estimate_period=RATE_SECONDS)

    def get_renderables(self) -> Iterable[RenderableType]:
        """Yield the bar and the line below it."""
        yield self.make_tasks_table(self.tasks)
        yield Text(self._status_line(), no_wrap=True, overflow="ellipsis")
