"""CSV files of learning platforms: read unchanged, written so that no cell is a formula for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from grader._util.escaping import csv_cell, csv_file, one_line
from grader._util.wording import join_with_and
from grader.errors import UserError

MAX_ROSTER = 32 * 2**20  # bytes
DELIMITERS = ",;\t"
# Cells that begin like a formula and are none: a negative number, and a dash for "nothing".
NOT_A_FORMULA = re.compile(r"-|-?\d+(?:[.,]\d+)?%?")

POINTS_POSSIBLE = "Points Possible"
POSTING_CELL = re.compile(r"(muted|manual posting.*)?", re.IGNORECASE)


class RosterError(UserError):
    """The roster can't be used."""


class RosterTable(NamedTuple):
    """Content of a CSV file. Each row has as many cells as the header."""

    name: str  # path of the file, for messages
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    has_bom: bool = False  # the file begins with a byte-order mark

    def column(self, name: str) -> int:
        """Return the index of the column with this title. Raises RosterError if there is none, or several."""
        found = [index for index, title in enumerate(self.header) if same_title(title, name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise RosterError(f"{self.name} has {len(found)} columns named {one_line(name, 100)!r}; leave one")
        raise RosterError(f"{self.name} has no column {one_line(name, 100)!r}; it has {quote_titles(self.header)}")


def read_roster(path: Path) -> RosterTable:
    """Return the table in a CSV file of at most MAX_ROSTER bytes, in UTF-8. Raises RosterError."""
    name = one_line(str(path), 200)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_ROSTER + 1)
        text = content.decode("utf-8-sig")
    except OSError as problem:
        raise RosterError(f"{name} can't be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise RosterError(f"{name} isn't UTF-8; save it as CSV UTF-8") from None
    if len(content) > MAX_ROSTER:
        raise RosterError(f"{name} is larger than {MAX_ROSTER // 2**20} MB, the limit for a roster")
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader(io.StringIO(text), delimiter=sign), [])))
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(line)]
    except csv.Error as problem:
        raise RosterError(f"{name} is no CSV file: {problem}") from None
    if not lines:
        raise RosterError(f"{name} is empty")
    header, *rows = lines
    for row in rows:
        if len(row) > len(header):
            who = one_line(row[0], 100)
            raise RosterError(f"{name}: the row of {who!r} has {len(row)} cells, and the header {len(header)}")
    padded = tuple((*row, *[""] * (len(header) - len(row))) for row in rows)
    return RosterTable(name, tuple(map(str.strip, header)), padded, delimiter, content.startswith(b"\xef\xbb\xbf"))


def render_table(rows: Iterable[Sequence[str | float | bool | None]], delimiter: str = ",", bom: bool = False) -> bytes:
    """Return a CSV file in which no cell is a formula, whichever delimiter it is read with."""
    return csv_file(([safe_cell(cell) for cell in row] for row in rows), delimiter, bom)


def safe_cell(cell: str | float | bool | None) -> str | float:
    """Return a cell that no spreadsheet reads as a formula."""
    return cell if isinstance(cell, str) and NOT_A_FORMULA.fullmatch(cell) else csv_cell(cell)


def is_canvas_header_row(row: Sequence[str]) -> bool:
    """Return whether a row of a Canvas file isn't a student: points of the assignments, or how grades are posted."""
    return POINTS_POSSIBLE in row[0] or all(POSTING_CELL.fullmatch(cell.strip()) for cell in row)


def parse_number(cell: str) -> float | None:
    """Return a number with a decimal point or comma as float; None for other text."""
    return float(cell.strip().replace(",", ".")) if re.fullmatch(r"\s*\d+(?:[.,]\d+)?\s*", cell) else None


def same_title(one: str, other: str) -> bool:
    """Return whether two titles are equal without regard to case, which platforms changed over the years."""
    return one.strip().casefold() == other.strip().casefold()


def quote_titles(titles: Sequence[str]) -> str:
    """Return up to 12 titles in quotation marks, and a count of the others."""
    shown = [repr(one_line(title, 60)) for title in titles[:12]]
    return join_with_and([*shown, f"{len(titles) - 12} more"] if len(titles) > 12 else shown) or "none"
