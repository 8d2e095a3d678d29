"""Every command tells what is wrong with an assignment in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.main import cli
from tests.factories import CASES, RIGHT, SOLUTION, notebook, put

TOML, WRONG = "assignment.toml", "misconceptions.py"
DOUBLE = "hidden/test_double.py"
IN_CASES = {
    "a case without points": (DOUBLE, "@pytest.mark.points(1)\n", "", f"{DOUBLE}:11: test_zero needs a mark"),
    "one that needs nobody": (
        DOUBLE,
        "@pytest.mark.points(1)\n",
        '@pytest.mark.points(1, needs="test_number")\n',
        f"{DOUBLE}:11: test_zero needs 'test_number', which is no other case of the same question",
    ),
    "one that needs itself": (
        DOUBLE,
        "@pytest.mark.points(1)\n",
        '@pytest.mark.points(1, needs="test_zero")\n',
        f"{DOUBLE}:11: test_zero needs 'test_zero', which is no other case of the same question",
    ),
    "one without a sentence": (DOUBLE, '"""Zero stays zero."""', "", f"{DOUBLE}:11: test_zero needs a docstring"),
    "points that don't add up": (TOML, "points = 3", "points = 4", f"{TOML}:10: double has 4 points, and its cases"),
    "a file without a case": (DOUBLE, CASES["double"], "x = 1", f"{DOUBLE}:1: there is no case in it"),
    "no Python": (DOUBLE, "close(student.double(0), 0)", "close(", f"{DOUBLE}:14: the file can't be run: SyntaxError"),
    "a wrong import": (DOUBLE, "import close", "import clothes", f"{DOUBLE}:3: the file can't be run: ImportError"),
}


@pytest.mark.parametrize(("file", "old", "new", "told"), IN_CASES.values(), ids=IN_CASES)
def test_cases(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, told: str) -> None:
    """Before anything is written; as release, so do grade and validate (below)."""
    put(tiny_folder, file, old, new)
    monkeypatch.chdir(tiny_folder.parent)
    done = CliRunner().invoke(cli, ["release", "tiny", "--out", "given"])
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"grader: tiny/{told}")
    assert not (tiny_folder.parent / "given").exists()


def test_every_command_tells(tiny_folder: Path) -> None:
    """Cases and known answers are looked at before anything is graded, with the same sentences."""
    (tiny_folder.parent / "ada.py").write_text(RIGHT)
    put(tiny_folder, DOUBLE, "@pytest.mark.points(1)\n", "")
    done = grader("grade", "ada.py", "--assignment", "tiny", "--jobs", "1", cwd=tiny_folder.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(f"grader: tiny/{DOUBLE}:11: test_zero needs a mark")
    (tiny_folder / WRONG).write_text('@wrong("double")\ndef one(x): pass\n')
    for command in (
        ["grade", "ada.py", "--assignment", "tiny"],
        ["validate", "tiny"],
        ["release", "tiny", "--out", "x"],
    ):
        done = grader(*command, cwd=tiny_folder.parent)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines()[-1].startswith(f"grader: tiny/{WRONG}:2: one has no hint")


def test_a_release_names_the_notebook_and_the_cell(tiny_folder: Path) -> None:
    """What is wrong with a mark is told with the cell that it stands in."""
    (tiny_folder / "tiny.ipynb").write_text(notebook([SOLUTION.replace("    ### END SOLUTION\n", "", 1)]))
    done = grader("release", "tiny", "--out", "given", cwd=tiny_folder.parent)
    assert done.returncode == 2
    assert done.stderr.startswith("grader: tiny/tiny.ipynb, cell c0: ")


def grader(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "grader", *arguments], cwd=cwd, capture_output=True, text=True)
