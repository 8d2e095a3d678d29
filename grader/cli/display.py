"""Display of a run on a console, for `grader grade`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader.cli.progress import ProgressBar
from grader.cli.tables import show_scores, show_summary
from grader.execution.output import OutputFolder
from grader.gradebook.counts import RunCounts
from grader.reports.html.page_queue import PageQueue

MAX_NOTICE = 500  # characters of a notice


class ConsoleDisplay:
    """Display of a run: progress, notices, and a table of the scores at the end unless `table` is false."""

    def __init__(self, console: Console, *, table: bool = True) -> None:
        self._console = console
        self._table = table

    def progress(self, counts: RunCounts, total: int, pages: PageQueue | None) -> ProgressBar:
        """Return the progress display: a bar on a terminal, else a line for each report."""
        return ProgressBar(counts, total, self._console, pages)

    def finished(self, output: OutputFolder, log: Sequence[str]) -> None:
        """Print the scores of the class, the counts, and where the files are."""
        if self._table:
            show_scores(output.reports(), self._console)
            show_summary(output, self._console, log)

    def notice(self, text: str) -> None:
        """Print a notice about the run."""
        print_line(self._console, one_line(text, MAX_NOTICE))
