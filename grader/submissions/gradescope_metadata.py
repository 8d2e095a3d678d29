"""submission_metadata.yml of a Gradescope export: whose each of its folders is.

It is read as plain text, lists and tables, as deep as names and times lie; no tag in it makes an object. What tests
printed, which may be most of the file and was written by students, is stepped over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from grader._util.escaping import one_line
from grader.submissions.file_tree import FileUnreadable

METADATA = "submission_metadata.yml"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the first is ten times as fast, where it was built
MAX_DEPTH = 4  # submission -> :submitters -> which one -> :name
MAX_EVENTS = 1_000_000  # a second or two; an export has some hundred for each submission
MAX_PEOPLE = 100_000


class Submitter(NamedTuple):
    """One of those who handed a folder in."""

    name: str
    id: str  # Gradescope's SID, which a roster has too; the mail address where there is none
    when: str


def read_submitters(content: bytes) -> dict[str, list[Submitter]]:
    """Return who handed in each folder. Raises FileUnreadable."""
    try:
        table = YamlValues(yaml.parse(content, Loader=LOADER)).document()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise FileUnreadable(f"{METADATA} can't be read ({one_line(str(problem), 100)})") from None
    if not isinstance(table, dict):
        raise FileUnreadable(f"{METADATA} isn't a table of submissions")
    found, count = {}, 0
    for folder, entry in table.items():
        people = _people(entry)
        count += len(people)  # an alias can stand for many
        if count > MAX_PEOPLE:
            raise FileUnreadable(f"{METADATA} tells of more than {MAX_PEOPLE} people")
        found[folder] = [_one(person, entry) for person in people]
    return found


class YamlValues:
    """Plain values made of YAML's events, one after the other: there is never a tree of all that a file holds."""

    def __init__(self, parsed: Iterator[yaml.Event]) -> None:
        self._parsed = parsed
        self._count = 0
        self._anchors: dict[str, object] = {}

    def document(self) -> object:
        """The first document, down to DEPTH; empty text for a file without one."""
        for event in iter(self._next, None):
            if isinstance(event, yaml.NodeEvent):
                return self._value(event, MAX_DEPTH)
        return ""

    def _next(self) -> yaml.Event | None:
        self._count += 1
        if self._count > MAX_EVENTS:
            raise FileUnreadable(f"{METADATA} holds more than an export does")
        return next(self._parsed, None)

    def _value(self, event: yaml.Event, depth: int) -> object:
        """What begins with this event; empty text for what lies too deep, and for an alias of that."""
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor, "")
        if isinstance(event, yaml.ScalarEvent):
            value: object = event.value
        elif depth == 0:
            return self._passed_over()
        else:
            inner = self._inner(depth - 1)
            if isinstance(event, yaml.MappingStartEvent):
                value = {key: what for key, what in zip(inner, inner, strict=False) if isinstance(key, str)}
            else:
                value = list(inner)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _inner(self, depth: int) -> Iterator[object]:
        """The values up to the end of a list or table."""
        while (event := self._next()) and not isinstance(event, yaml.CollectionEndEvent):
            yield self._value(event, depth)

    def _passed_over(self) -> str:
        level = 1
        while level and (event := self._next()):
            level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        return ""


def _people(entry: object) -> list[object]:
    people = entry.get(":submitters") if isinstance(entry, dict) else None
    return people if isinstance(people, list) else []


def _one(person: object, entry: object) -> Submitter:
    return Submitter(
        _text(person, ":name"), _text(person, ":sid") or _text(person, ":email"), _text(entry, ":created_at")
    )


def _text(table: object, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    return one_line(value, 200) if isinstance(value, str) else ""
