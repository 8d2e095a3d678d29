"""Summary of an export."""

from __future__ import annotations

import msgspec


class ExportSummary(msgspec.Struct, frozen=True):
    """Lists of exported, unmatched and withheld students: by name from the gradebook, by id from the roster."""

    format: str
    files: list[str]
    written: int  # number of reports in the files
    without_submission: list[str] = []  # rows of the roster without a report
    unmatched: list[str] = []  # students without a row in the roster
    claimed: list[str] = []  # students who share one row with others, so that none is written
    review: list[str] = []  # students whose report needs review: no platform gets their score
    held: list[str] = []  # rows that the platform doesn't let change: excused or locked
    rejected: list[str] = []  # students whose submission couldn't be graded: score 0, where that was asked for
    not_graded: list[str] = []  # students whose submission couldn't be graded: no score
    mismatched: list[str] = []  # students whose id has a row with another name, and why
    overwritten: list[str] = []  # rows with another grade, which is replaced, and both grades
    kept: list[str] = []  # rows with another grade, which is kept
    final: int = 0  # number of grades that count
    penalized: int = 0  # of them, those that being late lowered
    adjusted: int = 0  # of them, those that a person changed
    decided: bool = False  # whether a policy or a person had a say in any grade
    notes: list[str] = []  # sentences about the upload

    @property
    def grades(self) -> str:
        """Return which numbers left, as a sentence: "12 final grades: 3 with a penalty, 2 adjusted"."""
        grades = f"{self.final} final grade{'' if self.final == 1 else 's'}"
        return f"{grades}: {self.penalized} with a penalty, {self.adjusted} adjusted"
