"""Store on the disk for the contents of submissions until they are graded: a class may have gigabytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections import defaultdict
from typing import NamedTuple, Self

DISK_FOLDER = "/var/tmp"  # on a disk by convention; /tmp may be in memory


class SpoolSlot(NamedTuple):
    """Place of one content in the file, in bytes."""

    begin: int
    length: int
    capacity: int  # a power of two, so that a free slot fits other contents


class SubmissionSpool:
    """Nameless temporary file of contents, by digest. Equal contents are stored once. Thread-safe.

    Contents are reference-counted: each `add` and `retain` needs a `release`; the last one frees the slot.
    """

    def __init__(self) -> None:
        folder = DISK_FOLDER if os.access(DISK_FOLDER, os.W_OK) else None
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - open as long as this object is
        self._slots: dict[str, SpoolSlot] = {}  # by digest
        self._references: defaultdict[str, int] = defaultdict(int)
        self._free: defaultdict[int, list[int]] = defaultdict(list)  # capacity -> offsets of free slots
        self._end = 0
        self._lock = threading.Lock()

    def add(self, content: bytes) -> str:
        """Store a content and return its digest, the key for `get`. Raises OSError on a full disk."""
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            if digest not in self._slots:
                self._slots[digest] = self._write(content)
            self._references[digest] += 1
        return digest

    def retain(self, digest: str) -> bool:
        """Add a reference to a content. Return False if it isn't stored."""
        with self._lock:
            if digest not in self._slots:
                return False
            self._references[digest] += 1
            return True

    def release(self, digest: str) -> None:
        """Drop one reference to a content; free its slot when that was the last."""
        with self._lock:
            self._references[digest] -= 1
            if not self._references[digest]:
                del self._references[digest]
                slot = self._slots.pop(digest)
                self._free[slot.capacity].append(slot.begin)

    def get(self, digest: str) -> bytes:
        """Return a stored content. Raises KeyError if it isn't stored."""
        with self._lock:
            begin, length, _ = self._slots[digest]
        return os.pread(self._file.fileno(), length, begin)

    def _write(self, content: bytes) -> SpoolSlot:
        capacity = 1 << max(0, len(content) - 1).bit_length()
        begin = self._free[capacity].pop() if self._free[capacity] else self._end
        self._end = max(self._end, begin + capacity)
        left, at = memoryview(content), begin
        try:
            while left:
                written = os.pwrite(self._file.fileno(), left, at)
                left, at = left[written:], at + written
        except OSError:
            self._free[capacity].append(begin)
            raise
        return SpoolSlot(begin, len(content), capacity)

    def __contains__(self, digest: str) -> bool:
        return digest in self._slots

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()
