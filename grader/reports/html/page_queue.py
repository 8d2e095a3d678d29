"""The pages of a batch, made beside the grading: whoever grades only names a student, and waits in the end.

A page bears a stamp of all that it was made from. One whose stamp is another is removed before a new one is made, so
that a page that is there is never of an older report; one that is missing is made by the next run.
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

from grader._util import logs
from grader._util.atomic_files import write_atomically
from grader.models import ScoreReport
from grader.reports.html import TEMPLATES
from grader.reports.html.limits import QUEUE_CHECK_SECONDS, STAMP_BYTES, STOP_CHECK_SECONDS
from grader.reports.html.page_process import PageFailed, PageProcess, PagesStopped
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.reports")

PAGE_SUFFIXES = (".html", ".notebook.html")
PACKAGES = ("jinja2", "markupsafe", "mistune", "nh3")
# Measurements in a report as JSON, where each stands on a line of its own and no text has lines.
MEASUREMENTS = re.compile(
    rb'^ *"(?:seconds|load_seconds|peak_memory_bytes)": [^\n]*$|^ *"time_use": (?:null|\{[^{}]*\}),?$', re.MULTILINE
)


class PageQueue:
    """Use as a context manager: leaving it before all pages are made leaves out those that aren't."""

    def __init__(self, folder: Path, contents: SubmissionSpool) -> None:
        self.log: list[str] = []  # of pages that could not be made
        self._folder = folder
        self._contents = contents
        self._waiting: deque[tuple[str, str, str]] = deque()  # student, digest of the content if it is there, stamp
        self._more = threading.Event()
        self._active = 0
        self._start_process = False
        self.stopped = False  # a plain flag, for a signal handler may come in anywhere
        self._thread = threading.Thread(target=self._work, name="pages", daemon=True)

    def enqueue(self, report: ScoreReport, canonical: bytes) -> None:
        """Has the pages of a report made, whose JSON was written, unless they are there. Returns at once."""
        stamp = page_stamp(canonical)
        if not remove_stale_pages(self._folder, report.student, stamp):
            return
        digest = report.digest if self._contents.retain(report.digest) else ""
        self._waiting.append((report.student, digest, stamp))
        self._more.set()

    def begin(self) -> None:
        """There will be pages to make: what makes them may start while the grading does. Returns at once."""
        self._start_process = True
        self._more.set()

    @property
    def left(self) -> int:
        """How many students' pages are still to be made."""
        return len(self._waiting) + self._active

    def stop(self) -> None:
        """No more pages. A signal handler may call it."""
        self.stopped = True

    def wait(self) -> Iterator[int]:
        """Waits for all pages, and tells again and again how many are left."""
        while self.left and not self.stopped and self._thread.is_alive():
            yield self.left
            time.sleep(QUEUE_CHECK_SECONDS)

    def __enter__(self) -> Self:
        self._thread.start()
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
        """Makes the pages of the next student; False when there is nothing more to do."""
        while not self._waiting:
            if self.stopped:
                return False
            self._more.wait(STOP_CHECK_SECONDS)
            self._more.clear()
            if self._start_process:
                process.start()
        self._active = 1  # before it is taken from the queue, so that `left` is never too small
        student, digest, stamp = self._waiting.popleft()
        began, made = time.monotonic(), False
        try:
            self._make(process, student, digest, stamp)
            made = True
        except PagesStopped:
            self._waiting.appendleft((student, digest, stamp))
            return False
        except (PageFailed, OSError) as problem:
            self.log.append(f"{student}: no page could be made: {problem}")
        except Exception:  # ours, whatever it is: the other pages are made
            self.log.append(f"{student}: no page could be made: {traceback.format_exc()}")
        finally:
            self._active = 0
        level, what = (logging.DEBUG, "pages made") if made else (logging.WARNING, "pages not made")
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
    """Removes the pages of an older report; whether any has to be made."""
    missing = False
    for path in (folder / f"{student}{suffix}" for suffix in PAGE_SUFFIXES):
        if not has_stamp(path, stamp):
            path.unlink(missing_ok=True)
            missing = True
    return missing


def page_stamp(canonical: bytes) -> str:
    """The stamp of a report's pages: a digest of the report but for its timing, and of what makes pages of it."""
    timeless = MEASUREMENTS.sub(b"", canonical)
    return hashlib.sha256(_renderer_digest() + timeless).hexdigest()


def has_stamp(page: Path, stamp: str) -> bool:
    """Whether a page is there, whole, with this stamp."""
    try:
        with page.open("rb") as stream:
            return stamp.encode() in stream.read(STAMP_BYTES)
    except OSError:
        return False


@cache
def _renderer_digest() -> bytes:
    """Of templates and packages; our own modules have a say in the report's `grader_version`."""
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.iterdir()):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    for name in PACKAGES:
        try:
            digest.update(f"{name} {version(name)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.digest()
