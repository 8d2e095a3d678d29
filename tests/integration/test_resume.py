"""A run goes on where an earlier one was stopped, and grades nothing twice."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.assignments.loader import load
from grader.execution import output as write
from grader.execution.output import OutputFailed, OutputFolder
from grader.gradebook.fingerprint import RunFingerprint, grader_version
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport, Submission
from grader.reports.html.page_queue import MEASUREMENTS
from grader.submissions.collect import collect
from tests.factories import ENDLESS_DOUBLE, RIGHT, class_folder
from tests.helpers.commands import ENVIRONMENT, PLAIN, Command, graded, wait_for_lines
from tests.helpers.processes import Watched, below, seconds, until
from tests.helpers.terminal import grader_in


@pytest.fixture
def command(tmp_path: Path, tiny_folder: Path) -> Command:
    """For a class of six."""
    return Command(class_folder(6, tmp_path / "class"), tiny_folder)


@pytest.fixture
def long_command(tmp_path: Path, tiny_folder: Path) -> Command:
    """For a class of thirty."""
    return Command(class_folder(30, tmp_path / "class"), tiny_folder)


def untimed(book: Gradebook) -> list[ScoreReport]:
    return [report.untimed() for report in book]


@pytest.mark.long
def test_a_run_killed_at_any_moment_goes_on_where_it_was(long_command: Command) -> None:
    """After many kills the reports are those of an undisturbed run, and nobody was graded twice."""
    long_command(out="calm")
    moments = random.Random(20)
    for _ in range(20):
        with long_command.start("--jobs", "2") as process:
            if moments.random() < 0.75:
                wait_for_lines(process, moments.randint(1, 3))
                pause = moments.uniform(0, 0.02)
            else:
                pause = moments.uniform(0, 1)
            try:
                process.wait(pause)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
    long_command("--jobs", "2")
    with long_command.book() as book, long_command.book("calm") as calm:
        assert untimed(book) == untimed(calm)
        assert {len(book.history(report.student)) for report in calm} == {1}
        *stopped, last = book.runs()
        assert (last.done, last.finished is None) == (30, False)
        middle = {run.done - run.reused for run in stopped}  # they were killed in the middle of things
        assert len(middle) > 2
    for report in (long_command.folder / "calm" / "reports").iterdir():
        now = (long_command.folder / "out" / "reports" / report.name).read_bytes()
        assert MEASUREMENTS.sub(b"", now) == MEASUREMENTS.sub(b"", report.read_bytes())
    scores = [(long_command.folder / out / "scores.csv").read_bytes() for out in ("calm", "out")]
    assert scores[0] == scores[1]


def test_the_same_command_again_grades_nothing(command: Command) -> None:
    """All is taken over, the table is the same, and the run has all results as its own."""
    first, again = command("--no-pages"), command("--no-pages")
    assert len(graded(first)) == 6
    assert graded(again) == []
    assert "6 of 6 were graded before and are unchanged" in again
    assert first[first.index("┏") :] == again[again.index("┏") :]
    with command.book() as book:
        assert [(run.done, run.reused) for run in book.runs()] == [(6, 0), (6, 6)]
        assert list(book.reports(1)) == list(book.reports(2))


def test_files_that_are_missing_or_differ_are_made_again(command: Command) -> None:
    """From the gradebook, byte for byte, without grading."""
    command()
    reports, scores = command.folder / "out" / "reports", command.folder / "out" / "scores.csv"
    before = {path: path.read_bytes() for path in (*reports.iterdir(), scores)}
    scores.unlink()
    (reports / "s00.json").unlink()
    (reports / "s01.json").write_text("{}")
    (reports / "s02.md").write_bytes(before[reports / "s02.md"][:-1] + b"!")
    assert graded(command()) == []
    assert {path: path.read_bytes() for path in (*reports.iterdir(), scores)} == before


def test_what_has_changed_is_graded_again(command: Command, tmp_path: Path, tiny_folder: Path) -> None:
    """A submission alone; all of them after a change of the assignment or of a setting, or when told to."""
    command("--no-pages")
    (tmp_path / "class" / "s03.py").write_text(RIGHT + "# better\n")
    assert graded(command("--no-pages")) == ["s03"]
    assert len(graded(command("--no-pages", "--whole-notebook"))) == 6
    assert len(graded(command("--no-pages", "--fresh"))) == 6
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text() + "\n# another comment\n")
    assert len(graded(command("--no-pages"))) == 6
    assert graded(command("--no-pages")) == []
    with command.book() as book:
        assert [len(book.history(student)) for student in ("s00", "s03")] == [4, 5]


def test_the_key_holds_all_that_a_report_depends_on() -> None:
    """Another student, file name, content, note, reason, assignment, grader or setting is another key."""
    basis = RunFingerprint("tiny", "a1", grader_version(), "sandbox full")
    one = Submission("ada", "tiny.py", b"x", "d1")
    others: list[dict[str, Any]] = [
        {"student": "bob"},
        {"file": "tiny.ipynb"},
        {"digest": "d2"},
        {"notes": ("n",)},
        {"rejection": "n"},
    ]
    keys = {basis.report_key(one), *(basis.report_key(msgspec.structs.replace(one, **change)) for change in others)}
    changes = [{name: "other"} for name in RunFingerprint.__struct_fields__]
    keys |= {msgspec.structs.replace(basis, **change).report_key(one) for change in changes}
    assert len(keys) == 1 + len(others) + len(changes)
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{6}", grader_version())


@pytest.mark.long
def test_what_failed_on_our_side_is_graded_again(tmp_path: Path, tiny_folder: Path) -> None:
    """A report for review is made anew by the next run, though nothing has changed that we can see."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada", "bob"):
        (folder / f"{name}.py").write_text(f"{RIGHT}# {name}\n")
    switch = tmp_path / "switch"
    switch.touch()
    path = tiny_folder / "hidden" / "test_double.py"
    reading = f"import pathlib\n    pathlib.Path({str(switch)!r}).read_bytes()\n    close("
    path.write_text(path.read_text().replace("close(", reading))
    command = Command(folder, tiny_folder)
    command("--no-pages")
    switch.unlink()  # from now on the case itself fails
    with command.start("--fresh", "--no-pages", "--jobs", "1") as process:
        process.communicate()
    assert process.returncode == 3
    switch.touch()
    assert graded(command("--no-pages")) == ["ada", "bob"]
    assert not (tmp_path / "out" / "internal.log").exists()


@pytest.mark.long
def test_two_runs_do_not_mix(tmp_path: Path, tiny_folder: Path) -> None:
    """The second run on the same folder ends with a sentence; SIGTERM ends the first, and the folder is free."""
    command = endless_class(tmp_path, tiny_folder)
    with command.start() as first:
        wait_for_lines(first, 3)
        with command.start() as second:
            printed, told = second.communicate()
        assert (second.returncode, printed) == (2, "")
        assert told == "grader: out is in use by another run; wait until it ends, or choose another --out\n"
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 143
    (tmp_path / "class" / "zoe.py").unlink()
    assert graded(command()) == []
    with command.book() as book:
        assert len(book.runs()) == 2


def endless_class(tmp_path: Path, tiny_folder: Path) -> Command:
    """Three submissions that are graded at once, and a fourth that takes a minute."""
    settings = tiny_folder / "assignment.toml"
    settings.write_text(settings.read_text().replace("call_seconds = 1", "call_seconds = 60"))
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada", "bob", "cleo"):
        (folder / f"{name}.py").write_text(f"{RIGHT}# {name}\n")
    (folder / "zoe.py").write_text(ENDLESS_DOUBLE)
    return Command(folder, tiny_folder)


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(tmp_path: Path, tiny_folder: Path) -> None:
    """Soon, with a sentence and 130; no process is left, and what was done is written."""
    command = endless_class(tmp_path, tiny_folder)
    with command.start("--jobs", "2") as process:
        wait_for_lines(process, 3)
        watched = Watched(process.pid)
        assert len(watched) >= 2  # two jobs, and more where they have started fork servers
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)
        assert watched.ended(30)
    assert process.returncode == 130
    assert (
        told == "grader: stopped; 3 of 4 submissions are done and written to out; the same command goes on from there\n"
    )
    out = tmp_path / "out"
    assert sorted(path.name for path in (out / "reports").glob("*.json")) == ["ada.json", "bob.json", "cleo.json"]
    assert len((out / "scores.csv").read_text().splitlines()) == 4
    with command.book() as book:
        (run,) = book.runs()
    assert (run.done, run.submissions, run.finished) == (3, 4, None)
    (tmp_path / "class" / "zoe.py").write_text(RIGHT)
    assert graded(command("--no-pages")) == ["zoe"]


@pytest.mark.parametrize(
    "sandbox", ["full", *(pytest.param(level, marks=pytest.mark.long) for level in ("process", "off"))]
)
def test_nothing_outlives_a_run_that_was_killed(
    tmp_path: Path, tiny_folder: Path, sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jobs, fork servers and workers end by themselves, also while student code runs without end. No folder is left."""
    monkeypatch.setitem(ENVIRONMENT, "TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    command = endless_class(tmp_path, tiny_folder)
    with command.start("--jobs", "1", "--sandbox", sandbox) as process:
        wait_for_lines(process, 3)
        before = processor_time(process.pid)
        until(lambda: any(used > before[pid] + 0.3 for pid, used in processor_time(process.pid).items()))
        watched = Watched(process.pid)
        assert list((tmp_path / "temporary").glob("grader-*"))
        process.kill()
        assert watched.ended(10)
    until(lambda: not list((tmp_path / "temporary").glob("grader-*")))


def processor_time(pid: int) -> Counter[int]:
    """Seconds that each process below has used."""
    return Counter({child: seconds(child) for child in below(pid)})


def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(tmp_path: Path, tiny_folder: Path) -> None:
    """Exit code 3; the gradebook is whole, and with room again only what is left is graded."""
    long_command = Command(class_folder(18, tmp_path / "class"), tiny_folder)
    long_command("--no-pages", out="calm")
    with Gradebook.open(long_command.folder / "empty.sqlite"):
        room = (long_command.folder / "empty.sqlite").stat().st_size + 30_000  # for a few reports

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    with long_command.start("--no-pages", limit=little_room) as process:
        _, told = process.communicate()
    assert process.returncode == 3
    (sentence,) = told.splitlines()
    said = re.search(r"(\d+) of 18 submissions are done and kept in out/gradebook\.sqlite", sentence)
    assert said
    done = int(said[1])
    assert 0 < done < 18
    assert "the results can't be written any more: " in sentence
    assert sqlite3.connect(long_command.folder / "out" / "gradebook.sqlite").execute(
        "PRAGMA integrity_check"
    ).fetchone() == ("ok",)
    assert len(graded(long_command("--no-pages"))) == 18 - done
    with long_command.book() as book, long_command.book("calm") as calm:
        assert untimed(book) == untimed(calm)


def test_a_report_that_can_not_be_written_is_not_lost(
    command: Command, tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gradebook has it before its files fail; the sentence gives the system's reason."""
    command("--no-pages", out="calm")
    with command.book("calm") as calm:
        report = calm.latest_reports()[0]
    tiny = load(tiny_folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "write_atomically", full)
    submissions = collect(tmp_path / "class", tiny.name)
    folder = command.folder / "out"
    with OutputFolder.open(folder, RunFingerprint.for_run(tiny), submissions) as output:
        with pytest.raises(OutputFailed, match="No space left on device"):
            output.add(report)
        assert list(output.reports()) == [report]


def test_a_folder_that_can_hold_no_results_is_one_sentence(command: Command) -> None:
    """A file in the place of OUT, or of its reports, is told before anything is graded."""
    (command.folder / "file").touch()
    (command.folder / "half").mkdir()
    (command.folder / "half" / "reports").touch()
    for out in ("file", "half"):
        with command.start(out=out) as process:
            printed, told = process.communicate()
        assert (process.returncode, printed) == (2, "")
        assert told.startswith(f"grader: {out} can't hold the results: ")
        assert len(told.splitlines()) == 1


def test_every_run_is_listed(command: Command) -> None:
    """`grader runs` has a line for each, and --json the same for programs; a folder without runs is told."""
    command("--no-pages")
    command("--no-pages")
    done = grader_in(command.folder, "runs", "out", "--json")
    assert [(run["number"], run["done"], run["reused"]) for run in json.loads(done.stdout)] == [(1, 6, 0), (2, 6, 6)]
    done = grader_in(command.folder, "runs", "out", **PLAIN)
    assert (done.returncode, done.stdout.count(grader_version())) == (0, 2)
    done = grader_in(command.folder, "runs", "nowhere")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not (command.folder / "nowhere").exists()
