"""Questions that are values instead of functions, and what an assignment brings beside the notebook."""

from __future__ import annotations

import pytest

from grader.assignments.loader import load
from grader.authoring.quality.validate import validate
from grader.authoring.release import build_release
from grader.models import Assignment, ScoreReport
from tests.factories import notebook, submission
from tests.helpers.grading import GradedClass

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


HELPER = "from pathlib import Path\nSTART = int((Path(__file__).parent / 'data' / 'start.txt').read_text())\n"
FILES = {
    "assignment.toml": 'title = "T"\nsecret = "s"\n[[question]]\nname = "table"\npoints = 3\n',
    "values.ipynb": notebook([SOLUTION]),
    "hidden/test_table.py": CASES,
    "student/data/start.txt": "40",
    "student/helper.py": HELPER,
}
ANSWERS = [
    ("import numpy as np\ntable = np.array([40, 41, 42])", "passed", ""),
    ("from helper import *\ntable = (START, START + 1, START + 2)", "passed", ""),
    ("s = int(open('data/start.txt').read())\ntable = []\nfor n in range(3): table.append(s + n)", "passed", ""),
    ("table = [40, 41, 43]", "failed", "The result is wrong: got 43 at index [2]"),
    ("table = None", "missing", "`table` is None: it is still to be written"),
    ("tables = 3", "missing", "`table` isn't defined anywhere"),
    ("table = 1 / 0", "error", "`table` isn't there: “line 1: ZeroDivisionError: division by zero”"),
    ("table = lambda: [40, 41, 42]", "bad_value", "`table` is “an object of type function”, which can't be compared"),
    ("class T(list):\n    def __iter__(self): raise OSError('no')\ntable = T()", "error", "`table` raised OSError"),
    ("import os\nclass T(list):\n    def __iter__(self): os._exit(1)\ntable = T()", "crashed", "`table` ended the"),
]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """An assignment with one question, a list that is built on a module and a file of the assignment's own."""
    folder = tmp_path_factory.mktemp("assignments") / "values"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return load(folder)


@pytest.fixture(scope="module")
def reports(values: Assignment) -> dict[str, ScoreReport]:
    """The reports of all answers, by their code, graded as one class."""
    batch = GradedClass(values, [submission(code, student=code) for code, _, _ in ANSWERS], workers=1)
    found = {report.student: report for report in batch}
    assert batch.log == []
    return found


def told(report: ScoreReport) -> tuple[str, str]:
    (question,) = report.questions
    return str(question.status), question.cases[0].message


@pytest.mark.parametrize(("code", "status", "message"), ANSWERS)
def test_a_value_is_read_and_judged(reports: dict[str, ScoreReport], code: str, status: str, message: str) -> None:
    """A value crosses as the result of a call does; where there is none, the student is told why."""
    came, sentence = told(reports[code])
    assert came == status, sentence
    assert sentence.startswith(message)


def test_the_solution_earns_everything_and_the_stub_nothing(values: Assignment) -> None:
    """The reference finds the assignment's own module too; the stub of a value is None."""
    assert [baseline.score for baseline in validate(values, jobs=1).baselines] == [3, 3, 0, 0, 0]
    assert "# YOUR CODE HERE\ntable = None" in build_release(values.folder)["values.py"].decode()


@pytest.mark.parametrize("level", ["full", "process"])
def test_what_the_assignment_brings_cannot_be_changed(values: Assignment, level: str) -> None:
    """Its files can be read in folders as well, and not written to."""
    code = "import os\ntable = [40, 41]\ntry:\n    open('data/start.txt', 'w')\nexcept OSError:\n    table.append(42)\n"
    (report,) = GradedClass(values, [submission(code)], workers=1, sandbox=level)
    assert told(report)[0] == "passed"
    assert (values.support / "data" / "start.txt").read_text() == "40"
