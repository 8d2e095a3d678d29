"""The command on a terminal: colours, a class from Canvas and back, and scripts for the Tab key."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.gradebook.store import Gradebook
from tests.factories import BASIS, RIGHT, ROOT, scored_report
from tests.helpers.terminal import COLOUR, grader, grader_in


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where one student's report is kept."""
    with Gradebook.open(tmp_path / "out" / "gradebook.sqlite") as book:
        run = book.new_run(BASIS, 1)
        book.add(run, scored_report("Ada Lovelace_12345"), "")
        book.finish_run(run)
    return tmp_path / "out"


@pytest.mark.parametrize(("value", "coloured"), [(None, True), ("1", False)])
def test_the_command_asks_the_environment(out: Path, value: str | None, coloured: bool) -> None:
    """On a real terminal, which a pseudo-terminal is to the command."""
    ours, theirs = os.openpty()
    environment = {name: content for name, content in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "80", **({"NO_COLOR": value} if value else {})}
    command = [sys.executable, "-m", "grader", "show", str(out), "ada lovelace"]
    done = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment, cwd=ROOT)
    os.close(theirs)
    content = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux tells that the other end is closed
            break
        if not chunk:
            break
        content += chunk
    os.close(ours)
    assert done.wait() == 0
    assert bool(COLOUR.search(content.decode())) == coloured
    assert "Ada Lovelace_12345: 7 / 8" in content.decode()


def test_a_class_from_canvas_and_back(tiny_folder: Path, tmp_path: Path) -> None:
    """The download is graded, late marks are shown, JSON is all that stdout has, and the grades go back by id."""
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("lovelaceada_LATE_12345_678910_tiny.py", RIGHT)
        archive.writestr("babbagecharles_12346_678911_tiny.py", RIGHT.replace("2 * x", "x"))
        archive.writestr("babbagecharles_12346_678919_tiny-1.py", RIGHT)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "tiny (77)"]
    with (tmp_path / "canvas.csv").open("w", newline="") as stream:
        rows = [["Lovelace, Ada", "12345", "", "ada", "1", ""], ["Babbage, Charles", "12346", "", "cb", "1", ""]]
        csv.writer(stream).writerows([header, *rows])

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        done = grader_in(tmp_path, *arguments, COLUMNS="100")
        assert done.returncode == 0, done.stderr
        return done

    unsaid = run("grade", "submissions.zip", "--assignment", tiny_folder, "--out", "unsaid", "--json", "--jobs", 1)
    assert [one["student"] for one in json.loads(unsaid.stdout)["students"]] == ["submissions"]
    assert "if it is a class from Canvas, grade it with --as-platform canvas\n" in unsaid.stderr
    said = ("grade", "submissions.zip", "--as-platform", "canvas", "--assignment", tiny_folder)
    first = run(*said, "--json", "--jobs", 1)
    result = json.loads(first.stdout)
    assert [(one["student"], one["id"], one["score"], one["late"]) for one in result.pop("students")] == [
        ("babbagecharles_12346", "12346", 5, False),
        ("lovelaceada_12345", "12345", 5, True),
    ]
    assert result == {
        **{"assignment": "tiny", "run": 1, "graded": 2, "rejected": 0, "review": 0, "reused": 0},
        **{"mean": 5.0, "reports": "out/reports"},
    }
    assert "2/2" in first.stderr
    again = run(*said)
    assert "lovelaceada_12345 (late)" in again.stdout
    assert "It was handed in late." in (tmp_path / "out/reports/lovelaceada_12345.md").read_text()
    scores = (tmp_path / "out/scores.csv").open(newline="", encoding="utf-8-sig")
    with scores:
        assert [row["late"] for row in csv.DictReader(scores)] == ["false", "true"]
    run("export", "out", "--to", "canvas", "--roster", "canvas.csv")
    back = list(csv.reader((tmp_path / "out/exports/canvas.csv").open(newline="")))
    assert back == [header, ["Points Possible", *[""] * 4, "5"], [*rows[0][:5], "5"], [*rows[1][:5], "5"]]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    """For each shell, with the program's name; where the shell is here, it takes the script."""
    done = grader("completion", shell)
    assert done.exit_code == 0
    assert "_GRADER_COMPLETE" in done.stdout and "grader" in done.stdout
    if found := shutil.which(shell):
        subprocess.run([found, "-n"], input=done.stdout, text=True, check=True)
