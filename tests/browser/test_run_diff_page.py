"""The page of two runs in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.reports.html import run_diff_page
from tests.helpers.browsing import Seen
from tests.helpers.page_elements import HOSTILE
from tests.helpers.pages import hostile_runs

Open = Callable[..., Seen]


@pytest.mark.parametrize(("width", "dark"), [(375, True), pytest.param(1280, False, marks=pytest.mark.long)])
def test_everyone_can_read_it(tmp_path: Path, page: Open, width: int, dark: bool) -> None:
    """Narrow or wide, light or dark: nothing breaks, nothing is asked for, axe finds nothing, only tables scroll."""
    path = tmp_path / "diff.html"
    path.write_bytes(run_diff_page.render(hostile_runs(tmp_path / "out"), lambda student: "x.html"))
    seen = page(path, width, dark=dark)
    assert seen.wrong() == []
    assert seen.violations() == []
    assert seen.too_wide() <= 0


def test_the_table_is_sorted_and_narrowed(tmp_path: Path, page: Open) -> None:
    """By the change, and to the students of one case; on paper it is all there."""
    path = tmp_path / "diff.html"
    path.write_bytes(run_diff_page.render(hostile_runs(tmp_path / "out"), lambda student: ""))
    seen = page(path)
    rows = seen.page.locator(".rows tbody tr:visible")
    assert rows.count() == len(HOSTILE)
    seen.page.get_by_role("columnheader", name="change").get_by_role("button").click()
    assert rows.locator(".change").all_text_contents() == ["\N{MINUS SIGN}5", *["\N{MINUS SIGN}2"] * 8]
    seen.page.get_by_role("region", name="Cases").get_by_role("link", name="4").first.click()
    assert rows.count() == 4
    seen.page.get_by_role("searchbox").fill("JAVA")
    assert rows.locator("th").all_text_contents() == ["javascript:alert(1)"]
    seen.page.emulate_media(media="print")
    assert not seen.page.locator(".controls").is_visible()
    assert seen.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert seen.console + seen.crashes + seen.dialogs + seen.outgoing == []
