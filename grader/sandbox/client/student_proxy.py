"""The handle through which a hidden case uses a submission: values go in, plain values come out.

    student.my_dense(a_in, W, b, np.tanh)      # runs in the sandbox; np.tanh runs here, when it is called

A call that gives no answer raises StudentError with the status that the case shall have. The worker behind the
handle is started when it is first needed and replaced when it dies; what killed it is not called again.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import msgspec

from grader._util import budget
from grader._util.escaping import quoted
from grader._util.load import busy
from grader.errors import InternalError
from grader.models import Limits, Status, Submission
from grader.notebooks.limits import MAX_NOTES
from grader.sandbox.client.deadline import Deadline
from grader.sandbox.client.model_view import KerasModel, Layer, Tensor
from grader.sandbox.client.replies import STATUS_BY_FAILURE, Answer, Failure, Reply, failure_message
from grader.sandbox.client.worker_client import Process, WorkerClient
from grader.sandbox.guest.usage_watch import MEMORY
from grader.sandbox.host.process import ExitInfo
from grader.sandbox.limits import (
    EXIT_SECONDS,
    MAX_OUTPUT_BYTES,
    MAX_TOTAL_WALL_FACTOR,
    START_TRIES,
    WORKER_START_SECONDS,
)
from grader.sandbox.protocol.channel import Closed, DeadlinePassed
from grader.sandbox.protocol.frames import WireError

OUT_OF_MEMORY_SIGNS = ("bad_alloc", "Cannot allocate memory", "out of memory")  # last words of libraries in C++

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

    def __init__(self, status: Status, message: str, cause: str = "") -> None:
        super().__init__(message)
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
        run_all_cells: bool = False,
    ) -> None:
        self._submission = submission
        self._graded = list(graded)
        self._launcher = launcher
        self._limits = limits
        self._run_all_cells = run_all_cells
        self._used_seconds = 0.0  # seconds of its total
        self._started = time.monotonic()
        self._worker: WorkerClient | None = None
        self._disabled: dict[str, StudentError] = {}
        self._question = ""  # the question that is being graded
        self._substituted: dict[str, Callable[..., Any]] = {}
        self._notes: dict[str, None] = {}  # an ordered set
        self._sandbox_notes: dict[str, None] = {}
        self.last_call: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None  # the newest call
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
        return lambda *args, **kwargs: self._call(name, args, kwargs, echo=False).value

    def call(self, name: str, *args: Any, **kwargs: Any) -> AnsweredCall:
        """Calls the student's function; also tells what became of the arguments. Raises StudentError."""
        reply = self._call(name, args, kwargs, echo=True)
        return AnsweredCall(reply.value, reply.arguments)

    def calls(self, name: str, *calls: tuple[Any, ...]) -> Iterator[AnsweredCall]:
        """Call the student's function with each of these tuples of arguments, one after another, in one exchange.

        Results and arguments are read after the last call: a result that a later call overwrites shows. While the
        i-th answer is looked at, the i-th call counts as the newest one. Raises StudentError.
        """
        self.last_call = name, calls[0], {}
        answers = self._answer("calls", {"name": name, "calls": calls}).value
        try:
            found = msgspec.convert(answers, list[tuple[Any, tuple[Any, ...], bool]])
        except msgspec.ValidationError:
            found = []
        if len(found) != len(calls):
            self.close()
            message = f"`{name}` was stopped: the sandbox sent an invalid list of results"
            raise StudentError(Status.CRASHED, message)
        return self._one_by_one(name, calls, found)

    def _one_by_one(
        self, name: str, calls: Sequence[tuple[Any, ...]], answers: Sequence[tuple[Any, tuple[Any, ...], bool]]
    ) -> Iterator[AnsweredCall]:
        for args, (value, arguments, shared) in zip(calls, answers, strict=True):
            self.last_call = name, args, {}
            yield AnsweredCall(value, arguments, shared)

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool) -> Answer:
        self.last_call = name, args, kwargs
        return self._answer("call", {"name": name, "args": args, "kwargs": kwargs, "echo": echo})

    def get(self, name: str) -> Any:
        """A value that the submission binds at its top level: a number, an array, a model. Raises StudentError."""
        return self._answer("get", {"name": name}).value

    def _answer(self, op: str, request: dict[str, Any]) -> Answer:
        name = request["name"]
        if name in self._disabled:
            earlier = self._disabled[name]
            raise StudentError(earlier.status, f"`{name}` was not called again: {earlier.message}")
        try:
            worker = self._prepared_worker(name)
            return self._request(worker, op, request)
        except StudentError as problem:
            if self._worker is None:  # the call cost us the worker
                self._disabled[name] = problem
            raise

    def substitute(self, question: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Begin a question: from now on these functions of ours stand in the submission's namespace, and no others.

        What the submission was given for an earlier question, lent or as an argument, can't be called any more.
        """
        if (question, dict(functions)) == (self._question, self._substituted):
            return
        before, self._question, self._substituted = self._substituted, question, dict(functions)
        if self._worker:
            self._worker.revoke()
            if before or functions:
                with contextlib.suppress(StudentError):  # it has cost the worker: a case that needs one will tell
                    self._send_substitutes(self._worker)

    def load(self) -> None:
        """Makes a worker read the submission. Raises SubmissionUnreadable."""
        self._live_worker()

    def close(self, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        """Ends the worker, and tells how it ended. What it printed is kept."""
        if self._worker is None:
            return None
        with budget.pause():  # what is told to the fork server must not break off in the middle
            exit_info, self._worker = self._worker.process.kill(grace_seconds=grace_seconds), None
        if exit_info:
            self.output = (self.output + exit_info.output)[:MAX_OUTPUT_BYTES]
        return exit_info

    def _request(self, worker: WorkerClient, op: str, request: dict[str, Any]) -> Answer:
        what = f"`{request['name']}`"
        reply = self._exchange(worker, op, request, self._limits.call_seconds, what)
        if isinstance(reply, Failure) and reply.unknown and self._find_name(worker, reply.unknown):
            reply = self._exchange(self._live_worker(), op, request, self._limits.call_seconds, what)
        return self._answer_or_raise(reply, request["name"], "is" if op == "get" else "returned")

    def _find_name(self, worker: WorkerClient, name: str) -> bool:
        """A name was missing when a function ran: perhaps a statement that seemed unneeded binds it."""
        what = f"looking for the name {name}"
        try:
            reply = self._exchange(worker, "find", {"name": name}, self._limits.load_seconds, what)
        except StudentError as problem:
            self._notes[f"{what} did not help: {problem.message}"] = None
            return False
        return isinstance(reply, Answer) and reply.value is True

    def _prepared_worker(self, name: str) -> WorkerClient:
        """A live worker in which all that `name` needs has run."""
        worker = self._live_worker()
        if name not in worker.ready:
            reply = self._exchange(worker, "need", {"name": name}, self._limits.load_seconds, f"what `{name}` needs")
            self._answer_or_raise(reply, name)
            worker.ready.add(name)
        return worker

    def _live_worker(self) -> WorkerClient:
        if self._worker is None:
            try:
                return self._load_worker()
            except budget.Exceeded:
                self.close()  # a worker that has read nothing is of no use to the next case
                raise
        return self._worker

    def _load_worker(self) -> WorkerClient:
        """A new worker that has read the submission. Raises StudentError, or SubmissionUnreadable."""
        with budget.pause():
            worker = self._start_worker()
        request = {
            "file": self._submission.file,
            "content": self._submission.content,
            "graded": self._graded,
            "whole": self._run_all_cells,
            "seed": int(self._submission.digest[:8] or "0", 16),
        }
        try:
            reply = self._exchange(worker, "load", request, self._limits.load_seconds, "the submission")
        except StudentError as problem:
            if not self._run_all_cells:
                raise
            self._run_all_cells = False  # a cell that nobody needs may be one that never ends
            self._notes[f"only the cells that graded names need were run, because {problem.message}"] = None
            return self._load_worker()
        if isinstance(reply, Failure):
            self.close()
            raise SubmissionUnreadable(
                Status.ERROR, f"the submission can't be read: {quoted(reply.cause or reply.message)}"
            )
        self._send_substitutes(worker)
        return worker

    def _start_worker(self) -> WorkerClient:
        """A new worker. Should the fork server be ending at this moment, the next one gives another."""
        for attempt in range(START_TRIES):
            process = self._launcher.start(self._limits)
            self._worker = worker = WorkerClient(process, partial(self._ask_model, process))
            try:
                self._handshake(worker)
            except SandboxFailed:
                if attempt == START_TRIES - 1:
                    raise
            else:
                return worker
        raise AssertionError("the last try returns or raises")

    def _handshake(self, worker: WorkerClient) -> None:
        """The worker answers before it has seen a byte of the submission: if it doesn't, the fault is ours."""
        try:
            reply = worker.exchange("hello", {}, Deadline(WORKER_START_SECONDS, worker.process.proc_pid))
        except (Closed, DeadlinePassed, WireError) as problem:
            self.close()
            raise SandboxFailed(f"the sandbox did not start ({type(problem).__name__})") from None
        if isinstance(reply, Failure):
            self.close()
            raise SandboxFailed(f"the worker could not isolate itself: {reply.message}")

    def _send_substitutes(self, worker: WorkerClient) -> None:
        worker.ready.clear()  # what is lent need not be loaded, so less may have run than will be needed
        self._exchange(worker, "lend", {"functions": self._substituted}, self._limits.load_seconds, "the submission")

    def _ask_model(self, process: Process, handle: Any, request: dict[str, Any]) -> Any:
        worker = self._worker
        if worker is None or worker.process is not process:
            raise StudentError(Status.CRASHED, "the model is gone: the process that held it has ended")
        request = {"handle": handle, **request}
        reply = self._exchange(worker, "ask_model", request, self._limits.call_seconds, "the model")
        return self._answer_or_raise(reply, "the model").value

    def _exchange(self, worker: WorkerClient, op: str, request: dict[str, Any], seconds: float, what: str) -> Reply:
        """One request and its reply. When none comes, the worker is ended and StudentError raised."""
        used, total = self._used_seconds, self._limits.total_seconds
        max_wall_seconds = MAX_TOTAL_WALL_FACTOR * total * busy() - (time.monotonic() - self._started)
        if used >= total or max_wall_seconds <= 0:
            self.close()
            raise StudentError(Status.TIMEOUT, f"the time for the whole submission, {total:g} s, was used up")
        # Where the total matters, what short exchanges wait for is measured, too.
        precise = used > total / 2
        deadline = Deadline(
            min(seconds, total - used), worker.process.proc_pid, precise=precise, max_wall_seconds=max_wall_seconds
        )
        try:
            try:
                with budget.limit(seconds) as ours:
                    reply = worker.exchange(op, request, deadline)
            finally:  # before the worker is ended; what a model was asked meanwhile counts once
                self._used_seconds = used + deadline.used()
        except budget.Exceeded as problem:
            self.close()  # half a frame may have been sent
            if problem.limit is not ours:
                raise
            message = (
                f"{what} used more than {seconds:g} s of processor time in the functions it was given, and was stopped"
            )
            raise StudentError(Status.TIMEOUT, message) from None
        except DeadlinePassed:
            self.close()
            message = f"{what} took longer than {seconds:g} s and was stopped"
            raise StudentError(Status.TIMEOUT, message) from None
        except Closed:
            raise self._exit_error(what) from None
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

    def _exit_error(self, what: str) -> StudentError:
        """The worker is gone: which limit was it, if any?"""
        exit_info = self.close(grace_seconds=EXIT_SECONDS)
        if exit_info is None or exit_info.killed_by_grader:
            return StudentError(Status.CRASHED, f"{what} closed the connection to the grader")
        if exit_info.cpu_seconds >= self._limits.total_seconds:
            spent = f"{what} used up the processor time for the whole submission, {self._limits.total_seconds:g} s"
            return StudentError(Status.TIMEOUT, spent)
        if exit_info.limit == MEMORY:
            return StudentError(Status.OUT_OF_MEMORY, f"{what} needed more than {self._limits.memory_mb} MB of memory")
        if exit_info.limit:
            return StudentError(Status.CRASHED, f"{what} was stopped: it used more than {exit_info.limit}")
        if exit_info.code < 0 and any(sign in exit_info.output for sign in OUT_OF_MEMORY_SIGNS):
            return StudentError(Status.OUT_OF_MEMORY, f"{what} needed more than {self._limits.memory_mb} MB of memory")
        how = f"exit code {exit_info.code}" if exit_info.code >= 0 else signal.strsignal(-exit_info.code) or "a signal"
        return StudentError(Status.CRASHED, f"{what} ended the Python process that it ran in ({how})")

    def _answer_or_raise(self, reply: Reply, name: str, verb: str = "returned") -> Answer:
        """The reply when it is an answer, StudentError when it tells of a failure."""
        if isinstance(reply, Answer):
            return reply
        message = failure_message(reply, name, verb, self._submission.file, self._limits.memory_mb)
        raise StudentError(STATUS_BY_FAILURE[reply.status], message, reply.cause)
