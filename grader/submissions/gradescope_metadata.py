"""Reader of submission_metadata.yml in a Gradescope export: who handed in which folder.

Only text, lists and tables are read, down to MAX_METADATA_DEPTH; YAML tags create no objects. The output of tests,
which students write and which may be most of the file, is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from grader._util.escaping import one_line
from grader.submissions.file_tree import FileUnreadable
from grader.submissions.limits import MAX_METADATA_DEPTH, MAX_METADATA_EVENTS, MAX_PEOPLE

METADATA = "submission_metadata.yml"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C loader is ten times as fast; not every build has it


class Submitter(NamedTuple):
    """One of the students who handed in a folder."""

    name: str
    id: str  # Gradescope's SID, as in a roster; the email address if there is no SID
    when: str


def read_submitters(content: bytes) -> dict[str, list[Submitter]]:
    """Return folder name -> students who handed it in. Raises FileUnreadable if the file isn't such metadata."""
    try:
        table = YamlValues(yaml.parse(content, Loader=LOADER)).document()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise FileUnreadable(f"{METADATA} can't be read ({one_line(str(problem), 100)})") from None
    if not isinstance(table, dict):
        raise FileUnreadable(f"{METADATA} isn't a table of submissions")
    found, count = {}, 0
    for folder, entry in table.items():
        people = _people(entry)
        count += len(people)  # a YAML alias can repeat a long list
        if count > MAX_PEOPLE:
            raise FileUnreadable(f"{METADATA} lists more than {MAX_PEOPLE} people")
        found[folder] = [_one(person, entry) for person in people]
    return found


class YamlValues:
    """Builder of plain values from YAML events, one at a time: a tree of the file never exists in memory."""

    def __init__(self, parsed: Iterator[yaml.Event]) -> None:
        self._parsed = parsed
        self._count = 0
        self._anchors: dict[str, object] = {}

    def document(self) -> object:
        """Return the first document, down to MAX_METADATA_DEPTH; empty text if there is none."""
        for event in iter(self._next, None):
            if isinstance(event, yaml.NodeEvent):
                return self._value(event, MAX_METADATA_DEPTH)
        return ""

    def _next(self) -> yaml.Event | None:
        self._count += 1
        if self._count > MAX_METADATA_EVENTS:
            raise FileUnreadable(f"{METADATA} holds more than an export does")
        return next(self._parsed, None)

    def _value(self, event: yaml.Event, depth: int) -> object:
        """Return the value that begins with this event; empty text if it, or what it is an alias of, lies too deep."""
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor, "")
        if isinstance(event, yaml.ScalarEvent):
            value: object = event.value
        elif depth == 0:
            return self._skip()
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
        """Yield the values up to the end of a list or table."""
        while (event := self._next()) and not isinstance(event, yaml.CollectionEndEvent):
            yield self._value(event, depth)

    def _skip(self) -> str:
        """Skip to the end of a list or table, and return empty text."""
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
