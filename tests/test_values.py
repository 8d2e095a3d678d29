"""Questions that are values instead of functions, and what an assignment brings beside the notebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import notebook, submission

from grader.assignment import load
from grader.batch import Batch
from grader.model import Assignment, ScoreReport
from grader.release import build
from grader.validate import validate

Grade = Callable[[Assignment, str], ScoreReport]

SOLUTION = """from helper import START

### BEGIN SOLUTION
table = [START + n for n in range(3)]
### END SOLUTION"""
CASES = '''
import pytest
from grader.checks import close

@pytest.mark.points(3)
def test_numbers(student, reference):
    """The table holds the right numbers."""
    close(student.get("table"), reference.table)
'''


@pytest.fixture
def values(tiny_folder: Path) -> Assignment:
    """An assignment with one question, a list that is built on a module and a file of the assignment's own."""
    (tiny_folder / "assignment.toml").write_text(
        'title = "T"\nsecret = "s"\n[[question]]\nname = "table"\npoints = 3\n'
    )
    (tiny_folder / "tiny.ipynb").write_text(notebook([SOLUTION]))
    (tiny_folder / "hidden" / "test_table.py").write_text(CASES)
    (tiny_folder / "student" / "data").mkdir()
    (tiny_folder / "student" / "data" / "start.txt").write_text("40")
    code = "from pathlib import Path\nSTART = int((Path(__file__).parent / 'data' / 'start.txt').read_text())\n"
    (tiny_folder / "student" / "helper.py").write_text(code)
    return load(tiny_folder)


def told(report: ScoreReport) -> tuple[str, str]:
    (question,) = report.questions
    return str(question.status), question.cases[0].message


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("import numpy as np\ntable = np.array([40, 41, 42])", "passed", ""),
        ("from helper import *\ntable = (START, START + 1, START + 2)", "passed", ""),
        ("s = int(open('data/start.txt').read())\ntable = []\nfor n in range(3): table.append(s + n)", "passed", ""),
        ("table = [40, 41, 43]", "failed", "The result is wrong: 43 came at index [2]"),
        ("table = None", "missing", "`table` is None: it is still to be written"),
        ("tables = 3", "missing", "`table` isn't defined anywhere"),
        ("table = 1 / 0", "error", "`table` isn't there: line 1: ZeroDivisionError: division by zero"),
        ("table = lambda: [40, 41, 42]", "bad_value", "`table` is an object of type function, which is no value"),
        ("class T(list):\n    def __iter__(self): raise OSError('no')\ntable = T()", "error", "`table` raised OSError"),
        ("import os\nclass T(list):\n    def __iter__(self): os._exit(1)\ntable = T()", "crashed", "`table` ended the"),
    ],
)
def test_a_value_is_read_and_judged(values: Assignment, grade: Grade, code: str, status: str, message: str) -> None:
    """A value crosses as the result of a call does; where there is none, the student is told why."""
    came, sentence = told(grade(values, code))
    assert came == status, sentence
    assert sentence.startswith(message)


def test_the_solution_earns_everything_and_the_stub_nothing(values: Assignment) -> None:
    """The reference finds the assignment's own module too; the stub of a value is None."""
    assert [finding.sentence for finding in validate(values, jobs=1) if not finding.fit] == []
    assert "# YOUR CODE HERE\ntable = None" in build(values.folder)["tiny.py"].decode()


@pytest.mark.parametrize("level", ["full", "process"])
def test_what_the_assignment_brings_cannot_be_changed(values: Assignment, level: str) -> None:
    """Its files can be read in folders as well, and not written to."""
    code = "import os\ntable = [40, 41]\ntry:\n    open('data/start.txt', 'w')\nexcept OSError:\n    table.append(42)\n"
    (report,) = Batch(values, [submission(code)], jobs=1, sandbox=level)
    assert told(report)[0] == "passed"
    assert (values.support / "data" / "start.txt").read_text() == "40"
