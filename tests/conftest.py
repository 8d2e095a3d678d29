"""What several test files share."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from grader.assignments.loader import load
from grader.execution.pool import GradingPool
from grader.models import Assignment, ScoreReport, Submission

pytest_plugins = ["tests.helpers.browsing"]

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in the background of a script: what tests start would ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What programs remember for a user is remembered for the tests alone."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


ROOT = Path(__file__).parents[1]

SETTINGS = """
title = "Two functions"
secret = "not much of one"

[limits]
call_seconds = 2

[[question]]
name = "double"
points = 3

[[question]]
name = "quadruple"
points = 2
uses = ["double"]
"""
SOLUTION = '''
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


def quadruple(x):
    """Four times x."""
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION
'''
CASES = {
    "double": '''
import pytest
from grader.checks import close

@pytest.mark.points(2)
def test_numbers(student, reference, rng):
    """Twice a number is right."""
    x = rng.normal(size=3)
    close(student.double(x), reference.double(x))

@pytest.mark.points(1)
def test_zero(student):
    """Zero stays zero."""
    close(student.double(0), 0)
''',
    "quadruple": '''
import pytest
from grader.checks import close

@pytest.mark.points(2)
def test_numbers(student, reference, rng):
    """Four times a number is right."""
    x = rng.normal(size=3)
    close(student.quadruple(x), reference.quadruple(x))
''',
}
ORDINARY = [
    "bwrap",
    "--dev-bind",
    "/",
    "/",
    "--unshare-user",
    "--uid",
    "1000",
    "--gid",
    "1000",
    "--cap-drop",
    "ALL",
    "--",
]
RIGHT = "def double(x): return 2 * x\ndef quadruple(x): return double(double(x))\n"


# These take longest: started first, they don't keep everybody waiting at the end.
LONG = (
    *(
        "test_unprivileged",
        "test_corpus",
        "test_resume",
        "test_diagnosis",
        "test_assignment_digits",
        "test_sample_class",
    ),
    *("test_cluster", "test_assignment_practice_lab", "test_neighbours", "test_real_world"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.fixture(scope="session")
def digits() -> Assignment:
    """The assignment of this repository."""
    return load(ROOT / "solutions" / "digits")


def tiny_in(place: Path) -> Path:
    """The folder of an assignment with two questions."""
    folder = place / "tiny"
    (folder / "hidden").mkdir(parents=True)
    (folder / "student").mkdir()
    (folder / "assignment.toml").write_text(SETTINGS)
    (folder / "tiny.ipynb").write_text(notebook([SOLUTION]))
    (folder / "student" / "note.txt").write_text("for students")
    for name, cases in CASES.items():
        (folder / "hidden" / f"test_{name}.py").write_text(cases)
    return folder


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """The folder of such an assignment, for tests to break."""
    return tiny_in(tmp_path)


@pytest.fixture
def fit_folder(tiny_folder: Path) -> Path:
    """The same, with cases that give nothing to zeros: those that `grader validate` has nothing to say against."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("points(1)", 'points(1, needs="test_numbers")'))
    return tiny_folder


@pytest.fixture
def tiny(tiny_folder: Path) -> Assignment:
    """That assignment, loaded."""
    return load(tiny_folder)


@pytest.fixture
def grade() -> Callable[..., ScoreReport]:
    """Grades the text of one module."""

    def graded(assignment: Assignment, code: str) -> ScoreReport:
        (report,) = GradingPool(assignment, [submission(code)], jobs=1)
        return report

    return graded


def submission(code: str, student: str = "ada", file: str = "tiny.py") -> Submission:
    return Submission(student, file, code.encode(), hashlib.sha256(code.encode()).hexdigest())


def notebook(cells: Sequence[str]) -> str:
    """A notebook with these code cells."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{number}",
                    "metadata": {},
                    "source": cell,
                    "outputs": [],
                    "execution_count": None,
                }
                for number, cell in enumerate(cells)
            ],
        }
    )
