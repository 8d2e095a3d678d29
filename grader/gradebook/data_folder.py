"""Data folder of a course: gradebook.sqlite, files/, keys/ and printed/. Only its owner can read it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from grader.errors import UserError
from grader.gradebook.files import FileStore, flush_folder, make_private_folder, private_file

GRADEBOOK_FILE = "gradebook.sqlite"
FILES = "files"
KEYS = "keys"
PRINTED = "printed"
LINKS_KEY = "links"
RECEIPTS_KEY = "receipts.pem"
LTI_KEYS = "lti.json"
LINKS_KEY_BYTES = 32


class DataFolderError(UserError):
    """The data folder can't be used."""


class DataFolder:
    """Paths and keys in a data folder. `open` creates it, `open_existing` doesn't."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.gradebook = folder / GRADEBOOK_FILE
        self.files = FileStore(folder / FILES)
        self.keys = folder / KEYS
        self.printed = folder / PRINTED  # what submissions printed, by public id

    @classmethod
    def open(cls, folder: Path) -> DataFolder:
        """Return a data folder; create it if it doesn't exist. Raises DataFolderError."""
        data = cls(folder)
        if folder.exists() and not folder.is_dir():
            raise DataFolderError(f"{folder} is a file; name a folder for the data, which needn't exist yet")
        try:
            for each in (folder, data.files.folder, data.keys, data.printed):
                make_private_folder(each)
        except OSError as error:
            raise DataFolderError(f"{folder} can't be used: {error.strerror}") from None
        return data

    @classmethod
    def open_existing(cls, folder: Path) -> DataFolder:
        """Return a data folder. Raises DataFolderError if it isn't one: a name with a slip must not make a course."""
        if not cls(folder).keys.is_dir():
            raise DataFolderError(f"{folder} is no data folder of a course; name the one of `grader serve`")
        return cls.open(folder)

    def links_key(self) -> bytes:
        """Return the key of personal links; create it at first. Raises DataFolderError."""
        key = self.key(LINKS_KEY, lambda: secrets.token_bytes(LINKS_KEY_BYTES))
        if len(key) != LINKS_KEY_BYTES:
            raise DataFolderError(f"{self.keys / LINKS_KEY} is damaged; restore it from a backup")
        return key

    def key(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the content of keys/NAME; create it at first, durably, and once if several processes start together.

        Raises DataFolderError.
        """
        path = self.keys / name
        try:
            if not path.exists():
                _create(path, make())
            return path.read_bytes()
        except OSError as error:
            raise DataFolderError(f"{path} can't be used: {error.strerror}") from None


def _create(path: Path, content: bytes) -> None:
    """Create a private file, complete as soon as it has its name. One that exists is kept."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with private_file(part) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(part, path)  # a rename would replace the file
        flush_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
