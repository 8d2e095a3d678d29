"""Translation of a test to hidden cases.

A test has up to two translations, the stronger one first:

- The test runs in the case. Names of the notebook mean the student's functions and values.
- The test runs in the submission's process, and again with the solution. The case compares what both observed. This is
  weaker, because a submission could forge the values that its own process computes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from grader.assignments.loader import RESERVED_NAMES
from grader.authoring.importers.assertion_forms import (
    CREDIT,
    FORMS,
    Assertion,
    Observations,
    Visitor,
    names_in,
    write_check,
)
from grader.authoring.importers.base import Test
from grader.authoring.importers.definitions import Definitions
from grader.notebooks.dependencies import PREDEFINED
from grader.notebooks.scopes import Names, names_of

INTERNALS = {"getsource", "get_ipython", "globals", "locals", "vars", "eval", "exec", "setattr", "patch", "env"}
MAX_RECORDED = 2000  # characters of a recorded output that a case compares with the solution's
TAKEN = {"student", "reference", "observed"}  # names of a case
GENERATED = re.compile(r"cell[- ](\d+|[0-9a-f]{8,})")  # names that a tool gives a test
AUTOTEST = "_autotest"  # stands for a comment AUTOTEST of nbgrader
WEAKER = "# Weaker: the submission's own process computes the values that are compared, and could forge them."


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
    weaker: bool = False  # whether the submission's process computes what is compared
    refusal: str = ""  # why there is no stronger translation


class Translation:
    """A test with the names that it uses. Raises Untranslatable for what no translation can carry."""

    def __init__(self, test: Test, notebook: Definitions) -> None:
        self.test, self.notebook = test, notebook
        try:
            self.tree = ast.parse(test.source)
            self.tree.body = [*notebook.helpers(test, self.tree), *self.tree.body]
            self.names: Names = names_of(self.tree, ast.unparse(self.tree))
        except SyntaxError as problem:
            raise Untranslatable(f"isn't Python (line {problem.lineno})") from None
        if internals := sorted(_internals_used(self.tree)):
            raise Untranslatable(f"inspects internals, not values ({internals[0]})")
        self.doc = ast.get_docstring(ast.parse(test.source))
        self.body = [node for node in self.tree.body if not _is_text(node)] if self.doc else self.tree.body
        if not self.body:
            raise Untranslatable("tests nothing")
        if test.displays_credit:
            self.body = _with_credit(self.body, test.points)
        early = _read_before_bound(self.tree) & notebook.names
        known = (PREDEFINED | {AUTOTEST}) - notebook.names
        self.used = sorted((self.names.uses - self.names.binds - known) | early)
        self.question = _question(test, self.used, notebook)
        own = {ast.unparse(node) for node in self.tree.body}
        for name in sorted({*self.used, *notebook.read_when_called(self.used)} - (self.names.binds - early)):
            if notebook.changes_later(name, test.place, own):
                raise Untranslatable(f"uses {name}, which a later cell changes: a case sees its last value")

    def cases(self) -> list[Case]:
        """Return the cases of the test, the stronger one first. Raises Untranslatable if there is none."""
        found: list[Case] = []
        problems: list[Untranslatable] = []
        for translate_it in (self._strong, self._weak):
            try:
                found.append(translate_it())
            except Untranslatable as problem:
                problems.append(problem)
        if not found:
            raise problems[0]
        return [replace(found[0], refusal=str(problems[0])), *found[1:]] if problems else found

    def _strong(self) -> Case:
        if touched := sorted(self._touched()):
            raise Untranslatable(f"changes {touched[0]}, which the student's functions read")
        if taken := sorted((self.names.uses | self.names.binds) & TAKEN):
            raise Untranslatable(f"uses the name {taken[0]}, which a case needs")
        given, imports = _replacements(self.used, self.notebook)
        own = {self.notebook.imports[name] for name in self.used if _is_imported_test(name, self.notebook)}
        visitor = Visitor(self._without_hidden_message(write_check))
        last, body = self._shown()
        if last:
            body = [*body, ast.Return(last.left)]
            asked = [re.sub(r'student\.(?:get\("(\w+)"\)|(\w+))', r"reference.\1\2", value) for value in given.values()]
            function = f"def observed({', '.join(given)}):\n{_indented(_unparsed(visitor, body))}\n"
            values = [f"observed({', '.join(given.values())})", f"observed({', '.join(asked)})"]
            text = f"{function}\n{last.check}({', '.join([*values, *map(ast.unparse, last.rest)])})"
        else:
            text = _unparsed(visitor, body)
            catches = "raises" in visitor.kinds or any(isinstance(n, ast.Try | ast.With) for n in ast.walk(self.tree))
            called = {name: catches and bool(re.fullmatch(r"student\.\w+", value)) for name, value in given.items()}
            lines = [
                f"{name} = raising({value})" if called[name] else f"{name} = {value}" for name, value in given.items()
            ]
            text = "\n".join([*lines, text])
        text = "\n".join(["student = student.exact", *sorted(own), text])
        return self._case(text, imports - own, weaker=False)

    def _weak(self) -> Case:
        bound = [name for name in self.used if self.notebook.is_bound(name)]
        if unknown := sorted(set(self.used) - set(bound)):
            raise Untranslatable(f"uses {unknown[0]}, which only tests define")
        _check_modules(bound, self.notebook)
        tainted = _tainted(self.tree, {name for name in bound if self.notebook.depends_on_answer(name)})
        last, body = self._shown()
        codes = []
        for for_student in (True, False):
            writer = Observations(tainted, for_student)
            visitor = Visitor(writer.write)
            lines = _unparsed(visitor, body, tainted if for_student else None, last.left if last else None)
            codes.append(_joined_lines(lines, writer.write(last) if last else ""))
        if "observe(" not in codes[0] or visitor.kinds == {"earns"}:  # a process may not say how many points it gets
            raise Untranslatable("compares no value")
        text = "\n".join(
            f"{name} = {who}({self.question!r}, {_quoted(code)}, {bound!r})"
            for name, who, code in zip(
                ("got", "expected"), ("student.exact.observe", "reference.observe_exactly"), codes, strict=True
            )
        )
        return self._case(f"{WEAKER}\n{text}\nagree(got, expected)", set(), weaker=True)

    def _case(self, text: str, imports: Iterable[str], weaker: bool) -> Case:
        named = "" if GENERATED.fullmatch(self.test.name) else self.test.name  # students see it
        found = self.doc or f"`{self.question}` has the expected value{f' ({named})' if named else ''}."
        title = re.sub(r"\s+", " ", found.strip().split("\n\n")[0])
        function = "test_" + (re.sub(r"\W+", "_", named).strip("_").lower() or "value")
        asked = "student, reference" if re.search(r"\breference\.", text) else "student"
        head = f"@pytest.mark.points({self.test.points!r})\ndef {function}({asked}):\n    {_docstring(title)}\n"
        body = f"with judging():\n{_indented(text)}"
        used = {name: module for name, module in HELPERS.items() if re.search(rf"\b{name}\b", body)}
        lines = {f"from {module} import {name}" for name, module in used.items()}
        return Case(
            self.question, self.test, function, head + _indented(body), tuple(sorted({*imports, *lines})), weaker
        )

    def _touched(self) -> set[str]:
        """Return the names of the notebook that the test deletes or binds, and a function that it calls reads."""
        return self.notebook.read_when_called(self.used) & self.names.binds & self.notebook.names

    def _shown(self) -> tuple[Assertion | None, list[ast.stmt]]:
        """Return the values that the test displays below its cell, or that comments AUTOTEST name, and the statements
        before. The values are None if there are none.
        """
        if asked := [value for node in self.body if (call := _autotest(node)) for value in call.args]:
            return Assertion("alike", ast.List(asked, ast.Load())), [each for each in self.body if not _autotest(each)]
        value = _displayed(self.body) if self.test.compares_last_value else None
        if value is None:
            return None, self.body
        recorded = self.test.recorded.strip()
        known = (ast.Constant(recorded),) if 0 < len(recorded) <= MAX_RECORDED else ()
        return replace(value[1], rest=known), value[0]

    def _without_hidden_message(self, write: Callable[[Assertion], str]) -> Callable[[Assertion], str]:
        """Return a writer without the source's messages, if lines of the test are hidden: a message may tell."""
        return (lambda found: write(replace(found, message=None))) if self.test.hidden else write


HELPERS = {
    **dict.fromkeys(
        ("NO_MESSAGE", "agree", "alike", "displays", "earns", "equals", "holds", "passes", "shows"), "grader.assertions"
    ),
    **dict.fromkeys(("fail", "judging", "raising"), "grader.checks"),
}


def translate(test: Test, notebook: Definitions) -> list[Case]:
    """Return the hidden cases that a test can become, the stronger one first. Raises Untranslatable."""
    return Translation(test, notebook).cases()


def _unparsed(
    visitor: Visitor, body: list[ast.stmt], needed: set[str] | None = None, last: ast.expr | None = None
) -> str:
    """Return the text of translated statements.

    :param needed: names that depend on the submission; if given, leave out assignments that nothing else reads
    """
    tree = ast.parse(ast.unparse(ast.Module(body, [])))
    changed = visitor.visit(tree)
    assert isinstance(changed, ast.Module)
    ast.fix_missing_locations(changed)
    while needed is not None and (rest := list(_read_statements(changed.body, needed, last))) != changed.body:
        changed.body = rest
    return ast.unparse(changed)


def _read_statements(body: list[ast.stmt], needed: set[str], last: ast.expr | None) -> Iterator[ast.stmt]:
    """Yield the statements without assignments of values that no other statement reads."""
    for node in body:
        if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            others = set().union(
                names_in(last) if last else set(), *(names_in(each) for each in body if each is not node)
            )
            if names_in(node).isdisjoint(others & {t.id for t in node.targets if isinstance(t, ast.Name)}) and names_in(
                node.value
            ).isdisjoint(needed):
                continue
        yield node


def _tainted(tree: ast.AST, names: set[str]) -> set[str]:
    """Return these names, and those of the test whose values come from them."""
    found = set(names)
    while True:
        more = set(found)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and names_in(node) & found:
                more.add(node.name)
            elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.For | ast.With | ast.NamedExpr):
                stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
                more |= stored if names_in(node) & found else set()
        if more == found:
            return found
        found = more


def _read_before_bound(tree: ast.Module) -> set[str]:
    """Return names whose first use in the test, in the order of the text, reads them."""
    read: set[str] = set()
    bound: set[str] = set()
    for statement in tree.body:
        names = names_of(statement, ast.unparse(statement))
        uses = names.uses
        if isinstance(statement, ast.AugAssign):
            uses |= names_in(statement.target)
        elif not isinstance(statement, ast.Assign | ast.Expr | ast.Assert):
            uses -= names.binds  # such as the variable of a loop
        read |= uses - bound
        bound |= names.binds
    return read


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _joined_lines(*parts: str) -> str:
    return "\n".join(filter(None, parts)) + "\n"


def _quoted(code: str) -> str:
    """Return code as a literal of one line for each line."""
    lines = "\n".join(f"    {line!r}" for line in code.splitlines(keepends=True))
    return f"(\n{lines}\n)"


def _question(test: Test, used: list[str], notebook: Definitions) -> str:
    """Return the question of a test: of the answers that it uses, the last one before it."""
    asked = [name for name in used if name in notebook.answered]
    through = [other for name in used for other in notebook.answered if _reaches(name, other, notebook)]
    found = [name for name in asked or through if name.isidentifier() and name not in RESERVED_NAMES | {"observe"}]
    if not found:
        raise Untranslatable("uses no name that an answer defines")
    order = list(notebook.answered)
    return max(found, key=lambda name: (notebook.answered[name] <= test.place, order.index(name)))


def _reaches(name: str, other: str, notebook: Definitions) -> bool:
    return any(other in notebook.statements[k].names.binds for k in notebook.graph.closure([name]))


def _check_modules(names: Iterable[str], notebook: Definitions) -> None:
    for name in names:
        if name in notebook.imports and not notebook.is_importable(name):
            raise Untranslatable(f"uses {name}, whose module isn't installed")


def _is_imported_test(name: str, notebook: Definitions) -> bool:
    """Return whether pytest would take an import for a case, if the import stood outside of a function."""
    return name in notebook.imports and name.lower().startswith("test")


def _replacements(used: list[str], notebook: Definitions) -> tuple[dict[str, str], set[str]]:
    """Return name -> expression in the case, for the names that a test uses, and the imports that the file needs."""
    _check_modules(used, notebook)
    given, imports = {}, set()
    for name in used:
        if name in notebook.imports:
            imports.add(notebook.imports[name])
        elif name in notebook.answered or (notebook.is_bound(name) and notebook.depends_on_answer(name)):
            given[name] = f"student.{name}" if name in notebook.functions else f'student.get("{name}")'
        elif notebook.is_bound(name):
            given[name] = f"reference.{name}"
        else:
            raise Untranslatable(f"uses {name}, which only tests define")
    return given, imports


def _displayed(body: list[ast.stmt]) -> tuple[list[ast.stmt], Assertion] | None:
    """Return the statements of a test, and the assertion about what a notebook shows below its cell; None if nothing.

    That is the value of the last line. If the test prints, it is the text of all that the test prints, and that value.
    """
    if not any(map(_is_print, ast.walk(ast.Module(body, [])))):
        return (body[:-1], Assertion("shows", body[-1].value)) if isinstance(body[-1], ast.Expr) else None
    last = body[-1].value if isinstance(body[-1], ast.Expr) and not _is_print(body[-1].value) else None
    collected = _PrintCollector().visit(ast.parse(ast.unparse(ast.Module(body, []))))
    shown = "'\\n'.join(_printed)"
    if last is not None:
        value = ast.unparse(collected.body.pop())
        shown = f"'\\n'.join(_printed + [repr(value) for value in [{value}] if value is not None])"
    text = ast.parse(shown, mode="eval").body
    return [*ast.parse("_printed = []").body, *collected.body], Assertion("displays", text)


def _with_credit(body: list[ast.stmt], points: float) -> list[ast.stmt]:
    """Return the statements of a test of nbgrader, the last one marked if a number that it displays is the points."""
    last = body[-1]
    if not isinstance(last, ast.Expr) or _autotest(last) or _is_print(last.value):
        return body
    if any(form(last) for form in FORMS.values()):
        return body
    call = ast.Call(ast.Name(CREDIT, ast.Load()), [last.value, ast.Constant(points)], [])
    return [*body[:-1], ast.Expr(call)]


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "print"
        and not any(each.arg == "file" for each in node.keywords)
    )


class _PrintCollector(ast.NodeTransformer):
    """Transformer of a test that adds what it prints to the list `_printed`."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return the call, or another in place of a call of print."""
        self.generic_visit(node)
        if not _is_print(node):
            return node
        parts = [
            f"*map(str, {ast.unparse(each.value)})" if isinstance(each, ast.Starred) else f"str({ast.unparse(each)})"
            for each in node.args
        ]
        return ast.parse(f"_printed.append(' '.join([{', '.join(parts)}]))", mode="eval").body


def _autotest(node: ast.stmt) -> ast.Call | None:
    """Return the call if a statement is just _autotest(...), else None."""
    call = node.value if isinstance(node, ast.Expr) else None
    return call if isinstance(call, ast.Call) and ast.unparse(call.func) == AUTOTEST else None


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
