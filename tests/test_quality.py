"""The hidden cases of the assignments are fit, and the page that says how fit is the one that is made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGE = ROOT / "docs" / "assignment-quality.md"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make validate` writes; the figures stand beside it as JSON. Fails when the cases are unfit."""
    path = tmp_path_factory.mktemp("quality") / "page.md"
    line = [
        sys.executable,
        "-m",
        "grader",
        "validate",
        str(ROOT / "solutions" / "digits"),
        "--report",
        str(path),
        "--json",
    ]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    path.with_suffix(".json").write_text(done.stdout)
    return path


def test_the_page_is_what_the_cases_give(page: Path) -> None:
    """Byte for byte; should it differ, `make validate` writes it."""
    assert page.read_bytes() == PAGE.read_bytes()


def test_the_cases_are_judged_by_enough(page: Path) -> None:
    """The figures of every question count what they say: known answers, mutants, and cases that kill them."""
    quality = json.loads(page.with_suffix(".json").read_text())
    assert [extreme["score"] for extreme in quality["extremes"]] == [100, 100, 0, 0]
    questions = quality["questions"]
    assert sum(question["misconceptions"] for question in questions) >= 80
    assert sum(question["alternatives"] for question in questions) >= 40
    for question in questions:
        assert question["misconceptions_lost"] == question["misconceptions"] > 0
        assert question["alternatives_passed"] == question["alternatives"] > 0
        assert question["killed"] == question["mutants"] - question["equivalent"] > 0
        assert all(case["mutants"] + case["misconceptions"] for case in question["cases"])
