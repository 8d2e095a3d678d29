"""Grade submissions as they arrive in a folder, until it is stopped. The gradebook has one run for all this time."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from itertools import zip_longest
from pathlib import Path
from queue import Empty, SimpleQueue

from grader._util.interrupts import stop_on_signal
from grader.assignments.settings import read_policy
from grader.errors import Interrupted
from grader.execution.events import Event, EventKind
from grader.execution.grader import Grader
from grader.execution.limits import MAX_IN_PROGRESS, SCAN_SECONDS, SCAN_SHARE, WRITE_SECONDS
from grader.execution.output import REPORTS, OutputFolder, OutputFolderError
from grader.execution.run import Options, log_end, log_start, make_grader, stop
from grader.execution.service import Graded
from grader.gradebook.fingerprint import RunFingerprint
from grader.models import Assignment, ScoreReport, Submission
from grader.reports.html.page_queue import PageQueue
from grader.submissions.collect import IntakeError
from grader.submissions.incoming import Arrival, IncomingFolder
from grader.submissions.spool import SubmissionSpool

HARDLINKS = Path("/proc/sys/fs/protected_hardlinks")


def watch(
    assignment: Assignment,
    folder: Path,
    out: Path,
    options: Options,
    show_report: Callable[[ScoreReport], None],
    show_notice: Callable[[str], None],
) -> None:
    """Grade what arrives or changes in `folder` into `out`, until a signal ends it.

    Raises Interrupted if submissions are left ungraded; the next watch grades them.

    :param show_report: called with each report when it is stored
    :param show_notice: called with what a user should know
    """
    if not folder.is_dir():
        raise IntakeError(f"{folder}: there is no such folder")
    if out.resolve().is_relative_to(folder.resolve()):
        raise OutputFolderError(
            f"{out} lies in {folder}, where it would be taken for a submission; choose another --out"
        )
    policy = read_policy(assignment.folder)
    basis, began = RunFingerprint.for_run(assignment, options.sandbox, options.run_all_cells), time.monotonic()

    with (
        SubmissionSpool() as contents,
        PageQueue(out / REPORTS, contents) if options.pages else nullcontext() as pages,
        OutputFolder.open(out, basis, (), pages, options.database, policy) as output,
    ):
        output.begin()
        arrivals = IncomingFolder(folder, assignment, contents, output.graded(), show_notice)
        if links_unguarded():
            show_notice("students can link to files of others here; set fs.protected_hardlinks to 1 (sysctl)")
        watcher = Watcher(arrivals, output, contents, show_notice)
        with (
            make_grader(assignment, contents, options, watcher.listen) as grader,
            stop_on_signal(lambda: watcher.stop(grader, pages)) as caught,
        ):
            show_notice(f"watching {folder} for submissions; Ctrl-C ends it")
            log_start(output, options, 0)
            for report in watcher.reports(grader):
                show_report(report)
            output.finish([*grader.log, *output.problems], complete=not watcher.in_progress)
        log_end(output, time.monotonic() - began)
        done = f"{len(output)} submissions are graded and written to {out}"
        if watcher.in_progress:
            raise Interrupted(f"stopped; {len(watcher.in_progress)} more were begun; {done}", caught.exit_code)
        show_notice(f"stopped; {done}")


class Watcher:
    """Submissions of a watched folder on their way to the gradebook."""

    def __init__(
        self,
        arrivals: IncomingFolder,
        output: OutputFolder,
        contents: SubmissionSpool,
        show_notice: Callable[[str], None],
    ) -> None:
        self.in_progress: dict[str, Submission] = {}  # student -> submission in the queue or being graded
        self._arrivals = arrivals
        self._output = output
        self._contents = contents
        self._show_notice = show_notice
        self._problem = ""  # of the last scan, if the folder could not be read
        self._last_offered: dict[str, Submission] = {}  # student -> newest version that was taken
        self._next_scan = 0.0  # time.monotonic() of the next scan
        self._written_at = time.monotonic()
        self._is_outdated = False  # the files of the class lack a report
        self._stopped = False
        self._done: SimpleQueue[Future[Graded] | None] = SimpleQueue()  # None only wakes the loop

    def stop(self, grader: Grader, pages: PageQueue | None) -> None:
        """End the watch soon. A signal handler may call it."""
        self._stopped = True
        self._done.put(None)
        stop(grader, pages)

    def listen(self, event: Event) -> None:
        """Show notices of the grader."""
        if event.kind == EventKind.NOTICE:
            self._show_notice(event.message)

    def reports(self, grader: Grader) -> Iterator[ScoreReport]:
        """Yield the report of each submission that arrives, once it is stored, until the watch is stopped."""
        with suppress(Interrupted):  # from submit, if the watch is stopped while submissions arrive
            while not self._stopped:
                if grader.failure:
                    raise grader.failure
                for submission in self._arrived(grader):
                    grader.submit(submission).add_done_callback(self._done.put)
                with suppress(Empty):
                    future = self._done.get(timeout=SCAN_SECONDS)
                    if future and not self._stopped:
                        yield self._add(*future.result())

    def _arrived(self, grader: Grader) -> Iterator[Submission]:
        """Yield submissions to grade now. A new version waits until the earlier one is graded."""
        now = time.monotonic()
        if now < self._next_scan:
            return
        arrived = self._scan()
        self._next_scan = now + max(SCAN_SECONDS, SCAN_SHARE * (time.monotonic() - now))
        new = [one for one in arrived if self._last_offered.get(one.submission.student) != one.submission]
        for submission in in_turn(new):
            if submission.student not in self.in_progress and len(self.in_progress) < MAX_IN_PROGRESS:
                self._last_offered[submission.student] = submission
                self._is_outdated = True
                if not self._output.offer(submission):
                    self.in_progress[submission.student] = submission
                    if not submission.rejection:
                        self._contents.retain(submission.digest)
                    yield submission
        if self._is_outdated and (not self.in_progress or now > self._written_at + WRITE_SECONDS):
            self._output.finish([*grader.log, *self._output.problems], complete=False)
            self._written_at, self._is_outdated = now, False

    def _scan(self) -> list[Arrival]:
        """Return the complete submissions. A folder that can't be read for a while doesn't end the watch."""
        try:
            arrived = self._arrivals.scan()
        except IntakeError as problem:
            if str(problem) != self._problem:
                self._problem = str(problem)
                self._show_notice(f"{self._problem}; it will be scanned again")
            return []
        self._problem = ""
        present = {one.submission.student for one in arrived}
        for gone in self._last_offered.keys() - present - self.in_progress.keys():
            del self._last_offered[gone]
        return arrived

    def _add(self, report: ScoreReport, printed: str) -> ScoreReport:
        """Store the report of a submission in progress. Return the report as stored."""
        report = self._output.add(report, printed)
        submission = self.in_progress.pop(report.student)
        if not submission.rejection:
            self._contents.release(submission.digest)
        self._is_outdated = True
        return report


def links_unguarded() -> bool:
    """Return whether the kernel lets users make hard links to files of other users."""
    try:
        return HARDLINKS.read_text().strip() == "0"
    except OSError:  # not Linux, or no /proc
        return False


def in_turn(arrivals: Iterable[Arrival]) -> Iterator[Submission]:
    """Yield one submission of each user of this machine, then a second of each, so that no user blocks others."""
    queues = defaultdict[int, list[Submission]](list)
    for submission, owner in arrivals:
        queues[owner].append(submission)
    for turn in zip_longest(*queues.values()):
        yield from (submission for submission in turn if submission)
