"""The corpus and the sample class, uploaded to one server: verdicts and reports are those of the command."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from grader.assignments.loader import load
from grader.models import ScoreReport
from tests.factories import ROOT
from tests.helpers import corpus_reader as zoo
from tests.helpers import sample_course
from tests.helpers.commands import ENVIRONMENT
from tests.helpers.served import GRADER, Served

SAMPLES = {sample.name: sample for sample in zoo.samples()}
MAX_SECONDS = 3600
LIMITS = "[limits]\nload_seconds = 20\ncall_seconds = 3\ntotal_seconds = 60\n"  # endless ones need not wait longer


class Reports(NamedTuple):
    """Reports by student: of the portal's API, and of the command."""

    portal: dict[str, ScoreReport]
    command: dict[str, ScoreReport]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """Everybody's, of the same files."""
    folder = tmp_path_factory.mktemp("corpus")
    assignment = Path(shutil.copytree(ROOT / "solutions" / "digits", folder / "digits"))
    settings = assignment / "assignment.toml"
    text = settings.read_text()
    assert "[limits]" not in text
    settings.write_text(re.sub(r"^(?=\[)", f"{LIMITS}\n", text, count=1, flags=re.MULTILINE))
    files = write_files(folder / "class", assignment)
    return Reports(by_portal(folder, assignment, files), by_command(folder, assignment))


def write_files(folder: Path, assignment: Path) -> dict[str, Path]:
    """One file for each sample, and for each student of the sample class."""
    folder.mkdir()
    loaded = load(assignment)
    found = {}
    for name, sample in SAMPLES.items():
        ending, content = sample.upload(loaded)
        found[name] = folder / f"{name}{ending}"
        found[name].write_bytes(content)
    for name, (file, content) in sample_course.handed_in().items():
        found[name] = folder / file
        found[name].write_bytes(content)
    return found


def by_portal(folder: Path, assignment: Path, files: dict[str, Path]) -> dict[str, ScoreReport]:
    course = Served(folder, assignment)
    try:
        course.start("--jobs", "2")
        course.load(list(files))
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda id: course.hand_in(id, files[id].read_bytes(), files[id].name), files))
        end = time.monotonic() + MAX_SECONDS
        while not course.ended():
            assert time.monotonic() < end, "the server hasn't graded them all"
            time.sleep(1)
        found = {}
        for id, answer in zip(files, answers, strict=True):
            report = course.get(id, f"/api/v1/submissions/{answer['id']}/report")
            found[id] = msgspec.json.decode(report.content, type=ScoreReport)
        course.check()
    finally:
        course.end_all()
    return found


def by_command(folder: Path, assignment: Path) -> dict[str, ScoreReport]:
    words = [*GRADER, "grade", str(folder / "class"), "--assignment", str(assignment), "--out", str(folder / "out")]
    subprocess.run([*words, "--jobs", "2", "--no-pages"], env=ENVIRONMENT, check=True, capture_output=True)
    paths = (folder / "out" / "reports").glob("*.json")
    return {path.stem: msgspec.json.decode(path.read_bytes(), type=ScoreReport) for path in paths}


@pytest.mark.long
@pytest.mark.timeout(MAX_SECONDS)  # everything is graded twice
def test_the_reports_of_the_portal_are_those_of_the_command(reports: Reports) -> None:
    """All of them, but for measurements."""
    assert reports.portal.keys() == reports.command.keys()
    assert len(reports.portal) == len(SAMPLES) + 12
    different = [id for id, one in reports.portal.items() if one.untimed() != reports.command[id].untimed()]
    assert different == []


@pytest.mark.long
def test_every_sample_gets_its_verdict_through_the_portal(reports: Reports) -> None:
    """Status and points of every question are those in the head of the sample."""
    assignment = load(ROOT / "solutions" / "digits")
    for name, sample in SAMPLES.items():
        zoo.check(sample, reports.portal[name], sample.wanted(assignment))
