"""Where a course may lie: nothing is graded where submissions could read it, and everywhere else they can't."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.execution.dask.bundle import pack_assignment
from grader.execution.dask.plugin import start
from grader.models import Assignment
from grader.sandbox.host import exposure, mounts
from grader.sandbox.host.exposure import Exposed, check
from tests.factories import RIGHT, submission, tiny_assignment, with_student_file
from tests.helpers.grading import GradedClass
from tests.helpers.terminal import grader_in


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that takes the place of all that a sandbox shows."""
    folder = tmp_path / "shown"
    (folder / "course").mkdir(parents=True)
    monkeypatch.setattr(mounts, "visible_paths", lambda: [folder])
    return folder


@pytest.fixture
def among_packages() -> Iterator[Path]:
    """A folder that every submission can read: one among the installed packages."""
    folder = mounts.packages()[0] / f"course-{secrets.token_hex(4)}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def refused(tmp_path: Path, **private: Path) -> str:
    """The message with which something is refused; nothing if it isn't."""
    try:
        check("full", tmp_path / "support", private)
    except Exposed as problem:
        return str(problem)
    return ""


def test_what_lies_below_a_shown_folder_is_refused(shown: Path, tmp_path: Path) -> None:
    """Itself, below it, not there yet, and through a symbolic link; beside it, and around it, all is well."""
    (tmp_path / "link").symlink_to(shown / "course")
    for path in (shown, shown / "course", shown / "later" / "out", tmp_path / "link", tmp_path / "link" / "x"):
        message = refused(tmp_path, output=path)
        assert message.startswith(f"output, {path.resolve()}, lies below {shown}, which every submission can read")
    for path in (tmp_path, tmp_path / "shown-not", tmp_path / "course"):
        assert refused(tmp_path, output=path) == ""


def test_the_support_files_are_shown_and_nothing_around_them(tmp_path: Path, tiny: Assignment) -> None:
    """An assignment holds its support files, which is no fault; one whose support folder is all of it would be."""
    with_student_file(tiny.folder)
    check("full", tiny.support, {"the assignment": tiny.folder})
    shutil.rmtree(tiny.support)
    tiny.support.symlink_to(tiny.folder)
    with pytest.raises(Exposed, match="the assignment"):
        check("process", tiny.support, {"the assignment": tiny.folder})


def test_without_a_sandbox_nothing_is_refused(shown: Path, tmp_path: Path) -> None:
    """`--sandbox=off` shows everything, and is asked for by name."""
    check("off", tmp_path, {"the assignment": shown})


@pytest.mark.parametrize("way", ["a mount of what is shown", "a mount in what is shown"])
def test_a_folder_that_is_mounted_twice_is_recognised(way: str, tmp_path: Path) -> None:
    """A course that lies in a shown folder is refused by its other path; so is one that is mounted into one."""
    shown, course = tmp_path / "shown", tmp_path / "course"
    (shown / "data").mkdir(parents=True)
    course.mkdir()
    source, target = (shown / "data", course) if "of" in way.split()[:3] else (course, shown / "data")
    code = (
        "import sys; from pathlib import Path; from grader.sandbox.host.exposure import check;"
        "from grader.sandbox.host import mounts;"
        "mounts.visible_paths = lambda: [Path(sys.argv[1])];"
        "check('full', Path(sys.argv[1]), {'the assignment': Path(sys.argv[2]) / 'digits'})"
    )
    command = [sys.executable, "-c", code, str(shown), str(course)]
    mounted = ["bwrap", "--dev-bind", "/", "/", "--bind", str(source), str(target), "--"]
    for before, fine in (([], True), (mounted, False)):
        done = subprocess.run([*before, *command], capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == fine, done.stderr
        assert fine or f"Exposed: the assignment, {course}/digits, lies below {shown}" in done.stderr


def test_odd_names_of_mounts_are_read_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks and backslashes are octal numbers in the kernel's list."""
    text = "1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 8:1 /a\\040b\\134c /my\\040course rw - ext4 /dev/sda rw\n"
    (tmp_path / "mounts").write_text(text)
    monkeypatch.setattr(exposure, "MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(mounts, "visible_paths", lambda: [Path("/a b\\c")])
    assert "lies below /a b\\c" in refused(tmp_path, course=Path("/my course/digits"))
    assert refused(tmp_path, course=Path("/mycourse/digits")) == ""


def grader(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return grader_in(cwd, *arguments)


@pytest.mark.parametrize("level", ["full", "process"])
@pytest.mark.parametrize("what", ["the assignment", "the output", "what was handed in"])
def test_commands_refuse_before_anything_is_written(
    what: str, level: str, among_packages: Path, tmp_path: Path
) -> None:
    """One sentence with both paths; no folder is made."""
    places = {name: tmp_path for name in ("the assignment", "the output", "what was handed in")}
    places[what] = among_packages
    assignment = tiny_assignment(places["the assignment"])
    ada = places["what was handed in"] / "ada.py"
    ada.write_text(RIGHT)
    out = places["the output"] / "out"
    command = ["grade", ada, "--assignment", assignment, "--out", out, "--sandbox", level]
    done = grader(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"grader: {what}") and f"lies below {mounts.packages()[0]}" in line
    assert str(among_packages) in line
    assert not out.exists()


def test_whoever_grades_refuses(among_packages: Path, tmp_path: Path) -> None:
    """Trials of `grader validate` too, which run hidden cases in the same sandbox."""
    done = grader("validate", tiny_assignment(among_packages), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the assignment" in done.stderr.splitlines()[-1]


def test_a_batch_refuses_by_itself(
    shown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Assignment
) -> None:
    """Also the cache of known answers may not lie there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shown))
    with pytest.raises(Exposed, match="the cache of known answers"):
        GradedClass(tiny, [submission(RIGHT)])


def test_a_worker_of_a_cluster_refuses(among_packages: Path, tiny: Assignment) -> None:
    """An assignment isn't left where a worker's own folder could be read, and the driver is told why."""
    with pytest.raises(Exposed, match="this worker's folder"):
        start(pack_assignment(tiny, "full", run_all_cells=False), among_packages, 1)
    assert list(among_packages.iterdir()) == []
