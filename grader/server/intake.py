"""Read what was handed in, as `grader grade` reads it."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

import msgspec

from grader._util.escaping import one_line
from grader.gradebook.attempts import UNKNOWN_TIME, Attempt
from grader.gradebook.files import FileStore
from grader.models import Submission
from grader.submissions.collect import read_single
from grader.submissions.limits import MAX_SUBMISSION
from grader.submissions.selection import SelectionRules

UNNAMED = "submission"
MAX_STEM = 150  # characters of a file name without its ending
MAX_ENDING = 20
FORBIDDEN = frozenset('/\\:*?"<>|\0')


def file_name(given: str) -> str:
    """Return the name of an uploaded file without folders, controls and leading dots; never empty."""
    name = PurePath(given.replace("\\", "/")).name
    shown = "".join("_" if letter in FORBIDDEN else letter for letter in one_line(name, 1000)).lstrip(". ")
    path = PurePath(shown)
    stem = path.stem[:MAX_STEM].encode()[:MAX_STEM].decode(errors="ignore")
    return (stem or UNNAMED) + path.suffix[:MAX_ENDING].encode()[:MAX_ENDING].decode(errors="ignore")


def read_attempt(attempt: Attempt, student: str, files: FileStore, rules: SelectionRules) -> Submission:
    """Return the submission of an attempt. What can't be graded has the reason in `rejection`.

    The name of a person is not in the submission, so that a report is the same whoever reads it.

    :param student: the person's id in the course
    Raises FileStoreError if the file is missing or damaged, and IntakeError if the disk is full.
    """
    content = files.read(attempt.digest, MAX_SUBMISSION)
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        path = Path(folder) / file_name(attempt.filename)
        path.write_bytes(content)
        read = read_single(path, rules)
    handed_in = "" if attempt.handed_in == UNKNOWN_TIME else attempt.handed_in
    return msgspec.structs.replace(read, student=student, name="", late=attempt.late, handed_in=handed_in)
