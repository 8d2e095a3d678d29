"""Scaffold of a new assignment: the files of starter/ with a name and a secret filled in."""

from __future__ import annotations

import importlib.util
import keyword
import secrets
import sys
from pathlib import Path

from grader._util.atomic_files import display_path
from grader.authoring.notebook import Notebook
from grader.errors import UserError

STARTER = Path(__file__).parent / "starter"


class ScaffoldError(UserError):
    """An assignment can't be created."""


def create_assignment(name: str, parent: Path) -> list[Path]:
    """Create the assignment `name` below `parent`, or in `parent` if it has this name; return its files.

    Raises ScaffoldError.
    """
    folder = parent if parent.name == name else parent / name
    make_folder(name, folder)
    values = {"THE_NAME": name, "THE_TITLE": name.replace("_", " ").capitalize(), "THE_SECRET": secrets.token_hex(32)}
    written = []
    for source in sorted(path for path in STARTER.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        target = folder / fill_placeholders(source.relative_to(STARTER).as_posix(), values)
        text = fill_placeholders(source.read_text(encoding="utf-8"), values)
        if source.suffix == ".ipynb":
            text = Notebook.from_bytes(text.encode(), display_path(target)).to_bytes().decode()
        write(target, text)
        written.append(target)
    return written


def check_folder(name: str, folder: Path) -> None:
    """Raise ScaffoldError if the name of an assignment is invalid, or its folder exists."""
    check_name(name)
    if folder.exists() or folder.is_symlink():
        raise ScaffoldError(f"{display_path(folder)} exists, and no file is overwritten; choose another name or --out")


def make_folder(name: str, folder: Path) -> None:
    """Create the folder of an assignment. Raises ScaffoldError."""
    check_folder(name, folder)
    try:
        folder.mkdir(parents=True)
    except OSError as problem:
        raise ScaffoldError(f"{display_path(folder)} can't be created: {problem.strerror}") from None


def check_name(name: str) -> None:
    """Raise ScaffoldError if a module of this name can't be imported, or would hide another module."""
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name) or name.startswith("_"):
        why = "use ASCII letters, digits and underscores, with a letter first, and no keyword of Python"
        raise ScaffoldError(f"{name!r} can't be the name of an assignment, because its module has it too: {why}")
    if name in sys.stdlib_module_names:
        raise ScaffoldError(f"{name!r} is a module of Python's standard library; choose another name")
    found = importlib.util.find_spec(name)
    if found and found.origin:  # a folder without __init__.py has none
        raise ScaffoldError(f"{name!r} is an installed module; choose another name")


def write(path: Path, text: str) -> None:
    """Write a new file. Raises ScaffoldError, also if it exists."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as problem:
        raise ScaffoldError(f"{display_path(path)} can't be written: {problem.strerror}") from None


def fill_placeholders(text: str, values: dict[str, str]) -> str:
    """Return a text with each key of `values` replaced."""
    for word, value in values.items():
        text = text.replace(word, value)
    return text


def next_commands(folder: Path) -> list[str]:
    """Return the commands that an author needs next."""
    name, place = folder.name, display_path(folder)
    return [
        f"grader release {place} --out assignment/{name}",
        f"grader grade {place}/{name}.ipynb --assignment {place} --out out/{name}",
        f"grader validate {place}",
    ]
