"""The steps of a release, which are preprocessors of nbconvert, and the exporters that write what came of them.

Imported by release.py when something is released, and by nothing else: importing nbconvert takes half a second, and
it belongs to the extra `authoring`.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from nbconvert.exporters import Exporter, NotebookExporter
from nbconvert.preprocessors import (
    ClearMetadataPreprocessor,
    ClearOutputPreprocessor,
    Preprocessor,
    TagRemovePreprocessor,
)
from nbformat import NotebookNode

from grader._util.escaping import one_line
from grader.authoring.notebook import Notebook, NotebookError, tags
from grader.errors import UserError
from grader.notebooks.solution_regions import RegionError, is_marked, stripped

Resources = dict[str, Any]  # what nbconvert hands from one preprocessor to the next

SOLUTION_ONLY = "solution-only"  # the tag of cells that students don't get
IN_MODULE = "module"  # the tag of cells that go into the module too
ANSWERS = "answers"  # what ModuleExporter finds in its resources: RemoveSolutions.answers
DOCSTRING = '"""The exercises of {name}.ipynb as a module: fill in one of the two and hand that one in."""\n'


class PreprocessorError(UserError):
    """An author's preprocessor can't be used; the message says which one, and why."""


class RemoveSolutions(Preprocessor):
    """Put a stub in the place of each solution, and keep the answers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answers: dict[str, list[str]] = {}  # id of a cell -> what was taken out of it

    def preprocess_cell(self, cell: NotebookNode, resources: Resources, index: int) -> tuple[NotebookNode, Resources]:
        """Take the answers out of a cell. Raises RegionError."""
        try:
            if cell.cell_type == "code":
                cell.source, self.answers[cell.id] = stripped(cell.source)
            elif is_marked(cell.source):
                raise RegionError(f"a solution mark hides nothing in a {cell.cell_type} cell")
        except RegionError as problem:
            raise RegionError(f"cell {cell.id}: {problem}") from None
        return cell, resources


@dataclass
class AuthorPreprocessor:
    """A preprocessor of an author's own: what it raises, and what it breaks, is told by its name."""

    name: str
    preprocessor: Preprocessor
    enabled: bool = True  # nbconvert sets it

    def __call__(self, node: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Run it; a cell that it adds gets an id by its place. Raises PreprocessorError."""
        known = [cell.id for cell in node.cells]
        try:
            node, resources = self.preprocessor(node, resources)
            return Notebook(node, "what it returned", known).node, resources
        except NotebookError as problem:
            raise PreprocessorError(f"the preprocessor {self.name}: {problem}") from None
        except Exception as problem:  # it is the author's, who needs to know where it stopped
            why = one_line(f"{type(problem).__name__}: {problem}")
            raise PreprocessorError(f"the preprocessor {self.name} stopped: {why}") from problem


class ModuleExporter(Exporter):
    """Write the stubs, and the cells that they need, as a Python module; headings become comments."""

    file_extension = ".py"

    def from_notebook_node(  # type: ignore[override]  # as in nbconvert's own exporters of text
        self, nb: NotebookNode, resources: Resources | None = None, **options: Any
    ) -> tuple[str, Resources]:
        """Return the module's text; `resources` hold its name and RemoveSolutions.answers."""
        nb, found = super().from_notebook_node(nb, resources, **options)
        parts, heading = [DOCSTRING.format(name=found["metadata"]["name"])], ""
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                headings = re.findall(r"^#+ +(.+)$", cell.source, flags=re.MULTILINE)
                heading = re.sub(r"<[^>]*>|[`*$]", "", headings[-1]).strip() if headings else heading
            elif found[ANSWERS].get(cell.id):
                parts.append(f"\n# {heading}\n{cell.source}\n" if heading else f"\n{cell.source}\n")
            elif IN_MODULE in tags(cell):
                parts.append(f"{cell.source}\n")
        return "\n".join(parts), found


@dataclass(frozen=True)
class Released:
    """What students receive of a notebook, in both forms, and the answers that were in it."""

    cells: list[NotebookNode]
    notebook: str
    module: str
    answers: list[str]


def run(notebook: Notebook, folder: Path, own: Sequence[str]) -> Released:
    """Take everything out of a notebook that students shouldn't get, then run the author's own preprocessors.

    `own` are their names, as in "package.module.Class". Raises RegionError, PreprocessorError.
    """
    solutions = RemoveSolutions()
    steps = [
        TagRemovePreprocessor(remove_cell_tags={SOLUTION_ONLY}),
        solutions,
        ClearOutputPreprocessor(),
        ClearMetadataPreprocessor(clear_notebook_metadata=False, preserve_cell_metadata_mask={"tags"}),
        *(load(name, folder) for name in own),
    ]
    about = {"metadata": {"name": folder.name, "path": str(folder)}}
    pipeline = Exporter(default_preprocessors=[], preprocessors=steps)
    node, _ = pipeline.from_notebook_node(notebook.node, about)
    text, _ = NotebookExporter(default_preprocessors=[]).from_notebook_node(node)
    module, _ = ModuleExporter(default_preprocessors=[]).from_notebook_node(node, {**about, ANSWERS: solutions.answers})
    return Released(node.cells, text, module, [answer for each in solutions.answers.values() for answer in each])


def load(name: str, folder: Path) -> AuthorPreprocessor:
    """Return the preprocessor of this name, from a module in the assignment's folder or one that is installed.

    Raises PreprocessorError.
    """
    module, _, kind = name.rpartition(".")
    try:
        if not module:
            raise ImportError("a name has the form package.module.Class")
        found = getattr(_module(module, folder), kind)
        if not issubclass(found, Preprocessor):
            raise TypeError("it isn't a subclass of nbconvert.preprocessors.Preprocessor")
        return AuthorPreprocessor(name, found(enabled=True))
    except Exception as problem:  # whatever an author's module raises
        why = one_line(str(problem) or type(problem).__name__)
        raise PreprocessorError(f"the preprocessor {name!r} can't be imported: {why}") from problem


def _module(name: str, folder: Path) -> ModuleType:
    file = folder.joinpath(*name.split(".")).with_suffix(".py")
    if not file.is_file():
        return importlib.import_module(name)
    own = f"{folder.name}_{name.replace('.', '_')}"  # two assignments may both have a module of this name
    spec = importlib.util.spec_from_file_location(own, file)
    assert spec and spec.loader
    module = sys.modules[own] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
