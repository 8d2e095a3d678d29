"""The page of each class. A large one is made anew in the background, and the last one is shown meanwhile.

Making the page reads the report of each student, half a millisecond each: too long for thousands of students at each
request, and while students hand in every page is out of date as soon as it is made.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from grader._util import logs
from grader._util.threads import start_thread
from grader.errors import GraderError
from grader.server.limits import QUICK_SECONDS, RENDER_SHARE

LOG = logging.getLogger("grader.server")


class ClassPage(NamedTuple):
    """A page, and the newest result of the gradebook when it was made."""

    content: bytes
    version: int
    seconds: float  # that making it took
    made: float  # time.monotonic() at its end


class ClassPages:
    """Pages by assignment. Thread-safe.

    :param render: returns the page of an assignment
    :param version: returns the number of the newest result in the gradebook
    :param on_change: called with an assignment whose page was made in the background
    """

    def __init__(
        self, render: Callable[[str], bytes], version: Callable[[], int], on_change: Callable[[str], None]
    ) -> None:
        self._render = render
        self._version = version
        self._on_change = on_change
        self._pages: dict[str, ClassPage] = {}
        self._making: set[str] = set()  # assignments whose page a thread makes
        self._lock = threading.Lock()  # of _pages and _making
        self._closed = threading.Event()
        self._first = threading.Lock()  # held while a page is made that somebody waits for

    def page(self, assignment: str) -> ClassPage:
        """Return the page: the newest, or a large one that is a little out of date. Raises GraderError.

        Whoever has a large one made anew waits QUICK_SECONDS for it: the last one may have taken long by chance.
        """
        version = self._version()
        shown = self._pages.get(assignment)
        if shown is None or (shown.version != version and shown.seconds <= QUICK_SECONDS):
            with self._first:  # who comes at the same time gets the page of the first
                shown = self._pages.get(assignment)
                if shown is None or shown.version < version:
                    shown = self._make(assignment)
        elif shown.version != version and (thread := self._renew(assignment, shown)):
            thread.join(QUICK_SECONDS)
            shown = self._pages[assignment]
        return shown

    def shown(self, assignment: str) -> int:
        """Return the version of the page that is shown now; 0 if none was made yet."""
        found = self._pages.get(assignment)
        return found.version if found else 0

    def start(self, assignments: Iterable[str]) -> None:
        """Make the pages in the background, so that nobody waits for the first one."""
        for assignment in assignments:
            self._renew(assignment, None)

    def _make(self, assignment: str) -> ClassPage:
        version, began = self._version(), time.monotonic()  # what is stored meanwhile makes the next page
        content = self._render(assignment)
        ended = time.monotonic()
        made = self._pages[assignment] = ClassPage(content, version, ended - began, ended)
        return made

    def close(self) -> None:
        """Make no further pages in the background."""
        self._closed.set()

    def _renew(self, assignment: str, shown: ClassPage | None) -> threading.Thread | None:
        """Make a page in a thread, unless one does that already. Return the thread if it begins at once."""
        wait = shown.made + RENDER_SHARE * shown.seconds - time.monotonic() if shown else 0.0
        with self._lock:
            if assignment in self._making:
                return None
            self._making.add(assignment)
        arguments = (assignment, max(0.0, wait))
        thread = threading.Thread(target=self._make_later, args=arguments, name="class page", daemon=True)
        try:
            start_thread(thread)
        except BlockingIOError as problem:  # no room just now: the next request tries again
            with self._lock:
                self._making.discard(assignment)
            logs.event(LOG, logging.WARNING, "class page not made", assignment=assignment, why=str(problem))
            return None
        return thread if wait <= 0 else None

    def _make_later(self, assignment: str, wait: float) -> None:
        try:
            if self._closed.wait(wait):
                return
            with self._first:
                first = assignment not in self._pages
                if self._make(assignment).seconds > QUICK_SECONDS and first:
                    self._make(assignment)  # the first one took longer, because nothing was imported yet
        except GraderError as problem:  # the next request tries again, and says so
            logs.event(LOG, logging.WARNING, "class page not made", assignment=assignment, why=str(problem))
        finally:
            with self._lock:
                self._making.discard(assignment)
        self._on_change(assignment)
