"""Server-sent events: tell open pages that something has changed.

An event only says that there is something new. The page then asks for what its reader may see.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from grader.server.limits import KEEP_ALIVE_SECONDS, MAX_STREAMS, STREAM_POLL_SECONDS, STREAM_SECONDS


class Look(NamedTuple):
    """What a page shows now.

    :param text: data of the event
    :param is_last: whether nothing more will change
    :param seconds: until the next look, if nobody says before that something has changed
    """

    text: str
    is_last: bool
    seconds: float = STREAM_POLL_SECONDS


class Live:
    """Listeners by topic: the id of a submission, or the name of an assignment."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._streams: Counter[int] = Counter()  # open streams by person
        self._lock = threading.Lock()
        self.closed = False

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Set the loop that the listeners run in."""
        self._loop = loop

    def publish(self, *topics: str) -> None:
        """Wake the listeners of these topics. Any thread may call it."""
        with self._lock:
            wanted = any(self._listeners.get(topic) for topic in topics)
        if wanted and self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, topics)

    def close(self) -> None:
        """End all streams. A signal handler in the loop's thread may call it."""
        self.closed = True
        for events in list(self._listeners.values()):
            for event in list(events):
                event.set()

    def full(self, person: int) -> bool:
        """Return whether a person has as many streams as one may have."""
        return self._streams[person] >= MAX_STREAMS

    def _wake(self, topics: tuple[str, ...]) -> None:
        for topic in topics:
            for event in self._listeners.get(topic, ()):
                event.set()

    @contextmanager
    def _listening(self, person: int, topic: str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        with self._lock:
            self._listeners[topic].add(event)
            self._streams[person] += 1
        try:
            yield event
        finally:
            with self._lock:
                self._listeners[topic].discard(event)
                if not self._listeners[topic]:
                    del self._listeners[topic]
                self._streams[person] -= 1

    async def stream(
        self, person: int, topic: str, read: Callable[[], Awaitable[Look]], pause: float = 0.0
    ) -> AsyncIterator[bytes]:
        """Yield events until `read` says that there will be no more, or the server ends.

        :param pause: seconds between two reads at least
        """
        loop = asyncio.get_running_loop()
        end, spoken, last = loop.time() + STREAM_SECONDS, loop.time(), None
        with self._listening(person, topic) as event:
            yield b"retry: 2000\n\n"
            while not self.closed and loop.time() < end:
                event.clear()
                look = await read()
                if look.text != last:
                    last, spoken = look.text, loop.time()
                    yield f"data: {last}\n\n".encode()
                elif loop.time() > spoken + KEEP_ALIVE_SECONDS:
                    spoken = loop.time()
                    yield b":\n\n"
                if look.is_last:
                    return
                if pause and not self.closed:
                    await asyncio.sleep(pause)
                try:
                    async with asyncio.timeout(look.seconds):
                        await event.wait()
                except TimeoutError:
                    continue
