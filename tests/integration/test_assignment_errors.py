"""Every command tells what is wrong with an assignment in one sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.factories import RIGHT, SOLUTION, notebook, put
from tests.helpers.terminal import grader_in

WRONG = "misconceptions.py"
DOUBLE = "hidden/test_double.py"


def test_every_command_tells(tiny_folder: Path) -> None:
    """Cases and known answers are looked at before anything is graded, with the same sentences."""
    (tiny_folder.parent / "ada.py").write_text(RIGHT)
    put(tiny_folder, DOUBLE, "@pytest.mark.points(1)\n", "")
    done = grader("grade", "ada.py", "--assignment", "tiny", "--jobs", "1", cwd=tiny_folder.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(
        f"grader: tiny/{DOUBLE}:11: test_zero has no mark @pytest.mark.points"
    )
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
    return grader_in(cwd, *arguments)
