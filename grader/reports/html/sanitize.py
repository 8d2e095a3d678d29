"""What students and authors wrote, as text of a page: messages, and what code output_text."""

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
    """A message as one line, in which `names` are code."""
    shown = one_line(text, MAX_PROSE)
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(shown))))  # escaped before


def output_text(text: str, most: int) -> str:
    """What code output_text, without the colours of terminals."""
    return plain(_ANSI.sub("", text[: 2 * most]), most)
