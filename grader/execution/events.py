"""What happens while submissions are graded, for whoever shows or counts it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from grader.models import ScoreReport


class EventKind(StrEnum):
    """The steps of a submission, and notices about the run."""

    QUEUED = "queued"
    STARTED = "started"  # or, on a cluster, sent to a worker
    RETRIED = "retried"  # its process or worker died, its worker failed, or it timed out on a busy machine
    GRADED = "graded"
    NOTICE = "notice"  # about no single submission, such as a cluster that has no workers yet


class Event(msgspec.Struct, frozen=True):
    """One step of a submission, or a notice.

    A submission is queued once, started once or more often, and graded once, unless the grader is closed before.
    """

    kind: EventKind
    student: str = ""
    message: str = ""  # the notice, or why the submission is graded again
    report: ScoreReport | None = None  # of a submission that was graded
    printed: str = ""  # the first of what that submission printed


Listener = Callable[[Event], object]


def ignore(event: Event) -> None:
    """Do nothing with an event."""
