"""Notebooks of authors: read, checked, upgraded and written by nbformat."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NBFormatError, NotebookNode, ValidationError, reader, v4

from grader._util.atomic_files import display_path
from grader._util.escaping import one_line
from grader.errors import UserError

MINOR = 5  # of format 4: the first in which cells have ids
MAX_MESSAGE = 300  # characters of what nbformat says
PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookError(UserError):
    """A file isn't a notebook that nbformat accepts; the message says which file, and what is wrong."""


class Notebook:
    """A valid notebook of format 4.5 or later. Each cell has an id of its own, the same at each reading.

    `node` is nbformat's: in it, the source of a cell is one string.
    """

    def __init__(self, node: NotebookNode, name: str, ids: Iterable[str] | None = None) -> None:
        """Check a notebook of format 4; `name` is what messages call it.

        A cell without an id, or with that of an earlier cell, gets one by its place: nbformat would draw it at random.
        If `ids` are given, so does a cell with any other id. Raises NotebookError.
        """
        try:
            _upgrade(node)
            _name_cells(node.cells, ids if ids is None else frozenset(ids))
            nbformat.validate(node)
        except Exception as problem:  # nbformat raises whatever its own code trips over
            raise NotebookError(f"{name} isn't a valid notebook: {_describe(problem)}") from None
        self.node = node

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """Return the notebook in a file, upgraded from whichever format it has. Raises NotebookError."""
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise NotebookError(f"{display_path(path)} can't be read: {problem.strerror}") from None
        return cls.from_bytes(content, display_path(path))

    @classmethod
    def from_bytes(cls, content: bytes, name: str) -> Notebook:
        """Return the notebook that is stored in these bytes; `name` is what messages call it. Raises NotebookError."""
        try:
            node = reader.reads(content)
            if node.nbformat < 4:
                node = nbformat.convert(node, 4)
                for cell in node.cells:
                    del cell["id"]  # drawn at random
        except reader.NotJSONError as problem:
            raise NotebookError(f"{name} isn't a notebook: it isn't JSON ({problem.__cause__})") from None
        except Exception as problem:  # nbformat raises whatever its own code trips over
            raise NotebookError(f"{name} isn't a valid notebook: {_describe(problem)}") from None
        return cls(node, name)

    @classmethod
    def from_cells(cls, cells: Iterable[NotebookNode], name: str) -> Notebook:
        """Return a Python notebook of these cells; `name` is what messages call it. Raises NotebookError."""
        return cls(v4.new_notebook(cells=list(cells), metadata=nbformat.from_dict(PYTHON)), name)

    def cells(self, kind: str = "", tag: str = "") -> list[NotebookNode]:
        """Return the cells of a kind ("code", "markdown" or "raw") with a tag; of any where it is left out."""
        found = (cell for cell in self.node.cells if kind in ("", cell.cell_type))
        return [cell for cell in found if not tag or tag in tags(cell)]

    def to_bytes(self) -> bytes:
        """Return what is stored in a file: UTF-8, a text as a list of its lines, keys sorted."""
        text: str = nbformat.writes(self.node)
        return f"{text}\n".encode()


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", ()))


def _upgrade(node: NotebookNode) -> None:
    """Bring a notebook of format 4.0 to 4.4 to 4.5; nbformat's own upgrade would replace ids that are there."""
    if node.nbformat_minor < MINOR:
        node.nbformat_minor = MINOR


def _name_cells(cells: list[NotebookNode], known: frozenset[str] | None) -> None:
    taken: set[str] = set()
    own = {cell.get("id") for cell in cells} | (known or set())
    for number, cell in enumerate(cells, start=1):
        name = cell.get("id")
        if name is None or name in taken or (known is not None and name not in known):
            name = next(each for each in _candidates(number) if each not in own)
            own.add(name)
        cell["id"] = name
        taken.add(name)


def _candidates(number: int) -> Iterable[str]:
    yield f"cell-{number}"
    yield from (f"cell-{number}-{i}" for i in range(2, 1_000_000))


def _describe(problem: Exception) -> str:
    """Say in words what is wrong, with the cell if it is one."""
    if isinstance(problem, ValidationError):
        place: list[Any] = list(problem.relative_path)
        cell = f"cell {place[1] + 1}, " if place[:1] == ["cells"] and len(place) > 1 else ""
        return cell + one_line(problem.message, MAX_MESSAGE)
    if isinstance(problem, NBFormatError):  # a version that there isn't
        return one_line(str(problem), MAX_MESSAGE)
    if isinstance(problem, RecursionError):
        return "it is nested too deeply"
    return "its cells or its metadata don't have the form that they have in a notebook"
