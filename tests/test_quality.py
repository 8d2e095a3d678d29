"""The hidden cases of the assignments are fit, and the page that says how fit is the one that is made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from grader.assignment import load

PAGES = {"digits": "assignment-quality.md", "practice_lab": "assignment-quality-practice_lab.md"}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make validate` writes of the smaller one; the figures stand beside it as JSON. Fails when it is unfit."""
    path = tmp_path_factory.mktemp("quality") / "page.md"
    folder = ROOT / "solutions" / "practice_lab"
    line = [sys.executable, "-m", "grader", "validate", str(folder), "--report", str(path), "--json"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    path.with_suffix(".json").write_text(done.stdout)
    return path


def test_the_page_is_what_the_cases_give(judged: Path) -> None:
    """Byte for byte; should it differ, `make validate` writes it. CI judges the larger one in the same way."""
    assert judged.read_bytes() == (ROOT / "docs" / PAGES["practice_lab"]).read_bytes()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_of_the_assignment_as_it_is(name: str) -> None:
    """No case, answer or solution has changed since `make validate`."""
    assert f"`{load(ROOT / 'solutions' / name).digest[:12]}`" in (ROOT / "docs" / PAGES[name]).read_text()


def test_every_assignment_has_a_page() -> None:
    """Whoever adds an assignment has its hidden cases judged too."""
    assert set(PAGES) == {path.parent.name for path in (ROOT / "solutions").glob("*/assignment.toml")}


def test_the_cases_are_judged_by_enough() -> None:
    """The figures of every question count what they say: known answers, mutants, and cases that kill them."""
    for name, most in {"digits": (80, 40), "practice_lab": (40, 20)}.items():
        page = (ROOT / "docs" / PAGES[name]).read_text()
        assert page.count(": 100 of 100\n") == page.count(": 0 of 100\n") == 2
        rows = [line.split(" | ") for line in page.partition("## Questions")[2].partition("##")[0].splitlines()]
        rows = [row for row in rows if " of " in row[-1] or any(" of " in cell for cell in row)]
        *questions, total = rows
        wrong, right = (int(total[column].split(" of ")[1]) for column in (3, 5))
        assert wrong >= most[0] and right >= most[1]
        assert int(total[4]) >= 0.9 * wrong
        assert len(questions) == len(load(ROOT / "solutions" / name).questions)
        for _, _, _, lost, _, passed, killed, equivalent, *_ in questions:
            assert lost.split(" of ")[0] == lost.split(" of ")[1] != "0"
            assert passed.split(" of ")[0] == passed.split(" of ")[1] != "0"
            killed, mutants = map(int, killed.split(" of "))
            assert killed == mutants - int(equivalent) > 0


def test_the_judgement_as_json_says_the_same(judged: Path) -> None:
    """Nothing that a program reads is missing from it."""
    quality = json.loads(judged.with_suffix(".json").read_text())
    assert [extreme["score"] for extreme in quality["extremes"]] == [100, 100, 0, 0]
    assert all(
        case["mutants"] + case["misconceptions"] for question in quality["questions"] for case in question["cases"]
    )
