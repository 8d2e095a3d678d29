"""Reader of assignment.toml: its keys, and the line of each key for error messages."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import msgspec

from grader._util.atomic_files import display_path
from grader.errors import UserError
from grader.models import Limits, Question

FILE = "assignment.toml"
MULTILINE_STRING = re.compile(r'("""|\'\'\').*?\1', re.DOTALL)  # a string of several lines, which holds no keys
TABLE_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
KEY_LINE = re.compile(r"""\s*["']?([\w-]+)["']?\s*=""")
TOMLLIB_POSITION = re.compile(r" \(at line (\d+), column \d+\)")  # at the end of messages of tomllib
MSGSPEC_POSITION = re.compile(r" - at `\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?.*")  # at the end of messages of msgspec


class AssignmentError(UserError):
    """The assignment folder can't be used; the message says what is wrong, where, and what to do."""


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[release]: what `grader release` does beside taking the answers out."""

    preprocessors: tuple[str, ...] = ()  # of nbconvert: "package.module.Class"
    shown: tuple[str, ...] = ()  # first lines of answers that students may see elsewhere too


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of assignment.toml. docs/authoring.md describes each key."""

    title: str
    secret: str
    question: tuple[Question, ...]
    preload: tuple[str, ...] = ("numpy",)
    reveal: bool = False
    missing_imports: Literal["note", "error"] = "note"
    limits: Limits = Limits()
    release: Release = Release()


TABLES = {"": Settings, "limits": Limits, "question": Question, "release": Release}
KEYS = {name: struct.__struct_fields__ for name, struct in TABLES.items()}


def read_settings(folder: Path) -> Settings:
    """Return the settings of an assignment folder. Raises AssignmentError if they can't be read or have a wrong key."""
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
    """Return file and line of a key, such as `solutions/x/assignment.toml:12`; of its table if the key isn't found.

    :param table: "", "limits" or "question"
    :param number: index of the [[question]] table, from 0
    """
    path = folder / FILE
    lines = _lines(path.read_text(encoding="utf-8"))
    known = ((table, number, key), (table, number, ""), ("", 0, table))
    return display_path(path, next((lines[each] for each in known if each in lines), 1))


def question_location(folder: Path, question: str, key: str = "name") -> str:
    """Return file and line of a key of the question with this name."""
    names = [each.name for each in read_settings(folder).question]
    return toml_location(folder, "question", names.index(question), key)


def _lines(text: str) -> dict[tuple[str, int, str], int]:
    """Return (table, index, key) -> line number, both for keys and, with the key "", for table headers."""
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
    """Raise AssignmentError for an unknown key, with the nearest known one: a typo must not change a score silently."""
    questions = table.get("question")
    tables = [("", 0, table)]
    tables += [(name, 0, each) for name in ("limits", "release") if isinstance(each := table.get(name), dict)]
    if isinstance(questions, list):
        tables += [("question", i, each) for i, each in enumerate(questions) if isinstance(each, dict)]
    for where, number, keys in tables:
        for key in keys:
            if key not in KEYS[where]:
                near = difflib.get_close_matches(key, KEYS[where], 1, 0)
                at = {"": "", "question": " in [[question]]"}.get(where, f" in [{where}]")
                here = toml_location(folder, where, number, key)
                raise AssignmentError(f"{here}: unknown key {key!r}{at}; did you mean {near[0]!r}?")


def _mistyped(folder: Path, problem: str) -> str:
    """Return a message of msgspec on a wrong type or a missing key, with file and line."""
    found = MSGSPEC_POSITION.search(problem)
    message = (
        MSGSPEC_POSITION.sub("", problem).replace("`", "'").replace("Object missing required field", "missing key")
    )
    message = message.replace("Expected", "expected").replace("array", "list")
    if not found:
        return f"{toml_location(folder)}: {message}"
    table, number, key = found[1], int(found[2] or 0), found[3] or ""
    if table not in KEYS:
        return f"{toml_location(folder, key=table)}: {table!r}: {message}"
    return f"{toml_location(folder, table, number, key)}: " + (f"{key!r}: {message}" if key else message)
