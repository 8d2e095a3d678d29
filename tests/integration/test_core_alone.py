"""Without the extras, grading to JSON, Markdown and CSV works, and all else says what it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader._util.extras import EXTRAS
from tests.helpers.command_process import ROOT, CommandProcess

ABSENT = sorted({module for modules in EXTRAS.values() for module in modules} - {"yaml"})
HIDE = f"import sys; sys.modules.update(dict.fromkeys({ABSENT}))"  # None: there is no such module
RUN_EACH = "from tests.helpers.command_process import run_each; run_each()"
RIGHT = "def double(x): return 2 * x\ndef quadruple(x): return double(double(x))\n"
IMPORT_ALL = """
import importlib, pkgutil, grader
for found in pkgutil.walk_packages(grader.__path__, "grader."):
    if found.name.startswith(OWN) and found.name not in WITHOUT:
        continue
    importlib.import_module(found.name)
    print(found.name)
"""
OWN = (
    "grader.reports.html.",
    "grader.execution.dask.",
    "grader.authoring.release_pipeline",
    "grader.server.",
    "grader.gradebook.migration",  # and the revisions: Alembic brings markupsafe, which is hidden here
)
WITHOUT = ("grader.reports.html.page_queue", "grader.execution.dask.address")  # of these, what others import


@pytest.fixture(scope="module")
def core() -> Iterator[CommandProcess]:
    """The commands where nothing of an extra is installed."""
    with CommandProcess([sys.executable, "-c", f"{HIDE}; {RUN_EACH}"]) as made:
        yield made


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A right submission."""
    path = tmp_path / "ada.py"
    path.write_text(RIGHT)
    return path


def test_modules_can_be_imported_without_the_extras() -> None:
    """All but those that make pages or speak with Dask."""
    code = f"{HIDE}\nOWN, WITHOUT = {OWN}, {WITHOUT}\n{IMPORT_ALL}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"grader.api", "grader.cli.commands.similar", *WITHOUT} <= set(done.stdout.split())


def test_grading_writes_all_but_pages(core: CommandProcess, tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """It says why there are none."""
    out = tmp_path / "out"
    done = core.grader("grade", handed_in, "--assignment", tiny_folder, "--out", out, "--json", "--jobs", 1)
    assert done.returncode == 0, done.stderr
    assert "no pages are written: HTML needs jinja2, latex2mathml, markupsafe, mistune and nh3" in done.stderr
    assert "pip install 'grader[html]'" in done.stderr
    assert json.loads(done.stdout)["mean"] == 5
    assert {path.name for path in (out / "reports").iterdir()} == {"ada.json", "ada.md"}
    assert (out / "scores.csv").exists()
    assert not (out / "index.html").exists()


def test_pages_that_are_asked_for(core: CommandProcess, tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """Nothing is graded without them. Where they are refused, nobody is told of an extra: see below."""
    command = ("grade", handed_in, "--assignment", tiny_folder, "--out", tmp_path / "out")
    done = core.grader(*command, "--pages")
    assert done.returncode == 2
    assert done.stderr.startswith("grader: --pages needs jinja2,")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["similar", "ada.py", "--assignment", "tiny"], "mistune, nh3 and nbconvert, which are"),
        (["diff", "out", "--html", "diff.html"], "--html needs jinja2, latex2mathml, markupsafe, mistune and nh3"),
        (["grade", "ada.py", "--assignment", "tiny", "--cluster", "local:1"], "--cluster needs dask, distributed and"),
        (["watch", "class", "--assignment", "tiny", "--cluster", "local:1"], "--cluster needs dask, distributed and"),
    ],
)  # fmt: skip
def test_what_needs_an_extra_says_so(
    core: CommandProcess, arguments: list[str], told: str, tiny_folder: Path, handed_in: Path
) -> None:
    """In one sentence with the command that installs it, and with exit code 2."""
    places = {"ada.py": handed_in, "tiny": tiny_folder}
    done = core.grader(*(places.get(word, word) for word in arguments))
    assert done.returncode == 2
    assert told in done.stderr
    assert "pip install 'grader[" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_package_of_the_assignment_costs_nobody_a_point(
    core: CommandProcess, tiny_folder: Path, handed_in: Path, tmp_path: Path
) -> None:
    """Nothing is graded, no run is kept, and it is said before any submission is run; unless no question needs it.

    Then nothing is said, neither of that package nor of pages, which are refused.
    """
    settings = tiny_folder / "assignment.toml"
    settings.write_text(settings.read_text().replace("points = 2", 'points = 2\npreload = ["tensorflow"]'))
    command = ("grade", handed_in, "--assignment", tiny_folder, "--out", tmp_path / "out", "--no-pages", "--jobs", 1)
    done = core.grader(*command)
    assert done.returncode == 2
    needed = "the assignment tiny needs tensorflow, which is not installed; run: pip install 'grader[tensorflow]'"
    assert done.stderr == f"grader: {needed}\n"
    assert list((tmp_path / "out" / "reports").iterdir()) == []
    assert not (tmp_path / "out" / "gradebook.sqlite").exists()
    done = core.grader(*command, "--question", "double")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["validate", "watch"])
def test_other_commands_that_grade_say_it_too(
    core: CommandProcess, command: str, tiny_folder: Path, tmp_path: Path
) -> None:
    """They end as `grader grade` does; what validate needs first is the released assignment."""
    settings = tiny_folder / "assignment.toml"
    settings.write_text('preload = ["tensorflow"]\n' + settings.read_text())
    (tmp_path / "class").mkdir()
    where = (
        [tiny_folder]
        if command == "validate"
        else [tmp_path / "class", "--assignment", tiny_folder, "--out", tmp_path / "out"]
    )
    done = core.grader(command, *where)
    assert done.returncode == 2
    needed = "a release needs nbconvert" if command == "validate" else "the assignment tiny needs tensorflow"
    assert f"{needed}, which is" in done.stderr
