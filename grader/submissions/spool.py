"""What was handed in, kept on the disk until it is graded: a class takes gigabytes, a submission at a time little."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections import defaultdict
from typing import NamedTuple, Self

DISK_FOLDER = "/var/tmp"  # by convention on a disk, where /tmp may be in memory


class SpoolSlot(NamedTuple):
    """Where a content lies in the file."""

    begin: int
    length: int
    capacity: int  # bytes that may be used there: a power of two, so that what is free fits again


class SubmissionSpool:
    """A file without a name, which ends with the process. Equal contents are kept once. Threads may share it.

    Each `add` and `hold` of a content wants a `release`; after the last one its room is used again.
    """

    def __init__(self) -> None:
        folder = DISK_FOLDER if os.access(DISK_FOLDER, os.W_OK) else None
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - open as long as this object is
        self._places: dict[str, SpoolSlot] = {}  # by digest
        self._holds: defaultdict[str, int] = defaultdict(int)
        self._free: defaultdict[int, list[int]] = defaultdict(list)  # room -> where there is some
        self._end = 0
        self._lock = threading.Lock()

    def add(self, content: bytes) -> str:
        """Keep a content, and return the digest to ask for it by. Raises OSError on a full disk."""
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            if digest not in self._places:
                self._places[digest] = self._written(content)
            self._holds[digest] += 1
        return digest

    def retain(self, digest: str) -> bool:
        """Keep a content until it is released once more. Return whether it is there."""
        with self._lock:
            if digest not in self._places:
                return False
            self._holds[digest] += 1
            return True

    def release(self, digest: str) -> None:
        """Give up a content that was added or held."""
        with self._lock:
            self._holds[digest] -= 1
            if not self._holds[digest]:
                del self._holds[digest]
                place = self._places.pop(digest)
                self._free[place.capacity].append(place.begin)

    def get(self, digest: str) -> bytes:
        """Return a content that is kept."""
        with self._lock:
            begin, length, _ = self._places[digest]
        return os.pread(self._file.fileno(), length, begin)

    def _written(self, content: bytes) -> SpoolSlot:
        room = 1 << max(0, len(content) - 1).bit_length()
        begin = self._free[room].pop() if self._free[room] else self._end
        self._end = max(self._end, begin + room)
        left, at = memoryview(content), begin
        try:
            while left:
                written = os.pwrite(self._file.fileno(), left, at)
                left, at = left[written:], at + written
        except OSError:
            self._free[room].append(begin)
            raise
        return SpoolSlot(begin, len(content), room)

    def __contains__(self, digest: str) -> bool:
        return digest in self._places

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()
