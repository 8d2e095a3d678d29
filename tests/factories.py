"""Assignments, submissions and reports for tests: small, complete, and made by one call.

graded = pool(load(tiny_assignment(tmp_path)), class_of(3))
page = render(report(question("double", case("shape"), case("value", Status.FAILED)), student="bob"))
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.runs import Run
from grader.models import CaseResult, Diagnosis, GrayImage, QuestionResult, ScoreReport, Status, Submission
from grader.reports.html import exhibits

ROOT = Path(__file__).parents[1]

# ---- an assignment with two questions

SETTINGS = """
title = "Two functions"
secret = "not much of one"

[limits]
call_seconds = 1

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


def tiny_assignment(place: Path) -> Path:
    """Return the folder of an assignment with the questions `double` and `quadruple`, made in `place`.

    It has no files for students, so that all such assignments can share a fork server.
    """
    folder = place / "tiny"
    (folder / "hidden").mkdir(parents=True)
    (folder / "assignment.toml").write_text(SETTINGS)
    (folder / "tiny.ipynb").write_text(notebook([SOLUTION]))
    for name, cases in CASES.items():
        (folder / "hidden" / f"test_{name}.py").write_text(cases)
    return folder


def with_student_file(folder: Path) -> Path:
    """Return the folder of an assignment, which has a file for students now."""
    (folder / "student").mkdir()
    (folder / "student" / "note.txt").write_text("for students")
    return folder


def put(folder: Path, file: str, old: str, new: str) -> None:
    """Write `new` in the place of `old` in a file of an assignment; a file that isn't there holds `old`."""
    path = folder / file
    text = path.read_text() if path.is_file() else old
    assert old in text
    path.write_text(text.replace(old, new, 1))


def module_at(path: Path) -> ModuleType:
    """Return the module in a file, run."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- what students hand in for it

RIGHT = "def double(x): return 2 * x\ndef quadruple(x): return double(double(x))\n"
# Ends a grading process when the case of `deadly` assignments looks for it
POISON = RIGHT.replace("2 * x", "2 * x if type(x) is not int else 13")
ENDLESS_DOUBLE = RIGHT.replace("return 2 * x", "\n    while True: pass")
VARIANTS = (
    RIGHT,
    RIGHT.replace("2 * x", "3 * x"),
    RIGHT.replace("2 * x", "x / 0"),
    "def double(x): return x + x\n",
    "import os\n" + RIGHT.replace("2 * x", "os._exit(3)"),
    "not Python at all (",
)


def submission(code: str, student: str = "ada", file: str = "tiny.py") -> Submission:
    return Submission.from_bytes(student, file, code.encode())


def class_of(count: int) -> list[Submission]:
    """Return right submissions of that many students, no two alike."""
    return [submission(f"{RIGHT}# {number}", f"s{number:02}") for number in range(count)]


def class_folder(count: int, folder: Path) -> Path:
    """Return `folder`, made with that many submissions, right and wrong, no two alike."""
    folder.mkdir()
    for number in range(count):
        (folder / f"s{number:02}.py").write_text(f"{VARIANTS[number % len(VARIANTS)]}\n# {number}\n")
    return folder


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


def code_cell(source: Any, *outputs: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs), "execution_count": None}


def text_cell(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def notebook_of(*cells: Any) -> bytes:
    """Return a notebook with these cells, as bytes."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}).encode()


def png_of(width: int, height: int) -> str:
    """Return a black picture in base64."""
    return exhibits.png(GrayImage(width, bytes(width * height), "")).partition(",")[2]


# ---- reports, built from cases up


def case(name: str, status: Status = Status.PASSED, message: str = "", worth: float = 2.0, **more: Any) -> CaseResult:
    return CaseResult(name, f"The {name} is right.", status, worth * (status is Status.PASSED), worth, message, **more)


def question(name: str, *cases: CaseResult, **more: Any) -> QuestionResult:
    score, worth = sum(one.points for one in cases), sum(one.max_points for one in cases)
    worst = next((one.status for one in cases if one.status is not Status.PASSED), Status.PASSED)
    return QuestionResult(name, score, worth, worst, cases, **more)


def report(*questions: QuestionResult, **more: Any) -> ScoreReport:
    fields: dict[str, Any] = {
        "student": "ada",
        "file": "tiny.ipynb",
        "digest": "d" * 64,
        "assignment": "tiny",
        "assignment_digest": "a" * 64,
        "grader_version": "0.1.0+abcdef",
        "status": "graded",
        "score": sum(one.score for one in questions),
        "max_score": sum(one.max_score for one in questions),
        "needs_review": False,
        "sandbox": ("own process", "no network"),
        "questions": questions,
        "notes": (),
        "seconds": 1.5,
    }
    return ScoreReport(**{**fields, **more})


BASIS = RunFingerprint("digits", "a1", "1.0", "sandbox full")
NEWER = msgspec.structs.replace(BASIS, assignment_digest="a2")


def run_of(many: int) -> Run:
    """Return the third run of a gradebook, in which that many reports were made."""
    return Run(
        3,
        "2026-11-25T18:49:00+00:00",
        None,
        many,
        many,
        0,
        None,
        msgspec.structs.replace(BASIS, assignment_digest="a1b2c3d4e5"),
    )


DIGITS: dict[str, Any] = {
    "file": "digits.ipynb",
    "digest": "d1",
    "assignment": "digits",
    "assignment_digest": "a1",
    "grader_version": "1.0",
    "seconds": 0.5,
}


def scored_report(student: str = "ada", score: float = 7.0, digest: str = "d1", **changes: object) -> ScoreReport:
    """Return a report with one question, which lost its only case."""
    lost = CaseResult("shape", "The shape is kept.", Status.FAILED, 0, 2, "wrong shape")
    asked = QuestionResult("f", score, 8, Status.FAILED, (lost,), ("g",), Diagnosis("n", "hint"))
    fields = {"student": student, "score": score, "digest": digest, "max_score": 8.0, "sandbox": ("bubblewrap",)}
    return report(asked, **{**DIGITS, **fields, "notes": ("cell 7",), **changes})


SHAPE, VALUE = case("shape", Status.PASSED), case("value", Status.PASSED)
WRONG = case("value", Status.FAILED, message="other numbers")
REJECTED: dict[str, Any] = {"status": "rejected", "score": 0.0, "questions": (), "notes": ("the file is empty",)}


def compared_report(student: str, *cases: CaseResult, **changes: object) -> ScoreReport:
    """Return a report with a question f of these cases, and a question g that is always right."""
    score = sum(one.points for one in cases)
    status = Status.PASSED if score == 4 else Status.FAILED
    first = QuestionResult("f", score, 4.0, status, cases)
    second = question("g", case("all", worth=1.0))
    return report(first, second, **{**DIGITS, "student": student, "sandbox": (), **changes})


ADA = ScoreReport(
    student="ada",
    file="digits.ipynb",
    digest="0123456789abcdef",
    assignment="digits",
    assignment_digest="fedcba9876543210",
    grader_version="1.0",
    status="graded",
    score=6.3,
    max_score=13,
    needs_review=False,
    sandbox=("bubblewrap", "no network"),
    questions=(
        QuestionResult(
            "sigmoid", 6, 6, Status.PASSED, (CaseResult("zero", "Zero gives a half.", Status.PASSED, 6, 6),)
        ),
        QuestionResult(
            "my_sequential",
            0.1 + 0.2,
            7,
            Status.FAILED,
            (
                CaseResult("depth", "Any depth works.", Status.TIMEOUT, 0, 4, "no answer after 10 s", "x (3, 1)"),
                CaseResult("order", "The first layer comes first.", Status.PASSED, 0.1 + 0.2, 3, "kept quiet"),
            ),
            lent=("my_dense",),
            diagnosis=Diagnosis("reversed", "It looks as if the layers run backwards."),
        ),
    ),
    notes=("handed in together with bob",),
    sandbox_notes=("cell 7: NameError",),
    seconds=0.21,
)
LOST = msgspec.structs.replace(
    ADA, student="eve", status="rejected", score=0, questions=(), sandbox=(), notes=("is empty",), sandbox_notes=()
)
