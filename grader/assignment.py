"""Reads an assignment folder: assignment.toml, <name>.ipynb, hidden/test_<question>.py, student/."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import Unfit
from grader.model import Assignment, Limits, Question

KEYS = {"title", "secret", "preload", "reveal", "limits", "question"}

TAKEN = {"call", "close", "get", "last", "lend", "load", "notes", "output"}  # what the handle itself has


class AssignmentError(Unfit):
    """The assignment folder is unfit; the message says what is wrong and what to do."""


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """assignment.toml, as it stands."""

    title: str
    secret: str
    question: tuple[Question, ...]
    preload: tuple[str, ...] = ("numpy",)
    reveal: bool = False
    limits: Limits = Limits()


def load(folder: Path) -> Assignment:
    """The assignment in `folder`. Raises AssignmentError."""
    folder = folder.resolve()
    settings = _settings(folder / "assignment.toml")
    assignment = Assignment(
        name=folder.name,
        title=settings.title,
        folder=folder,
        questions=settings.question,
        limits=settings.limits,
        preload=settings.preload,
        secret=settings.secret,
        digest=_digest(folder),
        reveal=settings.reveal,
    )
    _check(assignment)
    return assignment


def only(assignment: Assignment, names: Sequence[str]) -> Assignment:
    """The assignment with these questions graded and no others. Raises AssignmentError."""
    for name in names:
        if name not in assignment.names:
            near = difflib.get_close_matches(name, assignment.names, 1, 0)[0]
            raise AssignmentError(f"{assignment.name} has no question {name!r}; did you mean {near!r}?")
    asked = tuple(question for question in assignment.questions if question.name in names)
    rest = tuple(question for question in assignment.questions if question.name not in names)
    return msgspec.structs.replace(assignment, questions=asked, unasked=rest)


def _settings(path: Path) -> _Settings:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssignmentError(
            f"{path} isn't there; an assignment is a folder with an assignment.toml, such as solutions/digits"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise AssignmentError(f"{path} can't be read: {problem}") from None
    _check_keys(path, table)
    try:
        return msgspec.convert(table, _Settings)
    except msgspec.ValidationError as problem:
        raise AssignmentError(f"{path}: {problem}") from None


def _check_keys(path: Path, table: dict[str, Any]) -> None:
    """An unknown key is an error that names the nearest known one: a typo must not change a score silently."""
    known = {"": KEYS, "limits": set(Limits.__struct_fields__), "question": set(Question.__struct_fields__)}
    limits, questions = table.get("limits"), table.get("question")
    tables = [("", table)]
    tables += [("limits", limits)] if isinstance(limits, dict) else []
    tables += [("question", q) for q in questions if isinstance(q, dict)] if isinstance(questions, list) else []
    for where, keys in tables:
        for key in keys:
            if key not in known[where]:
                near = difflib.get_close_matches(key, known[where], 1, 0)
                at = f" in [{where}]" if where else ""
                raise AssignmentError(f"{path}: unknown key {key!r}{at}; did you mean {near[0]!r}?")


def _check(assignment: Assignment) -> None:
    path = assignment.folder / "assignment.toml"
    if not assignment.questions:
        raise AssignmentError(f"{path} has no [[question]]")
    if not assignment.secret:
        raise AssignmentError(f"{path}: secret is empty; any long random text will do")
    if not assignment.notebook.is_file():
        raise AssignmentError(f"{assignment.notebook} isn't there; the solution notebook is named like its folder")
    seen: set[str] = set()
    for question in assignment.questions:
        if question.name in seen:
            raise AssignmentError(f"{path}: question {question.name!r} stands there twice")
        if question.name in TAKEN:
            raise AssignmentError(
                f"{path}: no question can be named {question.name!r}: `student.{question.name}` is taken"
            )
        if not question.name.isidentifier() or question.points <= 0:
            raise AssignmentError(f"{path}: question {question.name!r} needs the name of a function and points above 0")
        if unknown := set(question.uses) - seen:
            raise AssignmentError(
                f"{path}: question {question.name!r} uses {sorted(unknown)}, which no earlier question is named"
            )
        seen.add(question.name)
        if not (assignment.hidden / f"test_{question.name}.py").is_file():
            raise AssignmentError(f"question {question.name!r} has no hidden/test_{question.name}.py")


def digested(folder: Path) -> list[Path]:
    """The files that can move a score, in a fixed order."""
    found = []
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in inner.parts and not inner.name.startswith("."):
            found.append(path)
    return found


def _digest(folder: Path) -> str:
    """sha256 over names and bytes of all that can move a score."""
    digest = hashlib.sha256()
    for path in digested(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
