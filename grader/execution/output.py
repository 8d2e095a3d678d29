"""Output folder of a run: the gradebook first, then the files that are made from its reports."""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader._util.atomic_files import write_atomically
from grader._util.escaping import MAX_ESCAPE, plain
from grader._util.fast_imports import fast_imports
from grader.errors import InternalError, MissingPackages, UserError
from grader.execution.limits import MAX_PRINTED
from grader.gradebook.counts import RunCounts
from grader.gradebook.errors import GradebookError, ReportUnstorable
from grader.gradebook.fingerprint import RunFingerprint
from grader.grading import scoring
from grader.models import ScoreReport, Submission
from grader.policies import Policy
from grader.reports import PER_CLASS, PER_STUDENT
from grader.reports.html.page_queue import PageQueue, page_stamp, remove_stale_pages
from grader.sandbox.host.availability import SandboxUnavailable

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

REPORTS = "reports"
GRADEBOOK = "gradebook.sqlite"
PAGE = "index.html"
WRITER = "grader grade"  # in the audit log
CANONICAL = ".json"  # the report that pages are made from


class OutputFolderError(UserError):
    """The output folder can't be used; the message says why and what to do."""


class OutputFailed(InternalError):
    """Results can't be written any more; the message says what is kept and what to do."""


class OutputFolder:
    """Output folder of one class. A reporter that fails can't lose a grade: the gradebook has it by then.

    `open` opens the gradebook of an earlier run at once. A new one is created by `begin`, or when it is first used.
    """

    def __init__(
        self,
        folder: Path,
        basis: RunFingerprint,
        submissions: Sequence[Submission],
        pages: PageQueue | None = None,
        database: str = "",
        policy: Policy | None = None,
    ) -> None:
        self.folder = folder
        self.reports_folder = folder / REPORTS
        self.printed_folder = folder / "printed"
        self.log = folder / "internal.log"
        self.counts = RunCounts()
        self.problems: list[str] = []  # with single reports, for the log
        self._location = database or folder / GRADEBOOK
        self.is_new = isinstance(self._location, Path) and not self._location.exists()  # nothing can be reused
        self.basis = basis
        self._policy = policy or Policy()
        self._pages = pages
        self._submissions = submissions
        self._keys = {submission.student: basis.report_key(submission) for submission in submissions}
        self._opened = ExitStack()

    @classmethod
    @contextmanager
    def open(
        cls,
        folder: Path,
        basis: RunFingerprint,
        submissions: Sequence[Submission],
        pages: PageQueue | None = None,
        database: str = "",
        policy: Policy | None = None,
    ) -> Iterator[OutputFolder]:
        """Open the folder and its gradebook for one run, and create them if they don't exist.

        Without `pages` only JSON, Markdown and CSV are written. Raises OutputFolderError and GradebookError.

        :param database: URL of the gradebook; if empty, it is a file in the folder
        :param policy: what grades follow from now on; None for the default
        """
        try:
            (folder / REPORTS).mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise OutputFolderError(f"{folder} can't hold the results: {problem.strerror}") from problem
        with _locked(folder):
            output = cls(folder, basis, submissions, pages, database, policy)
            with output._opened:
                if not output.is_new:
                    output.begin()
                try:
                    yield output
                except (SandboxUnavailable, MissingPackages):  # where nothing can be graded there was no run
                    output._discard_run()
                    raise

    def begin(self) -> int:
        """Open the gradebook, start the run in it, and return its number. Raises GradebookError and OutputFailed."""
        return self.run

    @cached_property
    def _book(self) -> Gradebook:
        """The gradebook. Its module is imported here: grading starts while SQLAlchemy is imported."""
        with fast_imports():
            from grader.gradebook.store import Gradebook

        return self._opened.enter_context(Gradebook.open(self._location))

    @cached_property
    def run(self) -> int:
        """Number of the run."""
        book = self._book
        from grader.gradebook.current_policy import store_policy

        with self._write_errors():
            store_policy(book, self.basis.assignment, self._policy, WRITER)
            return book.new_run(self.basis, len(self))

    def _discard_run(self) -> None:
        """Delete the run, which has made no result, and the gradebook's file if this run has created it."""
        if "run" not in self.__dict__:
            return
        with self._write_errors():
            self._book.discard_run(self.run)
            if self.is_new and isinstance(self._location, Path) and not self._book.runs():
                self._opened.close()
                self._location.unlink()

    def __len__(self) -> int:
        """Return the number of submissions of the run."""
        return len(self._keys)

    def reuse(self) -> list[Submission]:
        """Reuse reports of earlier runs with an equal fingerprint. Return the submissions that are left."""
        return [submission for submission in self._submissions if not self._reused(submission)]

    def graded(self) -> dict[str, str]:
        """Return student -> digest of the submission whose report counts, for graded submissions."""
        with self._write_errors():
            return self._book.submitted_digests(self.basis.assignment)

    def offer(self, submission: Submission) -> bool:
        """One more submission, or another of the same student. Return whether it was graded before, and taken over."""
        self._keys[submission.student] = self.basis.report_key(submission)
        with self._write_errors():
            self._book.set_submission_count(self.run, len(self))
        return self._reused(submission)

    def add(self, report: ScoreReport, printed: str = "") -> ScoreReport:
        """Store a report and write its files. `printed` is no part of the report: two runs may print differently.

        Returns what was stored: of a report that can't be, one for a person to look at. The run goes on.
        """
        # A grader whose files were changed while it ran is not the one that this run says it is.
        same = report.grader_version == self.basis.grader_version
        with self._write_errors():
            key = self._keys[report.student] if same else ""
            try:
                self._book.add(self.run, report, key)
            except ReportUnstorable as problem:
                self.problems.append(f"{report.student}: {problem}")
                report = scoring.unstorable_report(report, str(problem))
                self._book.add(self.run, report, key)
            counting = self._with_grade(report)
            self._write_files(counting)
            if printed:
                self.printed_folder.mkdir(exist_ok=True)
                path = self.printed_folder / f"{report.student}.txt"
                write_atomically(path, plain(printed, MAX_PRINTED).encode("utf-8", "backslashreplace"))
        self.counts.add(counting)
        return report

    def finish(self, log: list[str], *, complete: bool = True) -> None:
        """Write the files of the class, and the log of grader errors."""
        with self._write_errors():
            for name, render in PER_CLASS.items():
                write_atomically(self.folder / name, render(self.reports()))
            if self._pages:
                self._write_page(log)
            else:
                (self.folder / PAGE).unlink(missing_ok=True)  # an earlier run's
            if log:
                text = "\n".join(log)  # a traceback may quote a student's answer
                write_atomically(self.log, plain(text, MAX_ESCAPE * len(text)).encode("utf-8", "backslashreplace"))
            else:
                self.log.unlink(missing_ok=True)
            if complete:
                self._book.finish_run(self.run)

    def _write_page(self, log: list[str]) -> None:
        """The class's page. It is for reading only: an error in it is logged and stops nothing."""
        path = self.folder / PAGE
        try:
            # Here, because nothing else needs it: not even that it can't be imported may cost a grade.
            from grader.reports.html import class_page
            from grader.reports.html.report_links import report_addresses

            (run,) = (run for run in self._book.runs() if run.number == self.run)
            page = class_page.render(self.reports(), run, report_addresses(self.reports_folder, self.folder))
        except GradebookError:  # which concerns more than the page
            raise
        except Exception:
            log.append(f"{path} couldn't be made:\n{traceback.format_exc()}")
            path.unlink(missing_ok=True)  # an earlier run's page is not this one's
        else:
            write_atomically(path, page)

    @property
    def page(self) -> Path | None:
        """Path of the page of the class, or None if there is none."""
        path = self.folder / PAGE
        return path if self._pages and path.exists() else None

    def reports(self) -> Iterator[ScoreReport]:
        """Yield the reports that count of the students of this run with their grades, sorted by student.

        Few are in memory at a time.
        """
        if not self._has_grades:
            return self._book.reports(self.run)
        from grader.gradebook.graded_reports import ClassGrades

        return ClassGrades(self._book, self.basis.assignment).reports(run=self.run)

    def _reused(self, submission: Submission) -> bool:
        with self._write_errors():
            report = self._book.reuse(self.run, self._keys[submission.student])
            if report:
                report = self._with_grade(report)
                self._write_files(report)
        if report:
            self.counts.add(report, reused=True)
        return report is not None

    def _with_grade(self, report: ScoreReport) -> ScoreReport:
        """Return the report that counts for the student of a report, with their grade."""
        if not self._has_grades:
            return report
        from grader.gradebook.graded_reports import student_report

        return student_report(self._book, self.basis.assignment, report.student) or report

    @cached_property
    def _has_grades(self) -> bool:
        """Whether a policy or a person has a say in any grade. Without, the score of a report is the grade."""
        from grader.gradebook.graded_reports import has_grades

        return has_grades(self._book, self.basis.assignment)

    def _write_files(self, report: ScoreReport) -> None:
        canonical = b""
        for suffix, render in PER_STUDENT.items():
            path = self.reports_folder / f"{report.student}{suffix}"
            try:
                content = render(report)
            except Exception:  # a mistake of ours in it costs this file; the gradebook has the grade
                self.problems.append(f"{path} couldn't be made:\n{traceback.format_exc()}")
                path.unlink(missing_ok=True)  # an earlier run's
                continue
            if not _holds(path, content):
                write_atomically(path, content)
            if suffix == CANONICAL:
                canonical = content
        if self._pages and canonical:
            self._pages.enqueue(report, canonical)
        else:
            remove_stale_pages(self.reports_folder, report.student, page_stamp(canonical))

    @property
    def _book_name(self) -> str:
        """Path or URL of the gradebook, for messages."""
        return str(self._location) if isinstance(self._location, Path) else self._book.name

    @contextmanager
    def _write_errors(self) -> Iterator[None]:
        """Raise OutputFailed, which says what is kept, if the disk is full or gone."""
        try:
            yield
        except (OSError, GradebookError) as problem:
            reason = (isinstance(problem, OSError) and problem.strerror) or str(problem).rstrip(".")
            raise OutputFailed(
                f"the results can't be written any more: {reason}. {self.counts.done} of {len(self)} "
                f"submissions are done and kept in {self._book_name}; fix that, and the same "
                "command goes on from there"
            ) from problem


def check_page_path(path: Path) -> None:
    """Raise OutputFailed if a page can't be written to a path, before anything long is done for it."""
    try:
        with suppress(FileExistsError):  # it is a file, which the next error says better
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as problem:
        raise OutputFailed(f"{path} can't be written: {problem.strerror}") from None


def write_page(path: Path, page: bytes) -> None:
    """Write a page to a path that the user named. Raises OutputFailed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, page)
    except OSError as problem:
        raise OutputFailed(f"{path} can't be written: {problem.strerror}") from None


def _holds(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock the folder. The kernel releases the lock when this process ends."""
    path = folder / "gradebook.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as problem:
        raise OutputFolderError(f"{path} can't be opened: {problem.strerror}") from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        os.close(descriptor)
        if isinstance(problem, BlockingIOError):
            reason = "is in use by another run; wait until it ends, or choose another --out"
        else:
            reason = f"can't be locked ({problem.strerror}); choose a folder on a disk of this machine"
        raise OutputFolderError(f"{folder} {reason}") from problem
    try:
        yield
    finally:
        os.close(descriptor)
