"""Inside the sandbox: stand-ins for modules that neither the machine nor the assignment has.

    from google.colab import drive     # works, and leaves a note
    drive.mount("/content/drive")      # raises in this statement alone

Only an import that stands in the submission's own text gets one: what libraries probe for stays missing. So does
what stands in the body of a `try`, whose author has thought of the module's absence.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, NoReturn

from ...notebooks.cells import add_note
from .program import Program, Statement

# What Python calls by the type, so that __getattr__ isn't asked.
_USES = (
    *("call", "getitem", "setitem", "delitem", "iter", "next", "len", "contains", "bool", "enter", "exit"),
    *("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "matmul", "rmatmul", "pow", "rpow", "neg"),
    *("lt", "le", "gt", "ge", "int", "float", "index", "mro_entries"),
)


class MissingModule(ModuleType):
    """A module that isn't there. It has every name, and none of them can be used."""

    __all__ = ()  # a star import brings nothing

    def __getattr__(self, name: str) -> MissingName:
        if name.startswith("__"):
            raise AttributeError(name)
        return MissingName(self.__name__, name)


class MissingName:
    """Something of a module that isn't there: it can be passed around, and any use of it raises."""

    def __init__(self, module: str, name: str) -> None:
        self._absent = (module, name)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse(self)


def _refuse(absent: MissingName, *_: Any, **__: Any) -> NoReturn:
    module, name = absent._absent
    raise ModuleNotFoundError(f"there is no module {module} here, so {name} can't be used", name=module)


for _use in _USES:
    setattr(MissingName, f"__{_use}__", _refuse)


class _Finder(MetaPathFinder):
    """Asked last, for what nobody else has found."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.stand_ins: list[str] = []

    def remove_stand_ins(self, before: dict[str, Any]) -> list[str]:
        """What one statement was given is no module that the next one finds: it may ask within a `try`. Names that
        stood for something `before` the statement do so again; the others that it gave a stand-in are returned."""
        namespace = self.program.namespace
        new = []
        if self.stand_ins:
            new = [name for name, value in namespace.items() if type(value) in (MissingName, MissingModule)]
        for name in new:
            if name in before:
                namespace[name] = before[name]
        while self.stand_ins:
            sys.modules.pop(self.stand_ins.pop(), None)
        return [name for name in new if name not in before]

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        parent = sys.modules.get(name.rpartition(".")[0])
        if parent and not isinstance(parent, MissingModule) and getattr(parent, "__file__", None):
            return None  # a part that a real module doesn't have
        frame = _importer()
        statement = self._statement(frame)
        if statement is None or frame is None or _is_expected_to_fail(statement.node, frame.f_lineno):
            return None
        self.stand_ins.append(name)
        message = f"{statement.place(frame.f_lineno)}: there is no module {name} here; its import was skipped"
        if not isinstance(parent, MissingModule) and message not in self.program.notes:
            add_note(self.program.notes, message)
        return ModuleSpec(name, _Loader(), is_package=True)

    def _statement(self, frame: FrameType | None) -> Statement | None:
        """The statement of the submission in which a frame is, if it is in one."""
        if frame is None or frame.f_globals is not self.program.namespace:
            return None
        file, line = frame.f_code.co_filename, frame.f_lineno
        for statement in self.program.statements:
            if statement.file == file and statement.node.lineno <= line <= (statement.node.end_lineno or 0):
                return statement
        return None


class _Loader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return MissingModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def install(program: Program) -> None:
    """From now on this submission gets stand-ins."""
    finder = _Finder(program)
    sys.meta_path.append(finder)
    program.after_statement = finder.remove_stand_ins


def _importer() -> FrameType | None:
    """The frame in which the import stands that is being carried out."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame


def _is_expected_to_fail(statement: ast.stmt, line: int) -> bool:
    """Whether a line is in the body of a `try` that has handlers."""
    tries = (node for node in ast.walk(statement) if isinstance(node, ast.Try))
    return any(node.handlers and _covers(node.body, line) for node in tries)


def _covers(body: Sequence[ast.stmt], line: int) -> bool:
    return body[0].lineno <= line <= (body[-1].end_lineno or 0)
