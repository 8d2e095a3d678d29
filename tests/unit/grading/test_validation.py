"""What is wrong with hidden cases is told in one sentence, with the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.main import cli
from tests.factories import CASES, put

TOML, DOUBLE = "assignment.toml", "hidden/test_double.py"
IN_CASES = {
    "a case without points": (
        DOUBLE,
        "@pytest.mark.points(1)\n",
        "",
        f"{DOUBLE}:11: test_zero has no mark @pytest.mark.points",
    ),
    "one that needs nobody": (
        DOUBLE,
        "@pytest.mark.points(1)\n",
        '@pytest.mark.points(1, needs="test_number")\n',
        f"{DOUBLE}:11: test_zero needs 'test_number', but its question has no other case of that name",
    ),
    "one that needs itself": (
        DOUBLE,
        "@pytest.mark.points(1)\n",
        '@pytest.mark.points(1, needs="test_zero")\n',
        f"{DOUBLE}:11: test_zero needs 'test_zero', but its question has no other case of that name",
    ),
    "one without a sentence": (DOUBLE, '"""Zero stays zero."""', "", f"{DOUBLE}:11: test_zero has no docstring"),
    "points that don't add up": (TOML, "points = 3", "points = 4", f"{TOML}:10: double has 4 points, but its cases"),
    "a file without a case": (DOUBLE, CASES["double"], "x = 1", f"{DOUBLE}:1: there is no case in the file"),
    "no Python": (
        DOUBLE,
        "close(student.double(0), 0)",
        "close(",
        f"{DOUBLE}:14: pytest can't collect the file: SyntaxError",
    ),
    "a wrong import": (
        DOUBLE,
        "import close",
        "import clothes",
        f"{DOUBLE}:3: pytest can't collect the file: ImportError",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "told"), IN_CASES.values(), ids=IN_CASES)
def test_cases(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, told: str) -> None:
    """Before anything is written; as release, so do grade and validate (integration/test_assignment_errors.py)."""
    put(tiny_folder, file, old, new)
    monkeypatch.chdir(tiny_folder.parent)
    done = CliRunner().invoke(cli, ["release", "tiny", "--out", "given"])
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"grader: tiny/{told}")
    assert not (tiny_folder.parent / "given").exists()
