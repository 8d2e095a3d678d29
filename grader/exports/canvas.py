"""A gradebook that was exported from Canvas, given back with the column of one assignment filled.

What Canvas demands of the file (its lib/gradebook_importer.rb, and "How do I import grades in the Gradebook?" of the
Canvas Instructor Guide): the first columns are Student (or LastName and FirstName) and ID, then the SIS columns, the
last of them Section; an assignment's column is titled "Title (its id)"; a row that begins with "Points Possible"
comes before the students, and one that says nothing but "Manual Posting" may. A student is found by ID, and only
where there is none by SIS ids and by name. Columns that are left out stay as they are, so nothing but this
assignment is given back. A cell that says EX is an excused student: it stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
from grader.exports.roster_match import Grade, RosterRow

TITLE_WITH_ID = re.compile(r"(?P<title>.*)\((?P<id>\d+)\)\s*")
EXCUSED = "EX"


class CanvasSheet:
    """The roster, taken apart. Raises RosterError when Canvas wouldn't take it back."""

    def __init__(
        self, table: RosterTable, assignment: str, max_score: float, column: str = "", id_column: str = ""
    ) -> None:
        self.table = table
        self.known = self._section() + 1  # columns that say who a student is
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

    def fill(self, pairs: Sequence[tuple[RosterRow, Grade | None]]) -> bytes:
        rows = [self._row(row, row[self.column]) for row in (self.table.header, *self.special)]
        rows += [self._row(person.cells, _cell(person, grade, self.column)) for person, grade in pairs]
        return render_table(rows, self.table.delimiter, self.table.has_bom)

    def _row(self, cells: Sequence[str], last: str) -> list[str]:
        return [*cells[: self.known], last]

    def _section(self) -> int:
        header = self.table.header
        starts = (("Student", "ID"), ("LastName", "FirstName", "ID"))
        if not any(all(want in have for want, have in zip(start, header, strict=False)) for start in starts):
            raise RosterError(
                f"{self.table.name} is no gradebook exported from Canvas: its first columns are "
                f"{quote_titles(header[:3])}, and not 'Student' and 'ID'"
            )
        return self.table.column("Section")

    def _column(self, column: str, assignment: str, special: Sequence[Sequence[str]]) -> int:
        """The assignment's column: the one that was asked for, or the one that has the assignment's name."""
        wanted = column or assignment
        open_ = [
            index
            for index, title in enumerate(self.table.header)
            if index >= self.known
            and TITLE_WITH_ID.fullmatch(title)
            and not any("read only" in row[index] for row in special)
        ]
        found = [index for index in open_ if wanted in _names(self.table.header[index])] or [
            index for index in open_ if any(same_title(wanted, name) for name in _names(self.table.header[index]))
        ]
        if len(found) == 1:
            return found[0]
        problem = f"{len(found)} columns" if found else "no column"
        raise RosterError(
            f"{self.table.name} has {problem} for {one_line(wanted, 100)!r}; name one with --column "
            f"(there are {quote_titles([self.table.header[index] for index in open_])})"
        )

    def _check_points(self, max_score: float) -> None:
        """Canvas takes what stands there for the assignment's points, so it must be what the scores are out of."""
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


def _cell(person: RosterRow, grade: Grade | None, column: int) -> str:
    """What stood there stays where there is no grade, or none that is final, or the student is excused."""
    if grade is None or grade.needs_review or person.locked:
        return person.cells[column]
    return format_number(grade.score)


def _names(title: str) -> tuple[str, ...]:
    match = TITLE_WITH_ID.fullmatch(title)
    return (title, match["title"].rstrip(), match["id"]) if match else (title,)
