"""A grading worksheet that was downloaded from a Moodle assignment, given back with the grades filled in.

What Moodle demands of the file (its mod/assign/feedback/offline/importgradeslib.php, and "Offline grading worksheet"
of MoodleDocs): the columns Identifier, which says "Participant 12345", Grade, and Last modified (grade), by which it
tells whether a grade was changed meanwhile. It passes over a row whose grade is empty, above the maximum, or locked,
so a locked one ("Grade can be changed" says No) stays as it is here too, and another maximum is an error. Columns of
feedback are left out: Moodle would take them for changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.exports.roster import RosterError, RosterTable, parse_number, render_table, same_title
from grader.exports.roster_match import Grade, RosterRow

REQUIRED_COLUMNS = ("Identifier", "Grade", "Last modified (grade)")
MAXIMUM, CHANGEABLE = "Maximum grade", "Grade can be changed"
RETURNED_COLUMNS = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", MAXIMUM, CHANGEABLE),
    *("Last modified (submission)", "Last modified (grade)"),
)


class MoodleSheet:
    """The roster, taken apart. Raises RosterError when Moodle wouldn't take it back."""

    def __init__(
        self, table: RosterTable, assignment: str, max_score: float, column: str = "", id_column: str = ""
    ) -> None:
        for name in REQUIRED_COLUMNS:
            try:
                table.column(name)
            except RosterError as problem:
                raise RosterError(f"{problem}; download the grading worksheet from Moodle in English") from None
        self.table = table
        self.column = table.column(column or "Grade")
        self.columns = [
            index
            for index, title in enumerate(table.header)
            if index == self.column or any(same_title(title, name) for name in RETURNED_COLUMNS)
        ]
        self._check_maximum(max_score)
        where, locked = table.column(id_column or "Identifier"), self._optional(CHANGEABLE)
        self.roster_rows = [
            RosterRow(row[where], row, locked is not None and same_title(row[locked], "No")) for row in table.rows
        ]

    def fill(self, pairs: Sequence[tuple[RosterRow, Grade | None]]) -> bytes:
        rows = [[self.table.header[index] for index in self.columns]]
        rows += [self._row(person, grade) for person, grade in pairs]
        return render_table(rows, self.table.delimiter, self.table.has_bom)

    def _row(self, person: RosterRow, grade: Grade | None) -> list[str]:
        """What stood there stays where there is no grade, or none that is final, or it is locked."""
        cells = list(person.cells)
        if grade and not grade.needs_review and not person.locked:
            cells[self.column] = format_number(grade.score)
        return [cells[index] for index in self.columns]

    def _optional(self, name: str) -> int | None:
        return self.table.column(name) if any(same_title(name, title) for title in self.table.header) else None

    def _check_maximum(self, max_score: float) -> None:
        index = self._optional(MAXIMUM)
        for row in self.table.rows if index is not None else ():
            maximum = row[index or 0].strip()
            if maximum and parse_number(maximum) != round(max_score, 2):
                raise RosterError(
                    f"the maximum grade is {one_line(maximum, 20)} in Moodle, and the scores are out of "
                    f"{format_number(max_score)}; set the assignment's maximum in Moodle and download the "
                    "worksheet again"
                )
