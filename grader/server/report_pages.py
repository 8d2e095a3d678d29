"""Pages of reports as `grader grade` writes them, rendered when somebody asks for them, and fitted into the portal."""

from __future__ import annotations

import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from grader.gradebook.attempts import Attempt
from grader.gradebook.files import FileStore
from grader.gradebook.roster import Person
from grader.grading import scoring
from grader.models import Assignment, ScoreReport, Submission
from grader.reports import json as as_json
from grader.reports.html.page_process import PageFailed, PageProcess, PagesStopped
from grader.server.handout import Handout
from grader.server.intake import read_attempt
from grader.server.limits import MAX_CACHED_PAGES, MAX_PAGES_AT_ONCE
from grader.submissions.selection import SelectionRules

NAME = "report"  # the pages are NAME.html and NAME.notebook.html
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n')
HEAD_BYTES = 4096  # of a page, in which the policy is; no text of a student comes before it
BODY = b"<body>\n"
END = b"</body>\n</html>"

Key = tuple[object, ...]  # public id of an attempt, number of its result, and what its reader may see


class Page(NamedTuple):
    """A page, and the Content-Security-Policy of its response."""

    content: bytes
    policy: str


class TooManyPages(Exception):
    """A reader waits for MAX_PAGES_AT_ONCE pages already."""


class ReportPages:
    """Renderer of the pages of attempts. Thread-safe. A process renders them, which a submission can't harm.

    One thread speaks with the process, as long as there are pages: a process ends with the thread that started it.
    """

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._closed = False
        self._process = PageProcess(lambda: self._closed)
        self._thread = ThreadPoolExecutor(1, "report pages")
        self._cache: OrderedDict[Key, dict[str, bytes]] = OrderedDict()
        self._cached = 0  # bytes
        self._asked: Counter[int] = Counter()  # pages that are being made, by reader
        self._lock = threading.Lock()

    def pages(
        self,
        attempt: Attempt,
        report: ScoreReport,
        person: Person,
        rules: SelectionRules,
        ask: str = "",
        *,
        reader: int,
    ) -> dict[str, bytes]:
        """Return the pages of an attempt by suffix. Raises PageFailed, FileStoreError and TooManyPages.

        :param report: the report of the attempt's newest result, as its reader may see it
        :param person: whose it is, as the reader may know them
        :param ask: address of the form in which the reader can ask about a result, if they may
        :param reader: Person.number of who asks
        """
        shown = (person.id, person.name, ask, report.grade, *(question.name for question in report.questions))
        key = (attempt.public_id, attempt.result or 0, *shown)
        if (kept := self._find(key)) is not None:
            return kept

        def make() -> dict[str, bytes]:
            if (kept := self._find(key)) is not None:  # somebody else has asked for it meanwhile
                return kept
            read = read_attempt(attempt, person.id, self._files, rules)
            content = read.content if read.digest == report.digest else b""
            named = msgspec.structs.replace(report, name=person.name if person.name != report.student else "")
            pages = self._process.pages(as_json.render(named), content, "", NAME, ask)
            self._keep(key, pages)
            return pages

        try:
            with self._turn(reader):
                return self._thread.submit(make).result()
        except (PagesStopped, RuntimeError):  # RuntimeError: the thread takes nothing more
            if self._closed:
                raise PageFailed("the server ends") from None
            raise

    def start(self, handouts: Iterable[tuple[Assignment, Handout]]) -> None:
        """Start the process, and let it make pages of the released notebooks, so that nobody waits for its imports.

        The texts of a notebook are those of each submission, and the process keeps them rendered.
        """
        self._thread.submit(self._process.start)
        for assignment, handout in handouts:
            for name, content in handout.notebooks.items():
                submission = Submission.from_bytes("_warm-up", name, content)
                report = as_json.render(scoring.internal_error_report(assignment, submission, "", ()))
                self._thread.submit(self._process.pages, report, content, "", NAME)

    def close(self) -> None:
        """End the process. Closing it again does nothing."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._process.close)
            self._thread.shutdown()

    @contextmanager
    def _turn(self, reader: int) -> Iterator[None]:
        """Count a page that is being made. Raises TooManyPages."""
        with self._lock:
            if self._asked[reader] >= MAX_PAGES_AT_ONCE:
                raise TooManyPages
            self._asked[reader] += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked[reader] -= 1
                if not self._asked[reader]:
                    del self._asked[reader]

    def _find(self, key: Key) -> dict[str, bytes] | None:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
            return self._cache.get(key)

    def _keep(self, key: Key, pages: dict[str, bytes]) -> None:
        with self._lock:
            self._cache[key] = pages
            self._cached += _size(pages)
            while self._cached > MAX_CACHED_PAGES:
                _, dropped = self._cache.popitem(last=False)
                self._cached -= _size(dropped)


def _size(pages: dict[str, bytes]) -> int:
    return sum(map(len, pages.values()))


def in_portal(page: bytes, navigation: Markup, scripts: Markup | None = None) -> Page:
    """Return a page with links back to the portal. Its policy moves from the page to the response.

    :param scripts: elements for the end of the page, which load scripts of the portal
    """
    head, rest = page[:HEAD_BYTES], page[HEAD_BYTES:]
    found = POLICY.search(head)
    assert found, "every page has a policy"
    policy = found[1].decode().replace("&#39;", "'") + "; frame-ancestors 'none'"
    if scripts:
        policy = policy.replace("script-src 'none'", "script-src ").replace("script-src ", "script-src 'self' ")
        policy += "; connect-src 'self'"
    content = POLICY.sub(b"", head, count=1) + rest
    content = content.replace(BODY, BODY + navigation.encode(), 1)
    if scripts:
        content = content.removesuffix(END) + scripts.encode() + END
    return Page(content, policy)
