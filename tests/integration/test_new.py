"""`grader new` makes an assignment that works as it is, and overwrites nothing."""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
from pathlib import Path

import pytest

from grader.authoring.scaffold import ScaffoldError, check_name, create_assignment
from tests.helpers.terminal import grader_in


def grader(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return grader_in(cwd, *arguments)


def test_a_new_assignment_works_at_once(tmp_path: Path) -> None:
    """The commands that it prints release it, grade its solution with everything, and find its cases fit."""
    done = grader("new", "first_lab", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    files, commands = done.stdout.split("\nNext:\n")
    assert all((tmp_path / line).is_file() for line in files.splitlines())
    release, grade, validate = map(shlex.split, commands.strip().splitlines())
    for _, *line in (release, grade):
        done = grader(*line, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "out/first_lab/scores.csv").open(newline="", encoding="utf-8-sig")))
    assert [(row["score"], row["max_score"]) for row in rows] == [("10.0", "10.0")]
    with (tmp_path / "solutions/first_lab/assignment.toml").open("a") as file:
        file.write("\n[limits]\nmemory_mb = 200\n")  # one mutant fills its memory twice
    done = grader(*validate[1:], "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    quality = json.loads(done.stdout)
    assert quality["problems"] == [] and quality["equivalent"] == []
    (question,) = quality["questions"]
    assert question["killed"] == question["mutants"] - 1 > 20  # one writes into arrays, and here a list comes
    assert question["named"] == question["misconceptions"] == 2
    assert question["alternatives_passed"] == question["alternatives"] == 1


def test_each_has_a_secret_and_a_name_of_its_own(tmp_path: Path) -> None:
    """Nothing of the starter's placeholders is left."""
    texts = []
    for name in ("one_lab", "other_lab"):
        texts.append("".join(path.read_text() for path in create_assignment(name, tmp_path)))
        assert "THE_" not in texts[-1]
        assert name in texts[-1]
    secrets = {line for text in texts for line in text.splitlines() if line.startswith("secret")}
    assert len(secrets) == 2


def test_it_goes_where_it_is_told_to(tmp_path: Path) -> None:
    """Below --out, or there where --out has the name already."""
    assert grader("new", "my_lab", "--out", "labs", cwd=tmp_path).returncode == 0
    assert grader("new", "my_lab", "--out", "others/my_lab", cwd=tmp_path).returncode == 0
    assert (tmp_path / "labs/my_lab/my_lab.ipynb").is_file()
    assert (tmp_path / "others/my_lab/my_lab.ipynb").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """What is there stays, whatever it is; the sentence names it, with exit code 2."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "my_lab").write_text("my diary")
    (tmp_path / "solutions" / "gone").symlink_to("nowhere")
    for name in ("my_lab", "gone"):
        done = grader("new", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"grader: solutions/{name} exists")
    assert (tmp_path / "solutions" / "my_lab").read_text() == "my diary"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("my-lab", "because its module has it too"),
        ("1st", "because its module has it too"),
        ("", "because its module has it too"),
        ("../up", "because its module has it too"),
        ("class", "no keyword of Python"),
        ("_private", "a letter first"),
        ("statistics", "standard library"),
        ("numpy", "an installed module"),
        ("grader", "an installed module"),
    ],
)
def test_a_name_that_is_not_fit_is_one_sentence(tmp_path: Path, name: str, why: str) -> None:
    """No module could have it, or another one has it; nothing is made."""
    with pytest.raises(ScaffoldError, match=why) as problem:
        create_assignment(name, tmp_path)
    assert len(str(problem.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_the_same_name_is_no_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies about in the current folder hides nothing from students."""
    (tmp_path / "my_lab").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    check_name("my_lab")


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    """With the place and the reason."""
    (tmp_path / "labs").write_text("a file")
    with pytest.raises(ScaffoldError, match=r"labs/my_lab can't be created: Not a directory"):
        create_assignment("my_lab", tmp_path / "labs")
