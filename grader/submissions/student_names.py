"""Names of students: for people, and for paths.

A display name keeps what a person may be called. A path name holds only letters and digits of any script, their
combining marks, and `.`, `_` and `-`. Pasted into a shell, a Makefile or a spreadsheet, even without quotes, it means
nothing but itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from grader._util.escaping import INVISIBLE_CATEGORIES
from grader.submissions.limits import MAX_STUDENT_NAME, MAX_STUDENT_NAME_BYTES, NUMBER_ROOM

UNNAMED = "unnamed"
ALLOWED_SIGNS = frozenset("._-")

SEPARATORS = frozenset('/\\:*?"<>|')  # between folders, or forbidden on Windows
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)")  # devices on Windows
NOTEBOOK_ENDING = re.compile(r"(?i)\.notebook$")  # ada.notebook.html is a page of the student ada
# Invisible letters and marks, which would let two names look alike: Unicode's Default_Ignorable_Code_Point.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def display_name(name: str) -> str:
    """Return a name for people: one visible line of at most 100 characters, never empty.

    It isn't safe as a path: use `safe_name` there.
    """
    name = "".join(map(_display_character, INVISIBLE.sub("", name)))
    name = " ".join(unicodedata.normalize("NFC", name).split())
    return _finish(_trim(name))


def safe_name(name: str) -> str:
    """Return a name for paths: letters, digits, marks, `.`, `_` and single `-`; never empty, an option or a device.

    A run of other characters becomes one `_`. Two hyphens in a row become one, because `unique_names` numbers with
    two.
    """
    name = "_".join("".join(map(_path_character, display_name(name))).split())
    return _finish(re.sub("-{2,}", "-", _trim(unicodedata.normalize("NFC", name))))


def is_safe(name: str) -> bool:
    """Return whether a name holds only what `safe_name` leaves; a numbered name does too."""
    return bool(name) and name == _trim(INVISIBLE.sub("", name)) and " " not in "".join(map(_path_character, name))


def unique_names(names: Sequence[str]) -> Iterator[str]:
    """Yield the names in their order, repeated ones with a number: ada, ada--2, ada--3."""
    seen: set[str] = set()
    numbers = NumberedNames()
    for name in names:
        if (key := name_key(name)) not in seen:
            seen.add(key)
            yield name
        else:
            yield numbers.next(name)


class NumberedNames:
    """Source of numbered names for students with equal names. `safe_name` never returns such a name."""

    def __init__(self) -> None:
        self._last = Counter[str]()

    def next(self, name: str) -> str:
        """Return the next numbered form of a name: ada--2, then ada--3."""
        base = _shorten(name, MAX_STUDENT_NAME - NUMBER_ROOM, MAX_STUDENT_NAME_BYTES - NUMBER_ROOM)
        key = name_key(base)  # of the shortened name: two long names may begin alike
        self._last[key] += 1
        return f"{base}--{self._last[key] + 1}"


def name_key(name: str) -> str:
    """Return a key that is equal for names that a file system may take for one: case and Unicode form are removed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _display_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in SEPARATORS or category == "Cs":
        return "_"
    if character.isspace():
        return " "
    return "" if category in INVISIBLE_CATEGORIES else character


def _path_character(character: str) -> str:
    """Return a letter, mark, digit or allowed sign unchanged; a space for everything else."""
    category = unicodedata.category(character)
    return character if category[0] in "LM" or category == "Nd" or character in ALLOWED_SIGNS else " "


def _trim(name: str) -> str:
    """Remove what hides a file or looks like an option in front, and what Windows drops at the end."""
    begin = 0
    while begin < len(name) and (name[begin] in ".- " or unicodedata.category(name[begin])[0] == "M"):
        begin += 1  # a combining mark too: it would join the character before the name
    return name[begin:].rstrip(". ")


def _finish(name: str) -> str:
    if RESERVED.match(name):
        name = f"_{name}"
    return NOTEBOOK_ENDING.sub("_notebook", _shorten(name, MAX_STUDENT_NAME, MAX_STUDENT_NAME_BYTES)) or UNNAMED


def _shorten(name: str, length: int, size: int) -> str:
    return _trim(name[:length].encode()[:size].decode(errors="ignore"))
