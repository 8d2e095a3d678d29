"""Pages of reports: made once, by one thread, and no more when the server ends."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from grader.gradebook.attempts import Attempt
from grader.gradebook.roster import RosterEntry
from grader.reports.html.page_process import PageFailed
from grader.server.limits import MAX_PAGES_AT_ONCE
from grader.server.report_pages import ReportPages
from tests.helpers.portals import PagesHere, TestPortal
from tests.helpers.processes import PATIENCE, until

READERS = count(1)


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
    person = served.person("ada")
    return pages.pages(attempt, found, person, served.portal.courses["tiny"].rules, reader=next(READERS))


def test_a_page_is_made_once_and_by_one_thread(served: TestPortal, counted: CountedPages) -> None:
    """However many ask for it at a time. A process ends with the thread that started it, so this one stays."""
    attempts = [served.graded("ada"), served.graded("ada", 1.0)]
    with ThreadPoolExecutor(8) as readers:
        pages = list(readers.map(lambda number: ask(served, attempts[number % 2]), range(8)))
    assert len(counted.threads) == 2 and len(set(counted.threads)) == 1
    assert pages[0] == pages[2] != pages[1]
    assert b"<!doctype html>" in pages[0][".html"]


def test_a_page_has_the_name_of_the_roster(served: TestPortal) -> None:
    """Also after the roster was loaded again with another one."""
    attempt = served.graded("ada")
    assert b"Ada Adamant" in ask(served, attempt)[".html"]
    served.portal.roster.load([RosterEntry("Ada Another", "", "ada")], "test")
    assert b"Ada Another" in ask(served, attempt)[".html"]


class HeldPages(PagesHere):
    """Makes no page before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()

    def pages(self, report: bytes, content: bytes, stamp: str, name: str = "", ask: str = "") -> dict[str, bytes]:
        assert self.may.wait(PATIENCE)
        return super().pages(report, content, stamp, name)


def test_who_asks_for_many_slow_reports_keeps_nobody_waiting(served: TestPortal) -> None:
    """Each request waits in a thread of the server, and there are few: more than some of one reader are refused."""
    served.portal.pages._process = held = HeldPages()
    mine = [served.graded("ada", points).public_id for points in (0.0, 0.5, 1.0, 1.5, 2.0)]
    other = served.graded("otto").public_id
    assert len(mine) == MAX_PAGES_AT_ONCE + 1

    def read(who: str, id: str) -> int:
        return served.client(who).get(f"/submissions/{id}/report.html").status_code

    with ThreadPoolExecutor(len(mine) + 1) as readers:
        waiting = [readers.submit(read, "ada", id) for id in mine[:-1]]
        until(lambda: served.portal.pages._asked.total() == len(waiting))
        refused = served.client("ada").get(f"/submissions/{mine[-1]}/report.html")
        others = readers.submit(read, "otto", other)
        held.may.set()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert {each.result() for each in (*waiting, others)} == {200}
    assert read("ada", mine[-1]) == 200


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
