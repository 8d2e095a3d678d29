"""What an export says of itself."""

from __future__ import annotations

import msgspec


class ExportSummary(msgspec.Struct, frozen=True):
    """Where everybody is: students of the gradebook by name, rows of the roster by id."""

    format: str
    files: list[str]
    written: int  # reports that are in the files
    without_submission: list[str] = []  # rows without a report
    unmatched: list[str] = []  # students who stand in no row
    claimed: list[str] = []  # students of whom several are for the same row, so that none is in it
    review: list[str] = []  # students whose score isn't final, so that it is given to no platform
    held: list[str] = []  # rows that the platform keeps as they are: excused, or locked
    rejected: list[str] = []  # students whose submission couldn't be graded: score 0
