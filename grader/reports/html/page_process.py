"""Process that renders pages, so that no submission can stall or crash the grading.

A submission may make rendering slow, or use too much memory: a notebook of a million cells, a picture of a gigabyte.
Then the process is killed and replaced, and the page is rendered without the student's work, with a notice.
"""

from __future__ import annotations

import contextlib
import logging
import resource
import subprocess
import threading
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection

import msgspec

from grader._util import logs
from grader._util.threads import start_thread
from grader.models import ScoreReport
from grader.reports.html.limits import (
    LARGE_SUBMISSION,
    MAX_PAGE_MEMORY,
    MAX_PAGE_REPLY,
    PAGE_CPU_SECONDS,
    PAGE_WALL_SECONDS,
    STOP_CHECK_SECONDS,
)
from grader.sandbox.host import subprocesses

LOG = logging.getLogger("grader.reports")

START = subprocesses.start_code("grader.reports.html.page_process")
WITHOUT_CONTENT = "The submission takes too much time or memory to be shown, so this page leaves it out."


class PageRequest(msgspec.Struct, array_like=True):
    """Request to render the pages of a submission. `report` is the canonical JSON.

    The pages link to each other as NAME.html and NAME.notebook.html; without `name`, the student's name is taken.
    """

    report: bytes
    content: bytes
    stamp: str
    name: str = ""
    missing_reason: str | None = None  # why the content is left out
    ask: str = ""  # address of the form in which the student can ask about a result, if there is one


class PageReply(msgspec.Struct, array_like=True):
    """Rendered pages by suffix, or an error."""

    pages: dict[str, bytes]
    error: str | None = None


class PageFailed(Exception):
    """A page can't be rendered, not even without the student's work."""


class PagesStopped(Exception):
    """Rendering was stopped."""


class PageProcess:
    """Handle of the process, which starts with the first request, and again after it was lost."""

    def __init__(self, stopped: Callable[[], bool] = lambda: False) -> None:
        self._stopped = stopped
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def pages(self, report: bytes, content: bytes, stamp: str, name: str = "", ask: str = "") -> dict[str, bytes]:
        """Return the pages of a submission by suffix. Raises PageFailed, and PagesStopped if rendering was stopped.

        :param name: file name of the pages without suffix, for their links; the student's if empty
        :param ask: address of the form in which the student can ask about a result, if there is one
        """
        full, reduced = (
            PageRequest(report, content, stamp, name, ask=ask),
            PageRequest(report, b"", stamp, name, WITHOUT_CONTENT, ask),
        )
        for request in (full, reduced):
            reply = self._request(request)
            if reply.error or len(content) > LARGE_SUBMISSION:
                self.close()
            if not reply.error:
                return reply.pages
        raise PageFailed(reply.error)

    def start(self) -> None:
        """Start the process before the first request."""
        with contextlib.suppress(OSError):  # the first request will raise it
            self._ensure_started()

    def close(self) -> None:
        """Kill the process and wait for its end."""
        if self._pipe:
            self._pipe.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._pipe = None

    def _request(self, request: PageRequest) -> PageReply:
        try:
            process, pipe = self._ensure_started()
            watch = threading.Timer(PAGE_WALL_SECONDS, process.kill)  # also ends a wait in the middle of a reply
            start_thread(watch)
        except OSError as problem:  # no room for it just now, whatever was handed in
            raise PageFailed(f"the page process can't be started: {problem.strerror}") from None
        try:
            pipe.send_bytes(msgspec.msgpack.encode(request))
            while not pipe.poll(STOP_CHECK_SECONDS):
                if self._stopped():
                    self.close()
                    raise PagesStopped
            return msgspec.msgpack.decode(pipe.recv_bytes(MAX_PAGE_REPLY), type=PageReply)
        except (OSError, EOFError, msgspec.MsgspecError) as problem:
            logs.event(LOG, logging.WARNING, "page process lost", pid=process.pid, why=type(problem).__name__)
            return PageReply({}, f"the page process ended ({type(problem).__name__})")
        finally:
            watch.cancel()

    def _ensure_started(self) -> tuple[subprocess.Popen[bytes], Connection]:
        if self._process is None or self._pipe is None:
            self._process, self._pipe = subprocesses.start_process(START)
            logs.event(LOG, logging.INFO, "page process started", pid=self._process.pid)
        return self._process, self._pipe


def main(descriptor: int, parent: int) -> None:
    """Run the process: reply to each request until the pipe is closed."""
    if not subprocesses.bind_to_parent(parent, MAX_PAGE_MEMORY):
        return
    subprocesses.lower_rlimit(resource.RLIMIT_FSIZE, 0)
    subprocesses.lower_rlimit(resource.RLIMIT_CORE, 0)
    pipe = Connection(descriptor)
    import_module("grader.reports.html.submission_page")  # and all that it imports, before the first request
    while True:
        try:
            request = msgspec.msgpack.decode(pipe.recv_bytes(), type=PageRequest)
        except EOFError:
            return
        subprocesses.limit_cpu_time(PAGE_CPU_SECONDS)
        try:
            with subprocesses.gc_disabled():
                reply = PageReply(render_pages(request))
        except Exception as problem:  # any error of a library in a student's work
            reply = PageReply({}, f"{type(problem).__name__}: {problem}"[:500])
        pipe.send_bytes(msgspec.msgpack.encode(reply))


def render_pages(request: PageRequest) -> dict[str, bytes]:
    """Return the pages of a submission by suffix."""
    from grader.reports.html import student_page, submission_page, submission_view

    report = msgspec.json.decode(request.report, type=ScoreReport)
    view = submission_view.read_view(request.content, report.file)
    if request.missing_reason:
        view.missing_reason = request.missing_reason
    name = request.name or report.student
    own, notebook = f"{name}.html", f"{name}.notebook.html"
    return {
        ".html": student_page.render(report, view, notebook, request.stamp, request.ask),
        ".notebook.html": submission_page.render(report, view, own, request.stamp),
    }
