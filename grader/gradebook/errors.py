"""Errors of the gradebook. This module imports no SQL, so that commands start quickly."""

from __future__ import annotations

from grader.errors import UserError


class GradebookError(UserError):
    """The gradebook can't be used."""


class ReportUnstorable(GradebookError):
    """A report can't be stored in any gradebook: it is too large or can't be encoded."""
