"""Names of students, made from names of files: harmless as a file name on any system, and unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from grader.text import HIDDEN

MAX_LENGTH = 100  # characters
MAX_BYTES = 200  # in UTF-8: file systems allow 255, and endings come on top
UNNAMED = "unnamed"

SEPARATORS = frozenset('/\\:*?"<>|')  # between folders, or forbidden on Windows
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)")  # devices on Windows
SECOND = re.compile(r"(?i)\.notebook$")  # ada.notebook.html is a page of ada's


def safe_name(name: str) -> str:
    """A name made harmless: never empty, no path, no invisible sign, no option, no device."""
    name = "".join(map(_harmless, name))
    name = " ".join(unicodedata.normalize("NFC", name).split())
    name = _trimmed(name)
    if RESERVED.match(name):
        name = f"_{name}"
    name = _shortened(name, MAX_LENGTH, MAX_BYTES)
    return SECOND.sub("_notebook", name) or UNNAMED


def unique_names(names: Sequence[str]) -> Iterator[str]:
    """The same names, the later ones of equals with a number: ada, ada-2.

    Case makes no difference, because some file systems see none. Who has a name first keeps it, also one
    that looks numbered.
    """
    taken = {_key(name) for name in names}
    next_number: dict[str, int] = {}
    for name in names:
        key = _key(name)
        if key not in next_number:
            next_number[key] = 2
            yield name
            continue
        while _key(numbered := _numbered(name, next_number[key])) in taken:
            next_number[key] += 1
        taken.add(_key(numbered))
        yield numbered


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if character in SEPARATORS or category == "Cs":
        return "_"
    if character.isspace():
        return " "
    return "" if category in HIDDEN else character


def _trimmed(name: str) -> str:
    """Without what hides a file or looks like an option in front, or what Windows drops at the end."""
    return name.lstrip(".- ").rstrip(". ")


def _shortened(name: str, length: int, size: int) -> str:
    return _trimmed(name[:length].encode()[:size].decode(errors="ignore"))


def _numbered(name: str, number: int) -> str:
    ending = f"-{number}"
    return _shortened(name, MAX_LENGTH - len(ending), MAX_BYTES - len(ending)) + ending


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
