"""Escape untrusted text for its destination: a terminal, a Markdown page, a CSV cell.

All text that a student can influence (messages, file names, printed output) passes through here before it is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

# Controls, format characters (bidi marks, zero-width ones), lone surrogates, line and paragraph separators.
INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
MAX_ESCAPE = 10  # characters of the escape that makes one visible: \\U000e0001
# Runs that may hold invisible characters. Letters, digits and ASCII, which are most of any text, are passed over.
MAYBE_INVISIBLE = re.compile(r"[^\w\n\t -~]+")

# Spreadsheets read a cell that starts like this as a formula; the wide and small forms count in some locales.
FULL_WIDTH_AND_SMALL = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"  # forms of = + - @
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", *FULL_WIDTH_AND_SMALL)
# Where a cell may begin: at the start of a text, and after any common delimiter, because a file may be read with
# another delimiter than it was written with. Spaces and quotation marks may follow.
CELL_START = re.compile(rf'((?:^|[,;|])[\s"]*)([{re.escape("".join(FORMULA_STARTS))}])')
NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

# Characters that look like the quotation marks of `quote_text`, and those of which two together do. Beside quotation
# marks they are what Unicode's confusables.txt lists for U+201D: primes, ditto and accent marks, Hebrew signs.
DOUBLE_LOOKALIKES = "“”„‟❝❞〝〞〟⹂\uff02\U0001f676\U0001f677\U0001f678\u02ba\u02dd\u02ee\u05f2\u05f4\u2033\u2036\u3003"
SINGLE_LOOKALIKES = "\u2018\u2019\u201a\u201b❛❜\u02bb\u02bc"
QUOTE_LOOKALIKES = {ord(sign): '"' for sign in DOUBLE_LOOKALIKES} | {ord(sign): "'" for sign in SINGLE_LOOKALIKES}


def plain(text: str, limit: int = 2000) -> str:
    """Return text with visible escapes for characters that are invisible or move the cursor.

    Line feeds and tabs stay. The result has at most `limit` characters; a truncated text ends with an ellipsis.
    """
    text = text.replace("\r\n", "\n")
    visible = text[: limit + 1]
    if not visible.isprintable():  # no invisible character is printable; most texts need no escape
        visible = MAYBE_INVISIBLE.sub(_visible_run, visible)
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def one_line(text: str, limit: int = 2000) -> str:
    """Return plain text on one line, with single spaces."""
    return " ".join(plain(text, limit).split())


def quote_text(text: str, limit: int = 2000) -> str:
    """Return untrusted text as one line in quotation marks, which no character of the text can close."""
    return f"“{one_line(text, limit).translate(QUOTE_LOOKALIKES)}”"


def escape_markdown(text: str, limit: int = 2000) -> str:
    """Return one line that Markdown shows literally: no markup, HTML, link, image, table cell or mention."""
    text = one_line(text, limit)
    text = re.sub(r"([\\`*_\[\]|~$])", r"\\\1", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"^([#+=-]|\d+(?=[.)]))", _escape_start, text)
    # GitHub's Markdown turns bare addresses into links. An escape prevents that for a scheme or www. Email addresses
    # and @mentions are found after escapes are removed, so only a code span prevents those.
    text = re.sub(r":(?=/)", r"\\:", text)
    text = re.sub(r"(?i)(www)\.", r"\1\\.", text)
    return re.sub(r"@+", r"`\g<0>`", text)


def markdown_code(text: str) -> str:
    """Return a Markdown code span. Not for table cells, where a bar would end the cell."""
    text = one_line(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def csv_cell(value: str | float | bool | None) -> str | float:
    """Return a cell of a CSV file: a number unchanged, text as one line without a formula.

    An apostrophe is put before each character that would begin a formula, wherever a reader may begin a cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    line = CELL_START.sub(r"\1'\2", one_line(value))
    return f"'{line}" if value.startswith(FORMULA_STARTS) and not line.startswith("'") else line


def csv_file(rows: Iterable[Sequence[str | float]], delimiter: str = ",", bom: bool = False) -> bytes:
    """Return a CSV file of such cells, with CRLF line ends: text in quotation marks, numbers and empty cells without.

    With `bom` it begins with a byte-order mark, by which Excel knows UTF-8. Right behind that some readers (Ruby's,
    which Canvas uses) refuse a quotation mark: a first title of words alone stands without.
    """
    lines = (delimiter.join(map(_csv_field, row)) or '""' for row in rows)  # an empty line would be no row
    text = "".join(f"{line}\r\n" for line in lines)
    if not bom:
        return text.encode()
    return re.sub(r'\A"([\w ]+)"(?!")', r"\1", text).encode("utf-8-sig")


def _csv_field(cell: str | float) -> str:
    text = str(cell)
    return text if not text or NUMBER.fullmatch(text) else '"' + text.replace('"', '""') + '"'


def escape_surrogates(value: object) -> object:
    """Return lists, dicts and plain values with lone surrogates escaped, so that UTF-8 can encode them."""
    try:
        msgspec.json.encode(value)  # 50 times as fast as checking every string; surrogates are rare
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


def _visible_run(match: re.Match[str]) -> str:
    run = match[0]
    return run if run.isprintable() else "".join(map(_visible, run))


@lru_cache(4096)
def _visible(character: str) -> str:
    if unicodedata.category(character) not in INVISIBLE_CATEGORIES:
        return character
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _escape_start(match: re.Match[str]) -> str:
    """Return an escape of characters that only have a meaning at the start of a line: headings, lists, underlines."""
    start = match[1]
    return f"{start}\\" if start.isdigit() else f"\\{start}"
