"""The sample class, graded by the command, gets what its expected.json states."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader.models import ScoreReport
from tests.factories import ROOT
from tests.helpers.sample_class import CLASS, EXPECTED, check_report

pytestmark = pytest.mark.long  # `make grade`; test_readme.py has a student of the class in `make test`
ENDLESS = "student-10"  # run as a whole it waits for its time limit, again and again
AS_STUDENT_02 = ("student-01", "student-06", "student-08", "student-09")  # what isn't graded is the same there


@pytest.fixture
def out(graded: tuple[str, Path]) -> Path:
    """Where `make grade` put the results of the class."""
    return graded[1]


def test_running_every_cell_changes_nothing(out: Path, tmp_path: Path) -> None:
    """What graded names don't need, training included, has no effect on the questions of a report."""
    given = [
        path
        for path in sorted(CLASS.iterdir())
        if path.stem not in (ENDLESS, *AS_STUDENT_02) and path.suffix != ".json"
    ]
    handed_in = [str(path) for path in given if path.name != "README.md"]
    assert len(handed_in) == 7
    command = [sys.executable, "-m", "grader", "grade", *handed_in, "--out", str(tmp_path), "--whole-notebook"]
    subprocess.run([*command, "--assignment", str(ROOT / "solutions" / "digits")], check=True, capture_output=True)

    def questions(folder: Path) -> dict[str, object]:
        reports = (msgspec.json.decode(path.read_bytes(), type=ScoreReport) for path in folder.glob("reports/*.json"))
        return {report.student: report.untimed().questions for report in reports}

    whole, sliced = questions(tmp_path), questions(out)
    assert whole == {student: sliced[student] for student in whole}


def test_everyone_is_graded(out: Path) -> None:
    """There is a report for each of the twelve, and for nobody else."""
    assert sorted(path.stem for path in (out / "reports").glob("*.json")) == sorted(EXPECTED)
    assert len(EXPECTED) == 12


@pytest.mark.parametrize("student", EXPECTED)
def test_a_student_gets_what_is_expected(out: Path, student: str) -> None:
    """The score, status and points of every question that lost some, known mistakes; or the reason of a rejection."""
    check_report(out / "reports", student)
