"""Budget of a page: what exceeds it is left out, or shown as it was typed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from grader.reports.html.limits import (
    MAX_MARKDOWN_HTML,
    MAX_MARKDOWN_SECONDS,
    MAX_OUTPUT_CHARACTERS,
    MAX_PICTURE_PIXELS,
    MAX_SCANNED_CHARACTERS,
)


@dataclass
class Room:
    """Rest of the budget of one page."""

    characters: int = MAX_OUTPUT_CHARACTERS  # of outputs and pictures
    scanned: int = MAX_SCANNED_CHARACTERS  # characters of outputs that may be read
    pixels: int = MAX_PICTURE_PIXELS  # of all pictures
    html: int = MAX_MARKDOWN_HTML  # characters of the HTML of Markdown cells
    seconds: float = MAX_MARKDOWN_SECONDS  # of processor time for Markdown cells

    def take(self, text: str, pixels: int = 0) -> bool:
        """Return whether an output or picture fits, and subtract it if so."""
        if len(text) > self.characters or pixels > self.pixels:
            return False
        self.characters -= len(text)
        self.pixels -= pixels
        return True


class CpuTimeExceeded(Exception):
    """A block took more processor time than its limit."""


@contextmanager
def cpu_time_limit(seconds: float) -> Iterator[None]:
    """Raise CpuTimeExceeded in the block after `seconds` of processor time. Works in the main thread only."""

    def expire(number: int, frame: FrameType | None) -> None:
        raise CpuTimeExceeded(f"more than {seconds:.1f} s")

    before = signal.signal(signal.SIGVTALRM, expire)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
