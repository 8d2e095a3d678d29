"""assignment.toml: which keys it may have, and where in it something stands, so that a message can lead there."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from grader._util.atomic_files import display_path
from grader.errors import UserError
from grader.models import Limits, Question

FILE = "assignment.toml"
MULTILINE_STRING = re.compile(r'("""|\'\'\').*?\1', re.DOTALL)  # of several lines, in which nothing is a key
TABLE_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
KEY_LINE = re.compile(r"""\s*["']?([\w-]+)["']?\s*=""")
TOMLLIB_POSITION = re.compile(r" \(at line (\d+), column \d+\)")  # as tomllib ends its messages
MSGSPEC_POSITION = re.compile(r" - at `\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?.*")  # and msgspec


class AssignmentError(UserError):
    """The assignment folder is unfit; the message says what is wrong, where, and what to do."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """assignment.toml, as it stands. docs/authoring.md tells of each key."""

    title: str
    secret: str
    question: tuple[Question, ...]
    preload: tuple[str, ...] = ("numpy",)
    reveal: bool = False
    limits: Limits = Limits()


KEYS = {"": Settings.__struct_fields__, "limits": Limits.__struct_fields__, "question": Question.__struct_fields__}


def read_settings(folder: Path) -> Settings:
    """The settings of an assignment's folder. Raises AssignmentError."""
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssignmentError(
            f"{display_path(path)} isn't there; an assignment is a folder with an {FILE}, which `grader new NAME` makes"
        ) from None
    except tomllib.TOMLDecodeError as problem:
        line = TOMLLIB_POSITION.search(str(problem))
        last = len(path.read_text(encoding="utf-8").splitlines())
        here = display_path(path, int(line[1]) if line else last)
        raise AssignmentError(
            f"{here}: this isn't TOML and can't be read: {TOMLLIB_POSITION.sub('', str(problem))}"
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise AssignmentError(f"{display_path(path)} can't be read: {problem}") from None
    _check_keys(folder, table)
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as problem:
        raise AssignmentError(_mistyped(folder, str(problem))) from None


def toml_location(folder: Path, table: str = "", number: int = 0, key: str = "") -> str:
    """`solutions/x/assignment.toml:12`: the line of a key, or else of its table, as far as it can be told."""
    path = folder / FILE
    lines = _lines(path.read_text(encoding="utf-8"))
    known = ((table, number, key), (table, number, ""), ("", 0, table))
    return display_path(path, next((lines[each] for each in known if each in lines), 1))


def question_location(folder: Path, question: str, key: str = "name") -> str:
    """The same for a question."""
    names = [each.name for each in read_settings(folder).question]
    return toml_location(folder, "question", names.index(question), key)


def _lines(text: str) -> dict[tuple[str, int, str], int]:
    """The line of each key: by its table, the how manieth of that name it is, and the key; of a table by no key."""
    found: dict[tuple[str, int, str], int] = {}
    seen: Counter[str] = Counter()
    table, number = "", 0
    for n, line in enumerate(
        MULTILINE_STRING.sub(lambda quoted: "\n" * quoted[0].count("\n"), text).splitlines(), start=1
    ):
        if head := TABLE_HEADER.match(line):
            table, number = head[1], seen[head[1]]
            seen[table] += 1
            found[table, number, ""] = n
        elif key := KEY_LINE.match(line):
            found.setdefault((table, number, key[1]), n)
    return found


def _check_keys(folder: Path, table: dict[str, Any]) -> None:
    """An unknown key is an error that names the nearest known one: a typo must not change a score silently."""
    limits, questions = table.get("limits"), table.get("question")
    tables = [("", 0, table)]
    tables += [("limits", 0, limits)] if isinstance(limits, dict) else []
    if isinstance(questions, list):
        tables += [("question", i, each) for i, each in enumerate(questions) if isinstance(each, dict)]
    for where, number, keys in tables:
        for key in keys:
            if key not in KEYS[where]:
                near = difflib.get_close_matches(key, KEYS[where], 1, 0)
                at = {"limits": " in [limits]", "question": " in [[question]]"}.get(where, "")
                here = toml_location(folder, where, number, key)
                raise AssignmentError(f"{here}: unknown key {key!r}{at}; did you mean {near[0]!r}?")


def _mistyped(folder: Path, problem: str) -> str:
    """What msgspec says of a value of the wrong type, or of a key that is missing, with the place."""
    found = MSGSPEC_POSITION.search(problem)
    said = MSGSPEC_POSITION.sub("", problem).replace("`", "'").replace("Object missing required field", "missing key")
    said = said.replace("Expected", "expected").replace("array", "list")
    if not found:
        return f"{toml_location(folder)}: {said}"
    table, number, key = found[1], int(found[2] or 0), found[3] or ""
    if table not in KEYS:
        return f"{toml_location(folder, key=table)}: {table!r}: {said}"
    return f"{toml_location(folder, table, number, key)}: " + (f"{key!r}: {said}" if key else said)
