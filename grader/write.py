"""Where a batch's results go: the gradebook first, then the files that are made from its reports."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from grader.files import write_atomically
from grader.gradebook import Gradebook
from grader.model import ScoreReport
from grader.reporters import PER_CLASS, PER_STUDENT


class Output:
    """The folder of one class's results. A reporter that fails can't lose a grade: the gradebook has it by then."""

    def __init__(self, folder: Path, book: Gradebook) -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self.log = folder / "internal.log"
        self._book = book
        self._run = book.new_run()
        self._added: dict[str, ScoreReport] = {}

    @classmethod
    def open(cls, folder: Path) -> Output:
        """Makes the folder and its gradebook where they aren't there yet. Raises GradebookError."""
        return cls(folder, Gradebook.open(folder / "gradebook.sqlite"))

    def __enter__(self) -> Output:
        self.reports.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def add(self, report: ScoreReport) -> None:
        self._book.add(self._run, report)
        self._added[report.student] = report
        for suffix, render in PER_STUDENT.items():
            write_atomically(self.reports / f"{report.student}{suffix}", render(report))

    def finish(self, log: list[str]) -> list[ScoreReport]:
        """Writes the files of the class, and the log of our own failures. Gives the reports, by student."""
        reports = sorted(self._added.values(), key=lambda report: (report.student.casefold(), report.student))
        for name, render in PER_CLASS.items():
            write_atomically(self.folder / name, render(reports))
        if log:
            write_atomically(self.log, "\n".join(log).encode())
        else:
            self.log.unlink(missing_ok=True)
        return reports
