"""Lines of Python code as HTML, numbered and coloured, also if the code has syntax errors.

One pattern finds all tokens. Pygments takes ten times as long, and looks alike to a student. A token that the pattern
misreads has the wrong colour; no text is ever left out.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from grader._util.escaping import plain
from grader.reports.html.limits import CACHED_TEXTS, MAX_CACHED_TEXT, MAX_CODE_LINE

# The groups have the names of CSS classes: c(omment), s(tring), f(unction that is defined), k(eyword), n(umber).
# A string may end at the end of the text, even after a backslash. So its end always matches, and there is no
# backtracking, which took exponential time for an unclosed `"""aaa\`.
TOKEN = re.compile(
    r"(?P<c>#[^\n]*)"
    r"|(?P<s>(?<!\w)[rbfuRBFU]{0,2}(?:"
    r'"""(?:[^\\"]+|\\.?|"(?!""))*(?:"""|\Z)|' + r"'''(?:[^\\']+|\\.?|'(?!''))*(?:'''|\Z)|"
    r'"(?:[^\\"\n]+|\\.)*"?|' + r"'(?:[^\\'\n]+|\\.)*'?))"
    r"|(?P<f>(?<=\bdef )[^\W\d]\w*|(?<=\bclass )[^\W\d]\w*|^[ \t]*@[\w.]+)"
    r"|\b(?P<k>" + "|".join(keyword.kwlist) + r")\b"
    r"|\b(?P<n>\d[\w.]*)",
    re.DOTALL | re.MULTILINE,
)


def lines(code: str) -> tuple[Markup, ...]:
    """Return each line of the code as coloured HTML."""
    return _coloured(code) if len(code) <= MAX_CACHED_TEXT else _coloured.__wrapped__(code)


def numbered(code: str, first: int, last: int, flags: Mapping[int, str]) -> Markup:
    """Return the lines `first` to `last` with their numbers. `flags` are notes: line -> text."""
    if not flags and len(code) <= MAX_CACHED_TEXT:
        return _numbered_cached(code, first, last)
    return _numbered(code, first, last, flags)


@lru_cache(maxsize=CACHED_TEXTS)
def _coloured(code: str) -> tuple[Markup, ...]:
    listing: list[list[str]] = [[]]
    at = 0
    for found in TOKEN.finditer(code):
        _append(listing, code[at : found.start()], "")
        _append(listing, found[0], found.lastgroup or "")
        at = found.end()
    _append(listing, code[at:], "")
    return tuple(Markup("".join(line)) for line in listing)  # _append has escaped it


def _append(listing: list[list[str]], text: str, colour: str) -> None:
    """Append a piece of code, escaped, to the last line of `listing`. The code may have several lines."""
    for i, part in enumerate(text.split("\n")):
        if i:
            listing.append([])
        if part:
            shown = escape(plain(part, MAX_CODE_LINE))
            listing[-1].append(f'<span class="{colour}">{shown}</span>' if colour else shown)


@lru_cache(maxsize=CACHED_TEXTS)
def _numbered_cached(code: str, first: int, last: int) -> Markup:
    return _numbered(code, first, last, {})


def _numbered(code: str, first: int, last: int, flags: Mapping[int, str]) -> Markup:
    listing = []
    for at, line in enumerate(lines(code)[first - 1 : last], start=first):
        flag = f' <span class="flag">{escape(plain(flags[at]))}</span>' if at in flags else ""
        raised = " raised" if flag else ""
        listing.append(
            f'<span class="line{raised}"><span class="at">{at}</span> <span class="text">{line}{flag}</span>\n</span>'
        )
    return Markup("".join(listing))  # lines are escaped, and so are flags
