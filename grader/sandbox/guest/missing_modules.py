"""Stand-ins for modules that neither the machine nor the assignment has.

    from google.colab import drive     # works, and adds a note
    drive.mount("/content/drive")      # raises, in this statement only

Only an import in the submission's own text gets a stand-in: libraries probe for modules and must not find them. Nor
does an import in the body of a `try` get one, since its author expects that it may fail.
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

# Python looks these methods up in the type, so __getattr__ doesn't see them.
_USES = (
    *("call", "getitem", "setitem", "delitem", "iter", "next", "len", "contains", "bool", "enter", "exit"),
    *("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "matmul", "rmatmul", "pow", "rpow", "neg"),
    *("lt", "le", "gt", "ge", "int", "float", "index", "mro_entries"),
)


class MissingModule(ModuleType):
    """Stand-in for a missing module. It has every name, and using any of them raises."""

    __all__ = ()  # a star import binds nothing

    def __getattr__(self, name: str) -> MissingName:
        if name.startswith("__"):
            raise AttributeError(name)
        return MissingName(self.__name__, name)


class MissingName:
    """A name of a missing module. It can be passed around; any use raises ModuleNotFoundError."""

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
    """The last finder to be asked for a module."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.stand_ins: list[str] = []

    def remove_stand_ins(self, before: dict[str, Any]) -> list[str]:
        """Remove the stand-ins that a statement received, so that a later statement can test for the module within a
        `try`.

        Names that had a value `before` the statement get it back. Returns the other names that now hold a stand-in.
        """
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
        """Return a stand-in's spec if the submission itself imports the module outside of a `try`."""
        parent = sys.modules.get(name.rpartition(".")[0])
        if parent and not isinstance(parent, MissingModule) and getattr(parent, "__file__", None):
            return None  # a submodule that a real package doesn't have
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
        """Return the statement of the submission that a frame runs, or None."""
        if frame is None or frame.f_globals is not self.program.namespace:
            return None
        file, line = frame.f_code.co_filename, frame.f_lineno
        for statement in self.program.statements:
            if statement.file == file and statement.node.lineno <= line <= (statement.node.end_lineno or 0):
                return statement
        return None


class _Loader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a stand-in."""
        return MissingModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run nothing."""


def install(program: Program) -> None:
    """Give this submission stand-ins from now on."""
    finder = _Finder(program)
    sys.meta_path.append(finder)
    program.after_statement = finder.remove_stand_ins


def _importer() -> FrameType | None:
    """Return the frame of the import statement that is running."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame


def _is_expected_to_fail(statement: ast.stmt, line: int) -> bool:
    """Return whether a line is in the body of a `try` with handlers."""
    tries = (node for node in ast.walk(statement) if isinstance(node, ast.Try))
    return any(node.handlers and _covers(node.body, line) for node in tries)


def _covers(body: Sequence[ast.stmt], line: int) -> bool:
    return body[0].lineno <= line <= (body[-1].end_lineno or 0)
