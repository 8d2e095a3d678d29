"""Whose report belongs to which row of a roster: by id, exactly, and never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grader._util.escaping import one_line
from grader.exports.roster import RosterError, RosterTable, is_canvas_header_row, same_title
from grader.models import ScoreReport
from grader.submissions.student_names import display_name, is_safe, safe_name

# Moodle's worksheet says "Participant 12345" where the name of a downloaded file says 12345.
PARTICIPANT = re.compile(r"(?i)participant\s*(?=\d+$)")
# Where an id is expected when nobody says it: names that Canvas, Moodle, Gradescope and nbgrader give the column.
ID_COLUMNS = ("ID", "Identifier", "SID", "student_id", "student")


class RosterRow(NamedTuple):
    """One row of a roster."""

    id: str
    cells: tuple[str, ...]
    locked: bool = False  # the platform keeps this grade as it is: excused, or locked


class Grade(NamedTuple):
    """What most formats need of a report; a class of these fits in memory."""

    student: str
    id: str
    assignment: str
    score: float
    max_score: float
    status: str
    needs_review: bool
    late: bool
    handed_in: str
    questions: dict[str, float]

    @classmethod
    def from_report(cls, report: ScoreReport) -> Grade:
        return cls(
            report.student,
            report.roster_id,
            report.assignment,
            round(report.score, 2),
            round(report.max_score, 2),
            report.status,
            report.needs_review,
            report.late,
            report.handed_in,
            {question.name: round(question.score, 2) for question in report.questions},
        )


@dataclass(frozen=True)
class MatchedGrades:
    """What there is to export. Without a roster, every grade is unmatched and there are no pairs."""

    assignment: str
    max_score: float
    grades: Sequence[Grade]  # of everybody, by student
    reports: Callable[[], Iterator[ScoreReport]]  # the same, whole, one in memory at a time
    table: RosterTable | None = None
    pairs: Sequence[tuple[RosterRow, Grade | None]] = ()  # each row of the roster, in its order
    unmatched: Sequence[Grade] = ()  # grades without a row


def roster_rows(table: RosterTable, id_column: str) -> list[RosterRow]:
    """A person for each row; the id stands in the named column, or in the one that platforms use."""
    known = (name for name in ID_COLUMNS if any(same_title(name, title) for title in table.header))
    name = id_column or next(known, ID_COLUMNS[0])
    index = table.column(name)
    return [RosterRow(row[index], row) for row in table.rows if not is_canvas_header_row(row)]


def match_grades(
    persons: Sequence[RosterRow], grades: Iterable[Grade]
) -> tuple[list[tuple[RosterRow, Grade | None]], list[Grade]]:
    """Each person with their grade, if any, and the grades of nobody. Raises RosterError when a row isn't clear.

    Of several grades for one id none is given, and all are nobody's: which of them counts is no guess of ours, and
    whoever made the second file must not keep the rest of the class waiting.
    """
    rows = Counter(id_key(person.id) for person in persons)
    claims: dict[str, list[Grade]] = {}
    unmatched: list[Grade] = []
    for grade in grades:
        name = id_key(grade.id)
        if not rows[name]:
            unmatched.append(grade)
        elif rows[name] > 1:
            raise RosterError(f"the id {one_line(grade.id, 100)} stands in {rows[name]} rows of the roster; leave one")
        else:
            claims.setdefault(name, []).append(grade)
    found = {name: several[0] for name, several in claims.items() if len(several) == 1}
    unmatched += [grade for several in claims.values() if len(several) > 1 for grade in several]
    return [(person, found.get(id_key(person.id))) for person in persons], unmatched


def superseded_students(grades: Sequence[Grade]) -> frozenset[str]:
    """The students of an earlier version's gradebook who are there under a name for paths, too.

    Earlier versions let nearly every sign stand in the name of a path.
    """
    names = {(grade.student, id_key(grade.id)) for grade in grades}
    old = [(grade.student, id_key(grade.id)) for grade in grades if not is_safe(grade.student)]
    return frozenset(student for student, identity in old if (safe_name(student), identity) in names)


def id_key(identity: str) -> str:
    """What two writings of an id have in common. Empty for no id, which is like no other."""
    name = unicodedata.normalize("NFC", " ".join(identity.split()))
    name = PARTICIPANT.sub("", name)
    # A student's name went through this too, as it was the name of a file.
    return display_name(name).casefold() if name else ""
