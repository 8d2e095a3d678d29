"""Zip of feedback files for a Moodle assignment: "Upload multiple feedback files in a zip".

Moodle reads NAME_NUMBER_assignfeedback_file/FILE (its mod/assign/feedback/file/importziplib.php): the number is that of
the Identifier, and the name, which holds no `_`, is for people. Each member of a group gets the pages of the group.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

from grader._util.wording import join_with_and
from grader.errors import UserError
from grader.exports.moodle_worksheet import IDENTIFIER
from grader.exports.roster_match import MatchedGrades, RosterRow
from grader.reports import json as as_json
from grader.reports.html.page_queue import has_stamp, page_stamp

FILE = "moodle-feedback.zip"
# The student's page and the submission with the feedback in it: suffix in the folder of reports -> name in the zip.
PAGES = {".html": "feedback.html", ".notebook.html": "notebook.html"}
FORBIDDEN = frozenset('_/\\:*?"<>|')
MAX_NAME = 60  # characters of a name in the zip
MAX_NAMED = 5  # students in a message
TIME = (1980, 1, 1, 0, 0, 0)  # of every member, so that equal feedback gives an equal zip


class FeedbackError(UserError):
    """There is no page for a student, or it is of another report."""


def write_feedback_zip(path: Path, matched: MatchedGrades, reports_folder: Path) -> str:
    """Write the zip, and return its path. Raises FeedbackError if a page is missing or out of date, and OSError."""
    rows: dict[str, list[RosterRow]] = defaultdict(list)
    for row, grade in matched.pairs:
        if grade and not grade.needs_review and not row.locked:
            rows[grade.student].append(row)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w") as archive:
            missing = []
            for report in matched.reports():
                if report.student in rows:
                    stamp = page_stamp(as_json.render(report))
                    if not _add(archive, rows[report.student], reports_folder, report.student, stamp):
                        missing.append(report.student)
        if missing:
            more = [f"{len(missing) - MAX_NAMED} more"] if len(missing) > MAX_NAMED else []
            raise FeedbackError(
                f"{reports_folder} has no page of the newest report of {join_with_and([*missing[:MAX_NAMED], *more])}; "
                "run `grader grade --pages` again with the same --out"
            )
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return str(path)


def _add(archive: zipfile.ZipFile, rows: list[RosterRow], folder: Path, student: str, stamp: str) -> bool:
    """Add the pages of a student for each row. Return whether they exist and are of the report."""
    paths = {name: folder / f"{student}{suffix}" for suffix, name in PAGES.items()}
    if not all(has_stamp(path, stamp) for path in paths.values()):
        return False
    for name, path in paths.items():
        content = path.read_bytes()
        for suffix, other in PAGES.items():  # the pages link to each other
            content = content.replace(f'href="{quote(student + suffix)}'.encode(), f'href="{other}'.encode())
        for row in rows:
            member = zipfile.ZipInfo(f"{_folder(row)}/{name}", TIME)
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return True


def _folder(row: RosterRow) -> str:
    """Return the name of a student's folder in the zip."""
    match = IDENTIFIER.fullmatch(row.id)
    word, number = (match["word"], match["number"]) if match else ("", row.id)
    characters = (c if c not in FORBIDDEN and unicodedata.category(c)[0] not in "CZ" else " " for c in row.name or word)
    name = "".join(characters)
    name = " ".join(name[:MAX_NAME].split()).strip(". ") or "Participant"
    return f"{name}_{number}_assignfeedback_file"
