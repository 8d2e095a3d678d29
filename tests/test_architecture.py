"""The rules of the design, each a short test."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from grader.assignment import TAKEN
from grader.model import Limits, Submission
from grader.student import Launcher, Student

ROOT = Path(__file__).parent.parent
GRADER = ROOT / "grader"
STARTER = GRADER / "starter"  # data: the assignment that `grader new` copies
SOURCES = sorted(path for path in GRADER.rglob("*.py") if not path.is_relative_to(STARTER))

# From the command down to the wall; a module imports from its own layer or a lower one.
LAYERS = [
    {"__main__"},
    {"cli"},
    {"commands"},
    {"doctor", "export", "grade", "importing", "validate", "watch"},
    {"terminal", "progress", "shown", "verdicts"},
    {"cluster"},
    {"arrivals", "batch", "similar", "write", "trials"},
    {"job", "fit"},
    {"plugin"},
    {"diagnose", "control"},
    {"bench", "case"},
    {"remembered"},
    {"fixtures", "probes", "raising"},
    {"student"},
    {"connection"},
    {"deadline"},
    {"called"},
    {
        "pages",
        "compare",
        "exhibits",
        "child",
        "exposure",
        "keras_model",
        "replies",
        "sandbox",
        "exports",
        "reporters",
        "gradebook",
        "score",
        "release",
        "intake",
        "checks",
        "known",
        "mutants",
        "solution",
        "trivial",
    },
    {"assignment"},
    {"settings"},
    {"platforms"},
    {"choose", "metadata", "namesakes"},
    {"zips"},
    {"tree"},
    {"names"},
    {"new"},
    {
        "account",
        "contents",
        "files",
        "habits",
        "identity",
        "item_analysis",
        "operators",
        "perturb",
        "quality",
        "report_size",
        "signals",
        "tables",
        "tally",
        "text",
        "trivial_helpers",
        "words",
    },
    {"budget", "errors", "model", ""},
]


def module(path: Path) -> str:
    """The first name below `grader`: grader/sandbox/wire.py belongs to `sandbox`."""
    first = path.relative_to(GRADER).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported(path: Path) -> set[str]:
    """The modules of ours that a file imports when it runs, by their first name below `grader`."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    ours = {name.split(".")[1:] and name.split(".")[1] for name in names if name.split(".")[0] == "grader"}
    return {name if any(name in layer for layer in LAYERS) else "" for name in ours if isinstance(name, str)}


def layer(name: str) -> int:
    return next(index for index, names in enumerate(LAYERS) if name in names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GRADER)))
def test_imports_go_one_way(path: Path) -> None:
    """cli -> batch -> plugin -> student -> sandbox; reporters, gradebook, score -> model."""
    here = layer(module(path))
    assert [name for name in imported(path) if layer(name) < here] == []


@pytest.mark.parametrize("path", sorted((GRADER / "sandbox").glob("*.py")), ids=lambda path: path.name)
def test_what_runs_inside_imports_nothing_of_the_rest(path: Path) -> None:
    """Only launch.py, seccomp.py and view.py, which run outside, know the rest of the grader."""
    assert path.name in ("launch.py", "seccomp.py", "view.py") or imported(path) == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GRADER)))
def test_a_function_fits_on_a_screen(path: Path) -> None:
    """No function has more than 50 lines. How long a file is depends on its idea."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_no_question_can_be_named_as_what_the_handle_itself_has() -> None:
    """`student.load` is the handle's own, so a question of this name could never be called."""
    nobody = Submission("ada", "tiny.py", b"", "")
    handle = Student(nobody, [], cast(Launcher, None), Limits())
    assert {name for name in dir(handle) if not name.startswith("_")} == TAKEN


def names_of_assignments() -> set[str]:
    """Names of assignments and of their questions, as far as they are no words of everyday language."""
    names = {"text_statistics", "words_of", "word_counts", "stop_words"}  # those of tests/test_third_assignment.py
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
        tree = ast.parse(path.read_text())
        found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        found |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is str}
        assert not telling & found, path


def test_what_is_packaged_knows_no_assignment_by_name() -> None:
    """Nor does a page's template, or what a new assignment begins with, but for its own exercise."""
    telling = names_of_assignments()
    files = [*(GRADER / "pages" / "templates").iterdir(), *(path for path in STARTER.rglob("*") if path.is_file())]
    for path in files:
        own = {"running_total"} if path.is_relative_to(STARTER) else set()
        assert not (telling - own) & set(re.findall(r"\w+", path.read_text(errors="ignore"))), path


def test_tensorflow_is_not_imported_on_our_side() -> None:
    """Importing all that grades, and loading a reference function, leaves TensorFlow out."""
    code = (
        "import sys, pathlib, grader.cli, grader.plugin;"
        "from grader.assignment import load;"
        "reference = grader.plugin.Reference(load(pathlib.Path('solutions/digits')));"
        "reference.backward;"
        "grader.plugin.Reference(load(pathlib.Path('solutions/practice_lab'))).my_sequential_v;"
        "print('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_dependency_is_pinned_with_hashes_and_names_no_registry() -> None:
    """requirements.txt holds an exact version and hashes for each package, and no address."""
    text = (ROOT / "requirements.txt").read_text()
    entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert entries
    assert all("==" in entry and entry.endswith("\\") for entry in entries)
    assert text.count("--hash=sha256:") >= len(entries)
    assert "://" not in text


def test_notebooks_of_the_repository_hold_no_output() -> None:
    """Sources and what is made of them are committed without outputs, so that a diff shows the text."""
    for path in [*(ROOT / "solutions").rglob("*.ipynb"), *(ROOT / "assignment").rglob("*.ipynb")]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not [cell for cell in cells if cell.get("outputs")], path
