"""Splits a submission into its top-level statements. Nothing is run.

A block (a code cell or a module) that doesn't parse is cut into chunks, one for each top-level statement as far as the
lines show. Only chunks that don't parse by themselves are left out.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field

from .cells import (
    Block,
    NotebookUnreadable,
    add_note,
    decode,
    module_block,
    note_line,
    notebook_cells,
    notebook_data,
    unix_lines,
)
from .limits import MAX_FAULTS, MAX_MAGICS, MAX_WIDTH, MIN_PARSED_CHARACTERS, PARSED_PER_CHARACTER
from .scopes import Names, names_of, root

# Exceptions of the parser: too deep a nesting isn't a SyntaxError.
UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)

_KEPT_CELL_MAGICS = {"time", "timeit", "capture", "prun", "memit"}  # these run the cell's body
# Possessive (*+) where the next part may begin alike: backtracking through n blanks n times is quadratic.
_MAGIC = re.compile(
    r"\s*+(?:[%!?]"  # %matplotlib inline, !pip install x, ?np.sum
    r"|%{0,2}[\w.*]+\?{1,2}\s*+(?:;\s*+)?$"  # np.sum??
    r"|(?P<targets>[\w\s,.\[\]'\"*]+)=\s*[!%]"  # files = !ls
    r"|(?:pip3?|conda|cd|ls)\s)"  # IPython accepts these as magics without the %
)
_STATEMENT_START = re.compile(r"[^\s#)\]}]")  # a line that can begin a statement
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")  # a line that continues one
_HEAD = re.compile(r"(?:def|class|async|import|from)\b|@")  # a line that surely begins one
_DEFINED = re.compile(r"[ \t]*(?:async\s+)?(?:def|class)\s+(\w+)|(\w[\w ,]*+)\s*+(?::[^=]*+)?=(?!=)")


@dataclass(frozen=True)
class Statement:
    """A top-level statement, ready to run."""

    node: ast.stmt
    source: str
    file: str  # as tracebacks name it: "<cell 7>" or "<digits.py>"
    prefix: str  # "cell 7, ", or "" in a module
    names: Names

    def place(self, line: int = 0) -> str:
        """Return the place of a line in notes, "cell 7, line 3"; by default of the statement's first line."""
        return f"{self.prefix}line {line or self.node.lineno}"


@dataclass
class Source:
    """Everything that could be read of a submission."""

    statements: list[Statement] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)  # name -> why its definition can't be read
    texts: dict[str, str] = field(default_factory=dict)  # file, as tracebacks name it -> its text
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """The reason why lines don't parse."""

    line: int
    reason: str
    deep: bool = False  # nested too deeply for the parser


def read(content: bytes, filename: str) -> Source:
    """Return the statements of a notebook or module. Raises NotebookUnreadable if the content is neither."""
    source = Source()
    text = decode(content, source.notes)
    notebook = filename.lower().endswith(".ipynb")
    data, problem = notebook_data(text, filename)
    if data is not None:
        if not notebook:
            add_note(source.notes, "the file doesn't end in .ipynb, but it is a notebook and was read as one")
        _read_blocks(notebook_cells(data, text, source.notes), source)
        return source
    if notebook and not problem:
        raise NotebookUnreadable("the file is JSON, but not a notebook: it has no cells")
    if notebook:
        add_note(source.notes, "the file ends in .ipynb, but it is a Python module and was read as one")
    before = len(source.notes)
    _read_blocks([module_block(text, filename)], source)
    if notebook:
        defines = any(isinstance(s.node, (ast.FunctionDef, ast.ClassDef)) for s in source.statements)
        if len(source.notes) > before and not defines:
            raise NotebookUnreadable(f"the file isn't a notebook: it isn't JSON ({problem}), nor is it Python")
    return source


def _read_blocks(blocks: Iterable[Block], source: Source) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escapes in a student's string
        for block in blocks:
            reader = _Reader(block, source)
            source.texts[block.file] = "\n".join(reader.lines)
            reader.read()


class _Reader:
    """Reads one block: adds its statements, and notes about its faults, to a Source."""

    def __init__(self, block: Block, source: Source) -> None:
        self.block = block
        self.source = source
        self.lines = unix_lines(block.text).split("\n")
        self.silent = False  # the previous chunk was left out
        self.effort = 0  # characters that may still be parsed to find where chunks end
        self.dropped: set[int] = set()  # magic lines that have been replaced

    def read(self) -> None:
        tree = self._parse_plain(0, len(self.lines))
        if isinstance(tree, Fault):
            if self.block.prefix and self._is_other_language():
                return
            self._dedent()
            tree = self._parse(0, len(self.lines))
        if isinstance(tree, Fault):
            self._recover()
        else:
            self._add_statements(tree)

    def _is_other_language(self) -> bool:
        """Blank out cell magics that run Python, such as %%time.

        Any other one makes the cell no Python: return True, with a note.
        """
        for k, line in enumerate(self.lines):
            if line.strip() and not line.lstrip().startswith("%%"):
                return False
            magic = (line.strip()[2:].split() or [""])[0]
            if line.strip() and magic not in _KEPT_CELL_MAGICS:
                add_note(self.source.notes, f"{self.block.prefix}line {k + 1}: a %%{magic} cell is not run")
                return True
            self.lines[k] = ""
        return False

    def _dedent(self) -> None:
        """Remove the indentation of a cell that is indented as a whole, as notebooks do."""
        first = next((line for line in self.lines if line.strip()), "")
        indent = first[: len(first) - len(first.lstrip())]
        self.lines = [line.removeprefix(indent) for line in self.lines]

    def _parse_plain(self, first: int, last: int) -> ast.Module | Fault:
        """Return the tree of the lines from `first` up to `last`, with the block's line numbers."""
        try:
            tree = ast.parse("\n".join(self.lines[first:last]) + "\n")
            return ast.increment_lineno(tree, first) if first else tree
        except UNPARSABLE as error:
            return parse_fault(error, first)

    def _parse(self, first: int, last: int) -> ast.Module | Fault:
        """Return the tree of lines.

        Replace each magic line at which the parser stops: elsewhere `%` may be arithmetic.
        """
        for _ in range(MAX_MAGICS):
            tree = self._parse_plain(first, last)
            if not isinstance(tree, Fault) or not first < tree.line <= last:
                return tree
            if not self._drop_magic(tree.line - 1):
                return tree
        for k in set(range(first, last)) - self.dropped:
            self._drop_magic(k)
        return self._parse_plain(first, last)

    def _drop_magic(self, k: int) -> bool:
        """Replace a magic line by `pass`, so that other lines keep their numbers; by nothing if `pass` doesn't fit.

        Return whether the line was one.
        """
        line = self.lines[k]
        if k in self.dropped and line:
            self.lines[k] = ""
            return True
        magic = _MAGIC.match(line[:MAX_WIDTH])
        if not magic:
            return False
        for name in re.findall(r"\w+", magic["targets"] or ""):
            self._mark_broken(name, Fault(k + 1, "shell commands and magics aren't run"))
        self.dropped.add(k)
        self.lines[k] = line[: len(line) - len(line.lstrip())] + "pass"
        while line.endswith("\\") and k + 1 < len(self.lines):
            k += 1
            line, self.lines[k] = self.lines[k], ""
        return True

    def _recover(self) -> None:
        """Keep the chunks that parse."""
        starts = [k for k, line in enumerate(self.lines) if k == 0 or _STATEMENT_START.match(line)] + [len(self.lines)]
        self.effort = MIN_PARSED_CHARACTERS + PARSED_PER_CHARACTER * sum(map(len, self.lines))
        at = faults = 0
        while at < len(starts) - 1:
            if faults >= MAX_FAULTS and not _HEAD.match(self.lines[starts[at]]):
                at += 1
                continue
            end, tree = self._chunk(starts, at)
            if isinstance(tree, Fault):
                self._skip_chunk(starts[at], starts[end], tree)
                faults += 1
            else:
                self._add_statements(tree)
                self.silent = False
            at = end

    def _chunk(self, starts: list[int], at: int) -> tuple[int, ast.Module | Fault]:
        """Return the end of the chunk that begins at `starts[at]`, as an index of `starts`, and its tree.

        A chunk grows while it doesn't parse (a string may hold any line) or an `else` follows, but not over the head of
        a definition.
        """
        found: tuple[int, ast.Module | Fault] | None = None
        for end in range(at + 1, len(starts)):
            tree = self._parse(starts[at], starts[end])
            self.effort -= sum(map(len, self.lines[starts[at] : starts[end]]))
            if found is None or not isinstance(tree, Fault):
                found = (end, tree)
            following = self.lines[starts[end]] if starts[end] < len(self.lines) else ""
            is_whole = not isinstance(tree, Fault) and not _CONTINUES.match(following)
            if isinstance(tree, Fault) and tree.deep:
                break  # more lines don't reduce the depth, and each try costs as much
            decorated = self.lines[starts[end - 1]].startswith("@")
            if is_whole or self.effort < 0 or (_HEAD.match(following) and not decorated):
                break
        assert found is not None
        return found

    def _skip_chunk(self, first: int, last: int, problem: Fault) -> None:
        """Leave out a chunk, and keep the names that it would have defined."""
        for line in self.lines[first:last]:
            if match := _DEFINED.match(line[:MAX_WIDTH]):
                for name in (match[1] or match[2]).split(","):
                    self._mark_broken(name.strip(), problem)
        # Chunks right after a fault usually belong to it: no notes of their own.
        if not self.silent or _HEAD.match(self.lines[first]):
            add_note(self.source.notes, self._describe(problem))
        self.silent = True

    def _mark_broken(self, name: str, problem: Fault) -> None:
        self.source.broken.setdefault(name, note_line(self._describe(problem)))

    def _describe(self, problem: Fault) -> str:
        return f"{self.block.prefix}line {problem.line}: {problem.reason}"

    def _add_statements(self, tree: ast.Module) -> None:
        """Add the statements of a tree."""
        ends = [0, *(node.end_lineno or 0 for node in tree.body)]
        begins = [*(_first_line(node) for node in tree.body), len(self.lines) + 1]
        for n, node in enumerate(tree.body):
            if _is_idle(node):
                continue
            try:
                if ends[n] < begins[n] and ends[n + 1] < begins[n + 1]:
                    text = "\n".join(self.lines[begins[n] - 1 : ends[n + 1]])
                else:  # two statements on one line: a = 1; b = 2
                    text = ast.unparse(node)
                names = names_of(node, text)
            except UNPARSABLE as error:
                self._skip_chunk(begins[n] - 1, ends[n + 1], parse_fault(error, begins[n] - 1))
                continue
            for part in _imports(node):
                if part is not node:
                    names = names_of(part, text := ast.unparse(part))
                statement = Statement(part, text, self.block.file, self.block.prefix, names)
                self.source.statements.append(statement)


def parse_fault(error: BaseException, lines_before: int) -> Fault:
    """Return a parser's exception as a Fault, with line numbers of the block."""
    line = max(getattr(error, "lineno", None) or 1, 1) + lines_before
    if not isinstance(error, SyntaxError):
        deep = isinstance(error, (RecursionError, MemoryError))
        return Fault(line, f"SyntaxError: {'the code is nested too deeply' if deep else error}", deep)
    reason = re.sub(r"\bline (\d+)", lambda number: f"line {int(number[1]) + lines_before}", error.msg)
    return Fault(line, f"{type(error).__name__}: {reason}")


def _imports(node: ast.stmt) -> list[ast.stmt]:
    """Split an import of several names, so that a missing name costs only itself."""
    if isinstance(node, ast.Import) and len(node.names) > 1:
        return [ast.copy_location(ast.Import([name]), node) for name in node.names]
    if isinstance(node, ast.ImportFrom) and len(node.names) > 1:
        return [ast.copy_location(ast.ImportFrom(node.module, [name], node.level), node) for name in node.names]
    return [node]


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _is_idle(node: ast.stmt) -> bool:
    """Return whether a statement defines nothing.

    Such are `pass`, a lone string, `del x` (another statement may still need x), and what a notebook's magics become in
    an exported module: get_ipython().run_line_magic(...).
    """
    if isinstance(node, ast.Delete):
        return all(isinstance(target, ast.Name) for target in node.targets)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or root(node.value) == "get_ipython"
    return isinstance(node, ast.Pass)
