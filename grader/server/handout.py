"""Files of an assignment that students get: what `grader release` writes, in memory."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property

from grader.authoring.release import build_release
from grader.models import Assignment

ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes from the same files


@dataclass(frozen=True)
class Handout:
    """Files for students: path -> content."""

    name: str
    files: dict[str, bytes]

    @classmethod
    def of(cls, assignment: Assignment) -> Handout:
        """Return the files of an assignment. Raises UserError if it can't be released."""
        return cls(assignment.name, build_release(assignment.folder))

    @property
    def notebooks(self) -> dict[str, bytes]:
        """Return the notebooks among the files."""
        return {name: content for name, content in self.files.items() if name.endswith(".ipynb")}

    @cached_property
    def zipped(self) -> bytes:
        """Return all files in one zip, in a folder named like the assignment."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                info = zipfile.ZipInfo(f"{self.name}/{name}", ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return target.getvalue()
