"""A process that only reads: bytes of a submission in, its pieces out. Both ends of its pipe are here.

Nothing of a submission is run, but a parser can be made slow, hungry or worse by what it is given: so there are limits
on a reader's memory and time, and one that breaks them is replaced.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Self

import msgspec

from grader._util.escaping import one_line
from grader.notebooks.statements import UNPARSABLE
from grader.sandbox.host import subprocesses
from grader.similarity.fingerprints import MAX_TOKENS, NotebookUnreadable, Piece, TooLong, pieces

START_COMMAND = subprocesses.start_code("grader.similarity.parser_process")
CPU_SECONDS = 5  # of the processor that reading one submission may take; an ordinary one takes hundredths
TIMEOUT_SECONDS = 60.0  # by the clock, on a machine that has something else to do
MEMORY_BYTES = 1 << 30  # bytes that a reader may have
RESTART_BYTES = (
    256 << 20
)  # bytes after which a reader ends: what it couldn't free would count against the next submission
MAX_ANSWER_BYTES = 8 << 20  # bytes of an answer


class ParseRequest(msgspec.Struct, frozen=True):
    """What to read."""

    content: bytes
    filename: str
    graded: tuple[str, ...]
    all_statements: bool = False


class ParsedAnswer(msgspec.Struct, frozen=True):
    """What was read, or why it wasn't, as a part of a sentence."""

    pieces: tuple[Piece, ...] = ()
    problem: str = ""
    last: bool = False  # the reader ends with it


class ParserProcess:
    """A reading process as the parent sees it."""

    def __init__(self) -> None:
        self._process, self.pipe = subprocesses.spawn(START_COMMAND)
        self._watch: threading.Timer | None = None
        self._late = False

    def send(self, request: ParseRequest) -> None:
        """Have it read a submission: in SECONDS there is an answer in the pipe, or the pipe has ended."""
        self._watch = threading.Timer(TIMEOUT_SECONDS, self._too_late)
        self._watch.daemon = True
        self._watch.start()
        with contextlib.suppress(OSError):  # it has died; whoever listens to the pipe will see
            self.pipe.send_bytes(msgspec.msgpack.encode(request))

    def receive(self) -> ParsedAnswer:
        """Return the answer, or why there is none; then the reader is of no more use."""
        try:
            return msgspec.msgpack.decode(self.pipe.recv_bytes(MAX_ANSWER_BYTES), type=ParsedAnswer)
        except (EOFError, OSError, msgspec.DecodeError):
            ending = self.end()
        finally:
            if self._watch:
                self._watch.cancel()
        why = "can't be read within the limits"
        if self._late:
            why = f"takes over {TIMEOUT_SECONDS:g} s to read"
        elif ending == -signal.SIGXCPU:
            why = f"takes over {CPU_SECONDS} s of processor time to read"
        return ParsedAnswer(problem=why, last=True)

    def end(self) -> int:
        """End the process; return how it ended, which may have been by a limit before."""
        self._process.kill()
        self.pipe.close()
        return self._process.wait()

    def _too_late(self) -> None:
        self._late = True
        self._process.kill()


class ParserPool:
    """Some readers, which start when they are needed and end together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: deque[ParserProcess] = deque()
        self._busy: dict[ParserProcess, int] = {}

    def parse(self, requests: Iterable[ParseRequest]) -> Iterator[tuple[int, ParsedAnswer]]:
        """The answers to all requests with their numbers, as they come; one for each reader is in memory."""
        waiting = enumerate(requests)
        while True:
            while len(self._busy) < self._most and (following := next(waiting, None)):
                reader = self._idle.popleft() if self._idle else ParserProcess()
                self._busy[reader] = following[0]
                reader.send(following[1])
            if not self._busy:
                return
            ready = wait([reader.pipe for reader in self._busy])
            for reader in [one for one in self._busy if one.pipe in ready]:
                number, answer = self._busy.pop(reader), reader.receive()
                if answer.last:
                    reader.end()
                else:
                    self._idle.append(reader)
                yield number, answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for reader in (*self._busy, *self._idle):
            reader.end()


def main(descriptor: int, parent: int) -> None:
    """A reader's whole life: answers requests until nobody asks any more."""
    if not subprocesses.bind_to_parent(parent, MEMORY_BYTES):
        return
    subprocesses.lower_rlimit(resource.RLIMIT_CORE, 0)
    pipe = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = msgspec.msgpack.decode(pipe.recv_bytes(), type=ParseRequest)
            subprocesses.limit_cpu_time(CPU_SECONDS)
            with subprocesses.gc_disabled():
                answer = _answer(request)
            last = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10 > RESTART_BYTES
            pipe.send_bytes(msgspec.msgpack.encode(msgspec.structs.replace(answer, last=last)))


def _answer(request: ParseRequest) -> ParsedAnswer:
    try:
        return ParsedAnswer(tuple(pieces(request.content, request.filename, request.graded, request.all_statements)))
    except NotebookUnreadable as reason:
        return ParsedAnswer(problem=one_line(str(reason), 300))
    except TooLong:
        return ParsedAnswer(problem=f"its code has more than {MAX_TOKENS:,} parts, too many to compare")
    except UNPARSABLE as error:
        return ParsedAnswer(problem=f"its code can't be taken apart ({type(error).__name__})")
