"""Pages of reports: made once, by one thread, and no more when the server ends."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.gradebook.attempts import Attempt
from grader.reports.html.page_process import PageFailed
from grader.server.report_pages import ReportPages
from tests.helpers.portals import PagesHere, TestPortal


class CountedPages(PagesHere):
    """Notes the thread of each rendering."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []

    def pages(self, report: bytes, content: bytes, stamp: str, name: str = "", ask: str = "") -> dict[str, bytes]:
        self.threads.append(threading.get_ident())
        return super().pages(report, content, stamp, name)


@pytest.fixture
def counted(served: TestPortal) -> CountedPages:
    served.portal.pages._process = made = CountedPages()
    return made


def ask(served: TestPortal, attempt: Attempt) -> dict[str, bytes]:
    pages: ReportPages = served.portal.pages
    found = served.portal.report(attempt)
    assert found
    return pages.pages(attempt, found, served.person("ada"), served.portal.courses["tiny"].rules)


def test_a_page_is_made_once_and_by_one_thread(served: TestPortal, counted: CountedPages) -> None:
    """However many ask for it at a time. A process ends with the thread that started it, so this one stays."""
    attempts = [served.graded("ada"), served.graded("ada", 1.0)]
    with ThreadPoolExecutor(8) as readers:
        pages = list(readers.map(lambda number: ask(served, attempts[number % 2]), range(8)))
    assert len(counted.threads) == 2 and len(set(counted.threads)) == 1
    assert pages[0] == pages[2] != pages[1]
    assert b"<!doctype html>" in pages[0][".html"]


def test_the_released_notebooks_are_made_at_the_start(served: TestPortal, counted: CountedPages) -> None:
    """So that the first reader waits for no imports and no templates; an attempt comes after them."""
    course = served.portal.courses["tiny"]
    course.handout.files["tiny.ipynb"] = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    served.portal.pages.start([(course.assignment, course.handout)])
    ask(served, served.graded("ada"))
    assert len(counted.threads) == 1 + len(course.handout.notebooks) > 1


def test_no_page_is_made_when_the_server_ends(served: TestPortal) -> None:
    """Who asks then is told so. One that was made before is still there."""
    first, second = served.graded("ada"), served.graded("ada", 1.0)
    before = ask(served, first)
    served.portal.pages.close()
    assert ask(served, first) == before
    with pytest.raises(PageFailed, match="the server ends"):
        ask(served, second)
