"""`grader watch`: what arrives is graded when it is complete, once, and again when it changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clusters import ENVIRONMENT
from conftest import RIGHT
from processes import Watched, until
from test_resume import ENDLESS

from grader import arrivals
from grader.arrivals import Arrivals
from grader.contents import Contents
from grader.gradebook import Gradebook
from grader.model import Assignment, ScoreReport

WRONG = RIGHT.replace("2 * x", "3 * x")
MOMENT = 0.2  # seconds that stand for a moment


class Watch:
    """A running `grader watch` on a folder."""

    def __init__(self, folder: Path, assignment: Path, *options: str) -> None:
        self.folder = folder / "class"
        self.folder.mkdir(exist_ok=True)
        self.out = folder / "out"
        command = [sys.executable, "-m", "grader", "watch", "class", "--assignment", str(assignment), *options]
        self.process = subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    def latest(self) -> dict[str, ScoreReport]:
        if not (self.out / "gradebook.sqlite").exists():
            return {}
        with Gradebook.existing(self.out / "gradebook.sqlite") as book:
            return {report.student: report for report in book}

    def until_scores(self, **scores: float) -> None:
        until(lambda: {student: report.score for student, report in self.latest().items()} == scores)

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Its exit code, and what it printed."""
        os.killpg(self.process.pid, number)
        printed, told = self.process.communicate(timeout=30)
        return self.process.returncode, printed, told

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()


def test_what_arrives_is_graded_once_and_again_when_it_changes(tmp_path: Path, tiny_folder: Path) -> None:
    """A later version is graded again; a restart grades nothing twice; each watch is one run."""
    with Watch(tmp_path, tiny_folder, "--jobs", "2") as watch:
        (watch.folder / "ada.py").write_text(WRONG)
        watch.until_scores(ada=3)
        (watch.folder / "ada.py").write_text(RIGHT)
        (watch.folder / "bob.py").write_text(WRONG)
        (watch.folder / "eve.txt").write_text("my answer")
        watch.until_scores(ada=5, bob=3, eve=0)
        until(lambda: "eve" in (watch.out / "scores.csv").read_text())
        code, printed, told = watch.end()
    assert (code, told) == (0, "")
    assert printed.splitlines()[-1] == "stopped; 3 submissions are graded and written to out"
    with Watch(tmp_path, tiny_folder, "--jobs", "2") as watch:
        (watch.folder / "cat.py").write_text(RIGHT)
        watch.until_scores(ada=5, bob=3, eve=0, cat=5)
        code, printed, _ = watch.end()
    assert [line for line in printed.splitlines() if ": " in line] == ["cat: 5 / 5"]
    with Gradebook.existing(watch.out / "gradebook.sqlite") as book:
        assert [(run.submissions, run.done, run.reused, bool(run.finished)) for run in book.runs()] == [
            (3, 3, 0, True),
            (4, 4, 3, True),
        ]
        assert [report.score for report in book.history("ada")] == [3, 5]


def test_what_a_stopped_watch_leaves_undone_the_next_one_does(tmp_path: Path, tiny_folder: Path) -> None:
    """SIGTERM ends it though student code runs without end, with 143 and a sentence; no process is left."""
    text = (tiny_folder / "assignment.toml").read_text()
    (tiny_folder / "assignment.toml").write_text(text.replace("call_seconds = 2", "call_seconds = 600"))
    with Watch(tmp_path, tiny_folder, "--jobs", "2") as watch:
        (watch.folder / "zoe.py").write_text(ENDLESS)
        (watch.folder / "ada.py").write_text(RIGHT)
        watch.until_scores(ada=5)
        watched = Watched(watch.process.pid)
        code, _, told = watch.end(signal.SIGTERM)
        assert watched.ended(5)
    assert (code, len(told.splitlines())) == (143, 1)
    assert "stopped; 1 more were begun" in told
    (watch.folder / "zoe.py").write_text(WRONG)
    with Watch(tmp_path, tiny_folder, "--jobs", "2") as watch:
        watch.until_scores(ada=5, zoe=3)
        assert watch.end()[0] == 0
    with Gradebook.existing(watch.out / "gradebook.sqlite") as book:
        assert len(book.history("ada")) == 1


def test_a_cluster_grades_what_arrives(tmp_path: Path, tiny_folder: Path) -> None:
    """The same on Dask workers, which stay warm between arrivals."""
    with Watch(tmp_path, tiny_folder, "--cluster", "local:1") as watch:
        for number, name in enumerate(("ada", "bob")):
            (watch.folder / f"{name}.py").write_text(f"{RIGHT}# {number}\n")
            until(lambda name=name: watch.latest().get(name))  # type: ignore[misc]  # mypy can't tell a default's type
        code, _, told = watch.end()
    assert (code, told) == (0, "")


def test_results_among_the_submissions_are_refused(tmp_path: Path, tiny_folder: Path) -> None:
    """OUT would be taken for somebody's submission; a folder that isn't there is told as well."""
    for options, sentence in (
        (["--out", "class/out"], "grader: class/out lies in class, "),
        (["--cluster", "local:x"], "grader: --cluster local:x: wanted a number of workers"),
    ):
        with Watch(tmp_path, tiny_folder, *options) as watch:
            _, told = watch.process.communicate(timeout=30)
        assert watch.process.returncode == 2
        assert told.startswith(sentence)


# ---- when is a submission complete?


@pytest.fixture
def coming(tmp_path: Path, tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Arrivals]:
    monkeypatch.setattr(arrivals, "STILL", MOMENT)
    (tmp_path / "class").mkdir()
    with Contents() as contents:
        yield Arrivals(tmp_path / "class", tiny, contents)


def students(coming: Arrivals, seconds: float = 2 * MOMENT) -> list[str]:
    """Who is complete after some time of looking."""
    end = time.monotonic() + seconds
    while True:
        found = [submission.student for submission in coming.look()]
        if time.monotonic() > end:
            return found
        time.sleep(MOMENT / 10)


def test_a_file_that_grows_waits(coming: Arrivals, tmp_path: Path) -> None:
    """However slowly it grows: it is complete when nothing has changed for a moment."""
    path = tmp_path / "class" / "ada.py"
    for part in RIGHT.split("\n"):
        with path.open("a") as file:
            file.write(part + "\n")
        assert students(coming, MOMENT / 2) == []
    assert students(coming) == ["ada"]


def test_a_file_that_is_open_for_writing_waits(coming: Arrivals, tmp_path: Path) -> None:
    """Its writer may only be thinking. One that is open for reading is complete."""
    path = tmp_path / "class" / "ada.py"
    with path.open("w") as file:
        file.write(RIGHT[:10])
        file.flush()
        assert students(coming) == []
        file.write(RIGHT[10:])
    with path.open():
        assert students(coming) == ["ada"]


def test_a_half_done_download_is_nobodys(coming: Arrivals, tmp_path: Path) -> None:
    """Neither by its name, nor in a folder; what it is renamed to is somebody's."""
    folder = tmp_path / "class"
    for name in ("ada.py.part", ".bob.py.x7Qa", "cat.ipynb.crdownload"):
        (folder / name).write_text(RIGHT[:10])
    (folder / "dan").mkdir()
    (folder / "dan" / "tiny.py").write_text(RIGHT)
    (folder / "dan" / "data.tmp").write_text("1")
    assert students(coming) == []
    (folder / "ada.py.part").rename(folder / "ada.py")
    (folder / "dan" / "data.tmp").unlink()
    assert students(coming) == ["ada", "dan"]


def test_a_version_counts_until_the_next_one_is_complete(coming: Arrivals, tmp_path: Path) -> None:
    """Nobody is without a submission because of writing another one."""
    path = tmp_path / "class" / "ada.py"
    path.write_text(WRONG)
    assert students(coming) == ["ada"]
    (before,) = coming.look()
    with path.open("w") as file:
        file.write(RIGHT)
        file.flush()
        assert students(coming) == ["ada"]
        assert coming.look() == [before]
    assert students(coming) == ["ada"]
    assert coming.look() != [before]


def test_two_of_one_name_are_two_whenever_they_come(coming: Arrivals, tmp_path: Path) -> None:
    """As when the whole folder is graded at once: ada.ipynb and ada.py."""
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    assert students(coming) == ["ada"]
    (tmp_path / "class" / "ada.ipynb").write_text("{}")
    assert len(set(students(coming))) == 2
