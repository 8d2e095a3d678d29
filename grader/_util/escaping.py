"""Untrusted text, made harmless for where it goes: a terminal, a Markdown page, a CSV cell.

Whatever a student can write (messages, file names, printed output) passes through here on its way out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec

# Controls, format characters (bidi marks, zero-width ones), lone surrogates, line and paragraph separators.
INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Spreadsheets read a cell that starts like this as a formula; the wide and small forms count in some locales.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")  # noqa: RUF001 - these are meant
# Where a cell may begin in a text: at its start, and after every sign that separates cells somewhere, for a file may be
# read with another separator than it was written with. Blanks and quotation marks may come between.
CELL_START = re.compile(rf'((?:^|[,;|])[\s"]*)([{re.escape("".join(FORMULA_STARTS))}])')
NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

# Signs that look like the quotation marks that `quote_text` puts around a text.
QUOTE_LOOKALIKES = dict.fromkeys(map(ord, "“”„‟❝❞〝〞〟＂"), '"')  # noqa: RUF001 - the wide form is meant


def plain(text: str, limit: int = 2000) -> str:
    """Text that shows all it holds: what is invisible or moves the cursor becomes a visible escape.

    Line feeds and tabs stay. Never longer than `limit`; a cut shows as an ellipsis.
    """
    text = text.replace("\r\n", "\n")
    shown = text[: limit + 1]
    if not shown.isprintable():  # which none of the hidden are; most texts are at once as they are shown
        shown = "".join(map(_visible, shown))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def one_line(text: str, limit: int = 2000) -> str:
    """Plain text on one line, with single spaces."""
    return " ".join(plain(text, limit).split())


def quote_text(text: str, limit: int = 2000) -> str:
    """Return someone else's words as one line in quotation marks, which no sign in the text can close."""
    return f"“{one_line(text, limit).translate(QUOTE_LOOKALIKES)}”"


def escape_markdown(text: str) -> str:
    """One line that Markdown shows letter by letter: no markup, HTML, link, image, table cell or mention."""
    text = one_line(text)
    text = re.sub(r"([\\`*_\[\]|~$])", r"\\\1", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"^([#+=-]|\d+(?=[.)]))", _escape_start, text)
    # Bare addresses become links in GitHub's Markdown. An escape stops those that begin with a scheme or www;
    # for mail addresses and @mentions, which are found after escapes are gone, only a code span does.
    text = re.sub(r":(?=/)", r"\\:", text)
    text = re.sub(r"(?i)(www)\.", r"\1\\.", text)
    return re.sub(r"@+", r"`\g<0>`", text)


def markdown_code(text: str) -> str:
    """A Markdown code span. Not for table cells, where a bar would end the cell."""
    text = one_line(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def csv_cell(value: str | float | bool | None) -> str | float:
    """Return what stands in a cell of a CSV file: a number as it is, text as one line without a formula.

    An apostrophe goes before each sign that would begin a formula, wherever a reader may let a cell begin.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    line = CELL_START.sub(r"\1'\2", one_line(value))
    return f"'{line}" if value.startswith(FORMULA_STARTS) and not line.startswith("'") else line


def csv_file(rows: Iterable[Sequence[str | float]], delimiter: str = ",", marked: bool = False) -> bytes:
    """Return a CSV file of such cells, with CRLF line ends: text in quotation marks, numbers and empty cells without.

    With `marked` it begins with a byte-order mark, by which Excel knows UTF-8. Right behind that some readers (Ruby's,
    which Canvas uses) refuse a quotation mark: a first title of words alone stands without.
    """
    lines = (delimiter.join(map(_csv_field, row)) or '""' for row in rows)  # an empty line would be no row
    text = "".join(f"{line}\r\n" for line in lines)
    if not marked:
        return text.encode()
    return re.sub(r'\A"([\w ]+)"', r"\1", text).encode("utf-8-sig")


def _csv_field(cell: str | float) -> str:
    text = str(cell)
    return text if not text or NUMBER.fullmatch(text) else '"' + text.replace('"', '""') + '"'


def escape_surrogates(value: object) -> object:
    """The same lists, dicts and plain values, with lone surrogates escaped, so that UTF-8 holds them."""
    try:
        msgspec.json.encode(value)  # fifty times as fast as looking at every string, and there are hardly ever any
    except UnicodeEncodeError:
        return _escaped(value)
    return value


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    return value


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in INVISIBLE_CATEGORIES:
        return character
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _escape_start(match: re.Match[str]) -> str:
    """Signs that only mean something at the start of a line: headings, lists, underlines."""
    start = match[1]
    return f"{start}\\" if start.isdigit() else f"\\{start}"
