"""Where a page finds a student's report: a relative address, in which no name means anything but itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

ENDINGS = (".html", ".md", ".json")  # what people like to read best comes first


def report_addresses(folder: Path, start: Path) -> Callable[[str], str]:
    """Student -> address of the report in `folder`, for a page in `start`; empty where there is none."""
    base = quote(Path(os.path.relpath(folder, start)).as_posix())

    def address(student: str) -> str:
        for ending in ENDINGS:
            if (folder / f"{student}{ending}").is_file():
                return f"{base}/{quote(f'{student}{ending}', safe='')}"
        return ""

    return address
