"""Proxy of a submission for hidden cases: values go in, plain values come out.

    student.my_dense(a_in, W, b, np.tanh)      # runs in the sandbox; np.tanh runs here when it is called

A call without an answer raises StudentError with the status for the case. The worker behind the proxy is started at
the first call and replaced when it dies. A function that ended a worker is disabled.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

import msgspec

from grader._util import budget, logs
from grader._util.escaping import quote_text
from grader._util.load import load_factor, load_per_core
from grader.models import Limits, Status, Submission, TimeUse
from grader.notebooks.limits import MAX_NOTES
from grader.sandbox.client.deadline import Deadline, processor_seconds
from grader.sandbox.client.errors import SandboxFailed, SandboxLost, SandboxStarved, StudentError, SubmissionUnreadable
from grader.sandbox.client.exact_view import ExactView
from grader.sandbox.client.failures import WorkerFailures, own_time_use
from grader.sandbox.client.meter import LOADING, UsageMeter
from grader.sandbox.client.replies import Answer, Failure, Reply
from grader.sandbox.client.worker_client import WorkerClient, WorkerProcess
from grader.sandbox.host import room
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.process import ExitInfo
from grader.sandbox.limits import (
    EXIT_SECONDS,
    MAX_OUTPUT_BYTES,
    MAX_TOTAL_WALL_FACTOR,
    START_TRIES,
    WORKER_START_SECONDS,
)
from grader.sandbox.protocol import tagged_values
from grader.sandbox.protocol.channel import Closed, DeadlinePassed
from grader.sandbox.protocol.frames import WireError

LOG = logging.getLogger("grader.sandbox")
NO_THREAD = "can't start new thread"  # Python's message


@dataclass(frozen=True)
class AnsweredCall:
    """The result of a call, and its positional arguments as they were after the call."""

    value: Any
    arguments: tuple[Any, ...]
    shared: bool = False  # an array of the result shares memory with an argument; set by `calls` only


class WorkerLauncher(Protocol):
    """Starts workers. Tests may pass a launcher of their own."""

    protections: tuple[str, ...]

    def start(self, limits: Limits) -> WorkerProcess:
        """Return a new worker with these limits."""
        ...


class StudentProxy:
    """A submission, callable by name. Call `close` after its cases.

    :param graded: names of all questions, whose definitions must not disturb each other
    :param run_all_cells: run every cell, not only those that graded names need
    :param imports: name -> import statement, for names that the submission may use without binding them
    """

    def __init__(
        self,
        submission: Submission,
        graded: Sequence[str],
        launcher: WorkerLauncher,
        limits: Limits,
        *,
        run_all_cells: bool = False,
        imports: Mapping[str, str] = MappingProxyType({}),
        meter: UsageMeter | None = None,
    ) -> None:
        self._submission = submission
        self._failures = WorkerFailures(submission, limits)
        self._meter = meter or UsageMeter()
        self._graded = list(graded)
        self._launcher = launcher
        self._limits = limits
        self._run_all_cells = run_all_cells
        self._imports = dict(imports)
        self._used_seconds = 0.0  # of the total of the submission
        self._started = time.monotonic()  # later by what it waited for its workers
        self._worker: WorkerClient | None = None
        self._memory_kills = 0  # of the machine when the worker was started
        self._disabled: dict[str, StudentError] = {}
        self._question = ""  # the question being graded
        self._substituted: dict[str, Callable[..., Any]] = {}
        self._notes: dict[str, None] = {}  # an ordered set
        self._sandbox_notes: dict[str, None] = {}
        self.last_call: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None  # name, args, kwargs of the last call
        self.output = ""  # the beginning of what the submission printed

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the grader's own notes about loading the submission, in order."""
        return tuple(self._notes)

    @property
    def sandbox_notes(self) -> tuple[str, ...]:
        """Return the worker's notes about loading the submission, in order.

        They are claims: the submission may have sent them.
        """
        return tuple(self._sandbox_notes)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._call(name, args, kwargs, echo=False).value

    def call(self, name: str, *args: Any, **kwargs: Any) -> AnsweredCall:
        """Call the student's function. Return its result and its arguments after the call. Raises StudentError."""
        reply = self._call(name, args, kwargs, echo=True)
        return AnsweredCall(reply.value, reply.arguments)

    def calls(self, name: str, *calls: tuple[Any, ...]) -> Iterator[AnsweredCall]:
        """Call the student's function once for each tuple of arguments, in a single exchange. Raises StudentError.

        Results and arguments are read after the last call, so a result that a later call overwrites shows. While the
        caller looks at answer i, call i counts as the last call.
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
        """Yield the answers, each with its call as the last call."""
        for args, (value, arguments, shared) in zip(calls, answers, strict=True):
            self.last_call = name, args, {}
            yield AnsweredCall(value, arguments, shared)

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool) -> Answer:
        self.last_call = name, args, kwargs
        return self._answer("call", {"name": name, "args": args, "kwargs": kwargs, "echo": echo})

    def get(self, name: str) -> Any:
        """Return a value that the submission binds at its top level: a number, an array, a model.

        Raises StudentError.
        """
        return self._answer("get", {"name": name}).value

    @property
    def exact(self) -> ExactView:
        """Return a view of the submission whose values keep their types."""
        return ExactView(self)

    def answer_exactly(self, op: str, request: dict[str, Any]) -> Any:
        """Return the value of an answer in which values keep their types. Raises StudentError."""
        if op == "call":
            self.last_call = request["name"], request["args"], request["kwargs"]
            request |= {"args": tagged_values.wrap(request["args"]), "kwargs": tagged_values.wrap(request["kwargs"])}
        return self._answer(op, {**request, "exact": True}).value

    def _answer(self, op: str, request: dict[str, Any]) -> Answer:
        name = request["name"]
        if name in self._disabled:
            earlier = self._disabled[name]
            raise StudentError(earlier.status, f"`{name}` was not called again: {earlier.message}")
        try:
            worker = self._prepared_worker(name)
            return self._request(worker, op, request)
        except StudentError as problem:
            if self._worker is None:  # the call ended the worker
                self._disabled[name] = problem
            raise

    def substitute(self, question: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Begin a question: replace these names, and no others, in the submission's namespace by the given functions.

        Functions that the submission received for an earlier question, substituted or as arguments, can't be called any
        more.
        """
        if (question, dict(functions)) == (self._question, self._substituted):
            return
        before, self._question, self._substituted = self._substituted, question, dict(functions)
        if self._worker:
            self._worker.revoke()
            if before or functions:
                with contextlib.suppress(StudentError):  # the worker ended: the next case that needs one reports it
                    self._send_substitutes(self._worker)

    def load(self) -> None:
        """Start a worker that reads the submission. Raises SubmissionUnreadable."""
        self._live_worker()

    def close(self, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        """End the worker and return how it ended; None if there was none. Its output is kept."""
        if self._worker is None:
            return None
        with budget.pause():  # an interrupted message would confuse the fork server
            exit_info, self._worker = self._worker.process.kill(grace_seconds=grace_seconds), None
        if exit_info:
            self.output = (self.output + exit_info.output)[:MAX_OUTPUT_BYTES]
            self._meter.ended(exit_info.peak_mb)
            self._failures.log_exit(exit_info)
        return exit_info

    def _request(self, worker: WorkerClient, op: str, request: dict[str, Any]) -> Answer:
        what = f"`{request['name']}`"
        reply = self._exchange(worker, op, request, self._limits.call_seconds, what)
        if isinstance(reply, Failure) and reply.unknown and self._find_name(worker, reply.unknown):
            reply = self._exchange(self._live_worker(), op, request, self._limits.call_seconds, what)
        return self._answer_or_raise(reply, request["name"], "is" if op == "get" else "returned")

    def _find_name(self, worker: WorkerClient, name: str) -> bool:
        """Run statements that may bind a name which was missing when a function ran.

        Return whether that ran anything.
        """
        what = f"looking for the name {name}"
        try:
            reply = self._exchange(worker, "find", {"name": name}, self._limits.load_seconds, what)
        except StudentError as problem:
            self._notes[f"{what} did not help: {problem.message}"] = None
            return False
        return isinstance(reply, Answer) and reply.value is True

    def _prepared_worker(self, name: str) -> WorkerClient:
        """Return a live worker that has run everything `name` needs."""
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
            except budget.BudgetExceeded:
                self.close()  # it hasn't read the submission
                raise
        return self._worker

    def _load_worker(self) -> WorkerClient:
        """Return a new worker that has read the submission. Raises StudentError or SubmissionUnreadable."""
        began = time.perf_counter()
        with budget.pause():
            worker = self._start_worker()
        self._meter.load_seconds += (seconds := time.perf_counter() - began)
        self._started += seconds  # that it waited for a process is no time of its own
        logs.event(LOG, logging.DEBUG, "worker started", student=self._submission.student, seconds=seconds)
        request = {
            "file": self._submission.file,
            "content": self._submission.content,
            "graded": self._graded,
            "imports": self._imports,
            "whole": self._run_all_cells,
            "seed": int(self._submission.digest[:8] or "0", 16),
        }
        try:
            reply = self._exchange(worker, "load", request, self._limits.load_seconds, "the submission")
        except StudentError as problem:
            if not self._run_all_cells:
                raise
            self._run_all_cells = False  # a cell that no graded name needs may never end
            self._notes[f"only the cells that graded names need were run, because {problem.message}"] = None
            return self._load_worker()
        if isinstance(reply, Failure):
            self.close()
            raise SubmissionUnreadable(
                Status.ERROR, f"the submission can't be read: {quote_text(reply.cause or reply.message)}"
            )
        self._send_substitutes(worker)
        return worker

    def _start_worker(self) -> WorkerClient:
        """Return a new worker that has isolated itself. Raises SandboxFailed.

        If the fork server is ending just now, the next try starts another.
        """
        for attempt in range(START_TRIES):
            try:
                process = self._launcher.start(self._limits)
            except (SandboxUnavailable, OSError) as problem:
                raise SandboxFailed(str(problem)) from problem
            self._memory_kills = room.memory_kills()
            self._worker = worker = WorkerClient(process, partial(self._ask_model, process), self._meter)
            try:
                self._handshake(worker)
            except SandboxFailed as problem:
                logs.event(LOG, logging.WARNING, "worker start failed", attempt=attempt + 1, why=str(problem))
                if attempt == START_TRIES - 1:
                    raise
            else:
                return worker
        raise AssertionError("the last try returns or raises")

    def _handshake(self, worker: WorkerClient) -> None:
        """Wait until a worker says that it has isolated itself.

        It has no byte of the submission yet, so a failure is ours.
        """
        try:
            reply = worker.exchange("hello", {}, Deadline(WORKER_START_SECONDS, worker.process.proc_pid))
        except (Closed, DeadlinePassed, WireError) as problem:
            self.close()
            raise SandboxFailed(f"the sandbox did not start ({type(problem).__name__})") from None
        if isinstance(reply, Failure):
            self.close()
            raise SandboxFailed(f"the worker could not isolate itself: {reply.message}")

    def _send_substitutes(self, worker: WorkerClient) -> None:
        worker.ready.clear()  # needs of substituted names were skipped, and may be needed now
        self._exchange(
            worker, "substitute", {"functions": self._substituted}, self._limits.load_seconds, "the submission"
        )

    def _ask_model(self, process: WorkerProcess, handle: Any, request: dict[str, Any]) -> Any:
        worker = self._worker
        if worker is None or worker.process is not process:
            raise StudentError(Status.CRASHED, "the model is gone: the process that held it has ended")
        request = {"handle": handle, **request}
        reply = self._exchange(worker, "ask_model", request, self._limits.call_seconds, "the model")
        return self._answer_or_raise(reply, "the model").value

    def _exchange(self, worker: WorkerClient, op: str, request: dict[str, Any], seconds: float, what: str) -> Reply:
        """Send a request and return the reply. Without a reply, end the worker and raise StudentError.

        :param seconds: limit of this request
        :param what: what was requested, as the subject of a message
        """
        used = self._used_seconds
        deadline = self._deadline(worker, seconds)
        began = time.perf_counter()
        try:
            try:
                with budget.limit(seconds) as ours:
                    reply = worker.exchange(op, request, deadline)
            finally:  # before the worker ends; nested requests count once
                self._used_seconds = used + deadline.used()
                if op in LOADING:
                    self._meter.load_seconds += time.perf_counter() - began
        except budget.BudgetExceeded as problem:
            self.close()  # a frame may have been sent in part
            if problem.limit is not ours:
                raise
            message = (
                f"{what} used more than {seconds:g} s of processor time in the functions it was given, and was stopped"
            )
            raise self._failures.timeout(message, own_time_use(ours, time.perf_counter() - began)) from None
        except DeadlinePassed:
            message = f"{what} took longer than {seconds:g} s and was stopped"
            use = deadline.time_use()  # while the worker is there
            self.close()
            raise self._failures.timeout(message, use) from None
        except Closed:
            exit_info = self.close(grace_seconds=EXIT_SECONDS)
            if exit_info is None:
                raise SandboxLost from None
            if self._is_starved(exit_info):
                raise SandboxStarved(f"{what} ended a worker while the machine was full") from None
            use = self._total_time_use(exit_info.cpu_seconds)
            raise self._failures.ended(what, exit_info, use) from None
        except WireError as problem:
            self.close()
            message = f"{what} was stopped: the sandbox sent {problem}"
            raise StudentError(Status.CRASHED, message) from None
        if isinstance(reply, Answer):
            self._take_notes(reply)
        return reply

    def _is_starved(self, exit_info: ExitInfo) -> bool:
        """Return whether a worker ended for lack of memory or threads that other processes of the machine had."""
        at_limit = exit_info.limit or exit_info.cpu_seconds >= self._limits.total_seconds
        if exit_info.killed_by_grader or at_limit or exit_info.code == 0:
            return False
        killed = exit_info.code == -signal.SIGKILL and room.memory_kills() > self._memory_kills
        return killed or not room.has_room_for_threads()

    def _deadline(self, worker: WorkerClient, seconds: float) -> Deadline:
        """Return the deadline of the next request. Raises StudentError when the submission's time is used up."""
        used, total = self._used_seconds, self._limits.total_seconds
        max_wall_seconds = MAX_TOTAL_WALL_FACTOR * total * load_factor() - (time.monotonic() - self._started)
        process = worker.process.proc_pid
        if used >= total or max_wall_seconds <= 0:
            use = self._total_time_use(processor_seconds(process))
            self.close()
            raise self._failures.timeout(f"the time for the whole submission, {total:g} s, was used up", use)
        # Near the total, waiting for a core is measured for short exchanges too.
        precise = used > total / 2
        return Deadline(min(seconds, total - used), process, precise=precise, max_wall_seconds=max_wall_seconds)

    def _take_notes(self, reply: Answer) -> None:
        """Keep the notes of a reply, at most MAX_NOTES in all: a forger may send others each time."""
        for note in reply.notes:
            if note and len(self._sandbox_notes) < MAX_NOTES:
                self._sandbox_notes[note] = None

    def _total_time_use(self, processor: float) -> TimeUse:
        """Return what the submission has used of its whole time, the newest worker's processor time included."""
        wall, used = time.monotonic() - self._started, max(self._used_seconds, processor)
        return TimeUse(self._limits.total_seconds, round(used, 3), round(processor, 3), round(wall, 3), load_per_core())

    def _answer_or_raise(self, reply: Reply, name: str, verb: str = "returned") -> Answer:
        """Return an answer. Raises StudentError for a failure, and SandboxStarved if it had no room for a thread."""
        if isinstance(reply, Answer):
            return reply
        if NO_THREAD in reply.cause and not room.has_room_for_threads():
            raise SandboxStarved(f"`{name}` found no room for a thread")
        raise self._failures.reported(reply, name, verb)
