"""A zip that is sent while it is made, so that it is never in memory as a whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

CHUNK = 1 << 18  # bytes that are read of a file at a time


class _Sink(io.RawIOBase):
    """Stream that can't be rewound and keeps what was written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._parts.append(content)
        return len(content)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        content = b"".join(self._parts)
        self._parts.clear()
        return content


def stream_zip(members: Iterable[tuple[str, bytes | Path]]) -> Iterator[bytes]:
    """Yield the bytes of a zip of these members: name, and content or a file that holds it.

    A file that can't be read becomes a member NAME.missing.txt that says so.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            if isinstance(content, bytes):
                archive.writestr(name, content)
                yield sink.take()
                continue
            try:
                source = content.open("rb")
            except OSError as problem:
                archive.writestr(f"{name}.missing.txt", f"The file can't be read: {problem.strerror}\n")
                continue
            with source, archive.open(name, "w") as member:
                while chunk := source.read(CHUNK):
                    member.write(chunk)
                    yield sink.take()
            yield sink.take()
    yield sink.take()
