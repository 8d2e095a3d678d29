"""An instructor on the way from two requests of students to answered, graded again and released, by a few clicks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.models import Status
from tests.factories import RIGHT, case, question
from tests.helpers.browsing import Seen
from tests.helpers.portals import RunningPortal, TestPortal

if TYPE_CHECKING:
    from playwright.sync_api import Locator

OpenLink = Callable[..., Seen]

POLICY = 'visible_by_question.quadruple = "on release"'
MOST_CLICKS = 9
NAME = "/assignments/tiny"


class Hand:
    """Clicks, and counts the clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, what: Locator) -> None:
        what.click(timeout=30_000)
        self.clicks += 1


def two_ask(served: TestPortal) -> None:
    """Two right submissions, which an older case took for wrong; both students ask about it."""
    for who in ("ada", "otto"):
        attempt = served.hand_in(who, f"{RIGHT}# {who}\n".encode())
        claimed = served.portal.queue.claim("test", 60, ["tiny"])
        assert claimed and claimed.number == attempt.number
        wrong = case("numbers", Status.FAILED, worth=2.0, message="You returned 4.0; expected 5.0")
        questions = (
            question("double", wrong, case("zero", worth=1.0)),
            question("quadruple", case("numbers", worth=2.0)),
        )
        made = msgspec.structs.replace(served.a_report(who, 3.0), digest=attempt.digest, questions=questions, score=3.0)
        run = served.portal.book.new_run(served.portal.courses["tiny"].dispatcher.basis, 1)
        assert served.portal.queue.finish(claimed, "test", run, made, "", "graded")
        asked = {"question": "double", "case": "numbers", "text": "Twice 2 is 4, isn't it?"}
        answer = served.client(who).post(f"/api/v1/submissions/{attempt.public_id}/requests", json=asked)
        assert answer.status_code < 300, answer.text


@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.long), 375])
def test_from_two_requests_to_the_release(open_link: OpenLink, tmp_path: Path, width: int) -> None:
    """The case was wrong and is corrected: answered, previewed, confirmed and released, in under ten clicks."""
    running = RunningPortal(tmp_path, POLICY, two_ask)
    try:
        page = open_link(running, "ira", width).page
        hand = Hand()

        def press(name: str) -> None:
            hand.click(page.get_by_role("button", name=name))

        hand.click(page.get_by_role("link", name="Review"))
        assert "2 students have this mistake and ask" in page.locator("main").inner_text()
        page.get_by_label("Answer, which the students read").fill("You are right: the case is corrected.")
        press("See whom it reaches")
        assert "reaches 2 students who have asked: ada, otto" in page.locator("main").inner_text()
        press("Answer")
        press("Grade everybody again (preview first)")
        press("Confirm: these results count")
        assert "Its results count" in page.locator("main").inner_text()
        hand.click(page.get_by_role("link", name="Review"))
        hand.click(page.get_by_label("Yes: a release"))
        press("Release")
        assert "Students see all results since" in page.locator("main").inner_text()
        assert hand.clicks <= MOST_CLICKS
        assert_that_the_student_reads_why(running, open_link, width)
    finally:
        running.close()


def assert_that_the_student_reads_why(running: RunningPortal, open_link: OpenLink, width: int) -> None:
    """Ada's list says that her score changed, from what to what; its link leads to the answer."""
    seen = open_link(running, "ada", width)
    page = seen.page
    assert seen.violations() == [] and seen.too_wide() <= 0
    page.get_by_role("link", name="3 of 5 before, 5 of 5 since then").click()
    text = page.locator("main").inner_text()
    assert "It was graded again" in text and "3 of 5 before, 5 of 5 since then" in text
    assert seen.violations() == [] and seen.too_wide() <= 0
    assert "5 of 5" in text and "You are right: the case is corrected." in text
