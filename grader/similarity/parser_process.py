"""Process that parses submissions: bytes in, pieces out. This module has both ends of its pipe.

The process runs no code of a submission, but hostile input can make a parser slow or hungry. Therefore the process has
limits on memory and time, and is replaced when it exceeds them.
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
from grader.similarity.fingerprints import NotebookUnreadable, Piece, TooLong, pieces
from grader.similarity.limits import (
    CPU_SECONDS,
    MAX_ANSWER_BYTES,
    MAX_TOKENS,
    MEMORY_BYTES,
    RESTART_BYTES,
    TIMEOUT_SECONDS,
)

START_COMMAND = subprocesses.start_code("grader.similarity.parser_process")


class ParseRequest(msgspec.Struct, frozen=True):
    """Submission or file to parse."""

    content: bytes
    filename: str
    graded: tuple[str, ...]
    all_statements: bool = False


class ParsedAnswer(msgspec.Struct, frozen=True):
    """Pieces of a submission, or the problem, which continues a sentence about the submission."""

    pieces: tuple[Piece, ...] = ()
    problem: str | None = None
    last: bool = False  # the process ends after this answer


class ParserProcess:
    """Parent's handle of a parser process."""

    def __init__(self) -> None:
        self._process, self.pipe = subprocesses.start_process(START_COMMAND)
        self._watch: threading.Timer | None = None
        self._late = False

    def send(self, request: ParseRequest) -> None:
        """Send a request. Within TIMEOUT_SECONDS the pipe has an answer or is closed."""
        self._watch = threading.Timer(TIMEOUT_SECONDS, self._too_late)
        self._watch.daemon = True
        self._watch.start()
        with contextlib.suppress(OSError):  # the process has died: `receive` notices
            self.pipe.send_bytes(msgspec.msgpack.encode(request))

    def receive(self) -> ParsedAnswer:
        """Return the answer. If the process died or broke the protocol, the answer says why and is the last one."""
        try:
            return msgspec.msgpack.decode(self.pipe.recv_bytes(MAX_ANSWER_BYTES), type=ParsedAnswer)
        except (EOFError, OSError, msgspec.DecodeError):
            exit_code = self.end()
        finally:
            if self._watch:
                self._watch.cancel()
        why = "can't be read within the limits"
        if self._late:
            why = f"takes over {TIMEOUT_SECONDS:g} s to read"
        elif exit_code == -signal.SIGXCPU:
            why = f"takes over {CPU_SECONDS} s of processor time to read"
        return ParsedAnswer(problem=why, last=True)

    def end(self) -> int:
        """Kill the process and return its exit code, which is of a limit if that ended it before."""
        self._process.kill()
        self.pipe.close()
        return self._process.wait()

    def _too_late(self) -> None:
        self._late = True
        self._process.kill()


class ParserPool:
    """Pool of up to `size` parser processes, which start on demand. Use it as a context manager."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: deque[ParserProcess] = deque()
        self._busy: dict[ParserProcess, int] = {}

    def parse(self, requests: Iterable[ParseRequest]) -> Iterator[tuple[int, ParsedAnswer]]:
        """Yield (request number, answer) as answers arrive; at most one request for each process is in memory."""
        waiting = enumerate(requests)
        while True:
            while len(self._busy) < self._size and (following := next(waiting, None)):
                process = self._idle.popleft() if self._idle else ParserProcess()
                self._busy[process] = following[0]
                process.send(following[1])
            if not self._busy:
                return
            ready = wait([process.pipe for process in self._busy])
            for process in [one for one in self._busy if one.pipe in ready]:
                number, answer = self._busy.pop(process), process.receive()
                if answer.last:
                    process.end()
                else:
                    self._idle.append(process)
                yield number, answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for process in (*self._busy, *self._idle):
            process.end()


def main(descriptor: int, parent: int) -> None:
    """Answer requests until the parent closes the pipe: the program of a parser process."""
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
        return ParsedAnswer(problem=f"its code has more than {MAX_TOKENS:,} tokens, too many to compare")
    except UNPARSABLE as error:
        return ParsedAnswer(problem=f"its code can't be parsed ({type(error).__name__})")
