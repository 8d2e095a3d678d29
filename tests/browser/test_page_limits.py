"""Limits of a page, seen in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.reports.html.page_room import Room
from tests.factories import code_cell, notebook_of
from tests.helpers.browsing import Seen
from tests.helpers.handed_in import both_pages, drawn, white_png


def test_pictures_have_room_for_so_many_pixels(page: Callable[..., Seen], tmp_path: Path) -> None:
    """A picture of 3 kB may be one of 16 million pixels, 64 MB in a browser, and a page held 350 of them."""
    content = notebook_of(code_cell("x", *[drawn(white_png(4000, 4000))] * 300), code_cell("y", drawn(white_png(8, 8))))
    _, html = both_pages(content)
    (tmp_path / "page.html").write_text(html)
    seen = page(tmp_path / "page.html")
    sizes = seen.page.evaluate(
        "[...document.querySelectorAll('img.output')].map(image => image.naturalWidth * image.naturalHeight)"
    )
    assert len(sizes) >= 3 and sum(sizes) <= Room().pixels
    assert "outputs beyond what a page holds" in html
    assert seen.wrong() == []
