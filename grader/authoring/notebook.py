"""Notebooks of authors, which nbformat reads, validates, upgrades and writes."""

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
MAX_MESSAGE = 300  # characters of an error message of nbformat
PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookError(UserError):
    """A file isn't a notebook that nbformat accepts."""


class Notebook:
    """Valid notebook of format 4.5 or later. Each cell has a unique id that doesn't change between two readings.

    `node` is the NotebookNode of nbformat, in which the source of a cell is one string.
    """

    def __init__(self, node: NotebookNode, name: str, ids: Iterable[str] | None = None) -> None:
        """Validate a notebook of format 4. Raises NotebookError.

        A cell without a unique id gets one by its position: nbformat would draw it at random.

        :param name: name of the notebook in messages
        :param ids: if given, a cell with any other id gets a new one too
        """
        try:
            _upgrade(node)
            _name_cells(node.cells, ids if ids is None else frozenset(ids))
            nbformat.validate(node)
        except Exception as problem:  # nbformat raises many types of errors
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
        """Return the notebook in `content`; messages call it `name`. Raises NotebookError."""
        try:
            node = reader.reads(content)
            if node.nbformat < 4:
                node = nbformat.convert(node, 4)
                for cell in node.cells:
                    del cell["id"]  # drawn at random
        except reader.NotJSONError as problem:
            raise NotebookError(f"{name} isn't a notebook: it isn't JSON ({problem.__cause__})") from None
        except Exception as problem:  # nbformat raises many types of errors
            raise NotebookError(f"{name} isn't a valid notebook: {_describe(problem)}") from None
        return cls(node, name)

    @classmethod
    def from_cells(cls, cells: Iterable[NotebookNode], name: str) -> Notebook:
        """Return a Python notebook with these cells; messages call it `name`. Raises NotebookError."""
        return cls(v4.new_notebook(cells=list(cells), metadata=nbformat.from_dict(PYTHON)), name)

    def cells(self, kind: str = "", tag: str = "") -> list[NotebookNode]:
        """Return the cells of a kind ("code", "markdown", "raw") with a tag. An empty argument matches all cells."""
        found = (cell for cell in self.node.cells if kind in ("", cell.cell_type))
        return [cell for cell in found if not tag or tag in tags(cell)]

    def to_bytes(self) -> bytes:
        """Return the notebook as JSON in UTF-8, with sources as lists of lines, and sorted keys."""
        text: str = nbformat.writes(self.node)
        return f"{text}\n".encode()


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", ()))


def _upgrade(node: NotebookNode) -> None:
    """Upgrade a notebook of format 4.0 to 4.4 to 4.5. The upgrade of nbformat would replace existing ids."""
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
    """Return a sentence about an error of nbformat, with the number of the cell."""
    if isinstance(problem, ValidationError):
        place: list[Any] = list(problem.relative_path)
        cell = f"cell {place[1] + 1}, " if place[:1] == ["cells"] and len(place) > 1 else ""
        return cell + one_line(problem.message, MAX_MESSAGE)
    if isinstance(problem, NBFormatError):  # an unknown version
        return one_line(str(problem), MAX_MESSAGE)
    if isinstance(problem, RecursionError):
        return "it is nested too deeply"
    return "its cells or its metadata don't have the form that they have in a notebook"
