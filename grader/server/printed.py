"""What submissions printed: the beginning of it, in a file for each attempt in the data folder. For reading only."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
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
        self._write(attempt.public_id, printed)

    def keep_preview(self, regrade: str, attempt: str, printed: str) -> None:
        """Keep what an attempt printed in a preview that has no shadows.

        :param regrade: public id of the preview
        :param attempt: public id of the attempt
        """
        self._write(f"{regrade}.{attempt}", printed)

    def _write(self, public_id: str, printed: str) -> None:
        path = self._named(public_id)
        try:
            if printed:
                text = plain(printed, MAX_ESCAPE * len(printed))
                write_atomically(path, text.encode("utf-8", "backslashreplace"))
            else:
                path.unlink(missing_ok=True)
        except OSError as problem:  # the report is stored
            logs.event(LOG, logging.WARNING, "printed text not kept", attempt=public_id, why=problem.strerror)

    def read(self, attempt: Attempt) -> str:
        """Return the beginning of what an attempt printed; empty if it printed nothing."""
        try:
            return self._named(attempt.public_id).read_text(encoding="utf-8")[:MAX_SHOWN_PRINTED]
        except FileNotFoundError:
            return ""

    def confirm(self, regrade: str, attempts: Iterable[str]) -> None:
        """Replace what attempts printed by what they printed in a preview, and forget the rest of the preview.

        :param regrade: public id of the preview, with which those of its shadows begin
        :param attempts: public ids of the attempts whose results were replaced
        """
        for attempt in attempts:
            made, target = self._named(f"{regrade}.{attempt}"), self._named(attempt)
            try:
                if made.exists():
                    made.replace(target)
                else:
                    target.unlink(missing_ok=True)
            except OSError as problem:  # it is for reading only: the result counts
                logs.event(LOG, logging.WARNING, "printed text not kept", attempt=attempt, why=problem.strerror)
        self.discard(regrade)

    def discard(self, regrade: str) -> None:
        """Delete what attempts printed in a preview.

        :param regrade: public id of the preview
        """
        for path in self._folder.glob(f"{regrade}.*.txt"):
            with suppress(OSError):
                path.unlink()

    def _named(self, public_id: str) -> Path:
        return self._folder / f"{public_id}.txt"
