"""Texts that people write into the gradebook: comments, reasons, requests, answers. Each has a limit."""

from __future__ import annotations

from grader.gradebook.errors import GradebookError

MAX_WRITTEN = 2000  # characters


class TextRefused(GradebookError):
    """A text is missing or too long."""


def check_text(what: str, text: str) -> str:
    """Return a text without spaces around it. Raises TextRefused if nothing is left, or it is too long.

    :param what: its name, such as "comment"
    """
    stripped = text.strip()
    if not stripped:
        raise TextRefused(f"the {what} is empty; write one or two sentences")
    if len(stripped) > MAX_WRITTEN:
        raise TextRefused(f"the {what} has {len(stripped)} characters; at most {MAX_WRITTEN} are allowed")
    return stripped
