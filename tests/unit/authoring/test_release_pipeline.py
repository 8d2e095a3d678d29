"""A release runs preprocessors of nbconvert: ours take out what students shouldn't get, then come the author's own."""

import json
import sys
from typing import Any

import pytest

from grader.assignments.settings import AssignmentError
from grader.authoring.release import ReleaseError, build_release
from grader.errors import UserError

ANSWER = "def area(side):\n    ### BEGIN SOLUTION\n    return side * side * 1.0\n    ### END SOLUTION"
OWN = """
from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_code_cell, new_markdown_cell


class Footer(Preprocessor):
    def preprocess(self, nb, resources):
        shown = sum("NotImplementedError" in cell.source for cell in nb.cells)
        nb.cells.insert(0, new_markdown_cell(f"# {resources['metadata']['name']}: {shown} to write"))
        nb.cells.append(new_code_cell("import this", metadata={"tags": ["module"]}))
        return nb, resources


class Shout(Preprocessor):
    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "markdown":
            cell.source = cell.source.upper()
        return cell, resources


class Broken(Preprocessor):
    def preprocess(self, nb, resources):
        raise KeyError("no such cell")


class Forgetful(Preprocessor):
    def preprocess(self, nb, resources):
        return None


class Invalid(Preprocessor):
    def preprocess(self, nb, resources):
        nb.cells[0].source = 5
        return nb, resources


class Telling(Preprocessor):
    def preprocess(self, nb, resources):
        nb.cells.append(new_markdown_cell("The answer: return side * side * 1.0"))
        return nb, resources


class NoPreprocessor:
    pass
"""


def code(source, name, *tags, **fields):
    metadata = {"tags": list(tags), "collapsed": True} if tags else {"collapsed": True}
    output = {"output_type": "stream", "name": "stdout", "text": "old"}
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "execution_count": 3,
        "outputs": [output],
    }
    return {**cell, "source": source, **fields}


@pytest.fixture
def lab(tmp_path):
    """lab(cells, own): an assignment's folder with these cells and with own preprocessors of these names."""

    def lab(*cells, own=(), **fields):
        folder = tmp_path / "squares"
        (folder / "student").mkdir(parents=True, exist_ok=True)
        settings = f'title = "Squares"\nsecret = "s"\nquestion = []\n\n[release]\npreprocessors = {list(own)}\n'
        (folder / "assignment.toml").write_text(settings)
        (folder / "release_steps.py").write_text(OWN)
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"mine": 1}, "cells": list(cells), **fields}
        (folder / "squares.ipynb").write_text(json.dumps(notebook))
        return folder

    return lab


def released(folder):
    """The released notebook and module."""
    files = build_release(folder)
    return json.loads(files["squares.ipynb"]), files["squares.py"].decode()


def test_an_old_notebook_is_released_in_todays_format(lab):
    """Format 4.2 has no ids: each cell gets one, the same at each release."""
    cells = [code("import math", "", "module"), code(ANSWER, "")]
    for cell in cells:
        del cell["id"]
    folder = lab(*cells, nbformat_minor=2)
    notebook, module = released(folder)
    assert notebook["nbformat_minor"] == 5
    assert [cell["id"] for cell in notebook["cells"]] == ["cell-1", "cell-2"]
    assert "import math" in module and 'raise NotImplementedError("area")' in module
    assert build_release(folder) == build_release(folder)


def test_tagged_cells_are_dropped_and_code_cells_lose_all_but_their_tags(lab):
    """Ids and the notebook's own metadata stay; outputs, counts and the other metadata of code cells go."""
    text = {"cell_type": "markdown", "id": "text", "metadata": {"tags": ["solution-only"]}, "source": "For teachers"}
    notebook, module = released(lab(text, code("import math", "one", "module"), code("2", "two", "solution-only")))
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "one",
        "metadata": {"tags": ["module"]},
        "execution_count": None,
        "outputs": [],
    }
    assert notebook["cells"] == [{**cell, "source": ["import math"]}]
    assert notebook["metadata"] == {"mine": 1}
    assert "teachers" not in module and "import math" in module


def test_own_preprocessors_take_part_in_their_order(lab):
    """They see stubs in the place of answers; what they make is in the notebook, and in the module where it belongs."""
    folder = lab(code(ANSWER, "one"), own=["release_steps.Footer", "release_steps.Shout"])
    notebook, module = released(folder)
    assert ["".join(cell["source"]) for cell in notebook["cells"]] == [
        "# SQUARES: 1 TO WRITE",
        'def area(side):\n    # YOUR CODE HERE\n    raise NotImplementedError("area")',
        "import this",
    ]
    assert "# SQUARES: 1 TO WRITE\ndef area(side):" in module and module.endswith("import this\n")


def test_a_cell_that_a_preprocessor_adds_has_the_same_id_each_time(lab):
    """nbformat draws an id at random for a new cell, and `release --check` would find a difference."""
    folder = lab(code(ANSWER, "one"), own=["release_steps.Footer"])
    assert build_release(folder) == build_release(folder)
    assert [cell["id"] for cell in released(folder)[0]["cells"]] == ["cell-1", "one", "cell-3"]


def test_a_preprocessor_of_an_installed_package_is_found(lab):
    """nbconvert has some itself."""
    plain = code("print(1)\n", "one")
    assert released(lab(plain, own=["nbconvert.preprocessors.CoalesceStreamsPreprocessor"])) == released(lab(plain))


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("release_steps.Broken", "release_steps.Broken stopped: KeyError: 'no such cell'"),
        ("release_steps.Forgetful", "release_steps.Forgetful stopped: TypeError: cannot unpack"),
        ("release_steps.Invalid", "release_steps.Invalid: what it returned isn't a valid notebook: cell 1, "),
        ("release_steps.NoPreprocessor", "can't be imported: it isn't a subclass of nbconvert.preprocessors.Prep"),
        ("release_steps.Missing", "'release_steps.Missing' can't be imported: module 'squares_release_steps' has no"),
        ("nosuch.module.Class", "'nosuch.module.Class' can't be imported: No module named 'nosuch'"),
        ("Class", "'Class' can't be imported: a name has the form package.module.Class"),
    ],
)
def test_a_preprocessor_that_cannot_be_used_gets_words(lab, own, message):
    """The message leads to the setting, names the preprocessor and says what became of it, in one line."""
    folder = lab(code(ANSWER, "one"), own=[own])
    with pytest.raises(ReleaseError) as problem:
        build_release(folder)
    assert message in str(problem.value)
    assert "assignment.toml:6: the preprocessor " in str(problem.value)
    assert "\n" not in str(problem.value)


def test_what_a_preprocessor_adds_is_searched_for_answers(lab):
    """The last look is at what students get."""
    with pytest.raises(ReleaseError, match=r"squares\.ipynb, cell cell-2 holds an answer outside the solution marks"):
        build_release(lab(code(ANSWER, "one"), own=["release_steps.Telling"]))


def test_a_misspelt_key_is_told_with_its_line(lab):
    """As those of the other tables are."""
    folder = lab()
    path = folder / "assignment.toml"
    path.write_text(path.read_text().replace("preprocessors", "preprocessor"))
    with pytest.raises(AssignmentError, match=r"toml:6: unknown key 'preprocessor' in \[release\]; did you mean"):
        build_release(folder)


def test_without_nbconvert_the_message_says_what_to_install(lab, monkeypatch):
    """It is an extra: who grades needs no nbconvert."""
    monkeypatch.setitem(sys.modules, "nbconvert", None)  # as if it weren't installed
    with pytest.raises(
        UserError, match=r"needs nbconvert, which is not installed; run: pip install 'grader\[authoring\]'"
    ):
        build_release(lab(code(ANSWER, "one")))
