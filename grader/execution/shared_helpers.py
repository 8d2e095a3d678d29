"""Helper processes that several users share: each is started for its first user, and ended after its last one."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from grader._util.threads import start_thread


class Helper(Protocol):
    """A process that others share."""

    @property
    def is_alive(self) -> bool:
        """Whether it hasn't ended."""

    def close(self) -> None:
        """End it."""

    def forget(self) -> None:
        """Close this process's ends of its sockets, and end nothing."""


Key = TypeVar("Key", bound=Hashable)
Shared = TypeVar("Shared", bound=Helper)


@dataclass
class _Entry(Generic[Shared]):
    helper: Shared
    users: int = 0


class SharedHelpers(Generic[Key, Shared]):
    """Helpers by key. Thread-safe.

    :param start: starts the helper of a key
    """

    def __init__(self, start: Callable[[Key], Shared]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._entries: dict[Key, _Entry[Shared]] = {}
        os.register_at_fork(after_in_child=self._forget)

    def acquire(self, key: Key) -> None:
        """Keep the helper of a key until `release`."""
        with self._lock:
            if key not in self._entries:
                self._entries[key] = _Entry(self._start(key))
            self._entries[key].users += 1

    def running(self, key: Key) -> Shared:
        """Return the helper of a key that was acquired. It is started again if it has ended."""
        with self._lock:
            entry = self._entries[key]
            if not entry.helper.is_alive:
                entry.helper.close()
                entry.helper = self._start(key)
            return entry.helper

    def release(self, key: Key) -> None:
        """Do without the helper of a key. It ends if nobody else uses it."""
        with self._lock:
            entry = self._entries[key]
            entry.users -= 1
            if not entry.users:
                del self._entries[key]
                entry.helper.close()

    def _forget(self) -> None:
        """In a fork of this process: the helpers are the parent's."""
        self._lock = threading.Lock()  # another thread may have held it
        for entry in self._entries.values():
            entry.helper.forget()
        self._entries.clear()


class LastingThread:
    """A thread that runs functions for others. A process whose starter ends may be ended with it, so this one stays."""

    def __init__(self) -> None:
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._started = False
        self._waiting: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()

    def run(self, function: Callable[[], Any]) -> Any:
        """Return what a function returns, or raise what it raises. Raises OSError if the thread can't be started."""
        with self._lock:
            if not self._started:
                start_thread(threading.Thread(target=self._serve, args=[self._waiting], daemon=True, name="starter"))
                self._started = True  # not if the machine has no room for a thread
        done: Future[Any] = Future()
        self._waiting.put((function, done))
        return done.result()

    @staticmethod
    def _serve(waiting: SimpleQueue[tuple[Callable[[], Any], Future[Any]]]) -> None:
        while True:
            function, done = waiting.get()
            try:
                done.set_result(function())
            except BaseException as problem:  # the caller's
                done.set_exception(problem)
            del function, done  # a caller may have been interrupted: what was started ends with the last reference
