"""What lies in a folder (or, in grader/zips.py, in a zip), seen the same way and read with care.

A node is a file or a folder. Looking at one is always safe: links are not followed, pipes and devices are not
opened, and no more than the allowed size is ever read, whatever a size field says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from grader.text import one_line
from grader.words import megabytes

MAX_SUBMISSION = 32 * 2**20  # bytes of one notebook, module or student's zip
MAX_ENTRIES = 10_000  # in one folder or zip
CHUNK = 2**18


class Unreadable(Exception):
    """Why a submission can't be read: a sentence for people."""


class Node:
    """A file or folder. `trouble`: why it can't be opened. `unsafe`: its mere presence is an attack."""

    def __init__(self, name: str, is_folder: bool, trouble: str, unsafe: bool = False) -> None:
        self.name = name
        self.is_folder = is_folder
        self.trouble = trouble
        self.unsafe = unsafe

    @property
    def suffix(self) -> str:
        return "" if self.is_folder else Path(self.name).suffix.lower()

    def children(self) -> list[Node]:
        raise NotImplementedError

    def read(self) -> bytes:
        """The content of a file; Unreadable when there is none to have, or too much."""
        raise NotImplementedError

    def problem(self, what: str) -> Unreadable:
        return Unreadable(f"{one_line(self.name, 200)} {what}")

    def check_size(self, size: int, limit: int = MAX_SUBMISSION) -> None:
        if size > limit:
            raise self.problem(f"is {size / 2**20:.1f} MB; a submission may have {megabytes(limit)}")

    def read_at_most(self, stream: BinaryIO, limit: int = MAX_SUBMISSION) -> bytes:
        """In chunks, until one byte over the limit: the size that a file claims need not be true."""
        content = bytearray()
        while len(content) <= limit and (chunk := stream.read(min(CHUNK, limit + 1 - len(content)))):
            content += chunk
        if len(content) > limit:
            raise self.problem(f"is larger than {megabytes(limit)}, which a submission may have")
        return bytes(content)


class DiskNode(Node):
    """A file or folder on the disk, as it was when it was looked at."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        try:
            mode = path.lstat().st_mode
        except (OSError, ValueError) as error:
            super().__init__(name or path.name, False, _reason(error))
            return
        super().__init__(name or path.name, stat.S_ISDIR(mode), kind_trouble(mode))

    def children(self) -> list[Node]:
        names: list[str] = []
        try:
            # Through a descriptor, so that a link put in the folder's place meanwhile is not followed.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                with os.scandir(descriptor) as entries:
                    for entry in entries:
                        names.append(entry.name)
                        if len(names) > MAX_ENTRIES:
                            raise self.problem(f"holds more than {MAX_ENTRIES} files")
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self.problem(_reason(error)) from error
        return [DiskNode(self.path / name) for name in names]

    def read(self) -> bytes:
        with self.opened() as stream:
            try:
                return self.read_at_most(stream)
            except OSError as error:
                raise self.problem(_reason(error)) from error

    @contextmanager
    def opened(self, limit: int = MAX_SUBMISSION) -> Iterator[BinaryIO]:
        if self.trouble:
            raise self.problem(self.trouble)
        try:
            # It may have changed since it was looked at: a pipe must not block, a link must not lead on.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            stream = os.fdopen(os.open(self.path, flags), "rb")
        except OSError as error:
            raise self.problem(_reason(error)) from error
        with stream:
            info = os.fstat(stream.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise self.problem("is not an ordinary file")
            self.check_size(info.st_size, limit)
            yield stream


def kind_trouble(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a symbolic link, which is never followed; hand in the file itself"
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return ""
    return "is not an ordinary file, but a pipe, a socket or a device"


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "was removed while it was being read"
    if isinstance(error, PermissionError):
        return "can't be read: permission denied"
    return f"can't be read: {(isinstance(error, OSError) and error.strerror) or error}"
