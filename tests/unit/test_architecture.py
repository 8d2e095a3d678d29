"""The rules of the design, each a short test."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from grader.assignments.loader import RESERVED_NAMES
from grader.models import Limits, Submission
from grader.sandbox.client.student_proxy import StudentProxy, WorkerLauncher
from tests.factories import ROOT

GRADER = ROOT / "grader"
STARTER = GRADER / "authoring" / "starter"  # data: the assignment that `grader new` copies
SOURCES = sorted(path for path in GRADER.rglob("*.py") if not path.is_relative_to(STARTER))


class Module(NamedTuple):
    """What the rules are about."""

    lines: dict[str, int]  # of each function
    public: set[str]  # classes and functions


@cache  # parsing all of them takes a second
def module_at(path: Path) -> Module:
    tree = ast.parse(path.read_text())
    lines: dict[str, int] = {}
    for node in statements(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines[node.name] = max(lines.get(node.name, 0), (node.end_lineno or 0) - node.lineno)
    top = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return Module(lines, {name for name in top if not name.startswith("_")})


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements within a module. Expressions, which are nine of ten nodes, are not walked through."""
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        for inner in getattr(node, part, ()):
            yield inner
            yield from statements(inner)


def words_in(path: Path, telling: set[str]) -> set[str]:
    """Return those of these words that are a name, an attribute or a text in a module."""
    source = path.read_text()
    if not telling & set(re.findall(r"\w+", source)):  # most files: there is nothing to parse
        return set()
    words: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            words.add(node.id)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Constant) and type(node.value) is str:
            words.add(node.value)
    return words & telling


def test_a_function_fits_on_a_screen() -> None:
    """No function has more than 50 lines. How long a file is depends on its idea."""
    for path in SOURCES:
        assert [name for name, lines in module_at(path).lines.items() if lines >= 50] == [], path


def test_a_name_of_a_module_means_one_thing() -> None:
    """No public class or function has a namesake in another module, but for functions that are a module's interface."""
    interface = {"main", "command", "render", "read", "check", "upgrade"}  # called by module, as in csv.render
    modules: dict[str, set[str]] = {}
    for path in SOURCES:
        for name in module_at(path).public:
            modules.setdefault(name, set()).add(str(path.relative_to(GRADER)))
    assert {name: found for name, found in modules.items() if len(found) > 1 and name not in interface} == {}


def test_private_names_of_pytest_stand_in_one_file() -> None:
    """So that what a new version of pytest changes is changed there."""
    names = "_initrequest|_setupstate|_fixtureinfo|_arg2fixturedefs|_fixture_defs|_finalizers|item\\._request|_pytest"
    private = re.compile(rf"\b({names})\b")
    using = {path.name for path in SOURCES if private.search(path.read_text())}
    assert using == {"pytest_internals.py"}


def test_no_question_can_be_named_as_what_the_handle_itself_has() -> None:
    """`student.load` is the handle's own, so a question of this name could never be called."""
    nobody = Submission("ada", "tiny.py", b"", "")
    handle = StudentProxy(nobody, [], cast(WorkerLauncher, None), Limits())
    assert {name for name in dir(handle) if not name.startswith("_")} == RESERVED_NAMES


def names_of_assignments() -> set[str]:
    """Names of assignments and of their questions, as far as they are no words of everyday language."""
    names = {
        "text_statistics",
        "words_of",
        "word_counts",
        "stop_words",
    }  # those of tests/integration/test_third_assignment.py
    for folder in [*(ROOT / "solutions").iterdir(), STARTER]:
        text = (folder / "assignment.toml").read_text()
        names |= {folder.name, *(line.split('"')[1] for line in text.splitlines() if line.startswith("name ="))}
    folders = {folder.name for folder in (ROOT / "solutions").iterdir()}
    return {name for name in names if "_" in name or name in folders}


def test_the_grader_knows_no_assignment_by_name() -> None:
    """No file of grader/ names an assignment of ours or one of its functions in its code; the assignment that
    `grader new` copies is data, and its own words stand in it alone."""
    telling = names_of_assignments()
    assert {"digits", "my_dense", "running_total", "word_counts"} <= telling
    for path in SOURCES:
        assert not words_in(path, telling), path


def test_what_is_packaged_knows_no_assignment_by_name() -> None:
    """Nor does a page's template, or what a new assignment begins with, but for its own exercise."""
    telling = names_of_assignments()
    templates = (GRADER / "reports" / "html" / "templates").iterdir()
    files = [*templates, *(path for path in STARTER.rglob("*") if path.is_file())]
    for path in files:
        own = {"running_total"} if path.is_relative_to(STARTER) else set()
        assert not (telling - own) & set(re.findall(r"\w+", path.read_text(errors="ignore"))), path


def test_notebooks_of_the_repository_hold_no_output() -> None:
    """Sources and what is made of them are committed without outputs, so that a diff shows the text."""
    for path in [*(ROOT / "solutions").rglob("*.ipynb"), *(ROOT / "assignment").rglob("*.ipynb")]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not [cell for cell in cells if cell.get("outputs")], path
