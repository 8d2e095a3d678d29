"""Steps of a release: preprocessors and exporters of nbconvert.

Only release.py imports this module, when it builds a release: nbconvert belongs to the extra `authoring`, and takes
half a second to import.
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

Resources = dict[str, Any]  # of nbconvert: passed from one preprocessor to the next

SOLUTION_ONLY = "solution-only"  # tag of cells that students don't get
IN_MODULE = "module"  # tag of cells that also go into the module
ANSWERS = "answers"  # key of RemoveSolutions.answers in the resources of ModuleExporter
DOCSTRING = '"""The exercises of {name}.ipynb as a module: fill in one of the two and hand that one in."""\n'


class PreprocessorError(UserError):
    """An author's preprocessor can't be imported, or failed."""


class RemoveSolutions(Preprocessor):
    """Preprocessor that replaces each solution by a stub, and stores the answers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answers: dict[str, list[str]] = {}  # id of a cell -> removed answers

    def preprocess_cell(self, cell: NotebookNode, resources: Resources, index: int) -> tuple[NotebookNode, Resources]:
        """Replace the solutions in a cell. Raises RegionError."""
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
    """Wrapper of an author's preprocessor, whose errors name it."""

    name: str
    preprocessor: Preprocessor
    enabled: bool = True  # nbconvert sets it

    def __call__(self, node: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Run the preprocessor. A cell that it adds gets an id by its position. Raises PreprocessorError."""
        known = [cell.id for cell in node.cells]
        try:
            node, resources = self.preprocessor(node, resources)
            return Notebook(node, "what it returned", known).node, resources
        except NotebookError as problem:
            raise PreprocessorError(f"the preprocessor {self.name}: {problem}") from None
        except Exception as problem:  # from the author's code, whose traceback they need
            why = one_line(f"{type(problem).__name__}: {problem}")
            raise PreprocessorError(f"the preprocessor {self.name} stopped: {why}") from problem


class ModuleExporter(Exporter):
    """Exporter of the stubs, and the cells that they need, as a Python module. Headings become comments."""

    file_extension = ".py"

    def from_notebook_node(  # type: ignore[override]  # as in nbconvert's own exporters of text
        self, nb: NotebookNode, resources: Resources | None = None, **options: Any
    ) -> tuple[str, Resources]:
        """Return the text of the module. `resources` hold its name and RemoveSolutions.answers."""
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
    """Released notebook and module, and the answers that were removed."""

    cells: list[NotebookNode]
    notebook: str
    module: str
    answers: list[str]


def run_pipeline(notebook: Notebook, folder: Path, own: Sequence[str]) -> Released:
    """Remove all that students shouldn't get from a notebook, then run the author's preprocessors.

    `own` are the names of the preprocessors, such as "package.module.Class". Raises RegionError, PreprocessorError.
    """
    solutions = RemoveSolutions()
    steps = [
        TagRemovePreprocessor(remove_cell_tags={SOLUTION_ONLY}),
        solutions,
        ClearOutputPreprocessor(),
        ClearMetadataPreprocessor(clear_notebook_metadata=False, preserve_cell_metadata_mask={"tags"}),
        *(load_preprocessor(name, folder) for name in own),
    ]
    about = {"metadata": {"name": folder.name, "path": str(folder)}}
    pipeline = Exporter(default_preprocessors=[], preprocessors=steps)
    node, _ = pipeline.from_notebook_node(notebook.node, about)
    text, _ = NotebookExporter(default_preprocessors=[]).from_notebook_node(node)
    module, _ = ModuleExporter(default_preprocessors=[]).from_notebook_node(node, {**about, ANSWERS: solutions.answers})
    return Released(node.cells, text, module, [answer for each in solutions.answers.values() for answer in each])


def load_preprocessor(name: str, folder: Path) -> AuthorPreprocessor:
    """Return the preprocessor `name`, from a module in the assignment's folder or an installed one.

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
    except Exception as problem:  # any error of the author's module
        why = one_line(str(problem) or type(problem).__name__)
        raise PreprocessorError(f"the preprocessor {name!r} can't be imported: {why}") from problem


def _module(name: str, folder: Path) -> ModuleType:
    file = folder.joinpath(*name.split(".")).with_suffix(".py")
    if not file.is_file():
        return importlib.import_module(name)
    own = f"{folder.name}_{name.replace('.', '_')}"  # two assignments may have modules of one name
    spec = importlib.util.spec_from_file_location(own, file)
    assert spec and spec.loader
    module = sys.modules[own] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
