"""Notebooks made for other tools: taken over, released and graded; what can't be carried over is told."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.assignments.loader import load
from grader.authoring.importers.assignment_writer import build_files
from grader.authoring.importers.import_assignment import TOOLS, import_assignment
from grader.authoring.importers.otter import points_per_test
from grader.authoring.quality.solution import solution_as_module
from grader.authoring.release import build_release
from grader.errors import UserError
from grader.models import ScoreReport
from grader.notebooks.solution_regions import mark_solutions
from tests.factories import submission
from tests.helpers.effort import examples
from tests.helpers.grading import GradedClass
from tests.helpers.terminal import grader_in

Cell = dict[str, Any]


def code(source: str, **nbgrader: Any) -> Cell:
    cell = {"cell_type": "code", "source": source.strip("\n").splitlines(keepends=True), "outputs": []}
    return {**cell, "execution_count": None, "metadata": {"nbgrader": nbgrader} if nbgrader else {}}


def text(source: str, kind: str = "markdown", **nbgrader: Any) -> Cell:
    return {"cell_type": kind, "source": source.strip("\n"), "metadata": {"nbgrader": nbgrader} if nbgrader else {}}


def raw(source: str) -> Cell:
    return text(source, "raw")


def solved(name: str, source: str, **more: Any) -> Cell:
    return code(source, grade=False, grade_id=name, locked=False, schema_version=3, solution=True, **more)


def autograded(name: str, points: float, source: str) -> Cell:
    return code(source, grade=True, grade_id=name, locked=True, points=points, schema_version=3, solution=False)


NBGRADER = [
    text("# Powers and words\n\nThree exercises."),
    code("import numpy as np\nfrom nosuch_module import helper\nlimit = 5"),
    code('def pairs(words):\n    return list(zip(words, words[1:]))\n\n\nlines = open("lines.txt").readlines()'),
    solved(
        "cubes",
        '''
def cubes(n):
    """The cubes of 1 to n; n below 1 is a ValueError."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i**3 for i in range(1, n + 1)]
    ### END SOLUTION
''',
    ),
    code("cubes(3)"),
    autograded(
        "cubes_are_right",
        2,
        '''
"""The cubes are right for small n."""
assert cubes(1) == [1]
assert [1, 8] == cubes(2), "two of them"
### BEGIN HIDDEN TESTS
assert cubes(limit) == [1, 8, 27, 64, 125]
np.testing.assert_allclose(cubes(3), [1, 8, 27])
### END HIDDEN TESTS
''',
    ),
    autograded(
        "cubes_refuse",
        1,
        """
try:
    cubes(0)
except ValueError:
    pass
else:
    raise AssertionError("did not raise")
""",
    ),
    solved("sum_of_cubes", "def sum_of_cubes(n):\n    return sum(cubes(n))"),
    autograded("sum_is_right", 1.5, "### AUTOTEST sum_of_cubes(4); sum_of_cubes(1)\nassert sum_of_cubes(2) > 8"),
    autograded(
        "sum_uses_cubes",
        0.5,
        "kept = cubes\ndel cubes\ntry:\n    sum_of_cubes(1)\nexcept NameError:\n    pass\nfinally:\n    cubes = kept",
    ),
    solved("longest", '### BEGIN SOLUTION\nwords = "it was the best".split()\n'
           'longest = max(words, key=len)\n### END SOLUTION'),
    autograded("longest_is_right", 1, 'assert longest == "best"\nassert pairs(words)[0] == ("it", "was")'),
    autograded("looks_inside", 1, "import inspect\nassert 'sum' in inspect.getsource(sum_of_cubes)"),
    autograded("needs_a_module", 1, "assert helper(cubes(1)) == 1 | 2"),
    autograded("sees_an_object", 1, "assert isinstance(cubes(1), set)"),
    autograded("counts_for_nothing", 0, "assert cubes(1)"),
    autograded("is_there", 1, "assert callable(cubes)"),
    text("$\\sum_i i^3$", grade=True, grade_id="formula", locked=False, points=2, schema_version=3, solution=True),
    code("print(longest)", grade=True, grade_id="plot", locked=False, points=2, schema_version=3, solution=True),
    text("Explain.", grade=False, grade_id="essay", locked=True, points=4, schema_version=3, solution=False, task=True),
]  # fmt: skip
NBGRADER_WRONG = {"return [i**3": "return [i**2", "max(words": "min(words", "sum(cubes(n))": "len(cubes(n))"}

OTTER = [
    raw("# ASSIGNMENT CONFIG\nname: Rows of numbers\ninit_cell: false\nfiles: [given.py, missing.csv, more]"),
    text("# Rows"),
    code("import numpy as np\nfrom given import double"),
    raw("# BEGIN QUESTION\nname: q1\npoints: 4"),
    text("**Question 1.** Square it."),
    raw("# BEGIN SOLUTION"),
    code(
        '''
def square(x):
    y = x * x # SOLUTION NO PROMPT
    return y # SOLUTION
    """ # BEGIN PROMPT
    ...
    """; # END PROMPT

nine = square(3) # SOLUTION
np.random.seed(42) # SEED
'''
    ),
    raw("# END SOLUTION"),
    raw("# BEGIN TESTS"),
    code("nine == 9"),
    code("square(4)\n# a comment"),
    code(
        '""" # BEGIN TEST CONFIG\npoints: 1\nhidden: true\n""" # END TEST CONFIG\nz = square(double(2))\nprint(z + 1)'
    ),
    code("# HIDDEN\nassert square(1.5) == 2.25\nassert isinstance(square(2), int)"),
    raw("# END TESTS"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q2\nmanual: true"),
    text("Why?"),
    raw("# BEGIN PROMPT"),
    text("Write here."),
    raw("# END PROMPT"),
    raw("# BEGIN SOLUTION"),
    text("Because."),
    raw("# END SOLUTION"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q3"),
    raw("# BEGIN SOLUTION"),
    code(
        """
def circumference(r):
    # BEGIN SOLUTION NO PROMPT
    tau = 6.25
    return tau * r
    # END SOLUTION

table = {"one": square(1)}  # SOLUTION
"""
    ),
    raw("# END SOLUTION"),
    raw("# BEGIN TESTS"),
    code("circumference(2)"),
    code("table"),
    code("circumference(0.5)"),
    raw("# END TESTS"),
    raw("# END QUESTION"),
    code("## Ignore ##\nprint('scratch')"),
    code('grader.check("q1")'),
]
OTTER_WRONG = {"y = x * x": "y = x + x", "tau * r": "r", '{"one": square(1)}': '{"two": 1}'}

OLD_OTTER = [
    text("```\nBEGIN ASSIGNMENT\ninit_cell: false\n```"),
    text("# Old\n\nIn the older format."),
    text("**Question 1.** Twice.\n\n```\nBEGIN QUESTION\nname: q1\npoints:\n    each: 2\n```"),
    code("def twice(x):\n    return 2 * x # SOLUTION"),
    code("## Test ##\ntwice(2)"),
    code("# HIDDEN TEST\ntwice('ab')"),
    text("**Question 2.** Why?\n\n```\nBEGIN QUESTION\nname: q2\nmanual: true\n```"),
    text("**SOLUTION:** Because."),
]
OLD_OTTER_WRONG = {"return 2 * x": "return x + 2"}


def as_read(cell: Cell) -> Cell:
    return {**cell, "source": "".join(cell["source"])}


def write(path: Path, cells: list[Cell]) -> Path:
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return path


def grader(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return grader_in(cwd, *arguments)


OUTSIDE = ("--sandbox", "off")  # two attempts in bubblewrap take three seconds more


def taken_over(tool: str, cells: list[Cell], place: Path, *options: str) -> tuple[Path, str]:
    """The new assignment, and what was printed."""
    write(place / "lab 01.ipynb", cells)
    (place / "given.py").write_text("def double(x):\n    return 2 * x\n")
    (place / "lines.txt").write_text("one\ntwo\n")
    (place / "unnamed.txt").write_text("nobody's")
    (place / "lab 01.md").write_text(
        "the notebook as text, with all of its answers: return [i**3 for i in range(1, n + 1)]"
    )
    done = grader("import", "--from", tool, "lab 01.ipynb", "--out", "solutions/lab", *options, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "solutions" / "lab", done.stdout


def scores(lab: Path, wrong: dict[str, str]) -> dict[str, ScoreReport]:
    """The reports of the solution, the stubs, and the solution with something wrong in it, as modules."""
    assignment, module = load(lab), solution_as_module(load(lab)).decode()
    class_ = {"solution": module, "stubs": build_release(lab)["lab.py"].decode()}
    for old, new in wrong.items():
        assert old in module
        class_[old] = module.replace(old, new)
    batch = GradedClass(assignment, [submission(text, who, "lab.py") for who, text in class_.items()], workers=1)
    found = {report.student: report for report in batch}
    assert batch.log == []
    return found


def judged(lab: Path, wrong: dict[str, str], points: float) -> None:
    """The solution earns everything, the stubs nothing, what is wrong less."""
    found = scores(lab, wrong)
    assert (found["solution"].score, found["solution"].max_score) == (points, points)
    assert found["stubs"].score == 0
    assert all(found[each].score < points for each in wrong)
    messages = [case.message for each in wrong for q in found[each].questions for case in q.cases if case.message]
    assert messages
    assert not [message for message in messages if re.search(r"27|125|2\.25", message)]  # what was wanted


def test_a_notebook_of_nbgrader(tmp_path: Path) -> None:
    """Tests become cases with their points; manual parts, internals and what stubs pass are told with the reason."""
    lab, printed = taken_over("nbgrader", NBGRADER, tmp_path, *OUTSIDE)
    assert "solutions/lab: cases for `cubes`, `sum_of_cubes` and `longest`, worth 5.5 points in all" in printed
    for told in (
        "cell 10, sum_uses_cubes: changes cubes, which the student's functions read; it was worth 0.5 points",
        "cell 13, looks_inside: inspects internals, not values (getsource)",
        "cell 14, needs_a_module: uses helper, whose module isn't installed; it was worth 1 point",
        "cell 15, sees_an_object: the solution fails it in the sandbox",
        "cell 16, counts_for_nothing: a test without points",
        "cell 17, is_there: the stubs pass it",
        "cell 18, formula: an answer for manual grading, worth 2 points",
        "cell 19, plot: an answer for manual grading, worth 2 points",
        "cell 20, essay: a task for manual grading, worth 4 points",
        "lab 01.md: has the notebook's name, so it may hold the answers: it isn't copied",
    ):
        assert told in printed
        assert told.split(": ", 1)[1] in (lab / "IMPORTED.md").read_text()
    assert {path.name for path in (lab / "student").iterdir()} == {"README.md", "given.py", "lines.txt", "unnamed.txt"}
    judged(lab, NBGRADER_WRONG, 5.5)
    given = json.loads(build_release(lab)["lab.ipynb"])
    shown = "\n".join("".join(cell["source"]) for cell in given["cells"])
    assert "assert cubes(1) == [1]" in shown
    for secret in ("125", "AUTOTEST", "sum(cubes(n))", "max(words", "sum_i i^3", "HIDDEN"):
        assert (secret in shown) is (secret == "AUTOTEST")
    assert 'uses = ["cubes"]' in (lab / "assignment.toml").read_text()


def test_a_notebook_of_otter(tmp_path: Path) -> None:
    """Each test cell is a case, worth what otter says; files go along, and the list names what stays behind."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "table.csv").write_text("a\n1\n")
    lab, printed = taken_over("otter", OTTER, tmp_path, *OUTSIDE)
    assert "solutions/lab: cases for `nine`, `square`, `circumference` and `table`, worth 5 points in all" in printed
    for told in (
        "cell 1, the assignment's settings: are otter's: init_cell",
        "cell 7, a prompt: isn't shown",
        "cell 7, a seed: stays visible",
        "cell 16, q2: a question for manual grading",
        "missing.csv: a file for students that doesn't exist",
        "the cell: is marked to be ignored",
        "the cell: use otter itself",
    ):
        assert told in printed
    judged(lab, OTTER_WRONG, 5)
    report = scores(lab, {"y = x * x": "y = 'x'"})["y = x * x"]
    odd = next(question for question in report.questions if question.name == "square")
    assert not report.needs_review and odd.score == 0
    assert "The answer can't be tested: TypeError." in [case.message for case in odd.cases]
    assert (lab / "student" / "given.py").is_file() and (lab / "student" / "more" / "table.csv").is_file()
    shown = json.loads(build_release(lab)["lab.ipynb"])
    assert "z = square" not in json.dumps(shown) and "Because" not in json.dumps(shown)
    assert load(lab).title == "Rows of numbers"


@pytest.mark.long
def test_a_notebook_of_the_older_otter(tmp_path: Path) -> None:
    """A block in a text cell begins a question, comments say which cells are tests. The commands that are printed work,
    and a second import overwrites nothing."""
    lab, printed = taken_over("otter", OLD_OTTER, tmp_path)
    assert "solutions/lab: cases for `twice`, worth 4 points in all" in printed
    judged(lab, OLD_OTTER_WRONG, 4)
    shown = build_release(lab)["lab.ipynb"].decode()
    assert "twice(2)" in shown and not any(secret in shown for secret in ("'ab'", "BEGIN QUESTION", "Because"))
    assert "cell 7, q2: a question for manual grading" in printed
    release, grade, _ = (line.split()[1:] for line in printed.split("\nNext:\n")[1].strip().splitlines())
    for line in (release, grade):
        done = grader(*line, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert "4 / 4" in done.stdout
    done = grader("import", "--from", "otter", "lab 01.ipynb", "--out", "solutions/lab", cwd=tmp_path)
    assert done.returncode == 2
    assert "exists, and no file is overwritten" in done.stderr


def test_a_test_may_be_a_function(tmp_path: Path) -> None:
    """Where otter's settings say so, a test is called with what its parameters mean in the notebook."""
    cells = [
        raw("# ASSIGNMENT CONFIG\ntests:\n    ok_format: false"),
        raw("# BEGIN QUESTION\nname: q1\npoints: 1"),
        code("def half(x):\n    return x / 2 # SOLUTION"),
        raw("# BEGIN TESTS"),
        code("def test_half(half):\n    assert half(3) == 1.5\n\ntest_half(half)  # IGNORE"),
        code("def test_env(env):\n    assert env['half'](3) == 1.5"),
        raw("# END TESTS"),
        raw("# END QUESTION"),
    ]
    lab, printed = taken_over("otter", cells, tmp_path, *OUTSIDE)
    assert "cell 6, q1 2: inspects internals, not values (env)" in printed
    assert "solution and tests: were tried outside of a sandbox: the level off has none for them" in printed
    judged(lab, {"x / 2": "x / 3"}, 0.5)


def test_an_answer_that_a_cell_shows_is_told_and_allowed(tmp_path: Path) -> None:
    """An explanation may show the formula: the report names it, and a release of the folder accepts that line only."""
    cells = [
        text("The sum is `total = sum([1, 2, 3, 4])`."),
        solved("total", "total = sum([1, 2, 3, 4])"),
        autograded("total_is_right", 1, "assert total == 10"),
    ]
    lab, printed = taken_over("nbgrader", cells, tmp_path, *OUTSIDE)
    assert "cell cell-1: shows a line of an answer, which `shown` in assignment.toml allows: total = sum(" in printed
    judged(lab, {"sum([1": "max([1"}, 1)
    toml = lab / "assignment.toml"
    toml.write_text(toml.read_text().replace("shown = [", "shown = [] # "))
    with pytest.raises(UserError, match="cell-1 holds an answer outside the solution marks"):
        build_release(lab)


def test_the_authors_code_is_tried_in_a_sandbox(tmp_path: Path) -> None:
    """Neither solution nor test can read or write a file of the user while they are imported, but for those that
    students get."""
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret")
    probe = f"__import__('pathlib').Path({str(tmp_path / 'no')!r}).mkdir()"
    cells = [
        code('from given import double\nlines = open("lines.txt").readlines()'),
        solved("f", f"def f():\n    try:\n        {probe}\n    except OSError:\n        return 7\n    return 8"),
        autograded("same", 1, "assert f() == 7\nassert double(len(lines)) == 4"),
        autograded("there", 1, "assert callable(f)"),
        autograded("seen", 1, f"import pathlib\nassert f() == 7\nassert pathlib.Path({str(secret)!r}).exists()"),
    ]
    lab, printed = taken_over("nbgrader", cells, tmp_path)
    assert "cell 4, there: the stubs pass it" in printed
    assert "cell 5, seen: the solution fails it in the sandbox" in printed
    assert "same" in (lab / "hidden" / "test_f.py").read_text()
    assert not (tmp_path / "no").exists()


def test_an_attempt_has_a_limit_on_threads(tmp_path: Path) -> None:
    """The kernel refuses more, or the grader ends the attempt: the kernel doesn't count root's threads."""
    many = "for _ in range(1200):\n    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    source = f"import threading, time\nthreading.stack_size(1 << 16)\n{many}\ntime.sleep(1)\nassert f() == 7"
    write(tmp_path / "a.ipynb", [solved("f", "def f():\n    return 7"), autograded("many", 1, source)])
    done = grader("import", "--from", "nbgrader", "a.ipynb", "--out", "lab", cwd=tmp_path)
    assert done.returncode == 2
    told = "started more than 1024 threads" if os.geteuid() == 0 else "no question that can be graded"
    assert told in done.stderr


SHAPES = [
    code("import pandas as pd\nimport numpy as np\nfrom helper import one\nvalues = [3, 4]\nb = 5"),
    solved("two", "### BEGIN SOLUTION\nlow, high = min(values), max(values)\n### END SOLUTION"),
    autograded("two_are_right", 0, "def near(x, y):\n    return abs(x - y) < 1\nassert near(low, 3)\nassert high == 4"),
    solved("place", "### BEGIN SOLUTION\nvalues[-1] = 20\n### END SOLUTION"),
    autograded("place_is_changed", 0, "assert values == [3, 20]"),
    solved("table", "### BEGIN SOLUTION\ntable = pd.DataFrame({'a': [1, 2]}, index=['x', 'y'])\n### END SOLUTION"),
    autograded("table_is_right", 0, "assert list(table.columns) == ['a']\nassert table.loc['y', 'a'] == 2"),
    solved("Stack", "class Stack:\n    items = ()\n    def push(self, x):\n        self.items = [*self.items, x]"),
    autograded("stack_is_right", 0, "%%time\ns = Stack()\ns.push(3)\nassert s.items == [3] and near(3, 3)"),
    solved("sum", "### BEGIN SOLUTION\nsum = 1 + one()\n### END SOLUTION"),
    autograded("sum_is_right", 0, "b = 2\nassert sum == b"),
    solved("read", "def read():\n    return open('data/lines.txt').read()"),
    autograded("read_is_right", 0, "### HASHED AUTOTEST read()"),
]  # fmt: skip


@pytest.mark.long
def test_shapes_of_real_notebooks(tmp_path: Path) -> None:
    """Unpacking, changes in place, tables, classes, names of builtins, helpers of earlier tests, imports of imports;
    no test has points."""
    place = tmp_path / "source"
    (place / "data").mkdir(parents=True)
    (place / "data" / "lines.txt").write_text("one")
    (place / "helper.py").write_text("from deeper import ONE\n\ndef one():\n    return ONE\n")
    (place / "deeper.py").write_text("ONE = 1\n")
    lab, printed = taken_over("nbgrader", SHAPES, place)
    assert "worth 6 points in all" in printed
    assert "points: no test has any, so each is worth 1 point" in printed
    assert "3, weaker" not in printed and "`Stack`: `test_stack_is_right" in (lab / "IMPORTED.md").read_text()
    assert "1 point, weaker |" in (lab / "IMPORTED.md").read_text()
    assert {path.name for path in (lab / "student").rglob("*")} >= {"data", "lines.txt", "helper.py", "deeper.py"}
    batch = scores_of_notebook(lab)
    assert batch["solution"].score == batch["solution"].max_score == 6
    assert batch["stubs"].score == 0
    shown = "\n".join("".join(cell["source"]) for cell in json.loads(build_release(lab)["lab.ipynb"])["cells"])
    assert "low = high = None" in shown and "values[-1]" not in shown


def scores_of_notebook(lab: Path) -> dict[str, ScoreReport]:
    """The reports of the solution and the stubs, as notebooks."""
    contents = {"solution": (lab / "lab.ipynb").read_text(), "stubs": build_release(lab)["lab.ipynb"].decode()}
    class_ = [submission(text, who, "lab.ipynb") for who, text in contents.items()]
    return {report.student: report for report in GradedClass(load(lab), class_, workers=1)}


@pytest.mark.long
def test_an_eighth_of_a_point_is_kept(tmp_path: Path) -> None:
    """Points add up to those of the question, however they divide."""
    cells = [solved("f", "def f(x):\n    return x")]
    cells += [autograded(f"t{i}", points, f"assert f({i}) == {i}") for i, points in enumerate((1.125, 0.1, 0.2))]
    lab, _ = taken_over("nbgrader", cells, tmp_path)
    assert load(lab).questions[0].points == pytest.approx(1.425)
    assert scores(lab, {})["solution"].score == pytest.approx(1.425, abs=0.01)  # scores are rounded to 2 decimals


def test_a_refusal_says_why_for_each_test(tmp_path: Path) -> None:
    """In a report beside the folder, which isn't written."""
    cells = [solved("f", "def f(x):\n    return x"), *(autograded(f"t{i}", 1, "assert callable(f)") for i in range(5))]
    write(tmp_path / "a.ipynb", cells)
    done = grader("import", "--from", "nbgrader", "a.ipynb", "--out", "lab", *OUTSIDE, cwd=tmp_path)
    assert done.returncode == 2
    assert "no question that can be graded by values (5 tests); lab-IMPORTED.md says why" in done.stderr
    report = (tmp_path / "lab-IMPORTED.md").read_text()
    assert all(f"| t{i} | the stubs pass it |" in report for i in range(5))
    assert not (tmp_path / "lab").exists()


@pytest.mark.long
def test_functions_of_otter_need_no_setting(tmp_path: Path) -> None:
    """A test that defines a test function is one; of a cell that uses otter, only those lines are dropped."""
    cells = [
        code("import otter\ngrader = otter.Notebook()\nfactor = 2"),
        raw("# BEGIN QUESTION\nname: q1"),
        raw("# BEGIN SOLUTION"),
        code("def scale(x):\n    return factor * x # SOLUTION"),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        code("def test_scale(scale):\n    assert scale(3) == 6"),
        raw("# END TESTS"),
        raw("# END QUESTION"),
    ]
    lab, printed = taken_over("otter", cells, tmp_path)
    assert "cell 1, lines of the cell: use otter itself" in printed
    judged(lab, {"factor * x": "factor + x + 9"}, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "isn't a notebook: it isn't JSON"),
        ("[1]", "isn't a valid notebook"),
        ('{"cells": [], "nbformat": 4}', "missing an expected key: metadata"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "the notebook has no question"),
        (None, "can't be read: No such file"),
    ],
)
@pytest.mark.parametrize("tool", ["nbgrader", "otter"])
def test_what_is_no_notebook_of_questions_is_one_sentence(
    tmp_path: Path, tool: str, content: str | None, told: str
) -> None:
    """Nothing is written."""
    if content:
        (tmp_path / "a.ipynb").write_text(content)
    with pytest.raises(UserError, match=told) as problem:
        import_assignment(tool, tmp_path / "a.ipynb", tmp_path / "lab", "full")
    assert len(str(problem.value).splitlines()) == 1
    assert not (tmp_path / "lab").exists()


def test_the_command_ends_with_2_where_it_cannot_do_it(tmp_path: Path) -> None:
    """A sentence, and a list of the tools for another one."""
    done = grader("import", "--from", "otter", "nowhere.ipynb", "--out", "lab", cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    done = grader("import", "--from", "okpy", "nowhere.ipynb", "--out", "lab", cwd=tmp_path)
    assert done.returncode == 2
    assert "nbgrader" in done.stderr and "otter" in done.stderr


@pytest.mark.parametrize(
    ("question", "tests", "worth"),
    [
        (None, [None, None], [0.5, 0.5]),
        (None, [2, None], [2, 0]),
        (6, [2, 2, None, None], [2, 2, 1, 1]),
        (3, [None, None, None], [1, 1, 1]),
        ({"each": 2}, [None, None], [2, 2]),
        ([0, 1, 0.5], [None, None, None], [0, 1, 0.5]),
    ],
)
def test_points_are_resolved_as_otter_does(question: Any, tests: list[Any], worth: list[float]) -> None:
    """Those of the question are shared by the tests that name none of their own."""
    assert points_per_test(question, tests) == worth


PIECES = [
    *("# BEGIN QUESTION\nname: q1\npoints: 2", "# BEGIN QUESTION\nname: [1]\npoints: many", "# END QUESTION"),
    *("# BEGIN TESTS", "# END TESTS", "# BEGIN SOLUTION", "# END SOLUTION", "# BEGIN PROMPT"),
    *("# ASSIGNMENT CONFIG\nfiles: 3\ntests: 1", "```\nBEGIN QUESTION\nname: q2\n```", "## Test ##\nf(5)", "\\"),
    *("def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION", "### BEGIN SOLUTION\nx = 1"),
    *("x = 2 # SOLUTION", "class C:\n    y = 1 # SOLUTION", "for i in x: # SOLUTION\n    i", "", "f(1)", "x"),
    *(
        "assert f(1) == 1",
        "assert f(x)\nx = 3",
        "def (",
        "%time f(2)",
        "### AUTOTEST f(3)",
        "print()",
        "# HIDDEN\nf(4)",
    ),
]
METADATA = st.fixed_dictionaries(
    {
        "grade": st.booleans(),
        "solution": st.booleans(),
        "points": st.sampled_from([None, 0, 1, 0.5, 2, 3, 4, 1 / 3, 6, 7, "2"]),
        "grade_id": st.sampled_from(["a", "b", None, 3, "../up"]),
    }
)
CELLS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw"]),
        "source": st.sampled_from(PIECES) | st.lists(st.sampled_from(PIECES), max_size=3).map("\n".join),
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": METADATA}),
    }
)

F = "def f(x):\n    return x + x"
START = {
    "nbgrader": [solved("f", F), autograded("g", 1, "assert f(1) == 2")],
    "otter": [raw(PIECES[0]), code(f"{F} # SOLUTION"), raw("# BEGIN TESTS"), code("f(3)"), raw("# END TESTS")],
}


@given(st.sampled_from(sorted(TOOLS)), st.lists(CELLS, max_size=12))
@settings(max_examples=examples(150), deadline=None)
def test_any_notebook_is_taken_over_or_refused_in_a_sentence(tool: str, cells: list[Cell]) -> None:
    """Whatever stands where in it. A test either became a case or is told of, and no case has a name twice."""
    try:
        made = build_files(TOOLS[tool]([*map(as_read, START[tool]), *cells]), "lab", "a notebook", {})
    except UserError as problem:
        assert str(problem)
        return
    names = [(case.question, case.function) for case in made.cases]
    assert len(set(names)) == len(names)
    for name, text in made.files.items():
        if name.endswith(".py"):
            ast.parse(text)
            assert name == f"hidden/test_{Path(name).stem.removeprefix('test_')}.py"
    points = {q["name"]: q["points"] for q in tomllib.loads(made.files["assignment.toml"])["question"]}
    assert points.keys() == {question for question, _ in names}
    assert all(
        sum(c.test.points for c in made.cases if c.question == name) == pytest.approx(points[name]) for name in points
    )


def test_a_module_has_no_magic_lines() -> None:
    """They go into a cell of their own, which stays out of the module."""
    cells = [code("%matplotlib inline\nimport math"), solved("f", "!ls\ndef f(x):\n    return math.sqrt(x)")]
    draft = TOOLS["nbgrader"]([*map(as_read, cells), as_read(autograded("g", 1, "assert f(4) == 2"))])
    build_files(draft, "lab", "a notebook", {})
    found = [("".join(cell["source"]).split("\n")[0], cell["metadata"]) for cell in draft.cells]
    assert found == [
        ("%matplotlib inline", {}),
        ("import math", {"tags": ["module"]}),
        ("!ls", {}),
        ("def f(x):", {}),
        ("assert f(4) == 2", {}),
    ]


MARKED = {
    "a function as a whole": (
        'def f(x):\n    """Doc."""\n    return x', None,
        'def f(x):\n    """Doc."""\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION',
    ),
    "a line of it": (
        "def f(x):\n    y = x\n    return y", {2},
        "def f(x):\n    y = x\n    ### BEGIN SOLUTION\n    return y\n    ### END SOLUTION",
    ),
    "two values": (
        "a = 1\nb = 2", {0, 1},
        "### BEGIN SOLUTION\na = 1\n### END SOLUTION\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION",
    ),
    "a value and what is done with it": (
        "import x\na = []\nfor i in b:\n    a.append(i)", None,
        "import x\n### BEGIN SOLUTION\na = []\nfor i in b:\n    a.append(i)\n### END SOLUTION",
    ),
    "nothing that has a name": ("plot(3)", None, "plot(3)"),
    "a magic line beside it": (
        "%matplotlib inline\na = 1", {1},
        "%matplotlib inline\n### BEGIN SOLUTION\na = 1\n### END SOLUTION",
    ),
    "the method of a class": (
        "class C:\n    def f(self):\n        return 1", None,
        "class C:\n    def f(self):\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "answers", "wanted"), MARKED.values(), ids=MARKED)
def test_marks(source: str, answers: set[int] | None, wanted: str) -> None:
    """Around the lines of an answer in a function, and around whole statements elsewhere."""
    assert mark_solutions(source, answers) == wanted
