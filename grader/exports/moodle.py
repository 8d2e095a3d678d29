"""Fill the grades into a grading worksheet that was downloaded from a Moodle assignment.

Requirements of Moodle (its mod/assign/feedback/offline/importgradeslib.php, and "Offline grading worksheet"
of MoodleDocs): the columns Identifier, Grade and Last modified (grade), titled in the language of the user, and commas
between them unless the user says otherwise. Moodle skips a row whose grade is empty, above the maximum, locked, or
changed in Moodle since the worksheet was downloaded. A locked row stays unchanged here too, and another maximum is an
error. Columns of feedback are left out: Moodle would import them as changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader._util.escaping import one_line
from grader._util.wording import format_number, join_with_and
from grader.exports.moodle_match import match_worksheet
from grader.exports.moodle_worksheet import Worksheet
from grader.exports.roster import RosterError, RosterTable, parse_number, render_table
from grader.exports.roster_match import ExportedGrade, Matching, RosterRow, match_grades

DELIMITER = ","  # what Moodle expects, even if a spreadsheet saved the worksheet with semicolons


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
        self.worksheet = worksheet = Worksheet(table, column)
        self.table = table
        self.column = worksheet.grade
        self._id_column = table.column(id_column) if id_column else None
        found = worksheet.columns
        last = worksheet.identifier if found.status is None else found.status
        kept = {self.column, *range(last + 1), found.group, found.maximum, found.changeable}
        kept |= {found.submitted, found.modified}
        self._kept = sorted(index for index in kept if index is not None)
        self._check_scale(max_score)
        self._check_maximum(max_score)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences for the instructor about the upload."""
        return (self.worksheet.language_note,)

    def match(self, grades: Iterable[ExportedGrade]) -> Matching:
        """Return the rows with their grades: by number, group and name, or by the column that was named."""
        if self._id_column is None:
            return match_worksheet(self.worksheet, grades)
        rows = self.worksheet.rows
        return match_grades([RosterRow(row.cells[self._id_column], row.cells, row.locked) for row in rows], grades)

    def fill(self, pairs: Sequence[tuple[RosterRow, ExportedGrade | None]]) -> bytes:
        """Return the CSV file with the final grades filled in."""
        rows = [[self.table.header[index] for index in self._kept]]
        rows += [self._row(person, grade) for person, grade in pairs]
        return render_table(rows, DELIMITER, self.table.has_bom)

    def _row(self, person: RosterRow, grade: ExportedGrade | None) -> list[str]:
        """Return the cells of a row; the old grade stays without a final grade, or if it is locked."""
        cells = list(person.cells)
        if grade and grade.final and not person.locked:
            score = format_number(grade.score)
            cells[self.column] = score.replace(".", ",") if self.worksheet.decimal_comma else score
        return [cells[index] for index in self._kept]

    def _check_scale(self, max_score: float) -> None:
        if scale := self.worksheet.scale:
            steps = join_with_and([one_line(step, 60) for step in scale.replace("   ", "\n").splitlines()[:12]])
            raise RosterError(
                f"the assignment is graded by the scale {steps} in Moodle, and the scores are points; set its grade "
                f"to points with the maximum {format_number(max_score)} in Moodle and download the worksheet again"
            )

    def _check_maximum(self, max_score: float) -> None:
        index = self.worksheet.columns.maximum
        for row in self.table.rows if index is not None else ():
            maximum = row[index or 0].strip()
            if maximum and parse_number(maximum) != round(max_score, 2):
                raise RosterError(
                    f"the maximum grade is {one_line(maximum, 20)} in Moodle, and the scores are out of "
                    f"{format_number(max_score)}; set the assignment's maximum in Moodle and download the "
                    "worksheet again"
                )
