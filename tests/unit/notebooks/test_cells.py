"""The reader of notebooks that grading uses: it takes what it can get, of submissions and of solutions alike."""

import json

import nbformat
import pytest

from grader.notebooks.cells import code_cells, notebook_data, stored


def texts(content, filename="lab.ipynb"):
    return [block.text for block in code_cells(content, filename)]


def test_what_is_stored_is_read_again():
    """And it is a notebook that nbformat finds valid."""
    content = stored(["a = 1", "b = 'Δ'\nc = 2"])
    assert texts(content) == ["a = 1", "b = 'Δ'\nc = 2"]
    nbformat.validate(nbformat.reads(content, as_version=4))


def test_only_code_cells_of_any_version_are_read():
    """A solution may stand in a notebook of format 3, as a submission may."""
    sheet = {"cells": [{"cell_type": "code", "input": ["a = 1"], "outputs": []}, {"cell_type": "markdown"}]}
    assert texts(json.dumps({"nbformat": 3, "worksheets": [sheet]}).encode()) == ["a = 1"]


def test_a_module_is_one_block():
    """Whatever its file is named."""
    assert texts(b"a = 1\nb = 2", "lab.py") == texts(b"a = 1\nb = 2") == ["a = 1\nb = 2"]


@pytest.mark.parametrize(
    ("text", "filename", "is_notebook", "problem"),
    [
        ('{"cells": 5}', "lab.ipynb", True, ""),
        ('{"worksheets": []}', "lab.py", True, ""),
        ('{"score": 100}', "lab.ipynb", False, ""),
        ("[]", "lab.ipynb", False, ""),
        ("x = 1", "lab.py", False, ""),
        ("x = 1", "lab.ipynb", False, "Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "lab.ipynb", False, "maximum recursion depth exceeded"),
    ],
)
def test_what_counts_as_a_notebook(text, filename, is_notebook, problem):
    """What has cells, by whichever name; a text that should be JSON and isn't comes with the reason."""
    data, why = notebook_data(text, filename)
    assert (data is not None, why[: len(problem) or None]) == (is_notebook, problem)
