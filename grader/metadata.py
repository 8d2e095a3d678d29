"""submission_metadata.yml of a Gradescope export: whose each of its folders is.

It is read as plain text, lists and tables: no tag in it makes an object, whatever it says.
"""

from __future__ import annotations

from typing import NamedTuple

import yaml

from grader.text import one_line
from grader.tree import Unreadable

METADATA = "submission_metadata.yml"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the first is ten times as fast, where it was built


class Submitted(NamedTuple):
    """One of those who handed a folder in."""

    name: str
    id: str  # Gradescope's SID, which a roster has too; the mail address where there is none
    when: str


def submitted(content: bytes) -> dict[str, list[Submitted]]:
    """Folder -> who handed it in. Raises Unreadable."""
    try:
        table = yaml.load(content, Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise Unreadable(f"{METADATA} can't be read ({one_line(str(problem), 100)})") from None
    if not isinstance(table, dict):
        raise Unreadable(f"{METADATA} isn't a table of submissions")
    return {str(folder): [_one(person, entry) for person in _people(entry)] for folder, entry in table.items()}


def _people(entry: object) -> list[object]:
    people = entry.get(":submitters") if isinstance(entry, dict) else None
    return people if isinstance(people, list) else []


def _one(person: object, entry: object) -> Submitted:
    return Submitted(
        _text(person, ":name"), _text(person, ":sid") or _text(person, ":email"), _text(entry, ":created_at")
    )


def _text(table: object, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    return one_line(value, 200) if isinstance(value, str) else ""
