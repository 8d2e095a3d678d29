"""Names that the import cells of an assignment bind, which students have before them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from grader.models import Assignment
from grader.notebooks.cells import NotebookUnreadable
from grader.notebooks.solution_regions import RegionError, stripped
from grader.notebooks.statements import read

SOLUTION_ONLY = "solution-only"  # tag of cells that students don't get


def imports_to_bind(assignment: Assignment) -> Mapping[str, str]:
    """Return name -> import statement, for names that a submission may use without importing them."""
    if assignment.missing_imports == "error":
        return MappingProxyType({})
    return _visible_imports(assignment.notebook, assignment.digest, assignment.question_names)


@cache
def _visible_imports(notebook: Path, digest: str, graded: tuple[str, ...]) -> Mapping[str, str]:
    """Return the imports of a notebook without its solutions. `digest` is part of the cache's key."""
    try:
        content = json.loads(notebook.read_bytes())
        cells = [_visible(cell) for cell in content["cells"] if SOLUTION_ONLY not in _tags(cell)]
        statements = read(json.dumps({**content, "cells": cells}).encode(), notebook.name).statements
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RegionError, NotebookUnreadable):
        return MappingProxyType({})  # an author's notebook that can't be read is reported elsewhere
    found = {name: text for statement in statements for name, text in _bound(statement.node)}
    return MappingProxyType({name: text for name, text in found.items() if name not in graded})


def _tags(cell: dict[str, object]) -> list[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return list(tags) if isinstance(tags, list) else []


def _visible(cell: dict[str, object]) -> dict[str, object]:
    source = cell.get("source", "")
    text = "".join(source) if isinstance(source, list) else str(source)
    return {**cell, "source": stripped(text)[0]} if cell.get("cell_type") == "code" else cell


def _bound(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, and a statement that binds this name alone."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            if name != "*" and not (isinstance(node, ast.ImportFrom) and (node.level or node.module == "__future__")):
                alone = ast.Import([alias]) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, [alias], 0)
                yield name, ast.unparse(alone)
