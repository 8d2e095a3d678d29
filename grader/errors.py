"""What a command ends with when it can't do what it was asked to. The message is one sentence for the user."""


class Unfit(Exception):
    """What was asked for can't be done as it was asked, and the user can mend that."""


class Failed(Exception):
    """Something of ours, or of the machine, failed; a person must look."""


class Stopped(Exception):
    """A signal ended the run early; the message is one sentence for the user."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
