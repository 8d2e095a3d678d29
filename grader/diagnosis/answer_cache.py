"""Known answers that an earlier job has asked for, kept in the user's cache folder.

What a known function answers depends on the assignment, the grader and the packages alone, so one job need ask what
another has asked before; asking takes seconds with TensorFlow. A file that can't be read or written costs its use.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader._util.atomic_files import write_atomically
from grader.diagnosis.probes import ABSENT, UNCACHED, ProbeAnswer
from grader.gradebook.fingerprint import grader_version
from grader.models import Assignment
from grader.sandbox.protocol.frames import NotAValue, WireError, pack, unpack_frame

MAX_FILES = 30  # one for each version of an assignment; the oldest go
Key = tuple[str, ...]


class AnswerCache:
    """Answers by key. `source` is what they are answers of, the text of all known functions; `protections` are those of
    the sandbox that they were given in, which may have a say in how a function fails."""

    def __init__(self, assignment: Assignment, source: bytes, protections: Sequence[str] = ()) -> None:
        parts = (assignment.digest, assignment.secret, hashlib.sha256(source).hexdigest(), *protections)
        fingerprint = "\0".join([*parts, grader_version(), platform.machine()])
        self._path = (
            cache_folder() / f"{assignment.name}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:32]}.answers"
        )
        self._stored = self._read()
        self._new: dict[str, bytes] = {}

    def get(self, key: Key) -> ProbeAnswer | None:
        try:
            parts, calls, has_value, value = unpack_frame(self._stored["\0".join(key)])
            return ProbeAnswer(dict(parts), calls, value if has_value else UNCACHED if value else ABSENT)
        except (KeyError, TypeError, ValueError, WireError):  # it isn't there, or is none of ours
            return None

    def put(self, key: Key, answer: ProbeAnswer) -> None:
        parts = list(answer.parts.items())
        with contextlib.suppress(NotAValue):  # of a kind that can't be kept: it is asked for again
            self._new["\0".join(key)] = _pack_answer(parts, answer)

    def save(self) -> None:
        """Adds what is new to what others have written meanwhile."""
        if not self._new:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, msgspec.msgpack.encode(self._read() | self._new))
            files = sorted(self._path.parent.glob("*.answers"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in files[MAX_FILES:]:
                path.unlink(missing_ok=True)

    def _read(self) -> dict[str, bytes]:
        try:
            return msgspec.msgpack.decode(self._path.read_bytes(), type=dict[str, bytes])
        except (OSError, ValueError):  # msgspec's own are ValueErrors too
            return {}


def cache_folder() -> Path:
    """Where the user's programs keep what they can do without."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grader"
    except RuntimeError:  # nobody's home
        return Path(os.devnull)


def _pack_answer(parts: list[Any], answer: ProbeAnswer) -> bytes:
    """The answer; its value as a whole only where it is plain: a model lives in a worker."""
    has_value = answer.value is not ABSENT
    try:
        return pack((parts, answer.calls, has_value, answer.value if has_value else False))
    except NotAValue:
        return pack((parts, answer.calls, False, True))
