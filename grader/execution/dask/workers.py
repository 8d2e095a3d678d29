"""The workers of a cluster: each is asked what it is, gets the assignment once, and then batches in its line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from grader.execution.dask import plugin
from grader.execution.dask.client import DaskClient, RemoteCall, SchedulerLost, WorkerLost
from grader.execution.dask.errors import ClusterFailed, ClusterUnfit
from grader.execution.dask.messages import Bundle, Hello, decode, difference, encode
from grader.execution.pool import longest
from grader.execution.retries import LOSSES
from grader.models import Assignment, ScoreReport, Submission

DEPTH = 2  # batches for each thread of a worker: one at work, and one that is there when it has ended
FIRST = 1.0  # seconds that a submission is taken to need where nothing was measured
WEIGHT = 0.3  # of the newest measurement
BLAME = 3  # failures of a worker that went well elsewhere, after which it is set aside
SILENT = 90.0  # seconds for an answer that takes no grading
SLOW = 4  # submissions of a batch that may take as long as any may; more of them are given to others
NOBODY = 3600.0  # seconds to wait for a first worker, or for another one
STILLBORN = 10  # workers in a row that ended before they were ready

Event = Callable[[], Iterable[ScoreReport]]


@dataclass(eq=False)
class Dispatch:
    """Submissions on their way."""

    submissions: list[Submission]
    alone: bool
    call: RemoteCall | None = None


@dataclass(eq=False)
class WorkerState:
    """A worker, and what it has to do, in the order in which it will."""

    address: str
    threads: int
    ready: bool = False
    line: list[Dispatch] = field(default_factory=list)
    each: float = FIRST  # seconds that it takes for a submission
    measured: bool = False
    failures: int = 0
    since: float = field(default_factory=time.monotonic)  # when it was last heard of, or got something new to do
    calls: list[RemoteCall] = field(default_factory=list)  # but for the batches

    @property
    def room(self) -> bool:
        return self.ready and len(self.line) < DEPTH * self.threads and not any(errand.alone for errand in self.line)

    def stirred(self) -> None:
        self.since = time.monotonic()

    def measure(self, reports: Sequence[ScoreReport]) -> None:
        if reports:
            now = sum(report.seconds for report in reports) / len(reports)
            self.each = WEIGHT * now + (1 - WEIGHT) * self.each if self.measured else now
            self.measured = True


class WorkerSet:
    """The workers that can be given something. `post` takes what is to be done when one of them has answered."""

    def __init__(
        self,
        site: DaskClient,
        assignment: Assignment,
        parcel: Bundle,
        post: Callable[[Event], None],
        tell: Callable[[str], None],
        hint: Callable[[str], None],
    ) -> None:
        self.mates: dict[str, WorkerState] = {}
        self.key = parcel.key
        self.began = False  # something was handed out
        self._site = site
        self._parcel = encode(parcel)
        self._sandbox = parcel.sandbox
        self._patience = LOSSES * longest(assignment.limits)
        self._post = post
        self._tell = tell  # takes what went wrong
        self._hint = hint  # takes what is only worth knowing
        self._shunned: dict[str, str] = {}  # address -> why it gets nothing
        self._seen = time.monotonic()  # when there was a worker
        self._stillborn = 0
        self._alerted = False

    @property
    def ready(self) -> list[WorkerState]:
        return [mate for mate in self.mates.values() if mate.ready]

    @property
    def complete(self) -> bool:
        """Whether grading may begin: all that were there at first have answered. Whoever comes later may join."""
        self.began = self.began or (bool(self.mates) and all(mate.ready for mate in self.mates.values()))
        return self.began

    @property
    def busy(self) -> bool:
        return any(mate.line for mate in self.mates.values())

    @property
    def slots(self) -> int:
        return DEPTH * sum(mate.threads for mate in self.mates.values())

    def look(self) -> list[tuple[WorkerState, str]]:
        """Greets who is new; gives those that are gone, or silent for too long, with the word for it."""
        found = self._site.workers()
        self._shunned = {address: why for address, why in self._shunned.items() if address in found}
        for address in found.keys() - self.mates.keys() - self._shunned.keys():
            mate = self.mates[address] = WorkerState(address, found[address])
            self._ask(mate, self._greeted, plugin.greet, self._sandbox)
        lost = []
        for mate in list(self.mates.values()):
            if mate.address not in found:
                lost.append((mate, "died"))
            elif self._silent(mate):
                self._shunned[mate.address] = "didn't answer"
                lost.append((mate, "didn't answer"))
        self._check()
        return lost

    def remove(self, mate: WorkerState) -> list[Dispatch]:
        """Gives what the worker had to do, in its order; what it says of that from now on counts no more."""
        self.mates.pop(mate.address, None)
        self._stillborn += not mate.ready
        mate.ready = False
        errands, mate.line = mate.line, []
        for call in (*mate.calls, *(errand.call for errand in errands)):
            if call:
                call.forget()
        return errands

    def aside(self, mate: WorkerState, reason: str) -> list[Dispatch]:
        """The worker gets nothing any more; what it had to do is for others."""
        self._tell(f"{mate.address} was set aside: {reason}")
        self._shunned[mate.address] = reason
        return self.remove(mate)

    def clear(self) -> list[Dispatch]:
        """Everything that was handed out."""
        return [errand for mate in list(self.mates.values()) for errand in self.remove(mate)]

    def equip(self, mate: WorkerState) -> None:
        """Gives the assignment to a worker that has it not, or no more."""
        mate.ready = False
        self._ask(mate, self._equipped, plugin.equip, self._parcel)

    def blamed(self, address: str) -> WorkerState | None:
        """Something that failed on this worker went well on another: gives it when that was once too often."""
        mate = self.mates.get(address)
        if mate:
            mate.failures += 1
        return mate if mate and mate.failures >= BLAME else None

    def dismiss(self) -> None:
        for mate in self.mates.values():
            for errand in mate.line:
                if errand.call:
                    errand.call.forget()
        self._site.dismiss(self.key, [*self.mates, *self._shunned])

    def _ask(
        self, mate: WorkerState, answered: Callable[[WorkerState, Any], None], function: Callable[..., Any], what: Any
    ) -> None:
        def heard(answer: Any) -> None:
            self._post(partial(self._heard, mate, answered, answer))

        mate.stirred()
        mate.calls = [self._site.call(mate.address, heard, function, what)]

    def _heard(
        self, mate: WorkerState, answered: Callable[[WorkerState, Any], None], answer: Any
    ) -> Iterable[ScoreReport]:
        if self.mates.get(mate.address) is mate and not isinstance(answer, WorkerLost):  # or the next look will tell
            mate.calls = []
            mate.stirred()
            if isinstance(answer, SchedulerLost):
                raise answer
            answered(mate, answer)
        return ()

    def _greeted(self, mate: WorkerState, answer: Any) -> None:
        if isinstance(answer, Exception):
            problem = f"the grader can't be run there ({_told(answer)})"
        else:
            hello = decode(answer, type=Hello)
            differs = difference(hello)
            problem = f"it has {differs}; install the same there as here" if differs else hello.problem
        if problem and not self.began:
            raise ClusterUnfit(f"the worker {mate.address} can't grade: {problem}")
        if problem:
            self.aside(mate, problem)
        else:
            self.equip(mate)

    def _equipped(self, mate: WorkerState, answer: Any) -> None:
        problem = _told(answer) if isinstance(answer, Exception) else str(answer)
        if problem:
            self.aside(mate, f"it can't take the assignment ({problem})")
        else:
            mate.ready, self._stillborn = True, 0

    def _silent(self, mate: WorkerState) -> bool:
        first = mate.line[0] if mate.line else None
        limit = SILENT + (self._patience * min(len(first.submissions), SLOW) if first else 0)
        return bool(first or mate.calls) and time.monotonic() > mate.since + limit

    def _check(self) -> None:
        """Raises ClusterFailed when there is nothing to wait for."""
        now = time.monotonic()
        if self.mates:
            self._seen, self._alerted = now, False
            return
        if self._shunned:
            reasons = "; ".join(f"{address}: {why}" for address, why in sorted(self._shunned.items()))
            raise ClusterFailed(f"no worker is left that can grade ({reasons}); what was graded is kept")
        if self._stillborn >= STILLBORN:
            raise ClusterFailed("the workers of the cluster end before they can take a submission")
        if now > self._seen + NOBODY:
            raise ClusterFailed(f"no worker came within {NOBODY / 60:.0f} minutes; what was graded is kept")
        if not self._alerted and now > self._seen + 2:
            self._alerted = True
            self._hint("waiting for workers")


def _told(problem: Exception) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__
