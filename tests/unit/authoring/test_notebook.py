"""The notebook type of authors: whatever nbformat reads comes out valid and upgraded, and anything else gets words."""

import json
import warnings
from typing import Any

import pytest

from grader.authoring.notebook import Notebook, NotebookError

CODE: dict[str, Any] = {
    "cell_type": "code",
    "metadata": {},
    "source": ["a = 1\n", "b = 2"],
    "outputs": [],
    "execution_count": None,
}
VERSION_3 = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old"},
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Areas"]},
                {
                    "cell_type": "code",
                    "collapsed": False,
                    "input": ["a = 1\n", "b = 2"],
                    "language": "python",
                    "metadata": {},
                    "outputs": [{"output_type": "pyout", "prompt_number": 3, "metadata": {}, "text": ["2"]}],
                    "prompt_number": 3,
                },
            ],
        }
    ],
}


def stored(*cells, minor=5, **fields):
    content = {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": list(cells), **fields}
    return json.dumps(content).encode()


def read(content):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nbformat warns where it draws an id at random
        return Notebook.from_bytes(content, "lab.ipynb")


def test_version_3_is_upgraded():
    """Headings become Markdown, worksheets one list of cells, an input a source; every cell gets an id."""
    notebook = read(json.dumps(VERSION_3).encode())
    assert (notebook.node.nbformat, notebook.node.nbformat_minor) == (4, 5)
    assert [cell.cell_type for cell in notebook.cells()] == ["markdown", "code"]
    assert [cell.source for cell in notebook.cells()] == ["## Areas", "a = 1\nb = 2"]
    assert [cell.id for cell in notebook.cells()] == ["cell-1", "cell-2"]
    assert notebook.cells("code")[0].outputs[0].output_type == "execute_result"


def test_version_4_2_is_upgraded_and_keeps_the_ids_that_it_has():
    """Format 4.2 knows no ids: a cell without one gets one by its place, the same at each reading."""
    content = stored(CODE, {**CODE, "id": "mine"}, minor=2)
    notebook = read(content)
    assert notebook.node.nbformat_minor == 5
    assert [cell.id for cell in notebook.cells()] == ["cell-1", "mine"]
    assert read(content).to_bytes() == notebook.to_bytes()


def test_ids_are_kept_and_become_unique():
    """A cell that was copied together with its id gets another one; no new id is that of another cell."""
    names = ["x", "x", "cell-4", None]
    cells = [{**CODE, "id": name} if name else CODE for name in names]
    assert [cell.id for cell in read(stored(*cells)).cells()] == ["x", "cell-2", "cell-4", "cell-4-2"]


def test_what_is_written_is_read_again_as_it_was():
    """Lines, sorted keys, a newline at the end: the form that Jupyter writes."""
    content = read(stored({**CODE, "id": "x"})).to_bytes()
    assert read(content).to_bytes() == content
    assert json.loads(content)["cells"][0]["source"] == ["a = 1\n", "b = 2"]
    assert content.endswith(b"}\n")


def test_cells_are_found_by_kind_and_tag():
    """Both may be left out."""
    text = {"cell_type": "markdown", "metadata": {"tags": ["module"]}, "source": "text", "id": "t"}
    notebook = read(stored(CODE, {**CODE, "metadata": {"tags": ["module", "other"]}, "id": "tagged"}, text))
    assert len(notebook.cells()) == 3
    assert [cell.id for cell in notebook.cells("code")] == ["cell-1", "tagged"]
    assert [cell.id for cell in notebook.cells(tag="module")] == ["tagged", "t"]
    assert [cell.id for cell in notebook.cells("code", "module")] == ["tagged"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"isn't a notebook: it isn't JSON \(Expecting value: line 1"),
        (b"{", r"isn't a notebook: it isn't JSON \(Expecting property name"),
        (b"\xff\xfe", "isn't a notebook: it isn't JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1]", "don't have the form"),
        (b"{}", "don't have the form"),
        (stored(nbformat=99), "Unsupported nbformat version 99"),
        (stored(nbformat_minor="new"), "don't have the form"),
        (stored(metadata=5), "valid notebook: "),
        (stored(CODE, {"cell_type": "code", "metadata": {}}), "cell 2, '.*' is a required property"),
        (stored(CODE, {**CODE, "outputs": [{"output_type": "stream"}]}), "cell 2, 'name' is a required property"),
        (stored({**CODE, "more": 1}), r"cell 1, Additional properties are not allowed \('more' was unexpected\)"),
        (stored({**CODE, "id": "no id"}), "cell 1, 'no id' does not match"),
        (stored({**CODE, "metadata": {"tags": "module"}}), "cell 1, 'module' is not of type 'array'"),
        (stored({**CODE, "source": "x" * 10_000, "cell_type": "y"}), "cell 1, "),
    ],
    ids=lambda value: value[:40].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_what_is_no_valid_notebook_gets_words(content, message):
    """One sentence of bounded length that names the file, and the cell if it is one."""
    with pytest.raises(NotebookError, match=message) as problem:
        read(content)
    assert str(problem.value).startswith("lab.ipynb isn't a ")
    assert len(str(problem.value)) < 400 and "\n" not in str(problem.value)


def test_a_file_that_is_not_there_gets_words(tmp_path):
    """The path stands in the message."""
    with pytest.raises(NotebookError, match=r"lab\.ipynb can't be read: No such file"):
        Notebook.read(tmp_path / "lab.ipynb")
