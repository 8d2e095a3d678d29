"""Dependency graph of a notebook: which statements a name needs.

A statement is needed if it binds a needed name, or changes the object behind one. Then the names that it uses are
needed too. Two questions have no exact answer without running the program, so each has a rule:

- `thing.method(...)` on a line of its own changes `thing`, unless the method's name says that it only trains, reads or
  draws (fit, predict, summary, plot, show...). So `layers.append(w)` and `model.compile(...)` belong to a definition,
  and `model.fit(X, Y)` doesn't.
- A method of a module changes it only if the name says that it is a setting (seed, set_floatx, enable_..., append as
  in sys.path.append), and only on a top-level line: within a block it belongs to what the block does. Whoever imports
  from a package needs its settings. Every import needs those of `sys` and `os`.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from .statements import Statement

_READ_ONLY_METHODS = re.compile(
    r"_?(?:fit|train_on|predict|evaluate|score|summary|plot|draw|show|imshow|hist|scatter|display|print|head|tail"
    r"|info|describe|save|savefig|close|assert)"
)
_SETTING_METHODS = re.compile(
    r"set|enable|disable|use|seed|manual_seed|append|insert|extend|update|filterwarnings|simplefilter|run_functions"
    r"|chdir|register"
)
# These may bind names that don't appear in the text.
_DYNAMIC_BINDERS = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr"})
# Defined in every program, so star imports aren't tried for them.
PREDEFINED = frozenset({*dir(builtins), "__name__", "__file__", "__doc__", "display", "get_ipython"})


class DependencyGraph:
    """The statements of a program, by the names that need them.

    Statements are numbered in document order, from 0.
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._packages = {name: package for s in statements for name, package in s.names.packages}
        self._writes = _global_writes(statements)
        self._bound = [self._binds(s) for s in statements]
        self._used = [self._uses(s) for s in statements]
        self.substituted: frozenset[str] = frozenset()  # substituted names: their dependencies aren't needed
        self._stars = [k for k, s in enumerate(statements) if "*" in dict(s.names.packages)]
        self._binders: dict[str, list[int]] = defaultdict(list)
        for k, bound in enumerate(self._bound):
            for name in bound:
                self._binders[name].append(k)

    def binders(self, name: str) -> Sequence[int]:
        """Return the statements that bind a name or change its object."""
        return self._binders.get(name, ())

    def providers(self, name: str) -> Sequence[int]:
        """Return the statements that bind a name; if there are none, the star imports, since one may bring it."""
        if name in self._binders:
            return self._binders[name]
        return () if name in PREDEFINED or name.startswith("<") else self._stars

    def star_imports(self) -> set[int]:
        """Return the star imports, and the statements that they need."""
        return {*self._stars, *self.closure(frozenset().union(*(self._used[k] for k in self._stars)))}

    def closure(self, names: Iterable[str]) -> set[int]:
        """Return the statements that these names need, directly or through others."""
        return self._reach(names)[0]

    def hidden_binders(self, name: str) -> set[int]:
        """Return statements that may bind a name which no statement visibly binds, and the statements that they need.

        Such statements can bind any name (`exec(text)`, `globals()["f"] = ...`), themselves or through a function they
        call.
        """
        if name in self._binders:
            return set()
        direct = {k for k, s in enumerate(self._statements) if s.names.uses & _DYNAMIC_BINDERS}
        through = frozenset().union(*(self._bound[k] for k in direct))
        found = direct | {k for k, s in enumerate(self._statements) if s.names.at_once & through}
        return found | self.closure(frozenset().union(*(self._used[k] for k in found)))

    def closure_with_rebinds(self, name: str, others: Iterable[str], done: set[int]) -> set[int]:
        """Return the statements that `name` needs, with those of other names that can't run later any more.

        That is so if a statement of `name` rebinds a name which an earlier statement of the other name reads.

        :param others: names of all questions
        :param done: statements that have run
        """
        wanted = self.closure([name])
        rests: list[set[int]] = []
        while last := {n: k for k in sorted(wanted) for n in self._bound[k] & self._rebound}:
            rests = rests or [self.closure([other]) - done for other in others]
            late = [rest for rest in rests if self._is_late(rest - wanted, last)]
            if not late:
                break
            wanted = wanted.union(*late)
        return wanted

    def _is_late(self, rest: set[int], last: dict[str, int]) -> bool:
        """Return whether one of these statements reads or binds a name that a later statement has bound last."""
        return any(last.get(name, -1) > k for k in rest for name in self._touched(k))

    def _reach(self, names: Iterable[str]) -> tuple[set[int], set[str]]:
        """Return the statements that these names need, and all names needed on the way."""
        found: set[int] = set()
        seen: set[str] = set()
        asked = frozenset(names)
        todo = list(asked)
        while todo:
            name = todo.pop()
            if name in seen or (name in self.substituted and name not in asked):
                continue
            seen.add(name)
            for k in self.providers(name):
                if k not in found:
                    found.add(k)
                    todo.extend(self._used[k])
        return found, seen

    @cached_property
    def _rebound(self) -> frozenset[str]:
        """Return names bound more than once, except modules: the value of such a name depends on when it is read."""
        return frozenset(
            name
            for name, at in self._binders.items()
            if len(at) > 1 and name not in self._packages and not name.startswith("<")
        )

    def _touched(self, k: int) -> frozenset[str]:
        """Return the rebound names that statement k binds, or reads when it runs, through functions too."""
        at_once = self._statements[k].names.at_once
        return self._rebound & (self._bound[k] | self._reach(at_once)[1] if at_once else self._bound[k])

    def _binds(self, statement: Statement) -> frozenset[str]:
        names = statement.names
        roots = {root for root, method in names.calls if self._is_change(root, method)} | names.changes
        settings = {f"<{self._packages[root]}>" for root in roots if root in self._packages}
        if not isinstance(statement.node, ast.Expr):
            settings, roots = set(), {root for root in roots if root not in self._packages}
        called = (self._writes[name] for name in names.at_once if name in self._writes)
        return names.binds.union(roots, settings, *called) - {"*"}

    def _uses(self, statement: Statement) -> frozenset[str]:
        packages = {f"<{package}>" for _, package in statement.names.packages}
        return statement.names.uses | (packages | {"<sys>", "<os>"} if packages else packages)

    def _is_change(self, root: str, method: str) -> bool:
        if root in self._packages:
            return bool(_SETTING_METHODS.match(method))
        return not _READ_ONLY_METHODS.match(method)


def _global_writes(statements: Sequence[Statement]) -> dict[str, set[str]]:
    """Return for each function the global names that it binds when called, directly or through another function."""
    writes: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for name in statement.names.binds if statement.names.writes else ():
            writes[name] |= statement.names.writes
    grown = bool(writes)
    while grown:
        grown = False
        for statement in statements:
            reached = set().union(*(writes[name] for name in statement.names.uses if name in writes))
            for name in statement.names.binds if reached else ():
                if not reached <= writes[name]:
                    writes[name] |= reached
                    grown = True
    return writes
