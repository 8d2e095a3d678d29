"""The reader of notebooks that grading uses: it takes what it can get, of submissions and of solutions alike."""

import json

import nbformat
import pytest

from grader.notebooks.cells import notebook_data, with_cell

ADDED: dict[str, object] = {
    "cell_type": "code",
    "metadata": {},
    "outputs": [],
    "execution_count": None,
    "source": "b = 2",
}


def test_a_cell_is_added_and_all_else_stays():
    """Text, metadata and ids too."""
    text = {"cell_type": "markdown", "metadata": {"mine": 1}, "source": ["Δ"], "id": "x"}
    whole = {"cells": [text], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    assert json.loads(with_cell(json.dumps(whole).encode(), "lab.ipynb", "b = 2")) == {**whole, "cells": [text, ADDED]}


@pytest.mark.parametrize(
    "content",
    [
        b"a = 1",
        b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1"]}]}]}',
        b'{"nbformat": "4", "cells": [{"cell_type": "code", "source": "a = 1"}, {"cell_type": "markdown"}]}',
        b'{"nbformat": 4, "cells": 5, "worksheets": [{"cells": [{"input": "a = 1"}]}]}',
    ],
)
def test_a_cell_is_added_to_the_code_of_whatever_a_solution_stands_in(content):
    """A module, or a notebook of another format, as a submission may be; a valid notebook comes of it."""
    notebook = nbformat.reads(with_cell(content, "lab.ipynb", "b = 2"), as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells] == ["a = 1", "b = 2"]


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
