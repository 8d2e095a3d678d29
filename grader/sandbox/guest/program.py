"""Runs the statements of a submission that requested names depend on.

    program = Program(content, "digits.ipynb", ["sigmoid", "forward"])
    program.get("forward")(X, parameters)

An exception costs only the statement that raised it, and is noted. Statements run in document order. A statement that
uses a name defined further down runs again after that definition.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import linecache
import types
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...notebooks.cells import NotebookUnreadable, add_note, note_line, type_name
from ...notebooks.dependencies import PREDEFINED, DependencyGraph
from ...notebooks.limits import MAX_NOTE
from ...notebooks.statements import Source, Statement, parse_fault, read
from ..protocol.limits import MAX_EARLY_RUNS

__all__ = ["Missing", "NotebookUnreadable", "Program", "Source", "Statement", "read"]

_ABSENT = object()


class Missing(LookupError):
    """The submission doesn't have a name. `broken` says that it is defined, but the definition failed."""

    def __init__(self, message: str, broken: bool) -> None:
        super().__init__(message)
        self.broken = broken


class _Failure(NamedTuple):
    """How a statement failed."""

    message: str  # for example "cell 7, line 3: NameError: name 'x' is not defined"
    unknown: str  # the name that a NameError reports, or ""


class _Shell:
    """Stands for the notebook's shell: accepts any request and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _do_nothing


class Program:
    """A submission and its namespace, which fills as names are requested.

    :param graded: names of all questions
    :param run_all_cells: run every statement now
    :param imports: name -> import statement of the assignment, for names that nothing in the submission binds
    """

    def __init__(
        self,
        content: bytes,
        filename: str,
        graded: Sequence[str],
        run_all_cells: bool = False,
        imports: Mapping[str, str] | None = None,
    ) -> None:
        source = read(content, filename)
        self.notes = source.notes
        self.module = types.ModuleType("__main__")  # in sys.modules, where pickle and dataclasses look up classes
        self.namespace: dict[str, Any] = vars(self.module)
        self.namespace.update(__builtins__=builtins, display=_do_nothing, get_ipython=_Shell)
        self.statements = source.statements
        self._broken = source.broken
        self._graded = tuple(graded)
        self._imports = dict(imports or {})
        self._dependencies = DependencyGraph(source.statements)
        self._done: set[int] = set()
        self._failed: dict[int, str] = {}  # statement -> what it raised, and where
        self._bound_by: dict[str, int] = {}  # name -> statement that bound its current value
        self._replaced: dict[str, Any] = {}  # the student's objects under substituted names
        self._complete: set[str] = set()  # names whose dependencies have all run, with the current substitutes
        self._depth = 0
        self.after_statement: Callable[[dict[str, Any]], list[str]] = (
            _no_names  # called after each statement with the namespace before it
        )
        self._stand_ins: list[str] = []  # names for which the last statement received a stand-in
        self._show_lines(source, filename)
        if run_all_cells:
            self.run_rest()

    def get(self, name: str) -> Any:
        """Return the student's own object of this name, after running what it depends on. Raises Missing."""
        if name not in self._complete:
            self._run(self._dependencies.closure_with_rebinds(name, self._graded, self._done))
            self._complete.add(name)
        value = self._value(name)
        if value is _ABSENT and self.find(name):
            value = self._value(name)
        if value is _ABSENT or (name not in self._bound_by and name in PREDEFINED):
            raise self._missing_error(name)
        return value

    def find(self, name: str) -> bool:
        """Run statements that may bind a name which was missing when a function ran, or the assignment's import of it.

        Return whether there were any.
        """
        ran = self._run(self._dependencies.closure([name]) | self._dependencies.hidden_binders(name))
        return self._bind_imports(name) or ran

    def observe(self, code: str, uses: Iterable[str], observe: Callable[..., None]) -> None:
        """Run code in the namespace, which is then as before. The code calls `observe` with values.

        :param uses: names that the code reads; one that is missing is a NameError of the code
        """
        for name in uses:
            with contextlib.suppress(Missing):
                self.get(name)
        before = dict(self.namespace)
        try:
            self.namespace["observe"] = observe
            exec(compile(code, "<case>", "exec", dont_inherit=True), self.namespace)
        finally:
            self.namespace.clear()
            self.namespace.update(before)

    def run_rest(self) -> bool:
        """Run all statements that haven't run yet. Return whether there were any."""
        return self._run(range(len(self.statements)))

    def _value(self, name: str) -> Any:
        return self._replaced.get(name, self.namespace.get(name, _ABSENT))

    def substitute(self, name: str, value: Any) -> None:
        """Replace a global name by another object, for all student code that looks it up."""
        if name not in self._replaced:
            self._replaced[name] = self.namespace.get(name, _ABSENT)
        self.namespace[name] = value
        self._complete.clear()
        self._dependencies.substituted = frozenset(self._replaced)

    def restore(self) -> None:
        """Put the student's own objects back in place of substituted ones."""
        for name, value in self._replaced.items():
            if value is _ABSENT:
                self.namespace.pop(name, None)
            else:
                self.namespace[name] = value
        self._replaced.clear()
        self._complete.clear()
        self._dependencies.substituted = frozenset()

    def _run(self, wanted: Iterable[int]) -> bool:
        """Run these statements, except those that have run. Return whether there were any."""
        todo = sorted(set(wanted) - self._done)
        if not todo:
            return False
        substituted = {name: self.namespace[name] for name in self._replaced if name in self.namespace}
        self.restore()  # statements run with the student's own objects
        for k in todo:
            if k not in self._done:
                self._run_statement(k)
        for name, value in substituted.items():
            self.substitute(name, value)
        return True

    def _run_statement(self, k: int) -> None:
        """Run a statement, and again after each later definition that it turns out to need."""
        self._done.add(k)
        statement = self.statements[k]
        retried: set[str] = set()
        while failure := self._run_once(k):
            name = failure.unknown
            first = self._unrun_providers(name) if name not in retried else set()
            if not first and self._bind_imports(name):
                continue
            if not first:
                self._failed[k] = note_line(failure.message)
                add_note(self.notes, failure.message)
                break
            retried.add(name)
            at = self.statements[max(first)].place()
            message = f"{statement.place()}: {name} is used before {at} defines it; that definition was run first"
            add_note(self.notes, message)
            self._depth += 1
            self._run(self._dependencies.closure([name]))
            self._depth -= 1
        self._run_star_imports(statement)

    def _bind_imports(self, missing: str) -> bool:
        """Run the assignment's own imports of a missing name, and of others that the submission uses and never binds.

        A function is called again only once: by then all names must be there. Return whether `missing` is bound.
        """
        if missing in self.namespace or missing not in self._imports:
            return False
        used = frozenset[str]().union(*(statement.names.uses for statement in self.statements))
        bound = frozenset[str]().union(*(statement.names.binds for statement in self.statements))
        for name in [missing, *sorted(used & self._imports.keys() - {missing})]:
            text = self._imports.pop(name)
            if name in self.namespace or name in bound:
                continue
            try:
                exec(compile(text, "<imports of the assignment>", "exec"), self.namespace)
            except Exception as error:
                add_note(self.notes, f"{name} is used and never imported; {text!r} failed: {type_name(error)}")
            else:
                add_note(self.notes, f"{name} is used and never imported; the assignment's {text!r} was run")
        return missing in self.namespace

    def _run_star_imports(self, statement: Statement) -> None:
        """Run star imports for names that a statement should have bound and didn't.

        A name then has the star import's value, whether another import in that statement failed or not.
        """
        left = [name for name in statement.names.binds if name not in self.namespace or name in self._stand_ins]
        star_imports = self._dependencies.star_imports() - self._done if left else set()
        if star_imports:
            saved = {name: self.namespace.pop(name) for name in left if name in self.namespace}
            self._run(star_imports)
            self.namespace.update({name: value for name, value in saved.items() if name not in self.namespace})

    def _unrun_providers(self, name: str) -> set[int]:
        """Return the statements that may bind a name and haven't run yet."""
        if not name or self._depth >= MAX_EARLY_RUNS:
            return set()
        return set(self._dependencies.providers(name)) - self._done

    def _run_once(self, k: int) -> _Failure | None:
        """Run a statement once. A name that a later statement has already bound keeps its later value."""
        before = dict(self.namespace)
        failure = self._execute(self.statements[k])
        self._stand_ins = self.after_statement(before)
        for name, value in list(self.namespace.items()):
            if name in before and before[name] is value:
                continue
            if self._bound_by.get(name, -1) > k and name in before:
                self.namespace[name] = before[name]
            else:
                self._bound_by[name] = k
        return failure

    def _execute(self, statement: Statement) -> _Failure | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(
                    ast.Module([statement.node], []),
                    statement.file,
                    "exec",
                    flags=__future__.annotations.compiler_flag,  # type hints aren't evaluated
                    dont_inherit=True,
                )
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = parse_fault(error, 0)
            line = problem.line if isinstance(error, SyntaxError) else 0
            return _Failure(f"{statement.place(line)}: {problem.reason}", "")
        try:
            exec(code, self.namespace)
        except BaseException as error:  # student code may raise SystemExit and KeyboardInterrupt too
            return self._failure(error, statement)
        return None

    def _failure(self, error: BaseException, statement: Statement) -> _Failure:
        try:
            message = " ".join([f"{type_name(error)}:", str(error)[:MAX_NOTE]]).strip(": ")
            line = _line_of(error, statement.file)
            unknown = error.name if type(error) is NameError else ""
        except BaseException:  # the student may define the type and its __str__
            message, line, unknown = "an exception that can't be shown", 0, ""
        if not isinstance(unknown, str) or unknown in self.namespace:
            unknown = ""
        return _Failure(f"{statement.place(line)}: {message}", unknown)

    def _missing_error(self, name: str) -> Missing:
        reasons = [self._failed[k] for k in self._dependencies.binders(name) if k in self._failed]
        if name in self._broken:
            reasons.insert(0, self._broken[name])
        if reasons:
            return Missing(f"{name} isn't there: {reasons[0]}", broken=True)
        return Missing(f"{name} isn't defined anywhere", broken=False)

    def _show_lines(self, source: Source, filename: str) -> None:
        """Make the text available to tracebacks and inspect.getsource."""
        for file, text in source.texts.items():
            linecache.cache[file] = (len(text), None, [line + "\n" for line in text.split("\n")], file)
        if any(not statement.prefix for statement in source.statements):
            self.namespace["__file__"] = filename


def _do_nothing(*args: Any, **kwargs: Any) -> None:
    """Does nothing."""


def _no_names(*args: Any) -> list[str]:
    """Return no names."""
    return []


def _line_of(error: BaseException, file: str) -> int:
    """Return the line of a file that an exception passed through; 0 if there is none."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            return trace.tb_lineno
        trace = trace.tb_next
    return 0
