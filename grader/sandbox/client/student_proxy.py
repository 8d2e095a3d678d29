"""The handle through which a hidden case uses a submission: values go in, plain values come out.

    student.my_dense(a_in, W, b, np.tanh)      # runs in the sandbox; np.tanh runs here, when it is called

A call that gives no answer raises StudentError with the status that the case shall have. The worker behind the
handle is started when it is first needed and replaced when it dies; what killed it is not called again.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import msgspec

from grader._util import budget, logs
from grader._util.escaping import quoted
from grader._util.load import busy, load_per_core
from grader.errors import InternalError
from grader.models import Limits, Status, Submission, TimeUse
from grader.notebooks.cells import MAX_NOTES
from grader.sandbox.client.deadline import Deadline, processor_seconds
from grader.sandbox.client.meter import LOADING, UsageMeter
from grader.sandbox.client.model_view import KerasModel, Layer, Tensor
from grader.sandbox.client.replies import FAILURES, Answer, Failure, Reply, sentence
from grader.sandbox.client.worker_client import Process, WorkerClient
from grader.sandbox.guest.usage_watch import MEMORY
from grader.sandbox.host.process import OUTPUT_BYTES, ExitInfo
from grader.sandbox.protocol.channel import Closed, DeadlinePassed
from grader.sandbox.protocol.frames import WireError

LOG = logging.getLogger("grader.sandbox")

OUT_OF_MEMORY_SIGNS = ("bad_alloc", "Cannot allocate memory", "out of memory")  # last words of libraries in C++
END_SECONDS = 2.0  # for a worker whose socket has closed to be gone
START_TRIES = 3
WALL = 2.5  # times its total that a submission may take on the wall clock of an idle machine
START_SECONDS = 60.0  # for a worker to come up on a busy machine

__all__ = [
    "AnsweredCall",
    "KerasModel",
    "Layer",
    "StudentError",
    "StudentProxy",
    "SubmissionUnreadable",
    "Tensor",
    "WorkerLauncher",
]


class StudentError(Exception):
    """The submission gave no answer: the status says in which way, the message in words for the student."""

    def __init__(self, status: Status, message: str, cause: str = "", time_use: TimeUse | None = None) -> None:
        super().__init__(message)
        self.time_use = time_use  # where it was a limit on time, and the limit was reached by this very request
        self.status = status
        self.message = message
        self.cause = cause  # what came, without where: the exception and its text, or the kind of object


class SandboxFailed(InternalError):
    """No worker could be started: our fault, never the student's."""


class SubmissionUnreadable(StudentError):
    """The submission as a whole can't be read: no question can be graded."""


@dataclass(frozen=True)
class AnsweredCall:
    """One answered call: the result, and the positional arguments as they were afterwards."""

    value: Any
    arguments: tuple[Any, ...]
    shared: bool = False  # an array of the result lies in the memory of an argument; told by `calls` alone


class WorkerLauncher(Protocol):
    """What starts workers: the seam at which a test may put something else than bubblewrap."""

    protections: tuple[str, ...]

    def start(self, limits: Limits) -> Process: ...


class StudentProxy:
    """One submission, callable by name. `close` it when its cases are done."""

    def __init__(
        self,
        submission: Submission,
        graded: Sequence[str],
        launcher: WorkerLauncher,
        limits: Limits,
        *,
        whole: bool = False,
        meter: UsageMeter | None = None,
    ) -> None:
        self._submission = submission
        self._meter = meter or UsageMeter()
        self._graded = list(graded)
        self._launcher = launcher
        self._limits = limits
        self._whole = whole
        self._used = 0.0  # seconds of its total
        self._began = time.monotonic()
        self._worker: WorkerClient | None = None
        self._guilty: dict[str, StudentError] = {}
        self._asked = ""  # the question that is being graded
        self._lent: dict[str, Callable[..., Any]] = {}
        self._notes: dict[str, None] = {}  # an ordered set
        self._sandbox_notes: dict[str, None] = {}
        self.last: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None  # the newest call
        self.output = ""  # the first of what the submission printed

    @property
    def notes(self) -> tuple[str, ...]:
        """What the grader itself has to say of how the submission was loaded, in order."""
        return tuple(self._notes)

    @property
    def sandbox_notes(self) -> tuple[str, ...]:
        """What the worker says of how it loaded the submission, in order: a claim, for it may be the submission's."""
        return tuple(self._sandbox_notes)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._called(name, args, kwargs, echo=False).value

    def call(self, name: str, *args: Any, **kwargs: Any) -> AnsweredCall:
        """Calls the student's function; also tells what became of the arguments. Raises StudentError."""
        reply = self._called(name, args, kwargs, echo=True)
        return AnsweredCall(reply.value, reply.arguments)

    def calls(self, name: str, *calls: tuple[Any, ...]) -> Iterator[AnsweredCall]:
        """Call the student's function with each of these tuples of arguments, one after another, in one exchange.

        Results and arguments are read after the last call: a result that a later call overwrites shows. While the
        i-th answer is looked at, the i-th call counts as the newest one. Raises StudentError.
        """
        self.last = name, calls[0], {}
        answers = self._answer("calls", {"name": name, "calls": calls}).value
        try:
            found = msgspec.convert(answers, list[tuple[Any, tuple[Any, ...], bool]])
        except msgspec.ValidationError:
            found = []
        if len(found) != len(calls):
            self.close()
            message = f"`{name}` was stopped: the sandbox sent something else than its results"
            raise StudentError(Status.CRASHED, message)
        return self._one_by_one(name, calls, found)

    def _one_by_one(
        self, name: str, calls: Sequence[tuple[Any, ...]], answers: Sequence[tuple[Any, tuple[Any, ...], bool]]
    ) -> Iterator[AnsweredCall]:
        for args, (value, arguments, shared) in zip(calls, answers, strict=True):
            self.last = name, args, {}
            yield AnsweredCall(value, arguments, shared)

    def _called(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool) -> Answer:
        self.last = name, args, kwargs
        return self._answer("call", {"name": name, "args": args, "kwargs": kwargs, "echo": echo})

    def get(self, name: str) -> Any:
        """A value that the submission binds at its top level: a number, an array, a model. Raises StudentError."""
        return self._answer("get", {"name": name}).value

    def _answer(self, op: str, request: dict[str, Any]) -> Answer:
        name = request["name"]
        if name in self._guilty:
            earlier = self._guilty[name]
            raise StudentError(earlier.status, f"`{name}` was not called again: {earlier.message}")
        try:
            worker = self._ready(name)
            return self._request(worker, op, request)
        except StudentError as problem:
            if self._worker is None:  # the call cost us the worker
                self._guilty[name] = problem
            raise

    def lend(self, question: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Begin a question: from now on these functions of ours stand in the submission's namespace, and no others.

        What the submission was given for an earlier question, lent or as an argument, can't be called any more.
        """
        if (question, dict(functions)) == (self._asked, self._lent):
            return
        before, self._asked, self._lent = self._lent, question, dict(functions)
        if self._worker:
            self._worker.revoke()
            if before or functions:
                with contextlib.suppress(StudentError):  # it has cost the worker: a case that needs one will tell
                    self._send_lent(self._worker)

    def load(self) -> None:
        """Makes a worker read the submission. Raises SubmissionUnreadable."""
        self._alive()

    def close(self, *, patience: float = 0.0) -> ExitInfo | None:
        """Ends the worker, and tells how it ended. What it printed is kept."""
        if self._worker is None:
            return None
        with budget.pause():  # what is told to the fork server must not break off in the middle
            ending, self._worker = self._worker.process.kill(patience=patience), None
        if ending:
            self.output = (self.output + ending.output)[:OUTPUT_BYTES]
            self._meter.ended(ending.peak_mb)
            self._tell_ending(ending)
        return ending

    def _request(self, worker: WorkerClient, op: str, request: dict[str, Any]) -> Answer:
        what = f"`{request['name']}`"
        reply = self._exchange(worker, op, request, self._limits.call_seconds, what)
        if isinstance(reply, Failure) and reply.unknown and self._find(worker, reply.unknown):
            reply = self._exchange(self._alive(), op, request, self._limits.call_seconds, what)
        return self._checked(reply, request["name"], "is" if op == "get" else "returned")

    def _find(self, worker: WorkerClient, name: str) -> bool:
        """A name was missing when a function ran: perhaps a statement that seemed unneeded binds it."""
        what = f"looking for the name {name}"
        try:
            reply = self._exchange(worker, "find", {"name": name}, self._limits.load_seconds, what)
        except StudentError as problem:
            self._notes[f"{what} did not help: {problem.message}"] = None
            return False
        return isinstance(reply, Answer) and reply.value is True

    def _ready(self, name: str) -> WorkerClient:
        """A live worker in which all that `name` needs has run."""
        worker = self._alive()
        if name not in worker.ready:
            reply = self._exchange(worker, "need", {"name": name}, self._limits.load_seconds, f"what `{name}` needs")
            self._checked(reply, name)
            worker.ready.add(name)
        return worker

    def _alive(self) -> WorkerClient:
        if self._worker is None:
            try:
                return self._loaded()
            except budget.Exceeded:
                self.close()  # a worker that has read nothing is of no use to the next case
                raise
        return self._worker

    def _loaded(self) -> WorkerClient:
        """A new worker that has read the submission. Raises StudentError, or SubmissionUnreadable."""
        began = time.perf_counter()
        with budget.pause():
            worker = self._greeted()
        self._meter.workers += 1
        self._meter.load_seconds += (seconds := time.perf_counter() - began)
        logs.event(LOG, logging.DEBUG, "worker started", student=self._submission.student, seconds=seconds)
        request = {
            "file": self._submission.file,
            "content": self._submission.content,
            "graded": self._graded,
            "whole": self._whole,
            "seed": int(self._submission.digest[:8] or "0", 16),
        }
        try:
            reply = self._exchange(worker, "load", request, self._limits.load_seconds, "the submission")
        except StudentError as problem:
            if not self._whole:
                raise
            self._whole = False  # a cell that nobody needs may be one that never ends
            self._notes[f"only what is graded was run, for {problem.message}"] = None
            return self._loaded()
        if isinstance(reply, Failure):
            self.close()
            raise SubmissionUnreadable(
                Status.ERROR, f"the submission can't be read: {quoted(reply.cause or reply.message)}"
            )
        self._send_lent(worker)
        return worker

    def _greeted(self) -> WorkerClient:
        """A new worker. Should the fork server be ending at this moment, the next one gives another."""
        for attempt in range(START_TRIES):
            process = self._launcher.start(self._limits)
            self._worker = worker = WorkerClient(process, partial(self._ask_model, process), self._meter)
            try:
                self._greet(worker)
            except SandboxFailed as problem:
                logs.event(LOG, logging.WARNING, "worker start failed", attempt=attempt + 1, why=str(problem))
                if attempt == START_TRIES - 1:
                    raise
            else:
                return worker
        raise AssertionError("the last try returns or raises")

    def _greet(self, worker: WorkerClient) -> None:
        """The worker answers before it has seen a byte of the submission: if it doesn't, the fault is ours."""
        try:
            reply = worker.exchange("hello", {}, Deadline(START_SECONDS, worker.process.seen_as))
        except (Closed, DeadlinePassed, WireError) as problem:
            self.close()
            raise SandboxFailed(f"the sandbox did not start ({type(problem).__name__})") from None
        if isinstance(reply, Failure):
            self.close()
            raise SandboxFailed(f"the sandbox could not be closed: {reply.message}")

    def _send_lent(self, worker: WorkerClient) -> None:
        worker.ready.clear()  # what is lent need not be loaded, so less may have run than will be needed
        self._exchange(worker, "lend", {"functions": self._lent}, self._limits.load_seconds, "the submission")

    def _ask_model(self, process: Process, handle: Any, request: dict[str, Any]) -> Any:
        worker = self._worker
        if worker is None or worker.process is not process:
            raise StudentError(Status.CRASHED, "the model is gone: the process that held it has ended")
        request = {"handle": handle, **request}
        reply = self._exchange(worker, "ask_model", request, self._limits.call_seconds, "the model")
        return self._checked(reply, "the model").value

    def _exchange(self, worker: WorkerClient, op: str, request: dict[str, Any], seconds: float, what: str) -> Reply:
        """One request and its reply. When none comes, the worker is ended and StudentError raised."""
        used, total = self._used, self._limits.total_seconds
        most = WALL * total * busy() - (time.monotonic() - self._began)
        if used >= total or most <= 0:
            spent = f"the time for the whole submission, {total:g} s, was used up"
            raise self._stopped(spent, self._all_used(processor_seconds(worker.process.seen_as)))
        # Where the total matters, what short exchanges wait for is measured, too.
        precise = used > total / 2
        deadline = Deadline(min(seconds, total - used), worker.process.seen_as, precise=precise, most=most)
        began = time.perf_counter()
        try:
            try:
                with budget.limit(seconds) as ours:
                    reply = worker.exchange(op, request, deadline)
            finally:  # before the worker is ended; what a model was asked meanwhile counts once
                self._used = used + deadline.used()
                if op in LOADING:
                    self._meter.load_seconds += time.perf_counter() - began
        except budget.Exceeded as problem:
            self.close()  # half a frame may have been sent
            if problem.limit is not ours:
                raise
            message = f"{what} had the functions that it was given work for more than {seconds:g} s, and was stopped"
            raise self._stopped(message, own_time_use(ours, time.perf_counter() - began)) from None
        except DeadlinePassed:
            message = f"{what} took longer than {seconds:g} s and was stopped"
            raise self._stopped(message, deadline.time_use()) from None
        except Closed:
            raise self._post_mortem(what) from None
        except WireError as problem:
            self.close()
            message = f"{what} was stopped: the sandbox sent {problem}"
            raise StudentError(Status.CRASHED, message) from None
        if isinstance(reply, Answer):
            self._take_notes(reply)
        return reply

    def _take_notes(self, reply: Answer) -> None:
        """Keep the notes of a reply, no more than an honest worker has; a forger may send others each time."""
        for note in reply.notes:
            if note and len(self._sandbox_notes) < MAX_NOTES:
                self._sandbox_notes[note] = None

    def _post_mortem(self, what: str) -> StudentError:
        """The worker is gone: which limit was it, if any?"""
        ending = self.close(patience=END_SECONDS)
        if ending is None or ending.ours:
            return StudentError(Status.CRASHED, f"{what} closed the grader's own channel")
        if ending.cpu_seconds >= self._limits.total_seconds:
            spent = f"{what} used up the processor time of the whole submission, {self._limits.total_seconds:g} s"
            return self._stopped(spent, self._all_used(ending.cpu_seconds))
        if ending.limit == MEMORY:
            return self._out_of_memory(what)
        if ending.limit:
            return StudentError(Status.CRASHED, f"{what} was stopped: it had more than {ending.limit}")
        if ending.code < 0 and any(sign in ending.output for sign in OUT_OF_MEMORY_SIGNS):
            return self._out_of_memory(what)
        how = f"exit code {ending.code}" if ending.code >= 0 else signal.strsignal(-ending.code) or "a signal"
        return StudentError(Status.CRASHED, f"{what} ended the Python process that it ran in ({how})")

    def _stopped(self, message: str, use: TimeUse) -> StudentError:
        """End the worker, whose time is over, and return the error that says so."""
        self.close()
        student, digest = self._submission.student, self._submission.digest[:8]
        numbers = {"limit": use.limit, "used": use.used, "processor": use.processor, "wall": use.wall, "load": use.load}
        logs.event(LOG, logging.INFO, "time limit", student=student, digest=digest, why=message, **numbers)
        return StudentError(Status.TIMEOUT, message, time_use=use)

    def _out_of_memory(self, what: str) -> StudentError:
        """Return the error of a worker that is gone because it needed too much memory."""
        message = f"{what} needed more than {self._limits.memory_mb} MB of memory"
        self._tell_memory(message)
        return StudentError(Status.OUT_OF_MEMORY, message)

    def _tell_memory(self, message: str) -> None:
        student, digest = self._submission.student, self._submission.digest[:8]
        logs.event(LOG, logging.INFO, "memory limit", student=student, digest=digest, why=message)

    def _all_used(self, processor: float) -> TimeUse:
        """Return what the submission has used of its whole time, the newest worker's processor time included."""
        wall, used = time.monotonic() - self._began, max(self._used, processor)
        return TimeUse(self._limits.total_seconds, round(used, 3), round(processor, 3), round(wall, 3), load_per_core())

    def _tell_ending(self, ending: ExitInfo) -> None:
        """Log how a worker ended: at DEBUG when it was told to, at INFO when it ended by itself or for a limit."""
        level = logging.DEBUG if ending.ours else logging.INFO
        what = "worker ended" if ending.ours else "worker ended by itself"
        logs.event(
            LOG,
            level,
            what,
            student=self._submission.student,
            code=ending.code,
            limit=ending.limit,
            processor=ending.cpu_seconds,
            peak_mb=ending.peak_mb,
        )

    def _checked(self, reply: Reply, name: str, verb: str = "returned") -> Answer:
        """The reply when it is an answer, StudentError when it tells of a failure."""
        if isinstance(reply, Answer):
            return reply
        told = sentence(reply, name, verb, self._submission.file, self._limits.memory_mb)
        if FAILURES[reply.status] is Status.OUT_OF_MEMORY:
            self._tell_memory(told)
        raise StudentError(FAILURES[reply.status], told, reply.cause)


def own_time_use(reached: budget.limit, wall: float) -> TimeUse:
    """Return the grader's own processor time that a limit counted, and was reached."""
    used = round(reached.seconds - reached.left, 3)
    return TimeUse(reached.seconds, used, used, round(wall, 3), load_per_core())
