"""Reader of assignment.toml: its keys, and the line of each key for error messages."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_type_hints

import msgspec

from grader._util.atomic_files import display_path
from grader.errors import UserError
from grader.models import Limits, Question
from grader.policies.policy import AttemptRule, EarlyRule, LateRule, LateStep, Policy, PolicyProblem

FILE = "assignment.toml"
MULTILINE_STRING = re.compile(r'("""|\'\'\').*?\1', re.DOTALL)  # a string of several lines, which holds no keys
TABLE_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
KEY_LINE = re.compile(r"""\s*["']?([\w-]+)["']?\s*=""")
TOMLLIB_POSITION = re.compile(r" \(at line (\d+), column \d+\)")  # at the end of messages of tomllib
# At the end of messages of msgspec: a path such as $.question[1].points or $.policy.late.cap
MSGSPEC_POSITION = re.compile(r" - at `\$\.([^`]*)`")
INDEX = re.compile(r"\[(?:(\d+)|\.\.\.)\]")


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
    policy: Policy = Policy()


class _PolicyAlone(msgspec.Struct, frozen=True):
    policy: Policy = Policy()


SomeSettings = TypeVar("SomeSettings", Settings, _PolicyAlone)
TABLES: dict[str, type[msgspec.Struct]] = {
    "": Settings,
    "limits": Limits,
    "question": Question,
    "release": Release,
    "policy": Policy,
    "policy.late": LateRule,
    "policy.late.step": LateStep,
    "policy.early": EarlyRule,
    "policy.attempts": AttemptRule,
}
ARRAYS = ("question", "policy.late.step")  # tables with a header in double brackets
KEYS = {name: struct.__struct_fields__ for name, struct in TABLES.items()}


def read_settings(folder: Path) -> Settings:
    """Return the settings of an assignment folder. Raises AssignmentError if they can't be read or have a wrong key."""
    return _read(folder, Settings)


def read_policy(place: Path) -> Policy:
    """Return the policy of an assignment folder, or of a TOML file that may have nothing else than [policy].

    Raises AssignmentError if it can't be read or has a wrong key.
    """
    return _read(place, _PolicyAlone).policy


def _read(place: Path, kind: type[SomeSettings]) -> SomeSettings:
    """Return the content of a TOML file, or of assignment.toml in a folder."""
    path = _file(place)
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
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
    _check_keys(place, table)
    if "policy" in tomllib.loads(without_policy(text)):
        here = toml_location(place, key="policy")
        raise AssignmentError(f"{here}: write the policy as a table of its own, which begins with a line [policy]")
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as problem:
        if isinstance(problem.__cause__, PolicyProblem):
            raise AssignmentError(_contradiction(place, problem.__cause__)) from None
        raise AssignmentError(_mistyped(place, str(problem))) from None


def _file(place: Path) -> Path:
    return place if place.is_file() else place / FILE


def without_policy(text: str) -> str:
    """Return the text of assignment.toml without its tables [policy], on which no automatic score depends.

    It is what it was before somebody added them at its end, so that a policy changes no digest of the assignment.
    """
    if "policy" not in text:
        return text
    kept, inside = [], False
    masked = MULTILINE_STRING.sub(lambda quoted: "\n" * quoted[0].count("\n"), text)
    for line, shown in zip(text.split("\n"), masked.split("\n"), strict=True):
        if head := TABLE_HEADER.match(shown):
            inside = head[1].split(".")[0] == "policy"
        if not inside:
            kept.append(line)
    return text if len(kept) == text.count("\n") + 1 else "\n".join(kept).rstrip("\n") + "\n"


def toml_location(folder: Path, table: str = "", number: int = 0, key: str = "") -> str:
    """Return file and line of a key, such as `solutions/x/assignment.toml:12`; of its table if the key isn't found.

    :param folder: of the assignment, or a TOML file
    :param table: dotted name: "", "limits", "question" or "policy.late"
    :param number: index of the table among those of its name, from 0
    """
    path = _file(folder)
    lines = _lines(path.read_text(encoding="utf-8"))
    known = [(table, number, key), (f"{table}.{key}".lstrip("."), 0, ""), (table, number, "")]
    while table:  # as a value: `late = {...}` in [policy]
        table, _, key = table.rpartition(".")
        known += [(table, 0, key), (table, 0, "")]
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
    for where, number, keys in _tables("", table):
        for key in keys:
            if key not in KEYS[where]:
                near = difflib.get_close_matches(key, KEYS[where], 1, 0)
                at = f" in [[{where}]]" if where in ARRAYS else f" in [{where}]" if where else ""
                here = toml_location(folder, where, number, key)
                raise AssignmentError(f"{here}: unknown key {key!r}{at}; did you mean {near[0]!r}?")


def _tables(name: str, table: dict[str, Any]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield a table and those in it as (dotted name, index, content), as far as a Struct describes them."""
    yield name, 0, table
    for key, value in table.items():
        inner = f"{name}.{key}".lstrip(".")
        if inner in TABLES and isinstance(value, dict):
            yield from _tables(inner, value)
        if inner in ARRAYS and isinstance(value, list):
            yield from ((inner, index, each) for index, each in enumerate(value) if isinstance(each, dict))


def _contradiction(folder: Path, problem: PolicyProblem) -> str:
    """Return the message of a policy that contradicts itself, with file and line."""
    table, _, key = f"policy.{problem.key}".rpartition(".")
    return f"{toml_location(folder, table, problem.number, key)}: {key!r}: {problem}"


def _mistyped(folder: Path, problem: str) -> str:
    """Return a message of msgspec on a wrong type or a missing key, with file and line."""
    found = MSGSPEC_POSITION.search(problem)
    message = MSGSPEC_POSITION.sub("", problem).replace("`", "'")
    message = message.replace("Object missing required field", "missing key")
    message = message.replace("Expected", "expected").replace("array", "list")
    if not found:
        return f"{toml_location(folder)}: {message}"
    index = INDEX.search(found[1])
    table, key = "", INDEX.sub("", found[1])
    while (head := f"{table}.{key.partition('.')[0]}".lstrip(".")) in TABLES:
        table, key = head, key.partition(".")[2]
    if message.startswith("Invalid enum value"):
        message = f"{message.removeprefix('Invalid enum value ')} isn't one of {_choices(table, key)}"
    here = toml_location(folder, table, int(index[1] or 0) if index else 0, key)
    return f"{here}: {key!r}: {message}" if key else f"{here}: {message}"


def _choices(table: str, key: str) -> str:
    """Return the texts that a key can have, as a list in a sentence."""
    hint = get_type_hints(TABLES[table])[key]
    texts = [each for each in (*get_args(hint), *(inner for arg in get_args(hint) for inner in get_args(arg)))]
    return ", ".join(repr(each) for each in texts if isinstance(each, str))
