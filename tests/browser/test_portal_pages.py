"""The pages of the portal in a browser: light and dark, wide and narrow, with and without scripts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.attempts import Attempt
from grader.server import class_pages
from tests.factories import RIGHT
from tests.helpers.browsing import Seen
from tests.helpers.portals import RunningPortal
from tests.helpers.processes import until

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page, Route

OpenLink = Callable[..., Seen]

STUDENT_PAGES = ("/assignments/tiny", "/submissions/{id}", "/submissions/{id}/report.html", "/nothing")
STAFF_PAGES = (
    *("/assignments/tiny", "/assignments/tiny/class", "/assignments/tiny/queue", "/assignments/tiny/attempts"),
    *("/assignments/tiny/students", "/submissions/{id}", "/submissions/{id}/report.notebook.html"),
)
HOSTILE = "<img src=x onerror=alert(1)>.py"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal with a graded attempt of ada."""
    made = RunningPortal(tmp_path_factory.mktemp("portal"), "due = 2099-01-01T00:00:00Z")
    yield made
    made.close()


@pytest.fixture(scope="module")
def graded(running: RunningPortal) -> Attempt:
    attempt = running.test.hand_in("ada", f"{RIGHT}print('<script>alert(1)</script>')\n".encode(), HOSTILE)
    wait_until_graded(running, attempt)
    return attempt


def wait_until_graded(running: RunningPortal, attempt: Attempt) -> None:
    def is_graded() -> bool:
        now = running.test.portal.queue.get(attempt.public_id)
        return now is not None and now.state == "graded"

    until(is_graded)


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), pytest.param(1280, "dark", marks=pytest.mark.long)])
@pytest.mark.parametrize(("id", "paths"), [("ada", STUDENT_PAGES), ("ira", STAFF_PAGES)])
def test_everyone_can_read_them(
    running: RunningPortal,
    open_link: OpenLink,
    graded: Attempt,
    id: str,
    paths: tuple[str, ...],
    width: int,
    scheme: str,
) -> None:
    """Axe finds nothing, nothing is wider than the window, no text acts, and nothing is asked of another site."""
    seen = open_link(running, id, width, scheme)
    for path in paths:
        seen.page.goto(running.url + path.format(id=graded.public_id))
        assert seen.violations() == [], path
        assert seen.too_wide() <= 0, path
    missing = [text for text in seen.console if "404" in text]
    assert len(missing) == ("/nothing" in paths)
    assert [*(text for text in seen.console if "404" not in text), *seen.crashes, *seen.dialogs] == []
    assert [address for address in seen.requests if not address.startswith((running.url, "data:"))] == []


def test_the_time_that_is_left_runs(running: RunningPortal, open_link: OpenLink) -> None:
    """By the server's clock: that of the browser may be wrong."""
    seen = open_link(running, "otto", own=True)
    seen.page.clock.install(time="2001-01-01")
    seen.page.goto(f"{running.url}/assignments/tiny")
    due = seen.page.locator("section", has_text="Hand in").locator("strong")
    days = (datetime(2099, 1, 1, tzinfo=UTC) - datetime.now(UTC)).days
    assert due.inner_text() == f"Due 2099-01-01 00:00 UTC, in {days} days."
    seen.page.clock.fast_forward(86_400_000)
    assert due.inner_text() == f"Due 2099-01-01 00:00 UTC, in {days - 1} days."
    seen.page.clock.fast_forward(86_400_000 * days)
    assert "which is over: reload this page" in due.inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_student_hands_in(running: RunningPortal, open_link: OpenLink, scripts: bool) -> None:
    """By the form, with and without scripts; the page follows the submission to its score."""
    seen = open_link(running, "otto", scripts=scripts)
    assert running.test.tokens["otto"] not in seen.page.url
    file: FilePayload = {"name": "tiny.py", "mimeType": "text/x-python", "buffer": RIGHT.encode()}
    seen.page.locator("input[type=file]").set_input_files(file)
    seen.page.get_by_role("button", name="Hand in").click()
    seen.page.get_by_role("link", name="Read the report").click(timeout=60_000)
    assert seen.page.locator(".score strong").inner_text() == "5"
    assert seen.crashes == []


def test_a_file_is_dropped(running: RunningPortal, open_link: OpenLink) -> None:
    """On the form, which sends it at once."""
    seen = open_link(running, "otto")
    seen.page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.py"));
            document.querySelector("form[data-upload]").dispatchEvent(new DragEvent("drop", {dataTransfer: data}));
        }""",
        RIGHT,
    )
    seen.page.get_by_role("link", name="Read the report").wait_for(timeout=60_000)
    assert "dropped.py" in seen.page.locator(".facts").inner_text()


def test_the_class_page_follows_the_class(running: RunningPortal, open_link: OpenLink, graded: Attempt) -> None:
    """A new report shows up without a click, and links to the submission."""
    seen = open_link(running, "ira")
    seen.page.goto(f"{running.url}/assignments/tiny/class")
    assert seen.page.get_by_role("link", name="tess").count() == 0
    wait_until_graded(running, running.test.hand_in("tess"))
    seen.page.locator("#students ~ .region").get_by_role("link", name="tess").wait_for(timeout=60_000)
    seen.page.locator("#students ~ .region").get_by_role("link", name="ada").click()
    assert f"/submissions/{graded.public_id}" in seen.page.url


def test_an_old_class_page_is_replaced(
    running: RunningPortal, open_link: OpenLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one may be ready before the browser follows the class."""
    monkeypatch.setattr(class_pages, "QUICK_SECONDS", -1.0)  # each page is made in the background
    pages = running.test.portal.class_pages
    seen = open_link(running, "ira")
    seen.page.goto(f"{running.url}/assignments/tiny/class")
    seen.page.goto(f"{running.url}/assignments/tiny")
    wait_until_graded(running, running.test.hand_in("ira"))
    before = pages.shown("tiny")

    def hold(route: Route) -> None:
        until(lambda: pages.shown("tiny") > before)
        route.continue_()

    seen.page.route("**/assignments/tiny/events", hold, times=1)
    seen.page.goto(f"{running.url}/assignments/tiny/class")
    seen.page.locator("#students ~ .region").get_by_role("link", name="ira").wait_for(timeout=60_000)


def test_an_instructor_pauses_and_resumes(running: RunningPortal, open_link: OpenLink) -> None:
    """By two buttons; what waits meanwhile is in the queue."""
    seen = open_link(running, "ira")
    seen.page.goto(f"{running.url}/assignments/tiny/queue")
    seen.page.get_by_role("button", name="Pause grading").click()
    attempt = running.test.hand_in("ada", f"{RIGHT}# paused\n".encode())
    seen.page.goto(f"{running.url}/assignments/tiny/queue")
    assert seen.page.locator("td", has_text="ada").count() == 1
    seen.page.get_by_role("button", name="Resume grading").click()
    wait_until_graded(running, attempt)


def test_a_page_goes_on_after_an_error(running: RunningPortal, open_link: OpenLink) -> None:
    """A proxy answers 502 while the server starts again: browsers connect no more after that, and the page does."""
    running.test.portal.pause(True, "test")
    attempt = running.test.hand_in("otto", f"{RIGHT}# waits\n".encode())
    seen = open_link(running, "otto")
    seen.page.route("**/events", lambda route: route.fulfill(status=502), times=2)
    with seen.page.expect_response(lambda answer: answer.status == 502):
        seen.page.goto(f"{running.url}/submissions/{attempt.public_id}")
    running.test.portal.pause(False, "test")
    seen.page.get_by_role("link", name="Read the report").wait_for(timeout=60_000)


def choose(page: Page, file: Path) -> None:
    """Choose a file as a person does. Playwright would choose a copy of its content."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelector", {"nodeId": root, "selector": "input[type=file]"})
    session.send("DOM.setFileInputFiles", {"files": [str(file)], "nodeId": found["nodeId"]})
    page.locator("input[type=file]").evaluate("input => input.files[0].lastModified")  # it knows the time then


def test_a_file_that_was_saved_again_is_chosen_again(
    running: RunningPortal, open_link: OpenLink, tmp_path: Path
) -> None:
    """A browser sends no file that has changed since it was chosen, and says no more than that it failed."""
    seen, file = open_link(running, "otto"), tmp_path / "tiny.py"
    file.write_text(RIGHT)
    os.utime(file, (1e9, 1e9))  # the time says that it has changed, and some file systems know whole seconds alone
    choose(seen.page, file)
    file.write_text(f"{RIGHT}# saved again\n")
    seen.page.get_by_role("button", name="Hand in").click()
    seen.page.get_by_text("The file has changed since you chose it.").wait_for()
    choose(seen.page, file)
    seen.page.get_by_role("button", name="Hand in").click()
    seen.page.get_by_role("link", name="Read the report").wait_for(timeout=60_000)


def test_what_may_have_arrived_is_not_called_lost(running: RunningPortal, open_link: OpenLink) -> None:
    """If the connection ends before the answer, the page says where to look."""
    seen = open_link(running, "otto")
    seen.page.route("**/submissions", lambda route: route.abort("connectionreset"))
    seen.page.locator("input[type=file]").set_input_files(
        {"name": "tiny.py", "mimeType": "text/x-python", "buffer": RIGHT.encode()}
    )
    seen.page.get_by_role("button", name="Hand in").click()
    seen.page.get_by_text("The connection was lost. Reload this page").wait_for()
    assert seen.page.get_by_role("button", name="Hand in").is_enabled()


def test_a_page_that_follows_the_class_lets_people_finish(running: RunningPortal, open_link: OpenLink) -> None:
    """Whoever is in the page with the keyboard keeps their place; the page is new when they have left it."""
    seen = open_link(running, "ira", own=True)  # its clock can't be made as it was
    seen.page.clock.install()
    seen.page.goto(f"{running.url}/assignments/tiny/queue")
    running.test.portal.pause(True, "test")
    button = seen.page.get_by_role("button", name="Resume grading")
    until(lambda: seen.page.evaluate("stale"))
    seen.page.clock.run_for(5_000)
    button.wait_for()
    seen.page.get_by_role("link", name="Students").focus()
    seen.page.keyboard.press("Shift+Tab")
    seen.page.keyboard.press("Tab")
    running.test.portal.pause(False, "test")
    until(lambda: seen.page.evaluate("stale"))
    seen.page.clock.run_for(5_000)
    assert seen.page.evaluate("document.activeElement.textContent") == "Students"
    seen.page.evaluate("document.activeElement.blur()")
    seen.page.clock.run_for(5_000)
    seen.page.get_by_role("button", name="Pause grading").wait_for()
