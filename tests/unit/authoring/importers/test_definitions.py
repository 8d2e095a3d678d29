"""What a test sees of the notebook: values at its own place, which a case may not see."""

from __future__ import annotations

import pytest

from grader.authoring.importers import base
from grader.authoring.importers.definitions import Definitions
from grader.authoring.importers.test_translation import Case, Untranslatable, translate
from grader.authoring.notebook import Notebook
from grader.notebooks.statements import read

ANSWER = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
LATER = "uses {}, which a later cell changes: a case sees its last value"


def cases(before: list[str], source: str, after: list[str]) -> list[Case]:
    """The translations of a test between cells. Each first cell is an answer."""
    draft = base.Draft()
    for cell in before:
        draft.add({"cell_type": "code"}, cell)
    place = draft.code_cells
    draft.add({"cell_type": "code"}, source)
    for cell in after:
        draft.add({"cell_type": "code"}, cell)
    draft.tests.append(base.Test(len(before) + 1, "t", source, 1.0, place=place))
    notebook = Notebook.from_cells(draft.cells, "a.ipynb").to_bytes()
    (test,) = draft.tests
    return translate(test, Definitions(read(notebook, "a.ipynb").statements, draft))


F = "def f(n):\n    ### BEGIN SOLUTION\n    return n * scale\n    ### END SOLUTION"


@pytest.mark.parametrize(
    ("before", "source", "after", "changed"),
    [
        ([ANSWER.format("x = 2")], "assert x == 2", ["x = 3"], "x"),
        ([ANSWER.format("x = 2")], "assert x == 2", [ANSWER.format("x = x + 1")], "x"),
        ([ANSWER.format("x = [2]")], "assert x == [2]", ["x.append(3)"], "x"),
        ([ANSWER.format("x = {}")], "assert x == {}", ["x['a'] = 1"], "x"),
        (["scale = 2", F], "assert f(1) == 2", ["scale = 3"], "scale"),
        (["scale = 2\ny = 1", F], "assert f(y) == 2", ["for y in range(3):\n    pass"], "y"),
        (["scale = 2", F], "assert f(1) == 2", ["def f(n):\n    return 0"], "f"),
    ],
)
def test_a_test_of_a_value_that_a_later_cell_changes_is_refused(
    before: list[str], source: str, after: list[str], changed: str
) -> None:
    """The case would judge another value than the source's test did."""
    with pytest.raises(Untranslatable, match=LATER.format(changed)):
        cases(before, source, after)


@pytest.mark.parametrize(
    ("before", "source", "after"),
    [
        ([ANSWER.format("x = 2")], "assert x == 2", ["y = x + 1", "print(x)"]),
        ([ANSWER.format("x = np.ones(3)")], "assert len(x) == 3", ["x.mean()", "import numpy as np"]),
        (["v = 1", ANSWER.format("x = v + 1")], "assert x == 2", ["v = 7"]),
        (["scale = 2", F], "kept = f\nassert kept(1) == 2", ["kept = 3"]),
        (["scale = 2", F], "assert f(1) == 2", ["keep = f\ndel f", "f = keep"]),
        (["scale = 2", F], "def near(x):\n    assert x == 2\nnear(f(1))", ["def near(x):\n    pass"]),
        (["scale = 2", F], "try:\n    f(1)\nexcept ValueError as e:\n    raise AssertionError(e)", ["e = 2"]),
        (["x = None", ANSWER.format("x = 2")], "x += 1\nassert x == 3", []),
    ],
)
def test_other_cells_change_nothing(before: list[str], source: str, after: list[str]) -> None:
    """What later cells compute from a value, or give back, leaves it as it is."""
    assert cases(before, source, after)


def test_an_import_that_pytest_would_take_for_a_case_stands_in_the_case() -> None:
    """Its name begins with test, and pytest collects all such names of a module."""
    (strong, *_) = cases(["from math import floor as test_floor", F], "assert test_floor(f(1)) == 2", [])
    assert "from math import floor as test_floor" in strong.text
    assert not any("floor" in line for line in strong.imports)


def test_a_name_may_come_from_a_star_import() -> None:
    """Then it is the solution's, which has the import."""
    strong, weak = cases(["from helpers import *\nscale = 2", F], "assert digest(f(1)) == 'ab'", [])
    assert "digest = reference.digest" in strong.text
    assert "['digest', 'f']" in weak.text


def test_a_test_that_sets_what_a_function_reads_runs_in_the_notebook() -> None:
    """The function reads the student's variable, which a case can't set."""
    source = "scale = 5\nassert f(1) == 5"
    (only,) = cases(["scale = 2", F], source, [])
    assert only.weaker and "changes scale, which the student's functions read" in only.refusal
