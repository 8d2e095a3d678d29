"""The portal in a frame of a platform on another site, in a browser that blocks third-party cookies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.server.lti import cookies
from grader.server.lti.claims import DEEP_LINKING
from tests.factories import RIGHT
from tests.helpers.browsing import ARGUMENTS, CHROMIUM, KeptPage
from tests.helpers.fake_platform import registered
from tests.helpers.portals import RunningPortal
from tests.helpers.processes import until
from tests.helpers.served_platform import ServedPlatform

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Locator, Page

BLOCKING = "--test-third-party-cookie-phaseout"  # Chromium blocks third-party cookies
ASSIGNMENT = "/assignments/tiny"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    made = RunningPortal(tmp_path_factory.mktemp("lti"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def served(running: RunningPortal) -> Iterator[ServedPlatform]:
    """A platform that the portal knows; its course isn't accepted yet."""
    made = ServedPlatform(running.url)
    made.platform.tool_jwks = lambda: running.client("ira").get("/lti/jwks").json()
    registered(made.platform, running.test.portal.lti.platforms.add)
    yield made
    made.close()


@pytest.fixture(scope="module")
def strict(browser: Browser) -> Iterator[Browser]:
    """A browser that blocks third-party cookies."""
    started = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, BLOCKING])
    yield started
    started.close()


@pytest.fixture(scope="module")
def kept(strict: Browser) -> KeptPage:
    return KeptPage(strict, offline=False)


@pytest.fixture
def shown(kept: KeptPage) -> Iterator[Page]:
    """A page without cookies."""
    yield kept.lend(1100, "light")
    kept.take_back()


def accept(running: RunningPortal) -> None:
    until(lambda: bool(running.test.portal.lti.courses.contexts()))  # the frame launches after its page has loaded
    for context in running.test.portal.lti.courses.contexts():
        running.test.portal.lti.courses.accept(context.number, "ira")


def open_until(page: Page, address: str, wanted: Locator) -> None:
    """Open a link until it shows something: on a busy machine a launch may be lost, and people open the link again."""
    from playwright.sync_api import TimeoutError as WaitedTooLong

    for _ in range(2):
        page.goto(address)
        with suppress(WaitedTooLong):
            wanted.wait_for(timeout=20_000)
            return
    page.goto(address)
    wanted.wait_for()


def hand_in(frame: FrameLocator | Page, folder: Path) -> None:
    path = folder / "tiny.py"
    path.write_text(RIGHT)
    frame.locator("input[type=file]").set_input_files(path)
    frame.get_by_role("button", name="Hand in").click()


def test_a_teacher_connects_the_course_and_chooses_an_assignment(
    running: RunningPortal, served: ServedPlatform, shown: Page
) -> None:
    """All in the frame: the first launch waits for the course to be accepted, the second one chooses."""
    frame = shown.frame_locator("iframe")
    shown.goto(served.course("9", deep=True))
    frame.get_by_text("isn't connected yet").wait_for()
    accept(running)
    shown.goto(served.course("9", deep=True))
    frame.get_by_role("button", name="Choose").click()
    frame.get_by_text("The link was added to the course").wait_for()
    claims = served.platform.verified(served.choices[-1], served.url)
    (item,) = claims[f"{DEEP_LINKING}content_items"]
    assert item["url"] == f"{running.url}{ASSIGNMENT}"


def test_a_student_hands_in_and_the_score_arrives(
    running: RunningPortal, served: ServedPlatform, shown: Page, tmp_path: Path
) -> None:
    """The cookie is kept for the platform's site alone; the report is read in the frame."""
    shown.goto(served.course("7", ASSIGNMENT), wait_until="networkidle")
    accept(running)
    shown.goto(served.course("7", ASSIGNMENT))
    frame = shown.frame_locator("iframe")
    frame.get_by_text("Ada Learner").wait_for()
    hand_in(frame, tmp_path)
    frame.get_by_text("5 of 5").first.wait_for()
    frame.get_by_role("link", name="Report").first.click()
    frame.locator("h1").wait_for()
    until(lambda: any(score["userId"] == "7" for score in served.platform.scores))
    (score,) = [score for score in served.platform.scores if score["userId"] == "7"]
    assert (score["scoreGiven"], score["scoreMaximum"], score["gradingProgress"]) == (5.0, 5.0, "FullyGraded")


@pytest.mark.parametrize("storage", [pytest.param(True, marks=pytest.mark.long), False])
def test_without_partitioned_cookies_a_window_opens(
    running: RunningPortal,
    served: ServedPlatform,
    shown: Page,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    storage: bool,
) -> None:
    """As in a browser that has none. The login is bound by the platform's storage, or begins again in the window."""
    monkeypatch.setattr(cookies, "ATTRIBUTES", cookies.ATTRIBUTES.removesuffix("; Partitioned"))
    shown.goto(served.course("8", ASSIGNMENT, storage=storage), wait_until="networkidle")
    accept(running)
    button = shown.frame_locator("iframe").get_by_role("link", name="Open in a new window")
    open_until(shown, served.course("8", ASSIGNMENT, storage=storage), button)
    opens = "/lti/open/" if storage else "/lti/login?"  # the platform has seen the login, or hasn't
    assert opens in (button.get_attribute("href") or "")
    with shown.expect_popup() as opened:
        button.click()
    window = opened.value
    window.get_by_text("Bob Learner").wait_for()
    assert window.url == f"{running.url}{ASSIGNMENT}"
    hand_in(window, tmp_path)
    window.get_by_text("5 of 5").first.wait_for()


def test_a_platform_registers_the_portal_in_a_frame(running: RunningPortal, shown: Page) -> None:
    """Its page waits for the portal to say that it has ended, which a frame that shows nothing doesn't."""
    lti = running.test.portal.lti
    new = ServedPlatform(running.url)
    try:
        code = lti.tickets.issue("registration", "ira", 60)
        shown.goto(new.registration(f"{running.url}/lti/register/{code}"))
        shown.get_by_text("The tool has registered itself").wait_for()
        assert len(lti.platforms.of_issuer(new.url)) == 1
    finally:
        new.close()


def test_another_site_shows_nothing(running: RunningPortal, served: ServedPlatform, shown: Page) -> None:
    """The browser refuses to show the portal in a page whose origin isn't that of a registered platform."""
    said: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    accept(running)
    shown.goto(served.course("7", ASSIGNMENT).replace("localhost", "other.localhost"))
    shown.wait_for_timeout(500)  # lets the messages of the browser arrive
    assert any("frame-ancestors" in text for text in said)
    assert shown.frame_locator("iframe").get_by_text("Ada Learner").count() == 0
