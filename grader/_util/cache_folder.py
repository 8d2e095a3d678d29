"""Folder for cached data."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder for data that the user can delete at any time."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grader"
    except RuntimeError:  # the user has no home folder
        return Path(os.devnull)
