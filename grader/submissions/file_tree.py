"""What lies in a folder (or, in grader/submissions/archives.py, in a zip), seen the same way and read with care.

A node is a file or a folder. Looking at one is always safe: links are not followed, pipes and devices are not
opened, and no more than the allowed size is ever read, whatever a size field says.

Students may change a folder while it is read. So nothing below the path that the instructor named is opened by its
path, in which every folder could have become a link since it was looked at: each is opened from the descriptor of
the one that holds it, and a link is refused at each step.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from grader._util.escaping import one_line
from grader._util.wording import format_megabytes

MAX_SUBMISSION = 32 * 2**20  # bytes of one notebook, module or student's zip
MAX_ENTRIES = 10_000  # in one folder or zip
CHUNK_BYTES = 2**18

# To walk through a folder takes no permission to list it: O_PATH asks for none. Other systems than Linux lack it.
OPEN_FOLDER_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC


class FileUnreadable(Exception):
    """Why a submission can't be read: a sentence for people."""


class TooMany(FileUnreadable):
    """A folder or zip with more entries than are looked at."""


class Node:
    """A file or folder. `trouble`: why it can't be opened. `unsafe`: its mere presence is an attack."""

    def __init__(self, name: str, is_folder: bool, trouble: str, unsafe: bool = False) -> None:
        self.name = name
        self.is_folder = is_folder
        self.problem = trouble
        self.unsafe = unsafe

    @property
    def suffix(self) -> str:
        return "" if self.is_folder else Path(self.name).suffix.lower()

    def children(self) -> list[Node]:
        raise NotImplementedError

    def read(self) -> bytes:
        """The content of a file; Unreadable when there is none to have, or too much."""
        raise NotImplementedError

    def too_many(self, limit: int) -> TooMany:
        return TooMany(f"{one_line(self.name, 200)} holds more than {limit} files")

    def error(self, what: str) -> FileUnreadable:
        return FileUnreadable(f"{one_line(self.name, 200)} {what}")

    def check_size(self, size: int, limit: int = MAX_SUBMISSION) -> None:
        if size > limit:
            raise self.error(f"is {size / 2**20:.1f} MB; a submission may have {format_megabytes(limit)}")

    def read_at_most(self, stream: BinaryIO, limit: int = MAX_SUBMISSION) -> bytes:
        """In chunks, until one byte over the limit: the size that a file claims need not be true."""
        content = bytearray()
        while len(content) <= limit and (chunk := stream.read(min(CHUNK_BYTES, limit + 1 - len(content)))):
            content += chunk
        if len(content) > limit:
            raise self.error(f"is larger than {format_megabytes(limit)}, which a submission may have")
        return bytes(content)


class OpenFolder:
    """A folder held open, from which everything below it is opened."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def open(self, parts: tuple[str, ...], flags: int) -> int:
        """Return a descriptor of what `parts` lead to, or of the folder itself. Raises OSError, also for a link."""
        if self._descriptor is None:  # its number may be another file's by now
            raise OSError("the folder was closed")
        here, passed = self._descriptor, list[int]()
        try:
            for part in parts[:-1]:
                here = os.open(part, OPEN_FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=here)
                passed.append(here)
            return os.open(parts[-1] if parts else ".", flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
        finally:
            for descriptor in passed:
                os.close(descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class DiskNode(Node):
    """A file or folder on the disk, as it was when it was looked at."""

    def __init__(self, base: OpenFolder, parts: tuple[str, ...], name: str, info: os.stat_result | OSError) -> None:
        self.base = base
        self.parts = parts
        self.info = info
        if isinstance(info, OSError):
            super().__init__(name, False, _reason(info))
        else:
            super().__init__(name, stat.S_ISDIR(info.st_mode), kind_problem(info.st_mode))

    def children(self) -> list[Node]:
        found = list[Node](islice(self.scan(), MAX_ENTRIES + 1))
        if len(found) > MAX_ENTRIES:
            raise self.too_many(MAX_ENTRIES)
        return found

    def scan(self) -> Iterator[DiskNode]:
        """Yield what is in a folder, however much it is, in no order. Raises FileUnreadable."""
        try:
            descriptor = self.base.open(self.parts, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise self.error(_reason(error)) from error
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    yield DiskNode(self.base, (*self.parts, entry.name), entry.name, _looked_at(entry))
        except OSError as error:
            raise self.error(_reason(error)) from error
        finally:
            os.close(descriptor)

    def read(self) -> bytes:
        with self.open() as stream:
            try:
                return self.read_at_most(stream)
            except OSError as error:
                raise self.error(_reason(error)) from error

    @contextmanager
    def open(self, limit: int = MAX_SUBMISSION) -> Iterator[BinaryIO]:
        if self.problem:
            raise self.error(self.problem)
        try:
            # It may have changed since it was looked at: a pipe must not block.
            stream = os.fdopen(self.base.open(self.parts, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY), "rb")
        except OSError as error:
            raise self.error(_reason(error)) from error
        with stream:
            info = os.fstat(stream.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise self.error("is not an ordinary file")
            self.check_size(info.st_size, limit)
            yield stream


@contextmanager
def open_node(path: Path) -> Iterator[DiskNode]:
    """What is at a path that the instructor named, to be read inside of the with block. Raises OSError and ValueError.

    The folders that lead to the path are the instructor's, and may be links. The path itself may not.
    """
    info = path.lstat()
    if stat.S_ISDIR(info.st_mode):
        name = path.name if path.name not in ("", "..") else path.resolve().name
        base, parts = OpenFolder(os.open(path, OPEN_FOLDER_FLAGS | os.O_NOFOLLOW)), tuple[str, ...]()
    else:
        name = path.name
        base, parts = OpenFolder(os.open(path.parent, OPEN_FOLDER_FLAGS)), (name,)
    try:
        yield DiskNode(base, parts, name, info)
    finally:
        base.close()


def _looked_at(entry: os.DirEntry[str]) -> os.stat_result | OSError:
    """How an entry is, itself and not what it links to. It is looked for in the folder that is open."""
    try:
        return entry.stat(follow_symlinks=False)
    except OSError as error:
        return error


def kind_problem(mode: int) -> str:
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
