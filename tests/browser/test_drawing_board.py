"""The board on which students of `digits` draw a digit, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.factories import ROOT, module_at
from tests.helpers.browsing import Seen


def test_a_line_that_is_drawn_can_be_read(
    page: Callable[..., Seen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stroke of the mouse from top to bottom becomes a column of ink; Clear empties the board."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    figures = module_at(ROOT / "solutions" / "digits" / "student" / "figures.py")
    (tmp_path / "board.html").write_text(f"<!doctype html><title>board</title>{figures.BOARD}", encoding="utf-8")
    seen = page(tmp_path / "board.html")
    corner = seen.page.locator("canvas").bounding_box()
    text = seen.page.locator("input")
    assert corner and text.input_value() == "0" * 400
    mouse = seen.page.mouse
    mouse.move(corner["x"] + 75, corner["y"] + 5)
    mouse.down()
    mouse.move(corner["x"] + 75, corner["y"] + 295, steps=40)
    mouse.up()
    mouse.move(corner["x"] + 200, corner["y"] + 100)  # the button is up, so this draws nothing
    ink = np.reshape(figures.drawn(text.input_value()), (20, 20))
    assert set(np.flatnonzero(ink.max(axis=0) == 1)) <= {9, 10} and ink.any(axis=1).all()
    assert not ink[:, :7].any() and not ink[:, 13:].any()
    seen.page.locator("button").click()
    assert text.input_value() == "0" * 400
    assert seen.wrong() == []
