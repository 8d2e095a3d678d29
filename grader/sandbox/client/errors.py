"""Errors of a submission that gives no answer, and of a sandbox that doesn't start."""

from __future__ import annotations

from grader.models import Status, TimeUse


class StudentError(Exception):
    """The submission gave no answer. `status` says in which way, `message` is a sentence for the student."""

    def __init__(self, status: Status, message: str, cause: str = "", time_use: TimeUse | None = None) -> None:
        super().__init__(message)
        self.time_use = time_use  # where it was a limit on time, and the limit was reached by this very request
        self.status = status
        self.message = message
        self.cause = cause  # the exception and its text, or the kind of object, without the place in the code


class SandboxLost(BaseException):
    """The fork server ended while the submission ran: nobody's answer. A BaseException, so that no case catches it."""


class SandboxFailed(SandboxLost):
    """No worker could be started. The fault is ours or the machine's, never the student's."""


class SandboxStarved(SandboxLost):
    """A worker ended because the machine had too little memory, or no room for its threads."""


class SubmissionUnreadable(StudentError):
    """The whole submission can't be read, so no question can be graded."""
