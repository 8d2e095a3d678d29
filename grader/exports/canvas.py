"""Fill the column of one assignment in a gradebook that was exported from Canvas.

Requirements of Canvas (its lib/gradebook_importer.rb, and "How do I import grades in the Gradebook?" in the Canvas
Instructor Guide): the first columns are Student (or LastName and FirstName) and ID, then the SIS columns, the
last of them Section; an assignment's column is titled "Title (its id)"; a row that begins with "Points Possible"
comes before the students, and one with only "Manual Posting" may. Canvas finds a student by ID, and without an ID by
SIS ids and name. Columns that aren't in the file stay unchanged in Canvas, so only the column of this assignment is
written. The cell EX marks an excused student: it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.exports.roster import (
    POINTS_POSSIBLE,
    RosterError,
    RosterTable,
    is_canvas_header_row,
    parse_number,
    quote_titles,
    render_table,
    same_title,
)
from grader.exports.roster_match import ExportedGrade, Matching, RosterRow, match_grades

TITLE_WITH_ID = re.compile(r"(?P<title>.*)\((?P<id>\d+)\)\s*")
EXCUSED = "EX"


class CanvasSheet:
    """Roster exported from Canvas. Raises RosterError if Canvas would refuse the file, or a column isn't clear.

    :param assignment: name of the assignment, to find its column
    :param max_score: points of the assignment, which must equal those in Canvas
    :param column: title, name or id of the column, instead of the assignment's name
    :param id_column: title of the column to match reports with, instead of ID
    """

    notes: tuple[str, ...] = ()  # sentences for the instructor about the upload

    def __init__(
        self, table: RosterTable, assignment: str, max_score: float, column: str = "", id_column: str = ""
    ) -> None:
        self.table = table
        self.identity_columns = self._section() + 1  # the first columns identify the student
        special = [row for row in table.rows if is_canvas_header_row(row)]
        self.column = self._column(column, assignment, special)
        self.special = special
        self._check_points(max_score)
        where = table.column(id_column or "ID")
        self.roster_rows = [
            RosterRow(row[where], row, same_title(row[self.column], EXCUSED))
            for row in table.rows
            if not is_canvas_header_row(row)
        ]

    def fill(self, pairs: Sequence[tuple[RosterRow, ExportedGrade | None]]) -> bytes:
        """Return the CSV file with the final grades filled in."""
        rows = [self._row(row, row[self.column]) for row in (self.table.header, *self.special)]
        rows += [self._row(person.cells, _cell(person, grade, self.column)) for person, grade in pairs]
        return render_table(rows, self.table.delimiter, self.table.has_bom)

    def match(self, grades: Iterable[ExportedGrade]) -> Matching:
        """Return the rows with their grades."""
        return match_grades(self.roster_rows, grades)

    def _row(self, cells: Sequence[str], last: str) -> list[str]:
        return [*cells[: self.identity_columns], last]

    def _section(self) -> int:
        header = self.table.header
        starts = (("Student", "ID"), ("LastName", "FirstName", "ID"))
        if not any(all(want in have for want, have in zip(start, header, strict=False)) for start in starts):
            raise RosterError(
                f"{self.table.name} is no gradebook exported from Canvas: its first columns are "
                f"{quote_titles(header[:3])}; expected 'Student' and 'ID'"
            )
        return self.table.column("Section")

    def _column(self, column: str, assignment: str, special: Sequence[Sequence[str]]) -> int:
        """Return the index of the column with this title, or with the assignment's name. Raises RosterError."""
        name = column or assignment
        writable = [
            index
            for index, title in enumerate(self.table.header)
            if index >= self.identity_columns
            and TITLE_WITH_ID.fullmatch(title)
            and not any("read only" in row[index] for row in special)
        ]
        found = [index for index in writable if name in _titles(self.table.header[index])] or [
            index for index in writable if any(same_title(name, title) for title in _titles(self.table.header[index]))
        ]
        if len(found) == 1:
            return found[0]
        problem = f"{len(found)} columns" if found else "no column"
        raise RosterError(
            f"{self.table.name} has {problem} for {one_line(name, 100)!r}; name one with --column "
            f"(there are {quote_titles([self.table.header[index] for index in writable])})"
        )

    def _check_points(self, max_score: float) -> None:
        """Raise RosterError if the points in the file, which Canvas imports, aren't those of the scores."""
        if not any(POINTS_POSSIBLE in row[0] for row in self.special):
            blank = [""] * len(self.table.header)
            blank[0], blank[self.column] = f"    {POINTS_POSSIBLE}", format_number(max_score)
            self.special.append(tuple(blank))
        (row, *_) = [row for row in self.special if POINTS_POSSIBLE in row[0]]
        points = row[self.column].strip()
        if points and parse_number(points) != round(max_score, 2):
            raise RosterError(
                f"{one_line(self.table.header[self.column], 100)!r} has {one_line(points, 20)} points in Canvas, and "
                f"the scores are out of {format_number(max_score)}; set the assignment's points in Canvas and "
                "export it again"
            )


def _cell(person: RosterRow, grade: ExportedGrade | None, column: int) -> str:
    """Return the cell for a grade; the old cell without a final grade, or for an excused student."""
    if grade is None or not grade.final or person.locked:
        return person.cells[column]
    return format_number(grade.score)


def _titles(title: str) -> tuple[str, ...]:
    match = TITLE_WITH_ID.fullmatch(title)
    return (title, match["title"].rstrip(), match["id"]) if match else (title,)
