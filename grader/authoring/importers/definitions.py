"""Names of an author's notebook: which are answers, which are given, and which depend on an answer."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Container, Iterable
from pathlib import PurePosixPath

from grader.authoring.importers.assertion_forms import names_in
from grader.authoring.importers.base import Draft, Test
from grader.notebooks.dependencies import DependencyGraph
from grader.notebooks.solution_regions import is_marked, lines_inside
from grader.notebooks.statements import Statement

# Methods that change a list, set, dict or array.
MUTATORS = ("append", "extend", "insert", "remove", "pop", "clear", "update", "add", "discard", "setdefault", "fill")


class Definitions:
    """Names of a notebook: which are answers, which are given, and which depend on an answer."""

    def __init__(self, statements: list[Statement], draft: Draft) -> None:
        self.statements = statements
        self.graph = DependencyGraph(statements)
        self.answered: dict[str, int] = {}  # name -> code cell of its answer, from 1; in their order
        self.functions: set[str] = set()
        bound = {name for each in statements for name in each.names.binds}
        code = [cell for cell in draft.cells if cell.cell_type == "code"]
        marked = [is_marked(cell.source) for cell in code]
        self.cells = [int(re.sub(r"\D", "", each.file)) for each in statements]  # code cell of each statement, from 1
        for statement, cell in zip(statements, self.cells, strict=True):
            if marked[cell - 1] and _is_answer(statement, code[cell - 1].source):
                for name in sorted(statement.names.binds | (statement.names.changes & bound)):
                    self.answered.setdefault(name, cell)
            if isinstance(statement.node, ast.FunctionDef):
                self.functions.add(statement.node.name)
        imports = [each for each in statements if isinstance(each.node, ast.Import | ast.ImportFrom)]
        self.imports = {name: ast.unparse(each.node) for each in imports for name in each.names.binds}
        self.packages = {name: package for each in imports for name, package in each.names.packages}
        self.beside = {PurePosixPath(file).parts[0].removesuffix(".py") for file in draft.files}

        self.tests = draft.tests
        self.names = bound

    def helpers(self, test: Test, tree: ast.Module) -> list[ast.stmt]:
        """Return the statements of earlier tests that define what this test uses, and no cell does."""
        before = [node for other in self.tests if other.cell < test.cell for node in _statements(other.source)]
        found: list[ast.stmt] = []
        wanted = names_in(tree) - self.names
        for node in reversed(before):
            if (binds := _bound(node)) & wanted and not any(_bound(each) & binds for each in found):
                found.insert(0, node)
                wanted |= names_in(node) - self.names
        return found

    def is_importable(self, name: str) -> bool:
        """Return whether the module that a name comes from can be imported here."""
        package = self.packages.get(name, "")
        return package in self.beside or bool(package and importlib.util.find_spec(package))

    def depends_on_answer(self, name: str) -> bool:
        """Return whether an answer, or a statement that needs one, defines a name."""
        return any(self.statements[k].names.binds & self.answered.keys() for k in self.graph.closure([name]))

    def read_when_called(self, names: Iterable[str]) -> set[str]:
        """Return the global names that functions of these names read when they are called."""
        found: set[str] = set()
        todo = list(names)
        while todo:
            for k in self.graph.binders(todo.pop()):
                new = self.statements[k].names.uses - self.statements[k].names.at_once - found
                found |= new
                todo += new
        return found

    def changes_later(self, name: str, place: int, own: Container[str]) -> bool:
        """Return whether a cell after the first `place` code cells replaces or changes the value that a name has there.

        :param own: the statements of a test, as text: what the test does itself counts as done before
        """
        at = [k for k, each in enumerate(self.statements) if _changes(each, name)]
        late = [k for k in at if self.cells[k] > place and ast.unparse(self.statements[k].node) not in own]
        is_there = any(self.cells[k] <= place for k in at)
        return is_there and bool(late) and not self._restores(self.statements[late[-1]].node, name)

    def _restores(self, node: ast.stmt, name: str) -> bool:
        """Return whether a statement gives a name back the value that another name kept, after a test replaced it."""
        kept = [each.value for each in ast.walk(node) if isinstance(each, ast.Assign) and name in _bound(each)]
        return bool(kept) and all(
            isinstance(value, ast.Name)
            and all(
                isinstance(source := self.statements[k].node, ast.Assign) and ast.unparse(source.value) == name
                for k in self.graph.binders(value.id)
            )
            for value in kept
        )

    def is_bound(self, name: str) -> bool:
        """Return whether a statement of the notebook defines a name, or may define it with a star import."""
        return bool(self.graph.providers(name))


def _changes(statement: Statement, name: str) -> bool:
    """Return whether a statement binds a name, or changes its object. An import doesn't: it binds a module again."""
    if isinstance(statement.node, ast.Import | ast.ImportFrom):
        return False
    names = statement.names
    return name in names.binds or name in names.changes or any((name, each) in names.calls for each in MUTATORS)


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a definition, an import or an assignment binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return {each.id for each in node.targets if isinstance(each, ast.Name)} if isinstance(node, ast.Assign) else set()


def _is_answer(statement: Statement, cell: str) -> bool:
    """Return whether a statement holds a solution region, or is in one."""
    first, last = statement.node.lineno, statement.node.end_lineno or 0
    return not lines_inside(cell).isdisjoint(range(first - 1, last))
