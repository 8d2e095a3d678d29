"""The bundle for PrairieLearn in a fresh root: the question, and the external grader in its image."""

from __future__ import annotations

import html.parser
import json
import os
import re
import uuid
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader import Grader, Submission, load_assignment
from grader.exports.gradescope import gradescope_results
from tests.factories import ENDLESS_DOUBLE, RIGHT, VARIANTS, tiny_assignment, with_student_file
from tests.helpers.platform_bundles import PRAIRIELEARN_SCHEMA, PrairieLearnRoot, secrets_of

pytestmark = pytest.mark.skipif(
    os.getuid() != 0, reason="the platform runs its grader as root, and only root can make such a folder"
)
SPY = """
import os

def double(x):
    opened = [f"user {os.getuid()}"]
    for path in ("/grade/tests/assignment/tiny/hidden/test_double.py", "/grade/tests/bundle.json",
                 "/grade/data/data.json",
                 "/grade/tests/assignment/tiny/tiny.ipynb", "/grade/student/tiny.py", "/grade/tests/cache"):
        try:
            os.listdir(path) if path.endswith("cache") else open(path).close()
            opened.append(path)
        except OSError:
            pass
    raise ValueError("; ".join(opened))
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> PrairieLearnRoot:
    """A container of PrairieLearn for the tiny assignment."""
    room = tmp_path_factory.mktemp("prairielearn")
    return PrairieLearnRoot.with_bundle(
        with_student_file(tiny_assignment(room)), room, "--image", "example/tiny:1", "--minutes", 4
    )


def test_the_question_is_as_prairielearn_reads_it(job: PrairieLearnRoot) -> None:
    """info.json, elements that exist, a zip for students without an answer, and an image without an assignment."""
    info = json.loads((job.question / "info.json").read_text())
    assert uuid.UUID(info["uuid"])
    assert (info["title"], info["type"], info["gradingMethod"]) == ("Two functions", "v3", "External")
    options = info["externalGradingOptions"]
    assert options["enableNetworking"] is False
    assert (options["image"], options["timeout"]) == ("example/tiny:1", 240)
    page = (job.question / "question.html").read_text()
    parser = html.parser.HTMLParser()
    parser.feed(page)
    assert set(re.findall(r"<(pl-[a-z-]+)", page)) == {
        *("pl-question-panel", "pl-submission-panel", "pl-file-download", "pl-file-upload"),
        *("pl-external-grader-results", "pl-file-preview"),
    }
    hidden = secrets_of(load_assignment(job.question / "tests" / "assignment" / "tiny"))
    with zipfile.ZipFile(job.question / "clientFilesQuestion" / "tiny.zip") as archive:
        assert {"tiny.ipynb", "tiny.py", "note.txt"} == set(archive.namelist())
        given = "".join(archive.read(name).decode() for name in archive.namelist())
    image = job.folder.parent / "course" / "image"
    own = [path.read_text() for path in image.iterdir() if path.is_file() and path.suffix != ".whl"]
    for text in (given, page, json.dumps(info), *own):
        assert not [secret for secret in hidden if secret in text]


@pytest.mark.parametrize(
    "code", [pytest.param(RIGHT, id="right", marks=pytest.mark.long), pytest.param(VARIANTS[1], id="wrong")]
)
def test_results_are_those_of_the_grader(code: str, job: PrairieLearnRoot, tmp_path: Path) -> None:
    """A share between 0 and 1, and a test for each case with its points and its words."""
    found, printed = job.grade({"tiny.py": code.encode()})
    jsonschema.validate(found, PRAIRIELEARN_SCHEMA)
    with Grader(load_assignment(tiny_assignment(tmp_path)), workers=1) as grader:
        report = grader.grade(Submission.from_bytes("submission", "tiny.py", code.encode()))
    assert found["score"] == report.score / report.max_score, printed
    wanted: list[dict[str, Any]] = gradescope_results(report)["tests"]
    assert [(one["name"], one["points"], one["output"]) for one in found["tests"]] == [
        (one["name"], one["score"], one["output"]) for one in wanted
    ]
    assert "Graded at the sandbox level process." in found["output"]
    hidden = secrets_of(load_assignment(job.question / "tests" / "assignment" / "tiny"))
    assert not [secret for secret in hidden if secret in json.dumps(found) + printed]


def test_what_cannot_be_read_costs_no_attempt(job: PrairieLearnRoot) -> None:
    found, _ = job.grade({"tiny.ipynb": b"no notebook"})
    jsonschema.validate(found, PRAIRIELEARN_SCHEMA)
    assert found["gradable"] is False
    assert "isn't a notebook" in found["format_errors"][0]


def test_a_fault_of_the_grader_costs_no_attempt(job: PrairieLearnRoot) -> None:
    """The student reads that, and no path of the container."""
    (job.question / "tests" / "bundle.json").rename(job.question / "kept.json")
    try:
        found, printed = job.grade({"tiny.py": RIGHT.encode()})
    finally:
        (job.question / "kept.json").rename(job.question / "tests" / "bundle.json")
    assert found["gradable"] is False
    assert "costs no attempt" in found["format_errors"][0]
    assert "/grade/tests" not in json.dumps(found)
    assert "Traceback" not in printed


def test_a_submission_without_end_gets_a_result(job: PrairieLearnRoot) -> None:
    found, printed = job.grade({"tiny.py": ENDLESS_DOUBLE.encode()})
    assert found["score"] == 0.4, printed
    assert "ran out of time" in json.dumps(found)


def test_a_submission_is_another_user_and_opens_nothing_of_the_course(job: PrairieLearnRoot) -> None:
    found, printed = job.grade({"tiny.py": SPY.encode()})
    assert "user 65533" in json.dumps(found), printed
    assert "/grade/" not in json.dumps(found)
