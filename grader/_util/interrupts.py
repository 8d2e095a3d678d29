"""Handle Ctrl-C and other signals: the first one stops the run cleanly, a second one ends the process."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class CaughtSignal:
    """Signal that was received."""

    number: int = 0  # 0: none

    @property
    def exit_code(self) -> int:
        """Return the exit code that shells use for a program that the signal ended."""
        return 128 + self.number


@contextmanager
def stop_on_signal(stop: Callable[[], None]) -> Iterator[CaughtSignal]:
    """Call `stop` on the first signal inside a `with` block; later signals do what they did before it.

    A signal that is ignored (by nohup, or in the background of a script) stays ignored.
    """
    caught = CaughtSignal()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handled = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    def restore() -> None:
        for number in handled:
            signal.signal(number, before[number])

    def handle(number: int, frame: FrameType | None) -> None:
        restore()
        caught.number = number
        stop()

    for number in handled:
        signal.signal(number, handle)
    try:
        yield caught
    finally:
        restore()
