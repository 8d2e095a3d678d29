"""Errors of the grader. Each message says in one sentence what is wrong and what to do."""


class GraderError(Exception):
    """Base class of all errors that the grader raises."""


class UserError(GraderError):
    """A request can't be carried out, and the user can change that."""


class InternalError(GraderError):
    """The grader or the machine failed; needs manual review."""


class Interrupted(GraderError):
    """A signal ended the run early. `exit_code` is the exit code of the command."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
