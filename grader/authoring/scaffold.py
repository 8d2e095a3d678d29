"""A small assignment that works, for an author to change: the files of starter/ under a name of its own."""

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
    """No assignment can be made as it was asked for; the message says why."""


def create_assignment(name: str, parent: Path) -> list[Path]:
    """Writes the starter as the assignment `name` below `parent`, or to `parent` itself if it has this name."""
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
    """Raises ScaffoldError when an assignment's new folder has no fit name, or is there already."""
    check_name(name)
    if folder.exists() or folder.is_symlink():
        raise ScaffoldError(
            f"{display_path(folder)} is there already, and nothing is overwritten; take another name or --out"
        )


def make_folder(name: str, folder: Path) -> None:
    """Makes it."""
    check_folder(name, folder)
    try:
        folder.mkdir(parents=True)
    except OSError as problem:
        raise ScaffoldError(f"{display_path(folder)} can't be made: {problem.strerror}") from None


def check_name(name: str) -> None:
    """Raises ScaffoldError when students couldn't import a module of this name, or would get another one."""
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name) or name.startswith("_"):
        why = "letters, digits and underscores, a letter first, and no word of Python's own"
        raise ScaffoldError(f"{name!r} can't be the name of an assignment, which is a module's too: {why}")
    if name in sys.stdlib_module_names:
        raise ScaffoldError(f"{name!r} is the name of a module of Python's own, which would hide the assignment's")
    found = importlib.util.find_spec(name)
    if found and found.origin:  # a mere folder has none
        raise ScaffoldError(
            f"{name!r} is the name of a module that is installed here, which would hide the assignment's"
        )


def write(path: Path, text: str) -> None:
    """Writes a file that isn't there yet."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as problem:
        raise ScaffoldError(f"{display_path(path)} can't be written: {problem.strerror}") from None


def fill_placeholders(text: str, values: dict[str, str]) -> str:
    for word, value in values.items():
        text = text.replace(word, value)
    return text


def next_commands(folder: Path) -> list[str]:
    """What an author types next."""
    name, place = folder.name, display_path(folder)
    return [
        f"grader release {place} --out assignment/{name}",
        f"grader grade {place}/{name}.ipynb --assignment {place} --out out/{name}",
        f"grader validate {place}",
    ]
