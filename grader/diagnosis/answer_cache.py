"""Cache of known-answer results in the user's cache folder.

A known answer depends only on the assignment, the grader, the packages and the sandbox level, so results of an
earlier run can be reused. Asking a worker again takes seconds with TensorFlow. A cache file that can't be read or
written costs only that time.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
from collections.abc import Sequence
from typing import Any

import msgspec

from grader._util.atomic_files import write_atomically
from grader._util.cache_folder import cache_folder
from grader.diagnosis.probes import ABSENT, UNCACHED, ProbeAnswer
from grader.gradebook.fingerprint import grader_version
from grader.models import Assignment
from grader.sandbox.protocol.frames import NotAValue, WireError, pack, unpack_frame

MAX_FILES = 30  # one for each version of an assignment; the oldest are deleted
Key = tuple[str, ...]


class AnswerCache:
    """Cache of known-answer results, keyed by assignment, source and sandbox level.

    :param source: the text of all known answers
    :param protections: those of the sandbox, which may change how a function fails
    """

    def __init__(self, assignment: Assignment, source: bytes, protections: Sequence[str] = ()) -> None:
        parts = (assignment.digest, assignment.secret, hashlib.sha256(source).hexdigest(), *protections)
        fingerprint = "\0".join([*parts, grader_version(), platform.machine()])
        self._path = (
            cache_folder() / f"{assignment.name}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:32]}.answers"
        )
        self._stored = self._read()
        self._new: dict[str, bytes] = {}

    def get(self, key: Key) -> ProbeAnswer | None:
        """Return a cached answer, or None if there is none or it can't be decoded."""
        try:
            parts, calls, has_value, value, rounding = unpack_frame(self._stored["\0".join(key)])
            return ProbeAnswer(dict(parts), calls, value if has_value else UNCACHED if value else ABSENT, rounding)
        except (KeyError, TypeError, ValueError, WireError):  # missing, or written by another version
            return None

    def put(self, key: Key, answer: ProbeAnswer) -> None:
        """Add an answer. Answers that can't be encoded are skipped."""
        parts = list(answer.parts.items())
        with contextlib.suppress(NotAValue):
            self._new["\0".join(key)] = _pack_answer(parts, answer)

    def save(self) -> None:
        """Write new answers, merged with what other processes have written meanwhile."""
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
        except (OSError, ValueError):  # msgspec's errors are ValueErrors
            return {}


def _pack_answer(parts: list[Any], answer: ProbeAnswer) -> bytes:
    """Return an encoded answer. Its value is kept only if it is plain: a model lives in a worker."""
    has_value = answer.value is not ABSENT
    try:
        return pack((parts, answer.calls, has_value, answer.value if has_value else False, answer.rounding))
    except NotAValue:
        return pack((parts, answer.calls, False, True, answer.rounding))
