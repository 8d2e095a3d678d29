"""Reads tests/corpus/real_world/: notebooks as a real class hands them in, each with its expected verdict.

The head of a file is a block of comments:

    # holds: a syntax error in one cell
    # form: notebook            cells, which `# %%` divides; `module`; or `raw`: what follows the head is the file
    # file: lab.ipynb           the name under which it is handed in, where that matters
    # nbformat: 4.0 4.2         the versions in which it is handed in, each a submission; 4.4 without this line
    # newlines: crlf            or `cr`
    # expect: my_dense failed 19
    # expect: everything else passed
    # note: cell 3, line 1: SyntaxError       a note of the report that begins like this
    # note if whole: cell 1, line 1: ...        the same, when every cell is run
    # no notes                                the report has none
    # costs nothing                           sliced, nothing of it is trained, looked at or printed

`expect` is as in tests/helpers/corpus_reader.py. A cell `# %% = NAME` is the cell of this name in pieces.py, so that
a notebook says only what is its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.models import Assignment, Submission
from tests.helpers.corpus_reader import verdict

FOLDER = Path(__file__).parents[1] / "corpus" / "real_world"
PIECES = FOLDER / "pieces.py"
MARK = re.compile(r"^# %%(?: = (\w+)| \[(markdown)\])?\n", re.MULTILINE)
NEWLINES = {"": "\n", "crlf": "\r\n", "cr": "\r"}

__all__ = ["Sample", "samples", "verdict"]


@dataclass
class Sample:
    """One notebook, in one version of the format."""

    name: str
    text: str
    holds: str = ""
    form: str = "notebook"
    file: str = ""
    nbformat: str = "4.4"
    newlines: str = ""
    expect: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    notes_if_whole: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def submission(self, assignment: Assignment) -> Submission:
        """What is handed in."""
        ending = ".py" if self.form == "module" else ".ipynb"
        content = self.text if self.form == "raw" else "\n\n".join(source for _, source in self.cells())
        if self.form == "notebook":
            content = self.as_notebook()
        encoded = content.replace("\n", NEWLINES[self.newlines]).encode()
        file = self.file or f"{assignment.name}{ending}"
        return Submission(self.name, file, encoded, hashlib.sha256(encoded).hexdigest())

    def cells(self) -> Iterator[tuple[str, str]]:
        """The kind and the text of each cell."""
        first, *rest = MARK.split(self.text)
        if first.strip():
            yield "code", first.strip("\n")
        for piece, markdown, source in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            yield markdown or "code", (PARTS[piece] if piece else source).strip("\n")

    def as_notebook(self) -> str:
        major, minor = map(int, self.nbformat.split("."))
        newline = NEWLINES[self.newlines]
        made: list[dict[str, Any]] = []
        for number, (kind, text) in enumerate(self.cells(), 1):
            source = text.replace("\n", newline).splitlines(keepends=True)
            cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
            if kind == "code":
                cell |= {"execution_count": number, "outputs": []}
            if (major, minor) >= (4, 5):
                cell["id"] = f"cell-{number}"
            if major == 3:
                cell = {"cell_type": kind, "language": "python", "input": source, "outputs": [], "metadata": {}}
            made.append(cell)
        whole: dict[str, Any] = {"nbformat": major, "nbformat_minor": minor, "metadata": {}}
        return json.dumps(whole | ({"worksheets": [{"cells": made}]} if major == 3 else {"cells": made}), indent=1)

    def wanted(self, assignment: Assignment) -> dict[str, tuple[str, float]]:
        """The status and points of every question."""
        wanted = {}
        for question in assignment.questions:
            status, points = self.expect.get(question.name) or self.expect["everything else"]
            full = question.points if status == "passed" else 0.0
            wanted[question.name] = (status, full if points is None else points)
        return wanted


def samples() -> list[Sample]:
    return [sample for path in sorted(FOLDER.glob("*.py")) if path != PIECES for sample in read(path)]


def read(path: Path) -> Iterator[Sample]:
    """The samples of a file. A line of its head that isn't understood is an error: a verdict must not get lost."""
    text = path.read_text()
    lines = text.splitlines(keepends=True)
    head = next((k for k, line in enumerate(lines) if not re.match(r"# (?!%%)", line)), len(lines))
    sample = Sample(path.stem, "".join(lines[head:]).removeprefix("\n"))
    for line in lines[:head]:
        key, _, value = line[2:].rstrip("\n").partition(": ")
        if key == "expect":
            *name, status = value.split()
            points = float(status) if status[0].isdigit() else None
            status = name.pop() if points is not None else status
            sample.expect[" ".join(name)] = (status, points)
        elif key in ("note", "note if whole"):
            (sample.notes if key == "note" else sample.notes_if_whole).append(value)
        elif not value and key in ("no notes", "costs nothing"):
            sample.flags.add(key)
        else:
            assert key in ("holds", "form", "file", "nbformat", "newlines"), f"{path}: {line}"
            setattr(sample, key, value)
    assert sample.holds and sample.expect, f"{path} does not say what it holds, or what is expected"
    versions = sample.nbformat.split()
    for version in versions:
        full_name = f"{sample.name}-{version}" if len(versions) > 1 else sample.name
        yield Sample(**{**vars(sample), "name": full_name, "nbformat": version})


def _pieces() -> dict[str, str]:
    _, *rest = MARK.split(PIECES.read_text())
    return dict(zip(rest[::3], rest[2::3], strict=True))


PARTS = _pieces()
