"""Read a student's notebook or module: its functions and what they use, without running anything else."""

import ast
import json
import linecache
import re

from examples import EXAMPLES
from running import is_stub, quiet, trouble
from trying import without_tensorflow


class Unreadable(Exception):
    """The file can't be checked; the message says why."""


def cells(path):
    """(place, source) of each code cell; a module is one cell."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name} can't be read: {getattr(error, 'strerror', None) or error}") from None
    if path.suffix == ".py":
        return [(path.name, text)]
    try:
        found = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return [(f"{path.name}, code cell {i}", "".join(cell["source"])) for i, cell in enumerate(found, start=1)]
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"{path.name} isn't a notebook: save it again from Jupyter") from None


def without_magics(source):
    """The cell with its % and ! lines taken out; all of it goes when %%bash or the like takes the cell."""
    if re.match(r"\s*%%(?!time|timeit|capture|prun)", source):
        return ""
    return re.sub(r"^([ \t]*)(\w+ *= *)?[%!?].*$|^([ \t]*)\S+\?+$", r"\1\3pass", source, flags=re.MULTILINE)


def statements(place, source):
    """The top-level statements of a cell."""
    try:
        tree = ast.parse(source, place)
    except SyntaxError:
        source = without_magics(source)
        tree = ast.parse(source, place)
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    return tree.body


def used(node):
    """The names that a statement takes from around it."""
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    inside = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    inside |= {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)}
    return {name.id for name in names} - inside


def bound(node):
    """The names that an import or an assignment makes."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


def written_in(source):
    """Return the exercises that a source, which may have syntax errors, defines without NotImplementedError."""
    pieces = re.split(r"^def +(\w+)", source, flags=re.MULTILINE)
    bodies = zip(pieces[1::2], pieces[2::2], strict=True)
    return {name for name, body in bodies if name in EXAMPLES and "NotImplementedError" not in body}


class Work:
    """The functions of a file, and what they use: nothing else of it is run, above all no training."""

    def __init__(self, path):
        self.path = path
        self.names, self.notes, self.later, found = {"__name__": path.stem}, [], [], []
        self.broken = ""  # why a module, which is all one piece, can't be read
        begun = set()  # the exercises that are written in code that can't be read
        for place, source in cells(path):
            try:
                found += [(place, statement) for statement in statements(place, source)]
            except (SyntaxError, ValueError) as error:
                begun |= written_in(source)
                line = getattr(error, "lineno", None)
                self.notes.append(
                    f"{place}{f', line {line}' if line else ''}: {type(error).__name__}: {getattr(error, 'msg', error)}"
                )
        if path.suffix == ".py" and self.notes:
            self.broken = self.notes[0]
        for place, statement in self.wanted(found):
            self.run(place, statement)
        self.stubs = [name for name in EXAMPLES if name not in begun and self.is_missing(name)]

    def is_missing(self, name):
        return name not in self.names or is_stub(self.names[name])

    def wanted(self, found):
        """The definitions, and the imports and assignments whose names these use."""
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        makers = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
        chosen = {id(node) for _, node in found if isinstance(node, definitions)}
        names = set().union(*(used(node) for _, node in found if id(node) in chosen))
        for _, node in reversed(found):
            if isinstance(node, makers) and bound(node) & (names | {"*"}) and not used(node) & EXAMPLES.keys():
                chosen.add(id(node))
                names |= used(node)
        return [(place, node) for place, node in found if id(node) in chosen]

    def run(self, place, statement):
        """Run a statement; TensorFlow's imports, which take seconds, only when something asks for them."""
        modules = [alias.name for alias in getattr(statement, "names", ()) if isinstance(statement, ast.Import)]
        modules += [statement.module or ""] if isinstance(statement, ast.ImportFrom) else []
        if any(re.match(r"(tensorflow|keras)\b", module) for module in modules) and self.later is not None:
            self.later.append((place, statement))
            return
        try:
            exec(compile(ast.Module([statement], []), place, "exec"), self.names)
        except (Exception, SystemExit) as error:
            if isinstance(error, NameError) and self.later:
                self.start_tensorflow()
                self.run(place, statement)
            else:
                self.notes.append(f"{place}: {trouble(error)}")

    def start_tensorflow(self):
        """Run the imports that were put off. Where TensorFlow can't be imported, the exercises that need it say so."""
        waiting, self.later = self.later or [], None
        if without_tensorflow():
            return
        with quiet():
            for place, statement in waiting:
                self.run(place, statement)
