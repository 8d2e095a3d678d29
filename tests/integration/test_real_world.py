"""Notebooks as a real class hands them in: each gets the verdict that it carries, sliced and as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product

import msgspec
import pytest

from grader.assignments.loader import load
from grader.models import Assignment, ScoreReport
from grader.sandbox.guest.program import Program
from tests.factories import ROOT, notebook
from tests.helpers import real_world_reader as world
from tests.helpers.grading import GradedClass

SAMPLES = world.samples()
KNOWN = (
    *("nbformat 4.0 to 4.5", "16 code cells", "50 code cells", "extra", "isn't JSON", "converted from a notebook"),
    *("In[3]", "run_line_magic", "%matplotlib inline", "%cd", "!git clone", "!pip install", "google.colab"),
    *("Windows paths", "another week's", "another version's", "Keras' sigmoid", "fail on version 3", "dead code"),
    *("CRLF", "type hints", "ran out of order", "whose cell is gone", "syntax error in one cell", "NameError"),
    *("UnboundLocalError", "stubs", "functions missing", "UNQ_C1", "START/END CODE", "redefined later"),
    *("model.fit(X, y, epochs=20)", "model.summary()", "model.predict loops with plots", "without an Input layer"),
    *("units given as strings", "enable_numpy_behavior()", "squeezed to 0-d", "(j, 1) for (j,)", "prints everywhere"),
)
# A third of them, in which all are that have no output if only what is needed is run.
SOME = [sample for number, sample in enumerate(SAMPLES) if number % 3 == 0 or "costs nothing" in sample.flags]
CLASSES = {"sliced": SOME, "sliced, others": [one for one in SAMPLES if one not in SOME], "whole": SAMPLES}
each_sample = pytest.mark.parametrize(
    ("how", "sample"),
    [
        pytest.param(how, sample, id=f"{how}-{sample.name}", marks=[pytest.mark.long] * (how != "sliced"))
        for how, class_ in CLASSES.items()
        for sample in class_
    ],
)
Reports = dict[str, ScoreReport]
Graded = tuple[Reports, dict[str, str]]


@pytest.fixture(scope="module")
def lab() -> Assignment:
    """The assignment that these notebooks answer."""
    return load(ROOT / "solutions" / "practice_lab")


@pytest.fixture(scope="module")
def graded(lab: Assignment) -> Callable[[str], Graded]:
    """Return the function that grades a class once: the reports, and what was printed.

    Mistakes are named where everything is run: no verdict holds the name, which takes as long as all else.
    """

    @cache
    def grade(how: str) -> Graded:
        class_ = [sample.submission(lab) for sample in CLASSES[how]]
        submissions = [msgspec.structs.replace(one, diagnose=how == "whole") for one in class_]
        batch = GradedClass(lab, submissions, run_all_cells=how == "whole")
        assert batch.log == []
        return {report.student: report for report in batch}, batch.printed

    return grade


def test_there_are_many_and_nothing_is_left_out() -> None:
    """At least forty files, and each kind of trouble that is known from real notebooks is in one of them."""
    held = {sample.holds for sample in SAMPLES}
    assert len(held) >= 40
    assert [trouble for trouble in KNOWN if not any(trouble in holds for holds in held)] == []


@pytest.mark.parametrize("kept", list(product([False, True], repeat=5)), ids=str)
def test_markers_make_no_difference(kept: tuple[bool, ...]) -> None:
    """Whichever of the markers of graded cells are still there, the function is found."""
    marks = (
        "# UNQ_C2",
        "# GRADED FUNCTION: my_dense",
        "    ### START CODE HERE ###",
        "    ### END CODE HERE ###",
        "# UNQ_C1",
    )
    unq, graded, start, end, other = (mark if there else "" for mark, there in zip(marks, kept, strict=True))
    cell = f"{other}\n{unq}\n{graded}\ndef my_dense(a, W, b, g):\n{start}\n    z = a * W + b\n{end}\n    return g(z)\n"
    program = Program(notebook(["x = 1", cell]).encode(), "a.ipynb", ["my_dense"])
    assert program.get("my_dense")(2, 3, 4, float) == 10
    assert program.notes == []


@each_sample
def test_a_notebook_gets_its_verdict(
    how: str, sample: world.Sample, graded: Callable[[str], Graded], lab: Assignment
) -> None:
    """Status and points of every question are those in its head, whether its cells are run or only what is needed."""
    report = graded(how)[0][sample.name]
    assert not report.needs_review
    if "rejected" in sample.expect:
        assert (report.status, report.score) == ("rejected", 0.0)
        return
    messages = {q.name: [case.message for case in q.cases if case.message] for q in report.questions}
    assert world.verdict(report) == sample.wanted(lab), (messages, report.sandbox_notes)


@each_sample
def test_its_notes_say_what_happened(how: str, sample: world.Sample, graded: Callable[[str], Graded]) -> None:
    """The notes that its head names are there, and none where it says so."""
    notes = graded(how)[0][sample.name].sandbox_notes
    for beginning in sample.notes + (sample.notes_if_whole if how == "whole" else []):
        assert any(note.startswith(beginning) for note in notes), notes
    assert not notes or "no notes" not in sample.flags


@pytest.mark.parametrize("how", ["sliced", pytest.param("whole", marks=pytest.mark.long)])
def test_training_costs_nothing(how: str, graded: Callable[[str], Graded]) -> None:
    """Sliced, no epoch is trained and nothing looked at; as a whole, twenty epochs are."""
    _, printed = graded(how)
    idle = [sample.name for sample in SAMPLES if "costs nothing" in sample.flags]
    assert len(idle) >= 4
    if how == "whole":
        assert "Epoch 20/20" in printed["sixteen_cells"]
    else:
        assert {name: printed.get(name, "") for name in idle} == dict.fromkeys(idle, "")
