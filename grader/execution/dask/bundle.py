"""An assignment as bytes, and made a folder again on the other side."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from grader.assignments.loader import AssignmentError, load, scored_files, select_questions
from grader.execution.dask.messages import Bundle
from grader.models import Assignment


def pack(assignment: Assignment, key: str, sandbox: str, whole: bool) -> Bundle:
    """All files that the assignment's digest is made of, and no others."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as zipped:
        for path in scored_files(assignment.folder):
            zipped.write(path, path.relative_to(assignment.folder).as_posix())
    questions = tuple(question.name for question in assignment.questions) if assignment.ungraded else ()
    return Bundle(key, assignment.name, assignment.digest, stream.getvalue(), questions, sandbox, whole)


def unpack(parcel: Bundle, room: Path) -> Assignment:
    """The assignment, in a folder of its name in `room`. Raises AssignmentError and OSError."""
    folder = room / parcel.name
    with zipfile.ZipFile(io.BytesIO(parcel.files)) as zipped:
        zipped.extractall(folder)
    assignment = load(folder)
    if assignment.digest != parcel.digest:
        raise AssignmentError(f"{parcel.name} was changed while it was sent to the workers; start again")
    return select_questions(assignment, parcel.questions) if parcel.questions else assignment
