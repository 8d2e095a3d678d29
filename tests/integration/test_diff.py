"""`grader diff` prints whose score changed, and why."""

from __future__ import annotations

import json
from pathlib import Path

from tests.factories import RIGHT
from tests.helpers.terminal import grader_in


def test_the_command_shows_whose_score_changed_and_why(tiny_folder: Path, tmp_path: Path) -> None:
    """After a case was mended: the students that it concerns, the question and the case; --json has the same."""

    def grader(*arguments: str) -> str:
        done = grader_in(tmp_path, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT)
    (folder / "bob.py").write_text(RIGHT.replace("2 * x", "2 * x + 1"))
    grader("grade", "class", "--assignment", str(tiny_folder))
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("close(student.double(0), 0)", "close(student.double(0), 0, atol=1)"))
    grader("grade", "class", "--assignment", str(tiny_folder))
    shown = " ".join(grader("diff", "out").replace("│", " ").split())
    assert "bob 2 / 5 -> 3 / 5 double 0 -> 1" in shown
    assert "Zero stays zero." in shown
    assert "ada" not in shown
    assert "1 changed, 1 the same" in shown
    (change,) = json.loads(grader("diff", "out", "1", "2", "--json"))["changed"]
    assert [one["name"] for question in change["questions"] for one in question["cases"]] == ["zero"]
    assert grader_in(tmp_path, "diff", "out", "1").returncode == 2
