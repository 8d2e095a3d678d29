"""Reads an assignment folder: assignment.toml, <name>.ipynb, hidden/test_<question>.py, student/."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader._util.atomic_files import display_path
from grader.assignments.settings import AssignmentError, read_settings, toml_location
from grader.models import Assignment

__all__ = ["RESERVED_NAMES", "AssignmentError", "load", "select_questions"]

RESERVED_NAMES = {
    "call",
    "calls",
    "close",
    "get",
    "last_call",
    "load",
    "notes",
    "output",
    "sandbox_notes",
    "substitute",
}  # what the handle itself has


def load(folder: Path) -> Assignment:
    """The assignment in `folder`. Raises AssignmentError."""
    folder = folder.resolve()
    settings = read_settings(folder)
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


def select_questions(assignment: Assignment, names: Sequence[str]) -> Assignment:
    """The assignment with these questions graded and no others. Raises AssignmentError."""
    for name in names:
        if name not in assignment.question_names:
            near = difflib.get_close_matches(name, assignment.question_names, 1, 0)[0]
            raise AssignmentError(f"{assignment.name} has no question {name!r}; did you mean {near!r}?")
    asked = tuple(question for question in assignment.questions if question.name in names)
    rest = tuple(question for question in assignment.questions if question.name not in names)
    return msgspec.structs.replace(assignment, questions=asked, ungraded=rest)


def _check(assignment: Assignment) -> None:
    folder = assignment.folder
    if not assignment.questions:
        raise AssignmentError(f"{toml_location(folder)}: there is no [[question]]")
    if not assignment.secret:
        raise AssignmentError(f"{toml_location(folder, key='secret')}: secret is empty; any long random text will do")
    if not assignment.notebook.is_file():
        raise AssignmentError(
            f"{display_path(assignment.notebook)} isn't there; the solution notebook is named like its folder"
        )
    for i in range(len(assignment.questions)):
        key, problem = _unfit(assignment, i)
        if problem:
            raise AssignmentError(f"{toml_location(folder, 'question', i, key)}: question {problem}")
    for path in sorted(assignment.hidden.glob("test_*.py")):
        if (name := path.stem.removeprefix("test_")) not in assignment.question_names:
            near = difflib.get_close_matches(name, assignment.question_names, 1, 0)[0]
            raise AssignmentError(f"{display_path(path, 1)}: no question is named {name!r}; did you mean {near!r}?")


def _unfit(assignment: Assignment, i: int) -> tuple[str, str]:
    """What is wrong with the i-th question, if anything: the key, and the words."""
    question, earlier = assignment.questions[i], [each.name for each in assignment.questions[:i]]
    name = question.name
    if name in earlier:
        return "name", f"{name!r} stands there twice"
    if name in RESERVED_NAMES:
        return "name", f"{name!r} needs another name: `student.{name}` is taken"
    if not name.isidentifier():
        return "name", f"{name!r} needs the name of a function or a value"
    if question.points <= 0:
        return "points", f"{name!r} needs points above 0"
    if unknown := set(question.uses) - set(earlier):
        return "uses", f"{name!r} uses {sorted(unknown)}, which no earlier question is named"
    if not (assignment.hidden / f"test_{name}.py").is_file():
        return "name", f"{name!r} has no cases: hidden/test_{name}.py isn't there"
    return "", ""


def scored_files(folder: Path) -> list[Path]:
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
    for path in scored_files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
