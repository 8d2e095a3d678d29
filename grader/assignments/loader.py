"""Load an assignment folder: assignment.toml, <name>.ipynb, hidden/test_<question>.py, student/."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader._util.atomic_files import display_path
from grader.assignments.settings import FILE, AssignmentError, read_settings, toml_location, without_policy
from grader.models import Assignment

__all__ = ["RESERVED_NAMES", "AssignmentError", "load", "select_questions"]

RESERVED_NAMES = {
    "answer_exactly",
    "call",
    "calls",
    "close",
    "exact",
    "get",
    "last_call",
    "load",
    "notes",
    "output",
    "sandbox_notes",
    "substitute",
}  # attributes of the `student` object of hidden cases


MADE_BY_PROGRAMS = {"__pycache__", ".ipynb_checkpoints"}  # folders that appear when somebody runs or opens a file


def load(folder: Path) -> Assignment:
    """Return the assignment in `folder`. Raises AssignmentError, which says what is wrong, where, and what to do."""
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
        missing_imports=settings.missing_imports,
    )
    _check(assignment)
    for name in settings.policy.visible_by_question:
        if name not in assignment.question_names:
            near = difflib.get_close_matches(name, assignment.question_names, 1, 0)[0]
            here = toml_location(folder, "policy.visible_by_question", 0, name)
            raise AssignmentError(f"{here}: no question is named {name!r}; did you mean {near!r}?")
    return assignment


def select_questions(assignment: Assignment, names: Sequence[str]) -> Assignment:
    """Return the assignment with only these questions graded, whatever was selected before.

    Raises AssignmentError for an unknown name.
    """
    for name in names:
        if name not in assignment.question_names:
            near = difflib.get_close_matches(name, assignment.question_names, 1, 0)[0]
            raise AssignmentError(f"{assignment.name} has no question {name!r}; did you mean {near!r}?")
    questions = (*assignment.questions, *assignment.ungraded)
    graded = tuple(question for question in questions if question.name in names)
    rest = tuple(question for question in questions if question.name not in names)
    return msgspec.structs.replace(assignment, questions=graded, ungraded=rest)


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
        if problem := _question_problem(assignment, i):
            key, message = problem
            raise AssignmentError(f"{toml_location(folder, 'question', i, key)}: question {message}")
    for path in sorted(assignment.hidden.glob("test_*.py")):
        if (name := path.stem.removeprefix("test_")) not in assignment.question_names:
            near = difflib.get_close_matches(name, assignment.question_names, 1, 0)[0]
            raise AssignmentError(f"{display_path(path, 1)}: no question is named {name!r}; did you mean {near!r}?")


def _question_problem(assignment: Assignment, i: int) -> tuple[str, str] | None:
    """Return the key and a message if something is wrong with question i, counted from 0."""
    question, earlier = assignment.questions[i], [each.name for each in assignment.questions[:i]]
    name = question.name
    if name in earlier:
        return "name", f"{name!r} is there twice"
    if name in RESERVED_NAMES:
        return "name", f"{name!r} needs another name: `student.{name}` is taken"
    if not name.isidentifier():
        return "name", f"{name!r} needs the name of a function or a value"
    if question.points <= 0:
        return "points", f"{name!r} needs points above 0"
    if unknown := set(question.uses) - set(earlier):
        return "uses", f"{name!r} uses {sorted(unknown)}; no earlier question has that name"
    if not (assignment.hidden / f"test_{name}.py").is_file():
        return "name", f"{name!r} has no cases: hidden/test_{name}.py isn't there"
    return None


def check_unchanged(assignment: Assignment) -> None:
    """Raise AssignmentError if a file that can change a score isn't as it was when the assignment was loaded."""
    if _digest(assignment.folder) != assignment.digest:
        raise AssignmentError(
            f"{assignment.name} has changed since it was loaded; start again to grade the new version"
        )


def scored_files(folder: Path) -> list[Path]:
    """Return the files that can change a score, in a fixed order."""
    found = []
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not MADE_BY_PROGRAMS.intersection(inner.parts) and not inner.name.startswith("."):
            found.append(path)
    return found


def _digest(folder: Path) -> str:
    """Return the SHA-256 over the names and bytes of all that can change an automatic score. A policy can't."""
    digest = hashlib.sha256()
    for path in scored_files(folder):
        content = path.read_bytes()
        if path == folder / FILE:
            content = without_policy(content.decode()).encode()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
