"""Errors of users and of the grader.

Each message is one sentence, without a final full stop.
"""


class GraderError(Exception):
    """Base class of all errors that the grader raises."""


class UserError(GraderError):
    """A request can't be carried out, and the user can change that."""


class MissingPackages(UserError):
    """A package is not installed; the message says which, what needs it, and how to install it."""


class InternalError(GraderError):
    """The grader or the machine failed; needs manual review."""


class Interrupted(GraderError):
    """A signal ended the run early. `exit_code` is the exit code of the command."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
