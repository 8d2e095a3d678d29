"""Reader of the grading worksheet of a Moodle assignment, in any language.

Moodle's order of columns is fixed (its mod/assign/gradingtable.php): Identifier, Full name and other facts of a person,
Status, Group, Marker, Grade, Maximum grade or Scale, Marking workflow state, Grade can be changed, Last modified
(submission), texts of submissions, Last modified (grade), feedback. Where names are hidden or groups aren't used, their
columns are absent. Columns are found by their titles in the languages of moodle_languages.py, and else by this order
and by the shape of their cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.exports.moodle_languages import COLUMNS, LANGUAGES, Language, find_language
from grader.exports.roster import RosterError, RosterTable, parse_number, same_title

IDENTIFIER = re.compile(r"(?P<word>\D{0,60}?)\s*(?P<number>\d{1,20})")
TIME = re.compile(r"\d[:.]\d\d")
KNOWN = join_with_and([language.name for language in LANGUAGES])
EXPECTED = "expected the grading worksheet of an assignment: Identifier, Full name, Status, Grade and so on"
# Moodle marks a cell that a spreadsheet might run.
ESCAPED = re.compile(r"'(?=[=+\-@\t\r])")


class Columns(NamedTuple):
    """Indexes of the columns; None for one that the worksheet doesn't have."""

    identifier: int | None
    name: int | None
    status: int | None
    group: int | None
    grade: int | None
    maximum: int | None
    scale: int | None
    changeable: int | None
    submitted: int | None
    modified: int | None


class WorksheetRow(NamedTuple):
    """One student."""

    identifier: str  # as it stands there: "Participant 12"
    number: str  # "12", as in the names of downloaded files
    name: str  # empty where names are hidden
    group: str  # empty where the assignment has no groups
    status: str
    locked: bool
    cells: tuple[str, ...]


class Worksheet:
    """Grading worksheet. Raises RosterError if the table is none, or lacks a column that Moodle requires.

    :param column: title of the column of the grades, instead of the one that was found
    """

    def __init__(self, table: RosterTable, column: str = "") -> None:
        self.table = table
        self.language = find_language(table.header)
        found = _by_title(table, self.language) if self.language else _by_shape(table)
        if column:
            found = found._replace(grade=table.column(column))
        for title in ("identifier", "grade", "modified"):
            if getattr(found, title) is None:
                raise RosterError(f"{table.name} has no column {_title(self.language, title)!r}; download it again")
        self.columns = found
        self.identifier, self.grade = found.identifier or 0, found.grade or 0
        self.decimal_comma = any("," in row[index] for row in table.rows for index in _numbers(found))
        self.rows = list(self._rows())

    @property
    def language_note(self) -> str:
        """Return a sentence about the language of the worksheet, which the upload must have too."""
        if self.language:
            name = self.language.name
            return f"the worksheet is in {name}: Moodle reads it only while your own Moodle is in {name} too"
        header = self.table.header
        return (
            f"the language of the worksheet isn't known, and its columns were found by their order: "
            f"{one_line(header[self.identifier], 60)!r} identifies the student, "
            f"{one_line(header[self.grade], 60)!r} is the grade. Moodle reads it only in that language. "
            f"Known are {KNOWN}"
        )

    @property
    def scale(self) -> str:
        """Return the steps of the scale that the assignment is graded by; empty for points."""
        at = self.columns.scale
        return next((row[at] for row in self.table.rows if row[at].strip()), "a scale") if at is not None else ""

    def _rows(self) -> Iterator[WorksheetRow]:
        for row in self.table.rows:
            identifier = row[self.identifier].strip()
            match = IDENTIFIER.fullmatch(identifier)
            yield WorksheetRow(
                identifier,
                match["number"] if match else identifier,
                ESCAPED.sub("", self._cell(row, self.columns.name)),
                ESCAPED.sub("", self._cell(row, self.columns.group)),
                self._cell(row, self.columns.status),
                bool(self.language) and self._cell(row, self.columns.changeable) in (self.language or LANGUAGES[0]).no,
                row,
            )

    def _cell(self, row: tuple[str, ...], index: int | None) -> str:
        return "" if index is None else row[index].strip()


def is_worksheet(table: RosterTable) -> bool:
    """Return whether a table has the titles of a worksheet in a known language."""
    language = find_language(table.header)
    found = _by_title(table, language) if language else None
    return found is not None and found.identifier is not None and found.modified is not None


def _by_title(table: RosterTable, language: Language) -> Columns:
    """Return the columns with the titles of a language. Grade is found by its place if its title is another."""
    at = {column: _index(table, getattr(language, column)) for column in COLUMNS}
    identifier, status, maximum = at["identifier"], at["status"], at["maximum"]
    maximum = at["scale"] if maximum is None else maximum
    if at["grade"] is None and maximum:
        at["grade"] = maximum - 1
    hidden = identifier is None or status is None or status <= identifier + 1
    return Columns(name=None if hidden or identifier is None else identifier + 1, **at)


def _index(table: RosterTable, titles: tuple[str, ...]) -> int | None:
    """Return the index of the column with one of these titles. Raises RosterError if there are several."""
    found = [index for index, have in enumerate(table.header) if any(same_title(have, title) for title in titles)]
    if len(found) > 1:
        raise RosterError(f"{table.name} has {len(found)} columns named {one_line(titles[0], 100)!r}; leave one")
    return found[0] if found else None


def _by_shape(table: RosterTable) -> Columns:
    """Return the columns by their order and shape. Raises RosterError if they aren't clear."""
    columns = list(zip(*table.rows, strict=True))
    if not columns or not all(map(IDENTIFIER.fullmatch, map(str.strip, columns[0]))):
        raise RosterError(f"{table.name} is no grading worksheet from Moodle; {EXPECTED}")
    status = next((i for i, cells in enumerate(columns) if i and all(map(_is_status, cells))), None)
    maximum = next((i for i in range(2, len(columns)) if _is_maximum(columns[i], columns[i - 1])), None)
    times = [i for i, cells in enumerate(columns) if maximum and i > maximum and all(map(_is_time, cells))]
    if maximum is None or len(times) < 2:
        raise RosterError(
            f"the columns of {table.name} aren't clear: its language isn't known, and no column of points with two "
            f"columns of times after it was found; download the worksheet with Moodle in one of {KNOWN}"
        )
    return Columns(
        identifier=0,
        name=1 if status and status > 1 else None,
        status=status,
        group=None,
        grade=maximum - 1,
        maximum=maximum,
        scale=None,
        changeable=times[0] - 1 if times[0] - 1 > maximum else None,
        submitted=times[0],
        modified=times[-1],
    )


def _is_status(cell: str) -> bool:
    return cell.rstrip().endswith(" -")


def _is_time(cell: str) -> bool:
    return cell.strip() == "-" or bool(TIME.search(cell))


def _is_maximum(cells: tuple[str, ...], grades: tuple[str, ...]) -> bool:
    """Return whether these cells are one positive number, and those before them empty or numbers."""
    points = {parse_number(cell) for cell in cells}
    return (
        len(points) == 1
        and bool(points.pop())
        and all(not cell.strip() or parse_number(cell) is not None for cell in grades)
    )


def _numbers(columns: Columns) -> list[int]:
    return [index for index in (columns.grade, columns.maximum) if index is not None]


def _title(language: Language | None, column: str) -> str:
    title: str = getattr(language or LANGUAGES[0], column)[0]
    return title
