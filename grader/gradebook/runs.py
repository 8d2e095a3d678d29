"""Runs as the gradebook lists them, and the order of students. This module imports no SQL."""

from __future__ import annotations

import msgspec

from grader.gradebook.fingerprint import RunFingerprint


class Run(msgspec.Struct, frozen=True):
    """One run of the grader and its progress."""

    number: int
    started: str
    finished: str | None
    submissions: int
    done: int
    reused: int  # results of earlier runs among those that are done
    mean: float | None  # score of the graded submissions; None if there is none
    basis: RunFingerprint


def student_sort_key(student: str) -> tuple[str, str]:
    """Return the key to sort students by: without regard to case, then with it."""
    return student.casefold(), student
