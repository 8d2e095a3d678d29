"""Queue of pages that a thread renders while submissions are graded.

Each page holds a stamp: a digest of all that it is rendered from. A page with another stamp is removed before a new one
is rendered, so that no page shows an older report. The next run renders missing pages.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

from grader._util import extras, logs
from grader._util.atomic_files import write_atomically
from grader._util.threads import start_thread
from grader.errors import InternalError
from grader.models import ScoreReport
from grader.reports.html import TEMPLATES
from grader.reports.html.limits import QUEUE_CHECK_SECONDS, STAMP_BYTES, STOP_CHECK_SECONDS, THREAD_START_SECONDS
from grader.reports.html.page_process import PageFailed, PageProcess, PagesStopped
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.reports")

PAGE_SUFFIXES = (".html", ".notebook.html")
# Measurements in a report as JSON: each begins a line, and no text has line breaks.
MEASUREMENTS = re.compile(
    rb'^ *"(?:seconds|load_seconds|peak_memory_bytes)": [^\n]*$|^ *"time_use": (?:null|\{[^{}]*\}),?$', re.MULTILINE
)


class PageQueue:
    """Queue of pages, as a context manager. Pages that aren't rendered at its end are left out."""

    def __init__(self, folder: Path, contents: SubmissionSpool) -> None:
        self.log: list[str] = []  # of pages that failed
        self._folder = folder
        self._contents = contents
        # Student, digest of the content (empty if there is none), stamp of the pages.
        self._waiting: deque[tuple[str, str, str]] = deque()
        self._more = threading.Event()
        self._active = 0
        self._start_process = False
        self.stopped = False  # a plain flag, because a signal handler may set it at any time
        self._thread = threading.Thread(target=self._work, name="pages", daemon=True)

    def enqueue(self, report: ScoreReport, canonical: bytes) -> None:
        """Queue the pages of a report unless they are up to date. Its JSON has to be written before."""
        stamp = page_stamp(canonical)
        if not remove_stale_pages(self._folder, report.student, stamp):
            return
        digest = report.digest if self._contents.retain(report.digest) else ""
        self._waiting.append((report.student, digest, stamp))
        self._more.set()

    def begin(self) -> None:
        """Start the page process early, while the grading starts. Returns at once."""
        self._start_process = True
        self._more.set()

    @property
    def left(self) -> int:
        """Return the number of students whose pages aren't rendered yet."""
        return len(self._waiting) + self._active

    def stop(self) -> None:
        """Stop rendering. A signal handler may call this."""
        self.stopped = True

    def wait(self) -> Iterator[int]:
        """Wait for all pages; yield how many students are left, every QUEUE_CHECK_SECONDS."""
        while self.left and not self.stopped and self._thread.is_alive():
            yield self.left
            time.sleep(QUEUE_CHECK_SECONDS)

    def __enter__(self) -> Self:
        try:
            start_thread(self._thread, THREAD_START_SECONDS)
        except BlockingIOError as problem:
            raise InternalError(f"no thread can be started for the pages ({problem.strerror})") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._thread.join()

    def _work(self) -> None:
        process = PageProcess(lambda: self.stopped)
        try:
            while self._next(process):
                pass
        finally:
            process.close()

    def _next(self, process: PageProcess) -> bool:
        """Render the pages of the next student. Return False once the queue is stopped."""
        while not self._waiting:
            if self.stopped:
                return False
            self._more.wait(STOP_CHECK_SECONDS)
            self._more.clear()
            if self._start_process:
                process.start()
        self._active = 1  # before the pop, so that `left` is never too small
        student, digest, stamp = self._waiting.popleft()
        began, rendered = time.monotonic(), False
        try:
            self._make(process, student, digest, stamp)
            rendered = True
        except PagesStopped:
            self._waiting.appendleft((student, digest, stamp))
            return False
        except (PageFailed, OSError) as problem:
            self.log.append(f"{student}: the page can't be rendered: {problem}")
        except Exception:  # a bug of the grader: render the other pages
            self.log.append(f"{student}: the page can't be rendered: {traceback.format_exc()}")
        finally:
            self._active = 0
        level, what = (logging.DEBUG, "pages made") if rendered else (logging.WARNING, "pages not made")
        logs.event(LOG, level, what, student=student, seconds=time.monotonic() - began)
        if digest:
            self._contents.release(digest)
        return not self.stopped

    def _make(self, process: PageProcess, student: str, digest: str, stamp: str) -> None:
        report = (self._folder / f"{student}.json").read_bytes()
        content = self._contents.get(digest) if digest else b""
        pages = process.pages(report, content, stamp)
        for suffix in PAGE_SUFFIXES:
            write_atomically(self._folder / f"{student}{suffix}", pages[suffix])


def remove_stale_pages(folder: Path, student: str, stamp: str) -> bool:
    """Remove a student's pages with another stamp. Return whether a page is missing now."""
    missing = False
    for path in (folder / f"{student}{suffix}" for suffix in PAGE_SUFFIXES):
        if not has_stamp(path, stamp):
            path.unlink(missing_ok=True)
            missing = True
    return missing


def page_stamp(canonical: bytes) -> str:
    """Return the stamp of a report's pages: a digest of the report without measurements, of templates and packages."""
    timeless = MEASUREMENTS.sub(b"", canonical)
    return hashlib.sha256(_renderer_digest() + timeless).hexdigest()


def has_stamp(page: Path, stamp: str) -> bool:
    """Return whether a page exists and has a stamp. Pages are written atomically, so it is complete."""
    try:
        with page.open("rb") as stream:
            return stamp.encode() in stream.read(STAMP_BYTES)
    except OSError:
        return False


@cache
def _renderer_digest() -> bytes:
    """Return a digest of templates and packages. Our modules count through the report's `grader_version`."""
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.iterdir()):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    for name in extras.HTML:
        try:
            digest.update(f"{name} {version(name)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.digest()
