"""The benchmark: its class is what it says, and a small run gives tables of the right form. Nothing is timed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import classroom
from benchmarks.peer_room import Room, fill_kit
from grader.models import Assignment
from tests.factories import ROOT


def test_a_class_is_the_same_for_the_same_seed_and_no_two_submissions_are_alike(tmp_path: Path) -> None:
    """Nothing could be graded once and counted twice, and a run can be repeated."""
    first, again = (classroom.make(tmp_path / name, 40) for name in ("first", "again"))
    texts = [member.path.read_bytes() for member in first]
    assert texts == [member.path.read_bytes() for member in again]
    assert len(set(texts)) == 40
    assert {member.kind for member in first} == set(classroom.KINDS)


def test_notebooks_are_filled_in_and_keep_the_cells_that_train(tmp_path: Path) -> None:
    """Right ones have no stub left, unfinished ones have; all train a model and hold pictures."""
    members = {member.kind: member.path.read_text() for member in classroom.make(tmp_path, 20)}
    assert "NotImplementedError" not in members["right"]
    assert "NotImplementedError" in members["unfinished"]
    assert all("model.fit(" in text and "image/png" in text for text in members.values())


def test_each_fifth_submission_loops_where_loops_are_wanted(tmp_path: Path) -> None:
    """20 % of the class never end."""
    members = classroom.make(tmp_path, 20, looping=True)
    looping = [member for member in members if member.kind == "looping"]
    assert len(looping) == 4
    assert all("while True" in member.path.read_text() for member in looping)


def test_every_style_answers_every_question() -> None:
    """The styles can be mixed at will."""
    styles = [set(classroom.written(style)) for style in (*classroom.RIGHT, *classroom.WRONG)]
    assert all(style == styles[0] for style in styles)


def test_the_peers_get_all_that_the_hidden_cases_import(digits: Assignment, tmp_path: Path) -> None:
    """Their venvs don't have the grader."""
    room = Room(tmp_path, tmp_path, digits, [], 1)
    fill_kit(room)
    program = (
        f"import sys; sys.path.insert(0, {str(room.kit)!r}); import bench_checks, grader.checks, pathlib; "
        "cases = bench_checks.Checks(pathlib.Path('hidden'), None).cases; print(len(cases), grader.checks.__file__)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=room.kit, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [str(len(digits.questions)), str(room.kit / "grader" / "checks.py")]


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the class alone, with six notebooks, and none of the peers."""
    out = tmp_path_factory.mktemp("bench")
    options = ["--no-peers", "--size", "6", "--runs", "1", "--scenario", "class", "--out", str(out)]
    subprocess.run([sys.executable, "benchmarks/bench.py", *options], cwd=ROOT, check=True, timeout=120)
    return out


@pytest.mark.long
def test_the_floor_does_the_same_work_as_the_grader(small_run: Path) -> None:
    """Both give every submission the same points in every question."""
    found = json.loads((small_run / "results.json").read_text())["class"]
    assert found["same_points"] == {"same": 6, "different": 0, "no result from the floor": 0}
    assert [row["label"] for row in found["rows"]] == ["grader", "floor"]
    assert all(row["submissions"] == 6 and row["cpu_per_submission"] > 0 for row in found["rows"])


@pytest.mark.long
def test_tables_and_chart_are_written(small_run: Path) -> None:
    """The README gets a table with a line for each row, and says where the figures are from; the chart is SVG."""
    text = (small_run / "README.md").read_text()
    assert re.search(r"^\| grader \| 6 \|( [\d.,]+ \|){4} 1\.00 \| 1\.00 \|$", text, re.MULTILINE)
    assert re.search(r"^\| floor \| 6 \|( [\d.,]+ \|){6}$", text, re.MULTILINE)
    assert "--no-peers --size 6" in text
    assert (small_run / "chart.svg").read_text().startswith("<?xml")


@pytest.mark.long
def test_the_portal_is_measured(tmp_path: Path) -> None:
    """One submission after another, and the pages of a store; the README gets a line for each."""
    options = ["--part", "latency", "--single", "2", "--part", "store", "--submissions", "400", "--students", "20"]
    command = [sys.executable, "benchmarks/bench_serve.py", *options, "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    text = (tmp_path / "README.md").read_text()
    assert re.search(r"^\| NumPy questions \|( \d+\.\d\d / \d+\.\d\d \|){6}$", text, re.MULTILINE)
    assert re.search(r"^\| `/assignments/digits/class` \| instructor \|( \d+ \|){3}$", text, re.MULTILINE)
    assert re.search(r"^\| `/submissions/ID/report.html` \| student \|( \d+ \|){3}$", text, re.MULTILINE)
    assert "400 submissions of 20 students" in text
