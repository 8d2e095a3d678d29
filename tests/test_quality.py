"""The hidden cases of the assignments are fit, and the page that says how fit is the one that is made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = {"digits": "assignment-quality.md", "practice_lab": "assignment-quality-practice_lab.md"}


@pytest.fixture(scope="module", params=PAGES)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """An assignment, and what `make validate` writes; the figures stand beside it as JSON. Fails when it is unfit."""
    path = tmp_path_factory.mktemp("quality") / "page.md"
    folder = ROOT / "solutions" / request.param
    line = [sys.executable, "-m", "grader", "validate", str(folder), "--report", str(path), "--json"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    path.with_suffix(".json").write_text(done.stdout)
    return request.param, path


def test_the_page_is_what_the_cases_give(judged: tuple[str, Path]) -> None:
    """Byte for byte; should it differ, `make validate` writes it."""
    name, page = judged
    assert page.read_bytes() == (ROOT / "docs" / PAGES[name]).read_bytes()


def test_every_assignment_has_a_page() -> None:
    """Whoever adds an assignment has its hidden cases judged too."""
    assert set(PAGES) == {path.parent.name for path in (ROOT / "solutions").glob("*/assignment.toml")}


def test_the_cases_are_judged_by_enough(judged: tuple[str, Path]) -> None:
    """The figures of every question count what they say: known answers, mutants, and cases that kill them."""
    name, page = judged
    quality = json.loads(page.with_suffix(".json").read_text())
    assert [extreme["score"] for extreme in quality["extremes"]] == [100, 100, 0, 0]
    questions = quality["questions"]
    if name == "digits":
        assert sum(question["misconceptions"] for question in questions) >= 80
        assert sum(question["alternatives"] for question in questions) >= 40
    for question in questions:
        assert question["misconceptions_lost"] == question["misconceptions"] > 0
        assert question["misconceptions"] >= question["named"] > 0
        assert question["alternatives_passed"] == question["alternatives"] > 0
        assert question["killed"] == question["mutants"] - question["equivalent"] > 0
        assert all(case["mutants"] + case["misconceptions"] for case in question["cases"])
