"""Names of students: as people read them, and as paths.

The name for people keeps what a person may be called. The name as a path holds letters and digits of any script,
their combining marks, and `.`, `_` and `-`: typed or pasted into a shell, a Makefile or a spreadsheet, even without
quotes, it can't mean anything but itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from grader._util.escaping import INVISIBLE_CATEGORIES

MAX_LENGTH = 100  # characters
MAX_BYTES = 200  # in UTF-8: file systems allow 255, and endings come on top
NUMBER_ROOM = 8  # characters for the number of a namesake
UNNAMED = "unnamed"
ALLOWED_SIGNS = frozenset("._-")

SEPARATORS = frozenset('/\\:*?"<>|')  # between folders, or forbidden on Windows
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)")  # devices on Windows
NOTEBOOK_ENDING = re.compile(r"(?i)\.notebook$")  # ada.notebook.html is a page of ada's
# Letters and marks that show nothing, by which two names could look alike: Unicode's Default_Ignorable_Code_Point.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def display_name(name: str) -> str:
    """Return a name for people: one visible line of at most 100 characters, never empty.

    It isn't safe as a path: use `safe_name` there.
    """
    name = "".join(map(_harmless, INVISIBLE.sub("", name)))
    name = " ".join(unicodedata.normalize("NFC", name).split())
    return _finished(_trimmed(name))


def safe_name(name: str) -> str:
    """Return a name for paths: letters, digits, marks, `.`, `_` and single `-`; never empty, an option or a device.

    A run of other characters becomes one `_`. Two hyphens in a row become one, so that no name looks like those
    that `unique_names` makes.
    """
    name = "_".join("".join(map(_in_a_path, display_name(name))).split())
    return _finished(re.sub("-{2,}", "-", _trimmed(unicodedata.normalize("NFC", name))))


def is_safe(name: str) -> bool:
    """Return whether a name consists of what `safe_name` leaves; one that was numbered does too."""
    return bool(name) and name == _trimmed(INVISIBLE.sub("", name)) and " " not in "".join(map(_in_a_path, name))


def unique_names(names: Sequence[str]) -> Iterator[str]:
    """Yield the names in their order, the later ones of equals with a number: ada, ada--2, ada--3."""
    seen: set[str] = set()
    numbers = NumberedNames()
    for name in names:
        if (key := name_key(name)) not in seen:
            seen.add(key)
            yield name
        else:
            yield numbers.next(name)


class NumberedNames:
    """Numbered names for those who have the name of somebody else. No `safe_name` is equal to one."""

    def __init__(self) -> None:
        self._last = Counter[str]()

    def next(self, name: str) -> str:
        """Return another name for somebody of this name: ada--2, then ada--3."""
        base = _shortened(name, MAX_LENGTH - NUMBER_ROOM, MAX_BYTES - NUMBER_ROOM)
        key = name_key(base)  # of what is left of a long name, for two may begin alike
        self._last[key] += 1
        return f"{base}--{self._last[key] + 1}"


def name_key(name: str) -> str:
    """Return what two names have in common that a file system may take for one: case and compatible forms are gone."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if character in SEPARATORS or category == "Cs":
        return "_"
    if character.isspace():
        return " "
    return "" if category in INVISIBLE_CATEGORIES else character


def _in_a_path(character: str) -> str:
    """A letter, mark or digit as it is; a blank for everything else."""
    category = unicodedata.category(character)
    return character if category[0] in "LM" or category == "Nd" or character in ALLOWED_SIGNS else " "


def _trimmed(name: str) -> str:
    """Without what hides a file or looks like an option in front, or what Windows drops at the end."""
    begin = 0
    while begin < len(name) and (name[begin] in ".- " or unicodedata.category(name[begin])[0] == "M"):
        begin += 1  # a mark too: it would join whatever stands before the name
    return name[begin:].rstrip(". ")


def _finished(name: str) -> str:
    if RESERVED.match(name):
        name = f"_{name}"
    return NOTEBOOK_ENDING.sub("_notebook", _shortened(name, MAX_LENGTH, MAX_BYTES)) or UNNAMED


def _shortened(name: str, length: int, size: int) -> str:
    return _trimmed(name[:length].encode()[:size].decode(errors="ignore"))
