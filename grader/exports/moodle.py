"""Fill the grades into a grading worksheet that was downloaded from a Moodle assignment.

Requirements of Moodle (its mod/assign/feedback/offline/importgradeslib.php, and "Offline grading worksheet"
of MoodleDocs): the columns Identifier, which says "Participant 12345", Grade, and Last modified (grade), which
shows whether a grade was changed meanwhile. Moodle skips a row whose grade is empty, above the maximum, or locked. A
locked row ("Grade can be changed" is No) stays unchanged here too, and another maximum is an error. Columns of feedback
are left out: Moodle would import them as changes.
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
    """Grading worksheet from Moodle. Raises RosterError if Moodle would refuse the file, or a column isn't clear.

    :param assignment: ignored: a worksheet has one assignment
    :param max_score: points of the assignment, which must equal the maximum grade in Moodle
    :param column: title of the column for the grades, instead of Grade
    :param id_column: title of the column to match reports with, instead of Identifier
    """

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
        """Return the CSV file with the final grades filled in."""
        rows = [[self.table.header[index] for index in self.columns]]
        rows += [self._row(person, grade) for person, grade in pairs]
        return render_table(rows, self.table.delimiter, self.table.has_bom)

    def _row(self, person: RosterRow, grade: Grade | None) -> list[str]:
        """Return the cells of a row; the old grade stays without a final grade, or if it is locked."""
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
