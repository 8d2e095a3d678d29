"""Safe access to untrusted files and folders, on the disk or in a zip (grader/submissions/archives.py).

A node is a file or a folder. Inspecting a node is always safe: links are not followed, pipes and devices are not
opened, and never more than the allowed size is read, whatever a size field says.

Students may change a folder while it is read, for example replace a folder by a link. Therefore only the path that the
instructor named is opened by its path. Everything below is opened relative to the descriptor of its parent folder, and
a link is refused at each step.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO

from grader._util.escaping import one_line
from grader._util.wording import format_megabytes
from grader.submissions.limits import MAX_ENTRIES, MAX_SUBMISSION

CHUNK_BYTES = 2**18

# O_PATH opens a folder that may be entered but not listed. Only Linux has it.
OPEN_FOLDER_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC


class FileUnreadable(Exception):
    """A submission can't be read; the message says why, to the student."""


class TooMany(FileUnreadable):
    """A folder or zip has more than MAX_ENTRIES entries."""


class Node:
    """A file or folder.

    `problem` says why it can't be opened; None if it can. `unsafe` marks a node whose mere presence is an attack.
    """

    def __init__(self, name: str, is_folder: bool, problem: str | None, unsafe: bool = False) -> None:
        self.name = name
        self.is_folder = is_folder
        self.problem = problem
        self.unsafe = unsafe

    @property
    def suffix(self) -> str:
        """Return the ending of a file's name in lower case, such as `.ipynb`; empty for a folder."""
        return "" if self.is_folder else Path(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Return the name of a file without its ending; all of a folder's name, which may have dots."""
        return self.name if self.is_folder else Path(self.name).stem

    def children(self) -> list[Node]:
        """Return the files and folders in a folder. Raises FileUnreadable, and TooMany above MAX_ENTRIES."""
        raise NotImplementedError

    def read(self) -> bytes:
        """Return the content of a file. Raises FileUnreadable if it can't be read or is too large."""
        raise NotImplementedError

    def too_many(self, limit: int) -> TooMany:
        """Return the error for more than `limit` entries in this node."""
        return TooMany(f"{one_line(self.name, 200)} holds more than {limit} files")

    def error(self, what: str) -> FileUnreadable:
        """Return an error whose message is the node's name and `what`, such as "is empty"."""
        return FileUnreadable(f"{one_line(self.name, 200)} {what}")

    def check_size(self, size: int, limit: int = MAX_SUBMISSION) -> None:
        """Raise FileUnreadable if `size` is above `limit`, both in bytes."""
        if size > limit:
            raise self.error(f"is {size / 2**20:.1f} MB; a submission may have {format_megabytes(limit)}")

    def read_at_most(self, stream: IO[bytes], limit: int = MAX_SUBMISSION) -> bytes:
        """Read a stream in chunks. Raises FileUnreadable above `limit` bytes: the declared size may be false."""
        content = bytearray()
        while len(content) <= limit and (chunk := stream.read(min(CHUNK_BYTES, limit + 1 - len(content)))):
            content += chunk
        if len(content) > limit:
            raise self.error(f"is larger than {format_megabytes(limit)}, which a submission may have")
        return bytes(content)


class OpenFolder:
    """A folder that is kept open; everything below is opened relative to it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def open(self, parts: tuple[str, ...], flags: int) -> int:
        """Return a descriptor of what `parts` lead to, or of the folder itself. Raises OSError, also for a link."""
        if self._descriptor is None:  # its number may belong to another file by now
            raise OSError("the folder was closed")
        here, entered = self._descriptor, list[int]()
        try:
            for part in parts[:-1]:
                here = os.open(part, OPEN_FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=here)
                entered.append(here)
            return os.open(parts[-1] if parts else ".", flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
        finally:
            for descriptor in entered:
                os.close(descriptor)

    def close(self) -> None:
        """Close the folder; `open` raises OSError afterwards."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class DiskNode(Node):
    """A file or folder on the disk, with its state at the time of inspection."""

    def __init__(self, base: OpenFolder, parts: tuple[str, ...], name: str, info: os.stat_result | OSError) -> None:
        self.base = base
        self.parts = parts
        self.info = info
        if isinstance(info, OSError):
            super().__init__(name, False, _reason(info))
        else:
            super().__init__(name, stat.S_ISDIR(info.st_mode), kind_problem(info.st_mode))

    def children(self) -> list[Node]:
        """Return the entries of a folder. Raises FileUnreadable, and TooMany above MAX_ENTRIES."""
        found = list[Node](islice(self.scan(), MAX_ENTRIES + 1))
        if len(found) > MAX_ENTRIES:
            raise self.too_many(MAX_ENTRIES)
        return found

    def scan(self) -> Iterator[DiskNode]:
        """Yield the entries of a folder in no order, without a limit on their number. Raises FileUnreadable."""
        try:
            descriptor = self.base.open(self.parts, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise self.error(_reason(error)) from error
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    yield DiskNode(self.base, (*self.parts, entry.name), entry.name, _entry_info(entry))
        except OSError as error:
            raise self.error(_reason(error)) from error
        finally:
            os.close(descriptor)

    def read(self) -> bytes:
        """Return the content of a file of at most MAX_SUBMISSION bytes. Raises FileUnreadable."""
        with self.open() as stream:
            try:
                return self.read_at_most(stream)
            except OSError as error:
                raise self.error(_reason(error)) from error

    @contextmanager
    def open(self, limit: int = MAX_SUBMISSION) -> Iterator[BinaryIO]:
        """Open a file of at most `limit` bytes for reading in a `with` block. Raises FileUnreadable."""
        if self.problem:
            raise self.error(self.problem)
        try:
            # The file may have become a pipe since it was inspected: opening it must not block.
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
    """Yield the node at a path that the instructor named; it can be read inside the `with` block.

    The parent folders belong to the instructor and may be links. The path itself may not. Raises OSError if the path
    can't be opened, and ValueError if it isn't a path.
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


def _entry_info(entry: os.DirEntry[str]) -> os.stat_result | OSError:
    """Return the stat result of an entry of an open folder, or the error; a link isn't followed."""
    try:
        return entry.stat(follow_symlinks=False)
    except OSError as error:
        return error


def kind_problem(mode: int) -> str | None:
    """Say why a node with this stat mode can't be opened: it is a link, pipe, socket or device. None if it can."""
    if stat.S_ISLNK(mode):
        return "is a symbolic link, which is never followed; hand in the file itself"
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return "is not an ordinary file, but a pipe, a socket or a device"


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "was removed while it was being read"
    if isinstance(error, PermissionError):
        return "can't be read: permission denied"
    return f"can't be read: {(isinstance(error, OSError) and error.strerror) or error}"
