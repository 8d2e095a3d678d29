"""What an instructor chooses for a bundle, and what the bundle keeps of it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.delivery.files import BundleFile

SETTINGS = "bundle.json"
DEFAULT_MINUTES = 10


class BundleOptions(msgspec.Struct, frozen=True):
    """Options of `grader bundle`."""

    minutes: int = DEFAULT_MINUTES  # which the platform gives a submission
    leaderboard: bool = False
    requirements: Path | None = None  # further packages, with hashes
    image: str = ""  # name of the grader's image, for PrairieLearn


class BundleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a bundle knows when it grades."""

    assignment: str  # its folder beside this file
    minutes: int
    leaderboard: bool = False

    @classmethod
    def read_from(cls, folder: Path) -> BundleSettings:
        """Return the settings in the folder of a bundle. Raises OSError and ValueError if they can't be read."""
        return msgspec.json.decode((folder / SETTINGS).read_bytes(), type=cls)

    def file(self) -> BundleFile:
        """Return the settings as a file of a bundle."""
        return BundleFile(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
