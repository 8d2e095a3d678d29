"""The command `grader` with a fault at a step: `python -m tests.helpers.faulty_grader serve ...`

The file that GRADER_FAULT names holds a step, such as `before hand in`, and the id of a process. When a process comes
to the step, it removes the file and kills that process; itself, if the id is 0. So each fault happens once.
"""

from __future__ import annotations

import functools
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = "GRADER_FAULT"
STEPS = ("store file", "hand in", "claim", "read file", "submit", "renew", "new run", "finish", "keep printed")
WHEN = ("before", "after")


class Fault:
    """The fault that is due, in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, step: str, pid: int = 0) -> None:
        """Let the next process that comes to a step kill a process."""
        part = self.path.with_suffix(".part")
        part.write_text(f"{step}\n{pid}")
        part.replace(self.path)

    def clear(self) -> bool:
        """Take the fault back. Return whether it has happened."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return True
        return False

    def reach(self, step: str) -> None:
        """Kill, if this is the step."""
        try:
            wanted, pid = self.path.read_text().splitlines()
            if wanted != step:
                return
            self.path.unlink()
        except FileNotFoundError:  # there is none, or another thread was faster
            return
        os.kill(int(pid) or os.getpid(), signal.SIGKILL)
        while int(pid) and running(int(pid)):
            time.sleep(0.001)


def running(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has waited for doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def with_fault(fault: Fault, step: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(*arguments: Any, **keywords: Any) -> Any:
        fault.reach(f"before {step}")
        done = original(*arguments, **keywords)
        fault.reach(f"after {step}")
        return done

    return call


def main() -> None:
    from grader.__main__ import main as grader
    from grader.execution.grader import Grader
    from grader.gradebook.attempt_queue import AttemptQueue
    from grader.gradebook.files import FileStore
    from grader.gradebook.store import Gradebook
    from grader.server import dispatcher
    from grader.server.printed import PrintedTexts

    places: tuple[tuple[Any, str], ...] = (
        (FileStore, "write"),
        (AttemptQueue, "hand_in"),
        (AttemptQueue, "claim"),
        (dispatcher, "read_attempt"),
        (Grader, "submit"),
        (AttemptQueue, "renew"),
        (Gradebook, "new_run"),
        (AttemptQueue, "finish"),
        (PrintedTexts, "keep"),
    )
    fault = Fault(Path(os.environ[FILE]))
    for step, (owner, name) in zip(STEPS, places, strict=True):
        setattr(owner, name, with_fault(fault, step, getattr(owner, name)))
    grader()


if __name__ == "__main__":
    main()
