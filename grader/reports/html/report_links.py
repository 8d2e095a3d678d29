"""Links from a page to students' reports: relative URLs in which names are quoted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

ENDINGS = (".html", ".md", ".json")  # the first that exists is linked


def report_addresses(folder: Path, start: Path) -> Callable[[str], str]:
    """Return a function student -> URL of the report in `folder`, relative to `start`; empty if there is none."""
    base = quote(Path(os.path.relpath(folder, start)).as_posix())

    def address(student: str) -> str:
        for ending in ENDINGS:
            if (folder / f"{student}{ending}").is_file():
                return f"{base}/{quote(f'{student}{ending}', safe='')}"
        return ""

    return address
