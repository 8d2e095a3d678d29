"""A process that only reads: bytes of a submission in, its pieces out. Both ends of its pipe are here.

Nothing of a submission is run, but a parser can be made slow, hungry or worse by what it is given: so there are limits
on a reader's memory and time, and one that breaks them is replaced.
"""

from __future__ import annotations

import contextlib
import resource
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Self

import msgspec

from grader import child
from grader.sandbox.source import UNPARSABLE
from grader.similar.fingerprints import MOST, Piece, TooLong, Unreadable, pieces

START = child.runs("grader.similar.reader")
SECONDS = 10.0  # that reading one submission may take
MEMORY = 1 << 30  # bytes that a reader may have
LARGEST = 64 << 20  # bytes of an answer


class Request(msgspec.Struct, frozen=True):
    """What to read."""

    content: bytes
    filename: str
    graded: tuple[str, ...]
    whole: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What was read, or why it wasn't, as a part of a sentence."""

    pieces: tuple[Piece, ...] = ()
    trouble: str = ""


class Reader:
    """A reading process as the parent sees it."""

    def __init__(self) -> None:
        self.until = 0.0
        self._process, self.pipe = child.started(START)

    def give(self, request: Request, started: bool) -> None:
        # The first answer waits for the process to start, which isn't the submission's doing.
        self.until = monotonic() + SECONDS * (1 if started else 3)
        with contextlib.suppress(OSError):  # it has died; whoever listens to the pipe will see
            self.pipe.send_bytes(msgspec.msgpack.encode(request))

    def take(self) -> Answer | None:
        """The answer, or None where there can't be one any more."""
        try:
            return msgspec.msgpack.decode(self.pipe.recv_bytes(LARGEST), type=Answer)
        except (EOFError, OSError, msgspec.DecodeError):
            return None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self.pipe.close()


class Readers:
    """Some readers, which start when they are needed and end together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: deque[Reader] = deque()
        self._busy: dict[Reader, int] = {}

    def read(self, requests: Iterable[Request]) -> Iterator[tuple[int, Answer]]:
        """The answers to all requests with their numbers, as they come; one for each reader is in memory."""
        waiting = enumerate(requests)
        while True:
            while len(self._busy) < self._most and (following := next(waiting, None)):
                started = bool(self._idle)
                reader = self._idle.popleft() if started else Reader()
                self._busy[reader] = following[0]
                reader.give(following[1], started)
            if not self._busy:
                return
            soonest = min(reader.until for reader in self._busy)
            ready = wait([reader.pipe for reader in self._busy], max(soonest - monotonic(), 0))
            for reader in [one for one in self._busy if one.pipe in ready or one.until <= monotonic()]:
                number = self._busy.pop(reader)
                yield number, self._hear(reader, reader.pipe in ready)

    def _hear(self, reader: Reader, ready: bool) -> Answer:
        """Takes an answer. A reader that has none to give, or not in time, is of no more use."""
        answer = reader.take() if ready else None
        if answer is None:
            reader.end()
            return Answer(trouble="can't be read within the limits" if ready else f"takes over {SECONDS:g} s to read")
        self._idle.append(reader)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for reader in (*self._busy, *self._idle):
            reader.end()


def main(descriptor: int, parent: int) -> None:
    """A reader's whole life: answers requests until nobody asks any more."""
    if not child.born(parent, MEMORY):
        return
    child.bound(resource.RLIMIT_CORE, 0)
    pipe = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = msgspec.msgpack.decode(pipe.recv_bytes(), type=Request)
            pipe.send_bytes(msgspec.msgpack.encode(_answer(request)))


def _answer(request: Request) -> Answer:
    try:
        return Answer(tuple(pieces(request.content, request.filename, request.graded, request.whole)))
    except Unreadable as reason:
        return Answer(trouble=str(reason))
    except TooLong:
        return Answer(trouble=f"its code has more than {MOST:,} parts, too many to compare")
    except UNPARSABLE as error:
        return Answer(trouble=f"its code can't be taken apart ({type(error).__name__})")
