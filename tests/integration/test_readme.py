"""What the README shows is what happens: its commands are run, and its blocks are compared with the real thing."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.assignments.loader import load
from grader.grading import scoring
from grader.models import Submission
from tests.factories import ROOT
from tests.helpers.sample_class import CLASS, EXPECTED, check_report

README = (ROOT / "README.md").read_text()
BLOCKS = dict(re.findall(r"<!-- (.+?) -->\n```\w*\n(.*?)```\n", README, re.DOTALL))


def commands_of(page: Path) -> list[str]:
    """The lines of a page that are to be typed."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return re.findall(r"^    (\S.*?)(?: {2,}#.*)?$", prose, re.MULTILINE)


COMMANDS = commands_of(ROOT / "README.md")
ENVIRONMENT = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}


def run(command: str) -> str:
    if " watch " in command:
        return watched(command)
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def watched(command: str) -> str:
    """Run a command that goes on until Ctrl-C, which comes as soon as it says so."""
    with subprocess.Popen(
        shlex.split(command), cwd=ROOT, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as watching:
        assert watching.stdout
        first = watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        rest = watching.stdout.read()
    assert "Ctrl-C ends it" in first
    assert watching.returncode in (0, 130), rest
    return first + rest


@pytest.mark.long  # so is what else looks at the results of `make grade`: 30 s of processor time
def test_make_grade_prints_what_the_readme_shows(graded: tuple[str, Path]) -> None:
    """The table with the twelve scores and the lines below it."""
    output, _ = graded
    assert output[output.index("┏") :] == BLOCKS["output of: make grade"]


@pytest.mark.long
def test_the_report_is_the_one_that_the_readme_shows(graded: tuple[str, Path]) -> None:
    """The excerpt stands in the report of that student as it is."""
    _, out = graded
    assert BLOCKS["from: out/reports/student-02.md"] in (out / "reports" / "student-02.md").read_text()


@pytest.mark.parametrize("file", ["hidden/test_gradient_step.py", "misconceptions.py"])
def test_an_example_stands_in_the_file_that_it_names(file: str) -> None:
    """The example of a case, and that of a known mistake, are copied."""
    name = f"solutions/digits/{file}"
    assert BLOCKS[f"from: {name}"] in (ROOT / name).read_text()


def test_make_prints_the_list_of_targets() -> None:
    """`make` alone is the help that the README shows, and every target of the README is in it."""
    assert run("make --no-print-directory") == BLOCKS["output of: make"]
    for target in re.findall(r"\bmake ([a-z]+)\b", "\n".join(COMMANDS)):
        assert f"make {target} " in BLOCKS["output of: make"]


@pytest.fixture(scope="module")
def own(graded: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the results, which commands may change."""
    return shutil.copytree(graded[1], tmp_path_factory.mktemp("readme") / "out")


# All questions need TensorFlow, whose start takes most of the time.
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["one question", "whole"])
def test_every_command_of_the_readme_is_run(tmp_path: Path, whole: bool) -> None:
    """Each works as it stands, with a student of the sample class for a folder of submissions.

    But for `make test`, which is what runs here, `make validate`, which test_quality_pages.py looks at, and
    `make grade`, whose output the first test compares.
    """
    assert "make grade" in COMMANDS
    assert "make test" in COMMANDS
    assert "make validate" in COMMANDS
    for command in COMMANDS:
        if command not in ("make grade", "make test", "make validate"):
            one = command.replace("submissions/", str(CLASS / "student-07.py"))
            one = one.replace("--out out", f"--out {tmp_path}")
            run(one if whole or " grade " not in one else f"{one} --question gradient_step")
    if whole:
        check_report(tmp_path / "reports", "student-07")  # who made known mistakes
    else:
        (question,) = json.loads((tmp_path / "reports" / "student-07.json").read_text())["questions"]
        assert [question["status"], question["score"]] == EXPECTED["student-07"]["lost"]["gradient_step"]


@pytest.mark.long
def test_every_command_of_the_guide_for_instructors_is_run(own: Path) -> None:
    """One after another, as they stand there, on the sample class that `make grade` has graded."""
    commands = [command for command in commands_of(ROOT / "docs" / "instructors.md") if "make" not in command]
    assert len(commands) > 5
    for command in commands:
        one = command.replace("submissions/", "tests/corpus/sample_class").replace("--jobs N", "--jobs 1")
        one = re.sub(r"\b(course\.sqlite|restored)\b", str(own.parent / r"\1"), one)
        run(re.sub(r"(?<!-)\bout\b", str(own), one))
    for file in (
        "index.html",
        "diff.html",
        "similar.html",
        "reports/student-02.html",
        "reports/student-02.notebook.html",
    ):
        assert (own / file).stat().st_size > 1000, file


def test_the_reporter_of_the_guide_for_developers_works() -> None:
    """The example is a reporter as the others are."""
    (example,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "developers.md").read_text(), re.DOTALL)
        if "def render" in block
    ]
    space: dict[str, Any] = {}
    exec(example, space)
    report = scoring.rejected_report(load(ROOT / "solutions" / "digits"), Submission("ada", "ada.py", b"", ""), "empty")
    assert space["render"](report) == b"0 of 100\n"


@pytest.mark.long
def test_the_program_of_the_readme_grades(tmp_path: Path) -> None:
    """It prints the score of the untouched notebook, and then those of a class: here two modules of the sample class,
    which `make grade` grades as a whole."""
    for student in ("student-04", "student-07"):
        shutil.copy(CLASS / f"{student}.py", tmp_path)
    (example,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
        if "import Grader" in block
    ]
    assert '"tests/corpus/sample_class"' in example
    program = example.replace('"tests/corpus/sample_class"', repr(str(tmp_path)))
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    first, *others = done.stdout.splitlines()
    assert first == "ada: 0 of 100"
    scores = {name: f"{EXPECTED[name]['score']:g}" for name in ("student-04", "student-07")}
    assert {line.split()[0][:-1]: line.split()[1] for line in others} == scores


def test_links_of_the_documents_lead_somewhere() -> None:
    """Every relative link of the README and of docs/ names a file or folder that is there."""
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            found = page.parent / target
            there = found.exists() if page.name == "README.md" else found.is_file()  # the site has no folders
            assert target.startswith("https://") or there, f"{page}: {target}"
