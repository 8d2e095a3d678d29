"""Match reports with the rows of a roster, by equal ids and never by a guess."""

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

# Moodle's worksheet has "Participant 12345" where the name of a downloaded file has 12345.
PARTICIPANT = re.compile(r"(?i)participant\s*(?=\d+$)")
# Default titles of the id column: those of Canvas, Moodle, Gradescope and nbgrader.
ID_COLUMNS = ("ID", "Identifier", "SID", "student_id", "student")


class RosterRow(NamedTuple):
    """One row of a roster."""

    id: str
    cells: tuple[str, ...]
    locked: bool = False  # the platform doesn't let this grade change: excused or locked
    name: str = ""  # of the student; empty if the roster isn't known to say it


class ExportedGrade(NamedTuple):
    """Part of a report that most formats need. The grades of a class fit into memory."""

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
    name: str  # for people
    final: bool  # whether a platform gets the score
    auto: float = 0.0  # what the score is made of: the automatic score,
    adjustment: float = 0.0  # what people added,
    penalty: float = 0.0  # and what the policy added, below 0 if it took off
    attempt: int = 0  # which hand-in counts, from 1; 0 if nobody knows
    due: str = ""  # the student's own due date, ISO 8601; empty if there is none
    decided: bool = False  # whether a policy or a person had a say
    adjusted: bool = False  # whether a person had
    penalized: bool = False  # whether being late cost points

    @classmethod
    def from_report(cls, report: ScoreReport, rejected_as_zero: bool = False) -> ExportedGrade:
        """Return the grade in a report: the points that count, rounded to 2 decimals. Those of questions are automatic.

        :param rejected_as_zero: whether a submission that couldn't be graded counts as 0 points
        """
        return cls(
            report.student,
            report.roster_id,
            report.assignment,
            round(report.final, 2),
            round(report.final_max, 2),
            report.final_status,
            report.awaits_review,
            report.late,
            report.handed_in,
            {question.name: round(question.score, 2) for question in report.questions},
            report.display_name,
            not report.awaits_review
            and (report.final_status == "graded" or (rejected_as_zero and report.final_status == "rejected")),
            round(report.grade.auto if report.grade else report.score, 2),
            round(report.grade.adjustments, 2) if report.grade else 0.0,
            round(report.grade.penalty, 2) if report.grade else 0.0,
            report.grade.attempt if report.grade else 0,
            report.grade.due if report.grade else "",
            report.grade is not None,
            bool(report.grade and report.grade.corrections),
            bool(report.grade and report.grade.has_penalty),
        )


class Matching(NamedTuple):
    """Rows of a roster with their grades, and the grades that no row gets."""

    pairs: Sequence[tuple[RosterRow, ExportedGrade | None]]  # in the order of the roster
    unmatched: Sequence[ExportedGrade]  # without a row
    claimed: Sequence[ExportedGrade]  # of a row that several grades claim
    mismatched: Sequence[tuple[ExportedGrade, str]]  # whose row seems to be somebody else's, and why
    contested: frozenset[int]  # indexes of the rows that several grades claim


NOTHING_MATCHED = Matching((), (), (), (), frozenset())


@dataclass(frozen=True)
class MatchedGrades:
    """Grades to export, matched with a roster. Without a roster there are no pairs."""

    assignment: str
    max_score: float
    grades: Sequence[ExportedGrade]  # of all students
    reports: Callable[[], Iterator[ScoreReport]]  # complete reports of all students, one in memory at a time
    table: RosterTable | None = None
    matching: Matching = NOTHING_MATCHED

    @property
    def pairs(self) -> Sequence[tuple[RosterRow, ExportedGrade | None]]:
        """Return each row of the roster with its grade, in the order of the roster."""
        return self.matching.pairs

    @property
    def without_row(self) -> Sequence[ExportedGrade]:
        """Return the grades that no row gets, for whatever reason."""
        found = self.matching
        return [*found.unmatched, *found.claimed, *(grade for grade, _ in found.mismatched)]


def roster_rows(table: RosterTable, id_column: str) -> list[RosterRow]:
    """Return the rows of the students.

    :param id_column: title of the column with the ids; if empty, the first of ID_COLUMNS that the table has
    """
    known = (name for name in ID_COLUMNS if any(same_title(name, title) for title in table.header))
    name = id_column or next(known, ID_COLUMNS[0])
    index = table.column(name)
    return [RosterRow(row[index], row) for row in table.rows if not is_canvas_header_row(row)]


def match_grades(persons: Sequence[RosterRow], grades: Iterable[ExportedGrade]) -> Matching:
    """Return each row with its grade, if any, and the grades without a row.

    If several grades have one id, none of them gets the row: the grader doesn't guess, and a student who made a second
    file must not delay the rest of the class. Raises RosterError if several rows have the id of a grade.
    """
    rows = Counter(id_key(person.id) for person in persons)
    claims: dict[str, list[ExportedGrade]] = {}
    unmatched: list[ExportedGrade] = []
    for grade in grades:
        name = id_key(grade.id)
        if not rows[name]:
            unmatched.append(grade)
        elif rows[name] > 1:
            raise RosterError(f"the id {one_line(grade.id, 100)} stands in {rows[name]} rows of the roster; leave one")
        else:
            claims.setdefault(name, []).append(grade)
    found = {name: several[0] for name, several in claims.items() if len(several) == 1}
    claimed = [grade for several in claims.values() if len(several) > 1 for grade in several]
    contested = {name for name, several in claims.items() if len(several) > 1}
    return Matching(
        [(person, found.get(id_key(person.id))) for person in persons],
        unmatched,
        claimed,
        (),
        frozenset(number for number, person in enumerate(persons) if id_key(person.id) in contested),
    )


def superseded_students(grades: Sequence[ExportedGrade]) -> frozenset[str]:
    """Return the students whose report was stored again under a safe name.

    Earlier versions of the grader allowed nearly every character in a student's name.
    """
    names = {(grade.student, id_key(grade.id)) for grade in grades}
    old = [(grade.student, id_key(grade.id)) for grade in grades if not is_safe(grade.student)]
    return frozenset(student for student, identity in old if (safe_name(student), identity) in names)


def id_key(identity: str) -> str:
    """Return a key that is equal for different spellings of an id; empty for no id."""
    name = unicodedata.normalize("NFC", " ".join(identity.split()))
    name = PARTICIPANT.sub("", name)
    # The names of students come from file names, which went through `display_name` too.
    return display_name(name).casefold() if name else ""
