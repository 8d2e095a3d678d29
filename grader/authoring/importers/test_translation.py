"""Translation of a test cell to a hidden case: names of the notebook become the student's."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.assignments.loader import RESERVED_NAMES
from grader.authoring.importers.base import Draft, Test
from grader.notebooks.dependencies import PREDEFINED, DependencyGraph
from grader.notebooks.scopes import names_of
from grader.notebooks.solution_regions import is_marked, lines_inside
from grader.notebooks.statements import Statement

INTERNALS = {"getsource", "get_ipython", "globals", "locals", "vars", "eval", "exec", "setattr", "patch", "env"}
EQUAL = {"assert_allclose", "assert_almost_equal", "assert_array_equal", "assert_array_almost_equal", "assert_equal"}
TABLES = {"assert_frame_equal", "assert_series_equal", "assert_index_equal"}
NO_MESSAGE = "What is tested here doesn't hold."


class Untranslatable(Exception):
    """A test can't be translated to a hidden case."""


@dataclass(frozen=True)
class Case:
    """Hidden case of a question."""

    question: str
    test: Test
    function: str  # name of the test function
    text: str  # code, from the decorator on
    imports: tuple[str, ...]


class Definitions:
    """Names of a notebook: which are answers, which are given, and which depend on an answer."""

    def __init__(self, statements: list[Statement], draft: Draft) -> None:
        self.statements = statements
        self.slices = DependencyGraph(statements)
        self.answered: dict[str, int] = {}  # name -> number of its answer, from 1; in the order of the statements
        self.functions: set[str] = set()
        code = [cell for cell in draft.cells if cell.cell_type == "code"]
        marked = [is_marked(cell.source) for cell in code]
        for statement in statements:
            cell = int(re.sub(r"\D", "", statement.file)) - 1
            if marked[cell] and _is_answer(statement, code[cell].source):
                for name in sorted(statement.names.binds):
                    self.answered.setdefault(name, sum(marked[: cell + 1]))
            if isinstance(statement.node, ast.FunctionDef):
                self.functions.add(statement.node.name)
        imports = [each for each in statements if isinstance(each.node, ast.Import | ast.ImportFrom)]
        self.imports = {name: ast.unparse(each.node) for each in imports for name in each.names.binds}
        self.packages = {name: package for each in imports for name, package in each.names.packages}
        self.beside = {PurePosixPath(file).parts[0].removesuffix(".py") for file in draft.files}

    def is_importable(self, name: str) -> bool:
        """Return whether the module that a name comes from can be imported here."""
        package = self.packages.get(name, "")
        return package in self.beside or bool(package and importlib.util.find_spec(package))

    def depends_on_answer(self, name: str) -> bool:
        """Return whether an answer, or a statement that needs one, defines a name."""
        return any(self.statements[k].names.binds & self.answered.keys() for k in self.slices.closure([name]))

    def is_bound(self, name: str) -> bool:
        """Return whether a statement of the notebook defines a name."""
        return bool(self.slices.binders(name))


def _is_answer(statement: Statement, cell: str) -> bool:
    """Return whether a statement holds a solution region, or is in one."""
    first, last = statement.node.lineno, statement.node.end_lineno or 0
    return not lines_inside(cell).isdisjoint(range(first - 1, last))


def translate(test: Test, notebook: Definitions) -> Case:
    """Return the hidden case of a test. Raises Untranslatable."""
    try:
        tree = ast.parse(test.source)
        names = names_of(tree, test.source)
    except SyntaxError as problem:
        raise Untranslatable(f"isn't Python (line {problem.lineno})") from None
    if internals := sorted(_internals_used(tree)):
        raise Untranslatable(f"inspects internals, not values ({internals[0]})")
    if touched := sorted((names.binds | _deleted(tree)) & notebook.answered.keys()):
        raise Untranslatable(f"changes {touched[0]}, which the student defines")
    used = sorted(names.uses - names.binds - PREDEFINED - {"_autotest"})
    question = _question(test, used, notebook)
    given, imports = _replacements(used, notebook)
    body = _Asserts(test.hidden).visit(tree).body
    doc = ast.get_docstring(tree)
    text, helpers = _case_body(body[1:] if doc else body, test, given)
    title = re.sub(r"\s+", " ", (doc or f"`{question}` has the expected value ({test.name}).").strip().split("\n\n")[0])
    function = "test_" + (re.sub(r"\W+", "_", test.name).strip("_").lower() or "case")
    asked = "student, reference" if "reference." in text else "student"
    head = f"@pytest.mark.points({test.points:.10g})\ndef {function}({asked}):\n    {_docstring(title)}\n"
    return Case(question, test, function, head + _indented(text), tuple(sorted({*imports, *helpers})))


def _question(test: Test, used: list[str], notebook: Definitions) -> str:
    """Return the question of a test: of the answers that it uses, the last one before it."""
    asked = [name for name in used if name in notebook.answered]
    through = [other for name in used for other in notebook.answered if _reaches(name, other, notebook)]
    found = [name for name in asked or through if name.isidentifier() and name not in RESERVED_NAMES]
    if not found:
        raise Untranslatable("uses no name that an answer defines")
    order = list(notebook.answered)
    return max(found, key=lambda name: (notebook.answered[name] <= test.after, order.index(name)))


def _reaches(name: str, other: str, notebook: Definitions) -> bool:
    return any(other in notebook.statements[k].names.binds for k in notebook.slices.closure([name]))


def _replacements(used: list[str], notebook: Definitions) -> tuple[dict[str, str], set[str]]:
    """Return name -> expression in the case, for the names that a test uses, and the imports that the file needs."""
    given, imports = {}, set()
    for name in used:
        if name in notebook.imports:
            if not notebook.is_importable(name):
                raise Untranslatable(f"uses {name}, whose module isn't installed")
            imports.add(notebook.imports[name])
        elif name in notebook.answered or (notebook.is_bound(name) and notebook.depends_on_answer(name)):
            given[name] = f"student.{name}" if name in notebook.functions else f'student.get("{name}")'
        elif notebook.is_bound(name):
            given[name] = f"reference.{name}"
        else:
            raise Untranslatable(f"uses {name}, which only tests define")
    return given, imports


def _case_body(body: list[ast.stmt], test: Test, given: dict[str, str]) -> tuple[str, set[str]]:
    """Return the body of the case, and the imports of its helpers."""
    if not body:
        raise Untranslatable("tests nothing")
    catches = any(isinstance(node, ast.Try | ast.With) for part in body for node in ast.walk(part))
    bound = {
        name: f"raising({value})" if catches and "get(" not in value and value.startswith("student") else value
        for name, value in given.items()
    }
    shown = _displayed_value(body[-1]) if test.compares_last_value else None
    if shown is not None:
        text = _comparison([*body[:-1], ast.Return(shown)], given)
    elif calls := [call for node in body if (call := _autotest(node))]:
        rest = [node for node in body if not _autotest(node)]
        values = ast.List([value for call in calls for value in call.args], ast.Load())
        text = _comparison([*rest, ast.Return(values)], given)
    else:
        lines = [f"{name} = {value}" for name, value in bound.items()]
        text = "\n".join([*lines, *(ast.unparse(ast.fix_missing_locations(node)) for node in body)])
    helpers = {f"from grader.checks import {', '.join(n for n in ('fail', 'same') if re.search(rf'{n}[(]', text))}"}
    helpers = {line for line in helpers if not line.endswith("import ")}
    raises = "judging, raising" if "raising(" in text else "judging"
    return f"with judging():\n{_indented(text)}", helpers | {f"from grader.checks import {raises}"}


def _comparison(body: list[ast.stmt], given: dict[str, str]) -> str:
    """Return code that compares the result of `body` for the student with the solution's."""
    lines = "\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in body)
    asked = [re.sub(r'student\.(?:get\("(\w+)"\)|(\w+))', r"reference.\1\2", value) for value in given.values()]
    function = f"def observed({', '.join(given)}):\n{_indented(lines)}\n"
    return f"{function}\nsame(observed({', '.join(given.values())}), observed({', '.join(asked)}))"


def _displayed_value(node: ast.stmt) -> ast.expr | None:
    """Return the expression that a notebook displays below the cell, or that its last line prints; else None."""
    if not isinstance(node, ast.Expr):
        return None
    call = node.value
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
        if call.func.id in ("same", "fail"):
            return None
        if call.func.id == "print" and not call.keywords:
            return call.args[0] if len(call.args) == 1 else ast.List(call.args, ast.Load())
    return call


class _Asserts(ast.NodeTransformer):
    """Transformer of assertions to our checks, which don't reveal the expected value."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.hidden = {line.strip() for line in hidden}

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        """Return a call of `same` for a comparison, else of `fail` if the test is false."""
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            return _same(test.left, test.comparators[0], node)
        if isinstance(test, ast.Call) and ast.unparse(test.func).rpartition(".")[2] in (
            "allclose",
            "isclose",
            "array_equal",
        ):
            return _same(test.args[0], test.args[1], node)
        message = node.msg if isinstance(node.msg, ast.Constant) and not self.hidden else ast.Constant(NO_MESSAGE)
        call = ast.Call(ast.Name("fail", ast.Load()), [message], [])
        return ast.copy_location(ast.If(ast.UnaryOp(ast.Not(), test), [ast.Expr(call)], []), node)

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Return a call of `same` for an assertion function of NumPy. Raises Untranslatable for one of pandas."""
        call = node.value
        if isinstance(call, ast.Call):
            name = ast.unparse(call.func).rpartition(".")[2]
            if name in TABLES:
                raise Untranslatable(
                    "compares pandas objects, which the sandbox can't return: compare their values as lists or dicts"
                )
            if name in EQUAL and len(call.args) >= 2:
                return _same(call.args[0], call.args[1], node)
        return node


def _same(one: ast.expr, other: ast.expr, node: ast.stmt) -> ast.stmt:
    """Return a call of `same`, with the student's value first: a constant is the expected value."""
    if _is_constant(one) and not _is_constant(other):
        one, other = other, one
    return ast.copy_location(ast.Expr(ast.Call(ast.Name("same", ast.Load()), [one, other], [])), node)


def _is_constant(node: ast.expr) -> bool:
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _autotest(node: ast.stmt) -> ast.Call | None:
    """Return the call if a statement is just _autotest(...), else None."""
    call = node.value if isinstance(node, ast.Expr) else None
    return call if isinstance(call, ast.Call) and ast.unparse(call.func) == "_autotest" else None


def _deleted(tree: ast.Module) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Del)}


def _internals_used(tree: ast.Module) -> set[str]:
    """Return names that a test could use only in the student's process."""
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    hidden = {name for name in attributes if name.startswith("__")}
    return hidden | ((attributes | names | parameters) & INTERNALS)


def _docstring(title: str) -> str:
    return '"""' + title.replace("\\", "\\\\").replace('"""', "'''") + ('"""' if not title.endswith('"') else ' """')


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else line for line in text.split("\n"))
