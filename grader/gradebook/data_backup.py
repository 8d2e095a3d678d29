"""Backup of a data folder: the gradebook, what was handed in and printed, and keys, in one tar file.

The gradebook is copied first. A file is stored before its attempt, and is never deleted, so the copied files are all
that the copied gradebook names. What a submission printed may be that of a later grading.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.gradebook.backup import back_up, restore
from grader.gradebook.data_folder import GRADEBOOK_FILE, LINKS_KEY, LTI_KEYS, PRINTED, RECEIPTS_KEY, DataFolder
from grader.gradebook.engine import Location
from grader.gradebook.errors import GradebookError
from grader.gradebook.files import DIGEST, flush_folder, private_file

CHUNK = 1 << 20  # bytes
FILE_MEMBER = re.compile(rf"files/[0-9a-f]{{2}}/({DIGEST.pattern})", re.ASCII)
PRINTED_MEMBER = re.compile(r"printed/[A-Za-z0-9_-]{22}\.txt", re.ASCII)
KEY_MEMBERS = {f"keys/{name}": name for name in (LINKS_KEY, RECEIPTS_KEY, LTI_KEYS)}


def is_data_folder(folder: Path) -> bool:
    """Return whether a folder holds more than a gradebook: files that were handed in, or keys."""
    data = DataFolder(folder)
    return data.files.folder.is_dir() or data.keys.is_dir()


def is_data_backup(file: Path) -> bool:
    """Return whether a file is a tar file, and not a gradebook alone."""
    return file.is_file() and tarfile.is_tarfile(file)


def back_up_folder(folder: Path, location: Location, file: Path) -> None:
    """Write a data folder and its gradebook to a new tar file, also while a server uses them.

    The file can be read by its owner only, because it holds the keys. It appears when it is complete and durable.
    Raises GradebookError, also if the file exists.
    """
    if file.exists():
        raise GradebookError(f"{file} exists; choose another name for the backup")
    data = DataFolder(folder)
    with _translated(file), tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as name:
        gradebook, part = Path(name) / GRADEBOOK_FILE, Path(name) / "data.tar"
        back_up(location, gradebook)
        with private_file(part) as stream:
            with tarfile.open(fileobj=stream, mode="w") as archive:
                for path, member in _members(data, gradebook):
                    _add(archive, path, member)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(part, file)  # fails if the file exists now
        flush_folder(file.parent)


def restore_folder(file: Path, folder: Path, location: Location) -> None:
    """Create a data folder and its gradebook from a backup.

    Raises GradebookError if there is one already, or if the file is damaged or no backup.
    """
    data = DataFolder(folder)
    folders = (data.files.folder, data.keys, data.printed)
    for path in (data.gradebook, *folders):
        if path.exists():
            raise GradebookError(f"{path} exists; restore into an empty folder, or move it away")
    with _translated(file):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
            part = DataFolder.open(Path(name) / "data")
            with tarfile.open(file, "r:") as archive:
                for member in archive:
                    _extract(archive, member, part)
            if not part.gradebook.is_file():
                raise GradebookError(f"{file} holds no gradebook; it is not a backup")
            restore(part.gradebook, location)
            folder.chmod(0o700)
            for path in folders:
                (part.folder / path.name).rename(path)
        flush_folder(folder)


def _members(data: DataFolder, gradebook: Path) -> Iterator[tuple[Path, str]]:
    """Yield what is saved, with its name in the archive."""
    yield gradebook, GRADEBOOK_FILE
    for member, name in KEY_MEMBERS.items():
        if (path := data.keys / name).is_file():
            yield path, member
    for path in sorted(data.files.folder.glob("??/*")):
        if DIGEST.fullmatch(path.name):
            yield path, f"files/{path.parent.name}/{path.name}"
    for path in sorted(data.printed.glob("*.txt")):
        if PRINTED_MEMBER.fullmatch(member := f"{path.parent.name}/{path.name}"):
            yield path, member


def _add(archive: tarfile.TarFile, path: Path, member: str) -> None:
    """Add a file. What a submission printed may be removed meanwhile, when it is graded again and prints nothing."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        if path.parent.name != PRINTED:
            raise
        return
    with stream:  # a file that is replaced meanwhile is read as it was
        archive.addfile(archive.gettarinfo(arcname=member, fileobj=stream), stream)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, part: DataFolder) -> None:
    """Extract a member whose name is one that `_members` gives. Its content must have the digest in its name."""
    stream = archive.extractfile(member) if member.isreg() else None
    found = FILE_MEMBER.fullmatch(member.name)
    other = PRINTED_MEMBER.fullmatch(member.name)
    if stream is None or not (found or other or member.name in KEY_MEMBERS or member.name == GRADEBOOK_FILE):
        raise GradebookError(f"{archive.name!s} holds {member.name[:100]!r}; it is not a backup")
    if found:
        digest, _ = part.files.write(iter(lambda: stream.read(CHUNK), b""), member.size)
        if digest != found[1]:
            raise GradebookError(f"{archive.name!s} is damaged: {member.name} has another content")
        return
    target = part.gradebook if member.name == GRADEBOOK_FILE else part.folder / member.name
    with private_file(target) as copy:
        _copy(stream, copy)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    shutil.copyfileobj(source, target, CHUNK)
    target.flush()
    os.fsync(target.fileno())


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as error:
        raise GradebookError(f"{file} is damaged, or not a backup: {error}") from error
    except OSError as error:
        raise GradebookError(f"{error.filename or file}: {error.strerror or error}") from error
