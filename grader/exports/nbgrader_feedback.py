"""Feedback in nbgrader's folders: feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html, which `nbgrader release_feedback` reads.

Beside the page it reads timestamp.txt and submission_secret.txt of the submission, which `nbgrader collect` has put
into submitted/ (nbgrader/exchange/default/release_feedback.py). The page of a student is one file.
"""

from __future__ import annotations

from pathlib import Path

from grader._util.atomic_files import write_atomically
from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.errors import UserError
from grader.exports.roster_match import MatchedGrades
from grader.models import ScoreReport
from grader.reports import json as as_json
from grader.reports.html.page_queue import has_stamp, page_stamp
from grader.submissions.student_names import is_safe

IDENTITY_FILES = ("timestamp.txt", "submission_secret.txt")
MAX_IDENTITY_BYTES = 10_000
MAX_NAMED = 5  # students in a message


class NoFeedback(UserError):
    """The feedback of a student can't be written."""


def write_feedback_folder(folder: Path, matched: MatchedGrades, pages: Path, submitted: Path) -> str:
    """Write a page for each student who has a final report, and return the folder.

    Nothing is written if something is missing for one of them: then raises NoFeedback. Raises OSError.

    :param pages: the folder with the pages of the students
    :param submitted: nbgrader's folder of what was handed in
    """
    files: dict[Path, bytes] = {}
    problems = []
    for report in matched.reports():
        if report.needs_review:
            continue
        try:
            files |= _files(report, folder, pages, submitted)
        except NoFeedback as problem:
            problems.append(str(problem))
    if problems:
        more = [f"{len(problems) - MAX_NAMED} more"] if len(problems) > MAX_NAMED else []
        raise NoFeedback(f"no feedback was written: {join_with_and([*problems[:MAX_NAMED], *more])}")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    return str(folder)


def _files(report: ScoreReport, folder: Path, pages: Path, submitted: Path) -> dict[Path, bytes]:
    student, page = report.roster_id, pages / f"{report.student}.html"
    if not is_safe(student):
        raise NoFeedback(f"{one_line(student, 60)} can't be the name of a folder")
    if not has_stamp(page, page_stamp(as_json.render(report))):
        raise NoFeedback(f"{student} has no page of the newest report (run `grader grade --pages` again)")
    own = Path(student, report.assignment)
    notebook = Path(report.file).stem or report.assignment
    name = notebook if is_safe(notebook) else report.assignment
    found = {folder / own / f"{name}.html": page.read_bytes()}
    for file in IDENTITY_FILES:
        path = submitted / own / file
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_IDENTITY_BYTES:
            raise NoFeedback(f"{student} has no {file} in {submitted}")
        found[folder / own / file] = path.read_bytes()
    return found
