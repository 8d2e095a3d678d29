"""What a page has room for. What goes beyond it is left out, or shown as it was typed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass
class Room:
    """What is left for one student's work on a page."""

    characters: int = 1 << 20  # of outputs and pictures
    looks: int = 3 << 20  # characters of outputs that are looked at, whether or not they fit in
    pixels: int = 64_000_000  # of all pictures: a browser takes 4 bytes for each, whatever the file has
    html: int = 2 << 20  # characters that cells of Markdown may become
    seconds: float = 2.0  # of processor time for cells of Markdown, of which an ordinary one takes a thousandth

    def take(self, text: str, pixels: int = 0) -> bool:
        """Return whether an output or a picture fits in, and count it if so."""
        if len(text) > self.characters or pixels > self.pixels:
            return False
        self.characters -= len(text)
        self.pixels -= pixels
        return True


class TimeOver(Exception):
    """More processor time was needed than there was."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TimeOver in what runs inside once it has taken so many seconds of the processor. Main thread only."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeOver(f"more than {seconds:.1f} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
