"""Files that people handed in, in a folder, by digest. A file is complete and durable as soon as it has its name."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from grader.errors import UserError

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
TEMPORARY = ".part"  # ending of files that are being written
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
CHUNK = 1 << 18  # bytes


class FileStoreError(UserError):
    """A file can't be stored or read."""


class FileTooLarge(FileStoreError):
    """The file is larger than the limit."""


def file_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of a file."""
    while chunk := file.read(CHUNK):
        yield chunk


class FileStore:
    """Files below a folder: that of digest abcd... is ab/abcd..."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
        """Store a file of at most `limit` bytes; return its SHA-256 in hexadecimal, and its size.

        Nothing stays if the chunks end with an exception. Raises FileTooLarge, or FileStoreError if the disk is full.
        """
        problem = "the file can't be stored"
        part = self.folder / f"{secrets.token_hex(16)}{TEMPORARY}"
        try:
            with _translated(problem):
                make_private_folder(self.folder)
                stream = private_file(part)
            try:
                digest, size = _copy(chunks, stream, limit, problem)
            finally:
                with suppress(OSError):  # closing writes again what failed; all else is on the disk already
                    stream.close()
            with _translated(problem):
                target = self.path(digest)
                make_private_folder(target.parent)
                part.replace(target)  # also if it is there: then by a copy that is known to be whole
                flush_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)
        return digest, size

    def read(self, digest: str, limit: int) -> bytes:
        """Return the content of a file of at most `limit` bytes.

        Raises FileTooLarge, or FileStoreError if the file is missing or was changed.
        """
        with _translated(f"the file {digest[:12]} can't be read"), self.path(digest).open("rb") as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise FileTooLarge(f"the file {digest[:12]} is larger than {limit} bytes")
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileStoreError(f"the file {digest[:12]} was changed after it was stored; restore it from a backup")
        return content

    def path(self, digest: str) -> Path:
        """Return where a file is. Raises ValueError if the digest isn't one."""
        if not DIGEST.fullmatch(digest):
            raise ValueError("a digest has 64 hexadecimal digits")
        return self.folder / digest[:2] / digest

    def check(self) -> None:
        """Raise FileStoreError if the folder isn't there, as when a shared file system isn't mounted."""
        if not self.folder.is_dir():
            raise FileStoreError(f"{self.folder} can't be reached; mount the data folder")

    def remove_parts(self) -> None:
        """Remove what interrupted uploads left. Call it only while nobody writes."""
        for part in self.folder.glob(f"*{TEMPORARY}"):
            part.unlink(missing_ok=True)


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter, durably, if it doesn't exist. Raises OSError."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(chunks: Iterable[bytes], stream: BinaryIO, limit: int, problem: str) -> tuple[str, int]:
    """Write chunks durably. What reading them raises isn't translated: it is no problem of the disk."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(f"the file is larger than {limit} bytes, the limit")
        digest.update(chunk)
        with _translated(problem):
            stream.write(chunk)
    with _translated(problem):
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest(), size


def private_file(path: Path) -> BinaryIO:
    """Create a file that only its owner can read, and open it for writing. Raises OSError, also if it exists."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb")


@contextmanager
def _translated(problem: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileStoreError(f"{problem}: {error.strerror or error}") from error
