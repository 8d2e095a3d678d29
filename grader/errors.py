"""Errors of users and of the grader.

Each message is one sentence, without a final full stop.
"""


class GraderError(Exception):
    """Base of all errors that the grader raises on purpose."""


class UserError(GraderError):
    """What was asked for can't be done as it was asked, and the user can change that."""


class InternalError(GraderError):
    """Something of the grader, or of the machine, failed; a person must look."""


class Interrupted(GraderError):
    """A signal ended the run early."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
