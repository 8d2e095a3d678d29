"""Solution regions are found, and replaced by stubs, in one way for release, importers and validate."""

import pytest

from grader.notebooks.solution_regions import RegionError, is_marked, lines_inside, mark_solutions, stripped

FUNCTION = "def area(side):\n    ### BEGIN SOLUTION\n    return side * side\n    ### END SOLUTION"


def test_a_region_gives_way_to_a_stub_and_its_answer_is_returned():
    """The stub raises the name of the function."""
    visible, answers = stripped(FUNCTION)
    assert visible == 'def area(side):\n    # YOUR CODE HERE\n    raise NotImplementedError("area")'
    assert answers == ["    return side * side\n"]


def test_a_cell_without_marks_stays_as_it_is():
    """There is nothing to take out."""
    assert stripped("x = 1") == ("x = 1", [])
    assert not is_marked("x = 1")
    assert lines_inside("x = 1") == set()


def test_lines_between_marks_are_numbered_from_0():
    """The marks themselves aren't inside."""
    assert lines_inside(FUNCTION) == {2}
    assert lines_inside(f"{FUNCTION}\n{FUNCTION}") == {2, 6}


def test_what_is_marked_can_be_stripped():
    """Importers mark an answer; a release takes out what was marked."""
    text = mark_solutions("import math\narea = math.pi\n", None)
    assert is_marked(text)
    assert stripped(text) == ("import math\n# YOUR CODE HERE\narea = None\n", ["area = math.pi\n"])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (FUNCTION.replace("    ### END SOLUTION", ""), "BEGIN SOLUTION without END SOLUTION"),
        (FUNCTION.replace("    ### BEGIN SOLUTION\n", ""), "END SOLUTION without BEGIN SOLUTION"),
        (FUNCTION.replace("    return", "    ### BEGIN SOLUTION\n    return"), "a solution mark inside a solution"),
        ("### BEGIN SOLUTION\nprint(1)\n### END SOLUTION", "stands in no function, and gives no name a value"),
    ],
)
def test_marks_that_enclose_nothing_are_refused(source, message):
    """A mark that would leave an answer in is an error that says why."""
    with pytest.raises(RegionError, match=message):
        stripped(source)
