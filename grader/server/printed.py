"""What submissions printed: the beginning of it, in a file for each attempt in the data folder. For reading only."""

from __future__ import annotations

import logging
from pathlib import Path

from grader._util import logs
from grader._util.atomic_files import write_atomically
from grader._util.escaping import MAX_ESCAPE, plain
from grader.gradebook.attempts import Attempt
from grader.server.limits import MAX_SHOWN_PRINTED

LOG = logging.getLogger("grader.server")


class PrintedTexts:
    """Texts in a folder, by the public id of their attempt."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, attempt: Attempt, printed: str) -> None:
        """Keep what an attempt printed, in place of what an earlier grading did. A full disk is only logged."""
        path = self._path(attempt)
        try:
            if printed:
                text = plain(printed, MAX_ESCAPE * len(printed))
                write_atomically(path, text.encode("utf-8", "backslashreplace"))
            else:
                path.unlink(missing_ok=True)
        except OSError as problem:  # the report is stored
            logs.event(LOG, logging.WARNING, "printed text not kept", attempt=attempt.public_id, why=problem.strerror)

    def read(self, attempt: Attempt) -> str:
        """Return the beginning of what an attempt printed; empty if it printed nothing."""
        try:
            return self._path(attempt).read_text(encoding="utf-8")[:MAX_SHOWN_PRINTED]
        except FileNotFoundError:
            return ""

    def _path(self, attempt: Attempt) -> Path:
        return self._folder / f"{attempt.public_id}.txt"
