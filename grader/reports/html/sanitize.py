"""Text of students and authors for a page: messages, and the output of code."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from grader._util.escaping import one_line, plain
from grader.reports.html.limits import MAX_PROSE

_CODE = re.compile(r"`([^`]+)`")
_ANSI = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]")


@lru_cache(maxsize=2000)
def prose(text: str) -> Markup:
    """Return a message as one line of HTML, with `names` in backquotes as code."""
    shown = one_line(text, MAX_PROSE)
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(shown))))  # shown is escaped


def output_text(text: str, most: int) -> str:
    """Return the output of code without ANSI sequences, at most `most` characters."""
    return plain(_ANSI.sub("", text[: 2 * most]), most)
