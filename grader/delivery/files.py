"""Files of a bundle: made in memory, written as a folder or a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import NamedTuple

from grader.assignments.loader import scored_files
from grader.errors import UserError
from grader.models import Assignment

ZIP_DATE = (2000, 1, 1, 0, 0, 0)  # of every entry, so that equal bundles are equal bytes


class BundleError(UserError):
    """A bundle can't be made or written."""


class BundleFile(NamedTuple):
    """Content of a file, and whether it is a program."""

    content: bytes
    executable: bool = False

    @property
    def mode(self) -> int:
        """Return the permissions of the file."""
        return 0o755 if self.executable else 0o644


BundleFiles = dict[str, BundleFile]  # path with slashes -> file


def template(file: str, /, **values: object) -> bytes:
    """Return a file of grader/delivery/templates with each `${key}` replaced; as it is if there are no values."""
    content = resources.files("grader.delivery").joinpath("templates", file).read_bytes()
    return Template(content.decode()).substitute(values).encode() if values else content


def assignment_files(assignment: Assignment, folder: str) -> BundleFiles:
    """Return the files that the digest of the assignment covers, below FOLDER/NAME."""
    root = f"{folder}/{assignment.name}"
    return {
        f"{root}/{path.relative_to(assignment.folder).as_posix()}": BundleFile(path.read_bytes())
        for path in scored_files(assignment.folder)
    }


def zipped(files: Mapping[str, BundleFile]) -> bytes:
    """Return a zip with the files at its root."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(files.items()):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.external_attr = (0o100000 | file.mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return stream.getvalue()


def write_bundle(files: Mapping[str, BundleFile], folder: Path) -> list[Path]:
    """Write the files into a new or empty folder. Return their paths, sorted. Raises BundleError."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BundleError(f"{folder} exists and isn't an empty folder; choose a new one with --out")
        for name, file in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            path.chmod(file.mode)
    except OSError as problem:
        raise BundleError(f"{folder} can't be written ({problem.strerror}); choose another folder with --out") from None
    return sorted(folder / name for name in files)
