"""The page of a preview in a browser: on a phone, in the dark, in print, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader.server.templating import STATIC
from tests.factories import SHAPE, VALUE, WRONG, compared_report
from tests.helpers.browsing import Seen
from tests.helpers.portals import TestPortal

STYLES = "".join(f"<style>{STATIC[name].read_text()}</style>" for name in ("base.css", "portal.css"))


@pytest.fixture
def preview(tmp_path: Path) -> Path:
    """The page of a preview that lowers a score, as a file with its styles, without the portal's scripts."""
    served = TestPortal(tmp_path)
    portal = served.portal
    served.hand_in("ada")
    basis = portal.courses["tiny"].dispatcher.basis
    claimed = portal.queue.claim("test", 60, ["tiny"])
    assert claimed
    run = portal.book.new_run(basis, 1)
    portal.queue.finish(claimed, "test", run, compared_report("ada", SHAPE, VALUE), "", "graded")
    id = served.client("ira").post("/api/v1/assignments/tiny/regrades", json={}).json()["id"]
    shadow = portal.queue.claim("test", 60, ["tiny"])
    assert shadow
    wrong = msgspec.structs.replace(WRONG, message="You returned numbers that are too large: " + "123456789" * 30)
    portal.queue.finish_preview(shadow, "test", basis, compared_report("ada", SHAPE, wrong), "", "graded")
    text = served.client("ira").get(f"/assignments/tiny/regrades/{id}").text
    portal.close()
    assert "Yes, lower 1 final grade<" in text
    path = tmp_path / "preview.html"
    path.write_text(re.sub(r"<(?:link|script) [^>]*>(?:</script>)?", "", text).replace("</head>", f"{STYLES}</head>"))
    return path


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        (375, False),
        (1280, True),
        pytest.param(375, True, marks=pytest.mark.long),
        pytest.param(1280, False, marks=pytest.mark.long),
    ],
)
def test_the_page_can_be_read(page: Callable[..., Seen], preview: Path, width: int, dark: bool) -> None:
    """It fits, and axe finds nothing."""
    seen = page(preview, width=width, dark=dark)
    assert (seen.wrong(), seen.violations()) == ([], [])
    assert seen.too_wide() <= 0
    assert seen.page.locator("form[action$=confirm] [required]").count() == 1
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("form[action$=confirm]").is_visible()
    assert seen.page.locator(".cards li").first.is_visible()
