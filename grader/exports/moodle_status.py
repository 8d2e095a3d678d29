"""Apply the column Status of a Moodle worksheet to submissions: drafts, late ones, and names.

Moodle's download has drafts that were never handed in, and doesn't say what was late. The worksheet says both.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader._util.escaping import INVISIBLE_CATEGORIES, one_line
from grader._util.wording import join_with_and
from grader.exports.moodle_languages import Language
from grader.exports.moodle_match import RowIndex
from grader.exports.moodle_worksheet import KNOWN, Worksheet, WorksheetRow
from grader.exports.roster import RosterError, read_roster
from grader.models import Submission

DRAFT = "it is a draft in Moodle and was never submitted, so it wasn't graded"
MAX_NAMED = 5  # submissions in a sentence
MAX_NAME = 100  # characters


class AppliedStatus(NamedTuple):
    """Submissions with what the worksheet says of them."""

    submissions: list[Submission]
    drafts: list[Submission]  # as they were before: their contents aren't needed any more
    sentences: list[str]  # for the instructor


def apply_worksheet(path: Path, submissions: Sequence[Submission]) -> AppliedStatus:
    """Return the submissions with drafts rejected, late ones marked, and names as the worksheet has them.

    Raises RosterError if the worksheet can't be read, its language isn't known, or it has none of the submissions.
    """
    worksheet = Worksheet(read_roster(path))
    name = one_line(str(path), 200)
    language = worksheet.language
    if language is None or worksheet.columns.status is None:
        raise RosterError(f"{name} doesn't say what is a draft or late: expected a column Status in one of {KNOWN}")
    index = RowIndex(worksheet.rows)
    found, drafts = list[Submission](), list[Submission]()
    absent, nothing, others = list[str](), list[str](), list[str]()
    for one in submissions:
        indexes, problem = index.find(one.name or one.student, one.id)
        rows = [worksheet.rows[number] for number in indexes]
        if problem:
            others.append(f"{one.student} ({problem})")
        elif not rows:
            absent.append(one.student)
        elif all(language.is_nothing(row.status) for row in rows):
            nothing.append(one.student)
        applied = _apply(one, rows, language)
        if applied.rejection == DRAFT and not one.rejection:
            drafts.append(one)
        found.append(applied)
    if submissions and len(absent) + len(others) == len(submissions):
        raise RosterError(
            f"{name} has none of the {len(submissions)} submissions, such as {(others or absent)[0]}; expected the "
            "worksheet of this assignment, and a download that was read with --as-platform moodle"
        )
    sentences = [
        *_sentence(f"not in {name}, so a draft or late submission isn't seen", absent),
        *_sentence(f"of somebody else by the names in {name}, which was ignored for them", others),
        *_sentence(f'with "{language.nothing[0]}" in {name}, which is older than the download', nothing),
        *_sentence("a draft in Moodle, so not graded", [one.student for one in drafts]),
    ]
    return AppliedStatus(found, drafts, sentences)


def _apply(one: Submission, rows: Sequence[WorksheetRow], language: Language) -> Submission:
    if not rows:
        return one
    name = _visible(rows[0].name) if len(rows) == 1 and rows[0].name else one.name
    late = one.late or any(language.is_late(row.status) for row in rows)
    one = msgspec.structs.replace(one, late=late, name="" if name == one.student else name)
    if one.rejection or not all(language.is_draft(row.status) for row in rows):
        return one
    digest = hashlib.sha256(DRAFT.encode()).hexdigest()
    return msgspec.structs.replace(one, content=b"", digest=digest, rejection=DRAFT)


def _visible(name: str) -> str:
    """Return a name on one line, with spaces for invisible characters: an escape would make it another name."""
    visible = "".join(" " if unicodedata.category(c) in INVISIBLE_CATEGORIES else c for c in name)
    return " ".join(visible.split())[:MAX_NAME]


def _sentence(what: str, students: Iterable[str]) -> list[str]:
    who = list(students)
    more = [f"{len(who) - MAX_NAMED} more"] if len(who) > MAX_NAMED else []
    return [f"{len(who)} {what}: {join_with_and([*who[:MAX_NAMED], *more])}"] if who else []
