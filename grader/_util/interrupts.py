"""Ctrl-C and its relatives: the first one asks for a clean end, the second one insists."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class CaughtSignal:
    """The signal that came, if one did."""

    number: int = 0

    @property
    def exit_code(self) -> int:
        """What a shell gives a program that the signal ended."""
        return 128 + self.number


@contextmanager
def stop_on_signal(stop: Callable[[], None]) -> Iterator[CaughtSignal]:
    """Inside, the first signal calls `stop`, and from then on each does what it did before.

    A signal that is ignored (by nohup, or in the background of a script) stays ignored.
    """
    caught = CaughtSignal()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    wanted = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    def restore() -> None:
        for number in wanted:
            signal.signal(number, before[number])

    def handle(number: int, frame: FrameType | None) -> None:
        restore()
        caught.number = number
        stop()

    for number in wanted:
        signal.signal(number, handle)
    try:
        yield caught
    finally:
        restore()
