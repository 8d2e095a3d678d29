"""Pages as a browser shows them: the fixture `page` opens one and keeps what went wrong, and what it asked for.

    def test_nothing_is_wrong(page):
        seen = page(path, width=375, dark=True)
        assert seen.wrong() == [] and seen.violations() == []

One chromium serves all tests of a process. It has no network, and what a page asks for anyway is kept in `requests`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, ViewportSize

    from tests.helpers.portals import RunningPortal

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
HEIGHTS = {375: 812}  # of the window, by its width; 800 for others
HARMLESS = ("file:", "data:")


@dataclass
class Seen:
    """A page that is open, and all that happened on it."""

    page: Page
    console: list[str] = field(default_factory=list)  # errors and warnings, refused by the policy included
    crashes: list[str] = field(default_factory=list)  # exceptions of the page's own scripts
    requests: list[str] = field(default_factory=list)  # addresses that it asked for, its own included
    dialogs: list[str] = field(default_factory=list)  # alert() and its like
    visited: list[str] = field(default_factory=list)  # addresses that it went to

    def says(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.console.append(said.text)

    def asks(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    @property
    def outgoing(self) -> list[str]:
        return [address for address in self.requests if not address.startswith(HARMLESS)]

    def wrong(self) -> list[str]:
        """What no page of ours may do: errors, dialogs, requests, leaving for another page."""
        elsewhere = [address.partition("#")[0] for address in self.visited]
        return [*self.console, *self.crashes, *self.dialogs, *self.outgoing, *elsewhere[1:]]

    def violations(self) -> list[str]:
        """What axe finds: the rule, and the element that breaks it."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


class KeptPage:
    """A page that one test after another uses: a window of its own takes half a second of processor time."""

    def __init__(self, browser: Browser, *, offline: bool) -> None:
        self._browser = browser
        self._offline = offline
        self._page: Page | None = None

    def lend(self, width: int, scheme: Literal["dark", "light"]) -> Page:
        if self._page is None:
            self._page = self._browser.new_context(reduced_motion="reduce", offline=self._offline).new_page()
        self._page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 800)})
        self._page.emulate_media(color_scheme=scheme)
        return self._page

    def take_back(self) -> None:
        """Make it as it was. One that has opened windows, or was closed, isn't used again."""
        from playwright.sync_api import Error

        assert self._page
        context = self._page.context
        try:
            assert context.pages == [self._page]
            self._page.unroute_all()
            context.clear_cookies()
            self._page.emulate_media(media="null")
            self._page.mouse.move(0, 0)
            self._page.goto("about:blank")
        except (Error, AssertionError):
            context.close()
            self._page = None


@pytest.fixture(scope="session")
def kept_page(browser: Browser) -> KeptPage:
    """The page for files of this process of the tests."""
    return KeptPage(browser, offline=True)


@pytest.fixture(scope="session")
def kept_portal_page(browser: Browser) -> KeptPage:
    """The page for portals of this process of the tests."""
    return KeptPage(browser, offline=False)


@pytest.fixture
def open_link(browser: Browser, kept_portal_page: KeptPage) -> Iterator[Callable[..., Seen]]:
    """open_link(running, id, width=1280, scheme="light", own=False, scripts=True): a person's page of a portal.

    They have opened their link. Later tests use the same page, unless it is the test's own, or has no scripts.
    """
    with ExitStack() as end:

        def opened(
            running: RunningPortal,
            id: str,
            width: int = 1280,
            scheme: Literal["dark", "light"] = "light",
            *,
            own: bool = False,
            scripts: bool = True,
        ) -> Seen:
            if own or not scripts:
                size: ViewportSize = {"width": width, "height": HEIGHTS.get(width, 800)}
                context = browser.new_context(
                    viewport=size, color_scheme=scheme, reduced_motion="reduce", java_script_enabled=scripts
                )
                end.callback(context.close)
                shown = context.new_page()
            else:
                end.close()
                shown = kept_portal_page.lend(width, scheme)
                end.callback(kept_portal_page.take_back)
            seen = watched(shown, end)
            seen.page.goto(f"{running.url}/link/{running.test.tokens[id]}")
            return seen

        yield opened


def watched(shown: Page, end: ExitStack) -> Seen:
    """Return what keeps what goes wrong on a page, and what its context asks for, until the end."""
    seen = Seen(shown)

    def listen(where: Any, event: str, hear: Callable[[Any], object]) -> None:
        where.on(event, hear)
        end.callback(where.remove_listener, event, hear)

    listen(shown, "console", seen.says)
    listen(shown, "pageerror", lambda error: seen.crashes.append(str(error)))
    listen(shown, "dialog", seen.asks)
    listen(shown.context, "request", lambda request: seen.requests.append(request.url))
    listen(shown, "framenavigated", lambda frame: seen.visited.append(frame.url))
    listen(shown.context, "page", lambda other: seen.visited.append(f"another window: {other.url}"))
    return seen


@pytest.fixture
def page(kept_page: KeptPage) -> Iterator[Callable[..., Seen]]:
    """page(path, width=1280, dark=False, fragment="") -> Seen; a second call ends what the first has returned."""
    with ExitStack() as end:

        def opened(path: Path, width: int = 1280, *, dark: bool = False, fragment: str = "") -> Seen:
            end.close()
            shown = kept_page.lend(width, "dark" if dark else "light")
            end.callback(kept_page.take_back)
            seen = watched(shown, end)
            seen.page.goto(path.resolve().as_uri() + fragment)
            return seen

        yield opened
