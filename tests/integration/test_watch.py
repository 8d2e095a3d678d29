"""`grader watch`: what arrives is graded when it is complete, once, and again when it changes."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.errors import Interrupted
from grader.execution import watch as watch_module
from grader.execution.watch import in_turn, links_unguarded
from grader.exports.roster_match import id_key
from grader.gradebook.store import Gradebook
from grader.models import Assignment, ScoreReport, Submission
from grader.submissions import file_tree, incoming
from grader.submissions.collect import collect
from grader.submissions.file_tree import DiskNode, open_node
from grader.submissions.incoming import Arrival, IncomingFolder
from grader.submissions.limits import MAX_LEVELS, STILL_SECONDS
from grader.submissions.spool import SubmissionSpool
from tests.factories import ENDLESS_DOUBLE, RIGHT, notebook, submission
from tests.helpers.clusters import ENVIRONMENT
from tests.helpers.processes import Watched, until

WRONG = RIGHT.replace("2 * x", "3 * x")
MOMENT = STILL_SECONDS


def test_a_signal_that_comes_while_submissions_arrive_ends_the_watch() -> None:
    """The grader may have ended before the next submission of the same scan is handed to it."""

    class Stopped:
        failure = None
        stopped = False

        def stop(self) -> None:
            self.stopped = True

        def submit(self, one: Submission) -> None:
            stop(self, None)
            raise Interrupted("grading was stopped", 130)

    scan = [Arrival(submission(RIGHT, "ada"), 0), Arrival(submission(WRONG, "bob"), 0)]
    arrivals: Any = SimpleNamespace(scan=lambda: scan)
    output: Any = SimpleNamespace(offer=lambda one: False)
    contents: Any = SimpleNamespace(retain=lambda digest: None)
    watcher = watch_module.Watcher(arrivals, output, contents, print)
    stop: Any = watcher.stop
    grader: Any = Stopped()
    assert list(watcher.reports(grader)) == []
    assert grader.stopped
    assert list(watcher.in_progress) == ["ada"]


class Watch:
    """A running `grader watch` on a folder."""

    def __init__(self, folder: Path, assignment: Path, *options: str) -> None:
        self.folder = folder / "class"
        self.folder.mkdir(exist_ok=True)
        self.out = folder / "out"
        self._state: list[tuple[str, int, int]] = []
        self._latest: dict[str, ScoreReport] = {}
        command = [sys.executable, "-m", "grader", "watch", "class", "--assignment", str(assignment), *options]
        self.process = subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    def latest(self) -> dict[str, ScoreReport]:
        """Return the newest reports. They are read anew when a file of the gradebook has changed."""
        files = sorted(self.out.glob("gradebook.sqlite*"))
        if not files:
            return {}
        with contextlib.suppress(FileNotFoundError):  # one that SQLite has removed by now
            state = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files]
            if state == self._state:
                return self._latest
            with Gradebook.open_existing(self.out / "gradebook.sqlite") as book:
                self._latest = {report.student: report for report in book}
            self._state = state
        return self._latest

    def until_scores(self, **scores: float) -> None:
        until(lambda: {student: report.score for student, report in self.latest().items()} == scores)

    def printed_up_to(self, text: str) -> str:
        """What it prints until it has printed some text. It is read by bytes, which leaves the rest to `end`."""
        assert self.process.stdout
        printed = b""
        while text not in printed.decode(errors="replace"):
            byte = os.read(self.process.stdout.fileno(), 1)
            assert byte, printed
            printed += byte
        return printed.decode(errors="replace")

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
    with Watch(tmp_path, tiny_folder, "--jobs", "1") as watch:
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
    with Watch(tmp_path, tiny_folder, "--jobs", "1") as watch:
        (watch.folder / "cat.py").write_text(RIGHT)
        watch.until_scores(ada=5, bob=3, eve=0, cat=5)
        code, printed, _ = watch.end()
    assert [line for line in printed.splitlines() if ": " in line] == ["cat: 5 / 5"]
    with Gradebook.open_existing(watch.out / "gradebook.sqlite") as book:
        assert [(run.submissions, run.done, run.reused, bool(run.finished)) for run in book.runs()] == [
            (3, 3, 0, True),
            (4, 4, 3, True),
        ]
        assert [report.score for report in book.history("ada")] == [3, 5]


@pytest.mark.long
def test_what_a_stopped_watch_leaves_undone_the_next_one_does(tmp_path: Path, tiny_folder: Path) -> None:
    """SIGTERM ends it though student code runs without end, with 143 and a sentence; no process is left."""
    text = (tiny_folder / "assignment.toml").read_text()
    (tiny_folder / "assignment.toml").write_text(text.replace("call_seconds = 1", "call_seconds = 600"))
    with Watch(tmp_path, tiny_folder, "--jobs", "2") as watch:
        (watch.folder / "zoe.py").write_text(ENDLESS_DOUBLE)
        (watch.folder / "ada.py").write_text(RIGHT)
        watch.until_scores(ada=5)
        watched = Watched(watch.process.pid)
        code, _, told = watch.end(signal.SIGTERM)
        assert watched.ended(5)
    assert (code, len(told.splitlines())) == (143, 1)
    assert "stopped; 1 more were begun" in told
    (watch.folder / "zoe.py").write_text(WRONG)
    with Watch(tmp_path, tiny_folder, "--jobs", "1") as watch:
        watch.until_scores(ada=5, zoe=3)
        assert watch.end()[0] == 0
    with Gradebook.open_existing(watch.out / "gradebook.sqlite") as book:
        assert len(book.history("ada")) == 1


@pytest.mark.long
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
        (["--cluster", "local:x"], "grader: --cluster local:x: expected a number of workers"),
    ):
        with Watch(tmp_path, tiny_folder, *options) as watch:
            _, told = watch.process.communicate(timeout=30)
        assert watch.process.returncode == 2
        assert told.startswith(sentence)


# ---- when is a submission complete?


class Clock:
    """In the place of the module `time`: on a busy machine, what a test does may take longer than a moment."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of incoming folders. It stands still but in `looked`."""
    made = Clock()
    monkeypatch.setattr(incoming, "time", made)
    return made


@pytest.fixture
def coming(tmp_path: Path, tiny: Assignment, clock: Clock) -> Iterator[IncomingFolder]:
    (tmp_path / "class").mkdir()
    with SubmissionSpool() as contents:
        yield IncomingFolder(tmp_path / "class", tiny, contents)


def students(coming: IncomingFolder, seconds: float = 2 * MOMENT) -> list[str]:
    """Who is complete after some time of looking."""
    return sorted(one.submission.student for one in looked(coming, seconds))


def looked(coming: IncomingFolder, seconds: float = 2 * MOMENT) -> list[Arrival]:
    """What is complete after some time of looking."""
    clock = vars(incoming)["time"]
    assert isinstance(clock, Clock)
    end = clock.now + seconds
    while clock.now <= end:
        found = coming.scan()
        clock.now += MOMENT / 10
    time.sleep(0.02)  # so that a file that changes now has another time than before
    return found


def test_a_file_that_grows_waits(coming: IncomingFolder, tmp_path: Path) -> None:
    """However slowly it grows: it is complete when nothing has changed for a moment."""
    path = tmp_path / "class" / "ada.py"
    for part in RIGHT.split("\n"):
        with path.open("a") as file:
            file.write(part + "\n")
        assert students(coming, MOMENT / 2) == []
    assert students(coming) == ["ada"]


def test_a_file_that_is_open_for_writing_waits(coming: IncomingFolder, tmp_path: Path) -> None:
    """Its writer may only be thinking. One that is open for reading is complete."""
    path = tmp_path / "class" / "ada.py"
    with path.open("w") as file:
        file.write(RIGHT[:10])
        file.flush()
        assert students(coming) == []
        file.write(RIGHT[10:])
    with path.open():
        assert students(coming) == ["ada"]


def test_a_half_done_download_is_nobodys(coming: IncomingFolder, tmp_path: Path) -> None:
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


def test_a_version_counts_until_the_next_one_is_complete(coming: IncomingFolder, tmp_path: Path) -> None:
    """Nobody is without a submission because of writing another one."""
    path = tmp_path / "class" / "ada.py"
    path.write_text(WRONG)
    assert students(coming) == ["ada"]
    (before,) = coming.scan()
    with path.open("w") as file:
        file.write(RIGHT)
        file.flush()
        assert students(coming) == ["ada"]
        assert coming.scan() == [before]
    assert students(coming) == ["ada"]
    assert coming.scan() != [before]


# ---- who has a name?


def test_who_comes_first_has_the_name(coming: IncomingFolder, tmp_path: Path) -> None:
    """A later ada.ipynb takes nothing from ada.py: it is listed under another name, which is in no roster."""
    (tmp_path / "class" / "ada.py").write_text(WRONG)
    (first,) = looked(coming)
    (tmp_path / "class" / "ada.ipynb").write_text(notebook([RIGHT]))
    (tmp_path / "class" / "ADA").mkdir()
    (tmp_path / "class" / "ADA" / "tiny.py").write_text(RIGHT)
    found = {one.submission.student: one.submission for one in looked(coming)}
    assert set(found) == {"ada", "ada--2", "ADA--3"} or set(found) == {"ada", "ada--3", "ADA--2"}
    assert found.pop("ada") == first.submission
    for student, one in found.items():
        assert id_key(one.id) not in (id_key("ada"), id_key("ada-2"), id_key(student))
        assert "ada.py was there first for" in one.notes[-1]
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    assert {one.submission.student for one in looked(coming)} == {"ada", *found}
    (tmp_path / "class" / "ada.py").unlink()
    assert {one.submission.student for one in looked(coming)} == set(found)  # she may be about to send it again


def test_what_cannot_be_graded_holds_no_name(coming: IncomingFolder, tmp_path: Path) -> None:
    """Who first sent a .docx, and then what was asked for, has the name with that, and never loses it again."""
    (tmp_path / "class" / "ada.docx").write_text("my answer")
    assert students(coming) == ["ada"]
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    found = {one.submission.student: one.submission for one in looked(coming)}
    assert {student: bool(one.rejection) for student, one in found.items()} == {"ada": False, "ada--2": True}
    (tmp_path / "class" / "ada.ipynb").write_text("{}")
    assert students(coming) == ["ada", "ada--2", "ada--3"]
    (tmp_path / "class" / "ada.py").write_bytes(b"\0")  # she spoils it
    found = {one.submission.student: one.submission for one in looked(coming)}
    assert (found["ada"].file, bool(found["ada"].rejection)) == ("ada.py", True)


@pytest.mark.usefixtures("clock")
def test_an_earlier_watch_has_given_the_name(tmp_path: Path, tiny: Assignment) -> None:
    """What was graded under a name keeps it. Where that has changed since, and another is there, none has it."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.ipynb").write_text(notebook([RIGHT]))
    (folder / "ada.py").write_text(WRONG)
    digest = hashlib.sha256(WRONG.encode()).hexdigest()
    with SubmissionSpool() as contents:
        coming = IncomingFolder(folder, tiny, contents, {"ada": digest})
        assert {one.submission.student: one.submission.file for one in looked(coming)} == {
            "ada": "ada.py",
            "ada--2": "ada.ipynb",
        }
    (folder / "ada.py").write_text(RIGHT)
    with SubmissionSpool() as contents:
        assert students(IncomingFolder(folder, tiny, contents, {"ada": digest})) == ["ada--2", "ada--3"]
    (folder / "ada.ipynb").unlink()
    with SubmissionSpool() as contents:
        assert students(IncomingFolder(folder, tiny, contents, {"ada": digest})) == ["ada"]


# ---- what can one student do to the others?


@pytest.fixture
def told(coming: IncomingFolder) -> list[str]:
    """What an instructor is told."""
    said: list[str] = []
    coming._notify = said.append
    return said


@pytest.fixture
def owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of mallory's belong to another user of the machine."""
    monkeypatch.setattr(incoming, "_owner", lambda node: 1003 if node.name.startswith("mallory") else 1001)


@pytest.mark.usefixtures("owners")
def test_many_entries_of_one_cost_the_others_nothing(
    coming: IncomingFolder, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch goes on, takes as many of them as a class may have, and says so once; whoever comes later is taken."""
    monkeypatch.setattr(incoming, "MAX_ENTRIES", 5)
    for number in range(20):
        (tmp_path / "class" / f"mallory{number}.py").write_text(f"{RIGHT}# {number}\n")
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    first = students(coming)
    assert (len(first), first[0]) == (6, "ada")
    for number in range(20, 40):
        (tmp_path / "class" / f"mallory{number}.py").write_text(f"{RIGHT}# {number}\n")
    (tmp_path / "class" / "bob.py").write_text(RIGHT)
    assert students(coming) == ["ada", "bob", *first[1:]]
    assert told == ["user 1003 has more than 5 files and folders there; the rest is ignored"]


@pytest.mark.usefixtures("owners")
def test_many_folders_in_a_folder_are_not_walked_through(
    coming: IncomingFolder, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty ones count as well. An entry with too much in it is rejected; an owner of many such is told."""
    monkeypatch.setattr(incoming, "MAX_ENTRIES", 50)
    monkeypatch.setattr(file_tree, "MAX_ENTRIES", 50)
    monkeypatch.setattr(incoming, "MAX_NODES_PER_OWNER", 120)
    for number in range(4):
        for inner in range(100):
            (tmp_path / "class" / f"mallory{number}" / f"{inner}" / "a" / "b").mkdir(parents=True)
    (tmp_path / "class" / "zoe").mkdir()
    (tmp_path / "class" / "zoe" / "tiny.py").write_text(RIGHT)
    scanned = Counter[str]()
    really = DiskNode.scan

    def scan(node: DiskNode) -> Iterator[DiskNode]:
        for inner in really(node):
            scanned[node.parts[0] if node.parts else ""] += 1
            yield inner

    monkeypatch.setattr(DiskNode, "scan", scan)
    coming.scan()
    assert max(count for name, count in scanned.items() if name) <= 51
    assert sum(count for name, count in scanned.items() if name) <= 120 + 51 + 1
    found = looked(coming)
    assert [one.submission.student for one in found if not one.submission.rejection] == ["zoe"]
    assert any("holds more than 50 files" in (one.submission.rejection or "") for one in found)
    assert told == ["user 1003 has more than 120 files in folders there; the rest is ignored"]


def test_a_folder_nested_without_end_is_looked_at_as_deep_as_intake_does(
    coming: IncomingFolder, tmp_path: Path
) -> None:
    """Each file is opened step by step from the class's folder, so depth must have a bound."""
    deep = tmp_path / "class" / "mallory"
    deep.joinpath(*["d"] * 300).mkdir(parents=True)
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    assert students(coming) == ["ada", "mallory"]
    with open_node(tmp_path / "class") as root:
        (node,) = [node for node in root.scan() if node.name == "mallory"]
        assert max(len(each.parts) for each in incoming._files(node)) == 1 + MAX_LEVELS


def test_versions_without_end_wait_and_leave_nothing(
    coming: IncomingFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a version took is used again by the next; after many, each waits longer, for itself alone."""
    monkeypatch.setattr(incoming, "STILL_SECONDS", 0.0)
    monkeypatch.setattr(incoming, "FREE_VERSIONS", 5)
    monkeypatch.setattr(incoming, "PENALTY_SECONDS", 600.0)
    path = tmp_path / "class" / "mallory.py"
    seen = set()
    for number in range(20):
        path.write_text(f"{RIGHT}{'#' * 100_000}{number:03}\n")
        for arrival in (*coming.scan(), *coming.scan()):
            seen.add(arrival.submission.digest)
    assert len(seen) == 6
    assert coming._contents._end <= 3 * 2**17
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    coming.scan()
    assert [one.submission.student for one in coming.scan()] == ["mallory", "ada"]


@pytest.mark.usefixtures("owners")
def test_entries_that_come_and_go_have_a_rate(
    coming: IncomingFolder, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one user no more than a class and then one a second are taken; others don't wait for that."""
    monkeypatch.setattr(incoming, "STILL_SECONDS", 0.0)
    monkeypatch.setattr(incoming, "MAX_ENTRIES", 4)
    monkeypatch.setattr(incoming, "VERSIONS_PER_SECOND", 1e-9)
    taken = set()
    for number in range(12):
        path = tmp_path / "class" / f"mallory{number}.py"
        path.write_text(RIGHT)
        taken |= {one.submission.student for one in (*coming.scan(), *coming.scan())}
        path.unlink()
    assert len(taken) == 5
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    coming.scan()
    assert [one.submission.student for one in coming.scan()] == ["ada"]
    assert told == ["user 1003 hands in more than 1e-09 submissions a second; they have to wait"]
    assert len(coming._entries) == 1


@pytest.mark.parametrize(("setting", "unguarded"), [("0\n", True), ("1\n", False), (None, False)])
def test_whether_files_of_others_can_be_linked_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str | None, unguarded: bool
) -> None:
    """No descriptor tells a file from another name of it; the kernel's own guard must be on."""
    if setting is not None:
        (tmp_path / "protected_hardlinks").write_text(setting)
    monkeypatch.setattr(watch_module, "HARDLINKS", tmp_path / "protected_hardlinks")
    assert links_unguarded() == unguarded


def test_each_user_has_a_turn() -> None:
    """However many submissions one has, the other's first is the second."""
    arrived = [Arrival(Submission(f"m{number}", "m.py", b"", ""), 1003) for number in range(5)]
    arrived += [Arrival(Submission(name, "a.py", b"", ""), 1001) for name in ("ada", "bob")]
    assert [one.student for one in in_turn(arrived)] == ["m0", "ada", "m1", "bob", "m2", "m3", "m4"]


def test_a_folder_that_is_gone_for_a_while_does_not_end_the_watch(tmp_path: Path, tiny_folder: Path) -> None:
    """As a network's may be. It is told once, and what comes afterwards is graded."""
    with Watch(tmp_path, tiny_folder, "--jobs", "1") as watch:
        (watch.folder / "ada.py").write_text(WRONG)
        watch.until_scores(ada=3)
        watch.folder.rename(tmp_path / "away")
        seen = watch.printed_up_to("no such file or folder")
        time.sleep(2)  # it looks again, and again
        (tmp_path / "away").rename(watch.folder)
        (watch.folder / "bob.py").write_text(RIGHT)
        watch.until_scores(ada=3, bob=5)
        code, printed, told = watch.end()
    assert (code, told) == (0, "")
    assert (seen + printed).count("no such file or folder") == 1


# ---- links


def swapped(one: Path, other: Path) -> None:
    """Two names change places at once, so that neither is ever missing."""
    renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange):
        raise OSError(ctypes.get_errno(), "renameat2")


def swapping(one: Path, other: Path, until: threading.Event) -> threading.Thread:
    def swap() -> None:
        while not until.is_set():
            swapped(one, other)

    thread = threading.Thread(target=swap)
    thread.start()
    return thread


@pytest.mark.parametrize("what", ["folder", "folder in a folder", "file", "the folder and back"])
def test_a_link_that_takes_the_place_of_a_folder_leads_nowhere(
    tmp_path: Path, tiny: Assignment, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Names change places all the time while intake looks: the solution beside the class is never handed in."""
    monkeypatch.setattr(incoming, "STILL_SECONDS", 0.0)
    secret = tmp_path / "solution"
    (secret / "work").mkdir(parents=True)
    for path in (secret / "tiny.py", secret / "work" / "tiny.py"):
        path.write_text("SECRET = 1\n")
    own = tmp_path / "class" / "mallory" / "work"
    own.mkdir(parents=True)
    (own / "tiny.py").write_text(WRONG)
    (own.parent / "tiny.py").write_text(WRONG)
    link = tmp_path / "class" / ".link"
    place, target = {
        "folder": (own.parent, secret),
        "folder in a folder": (own, secret),
        "file": (own.parent / "tiny.py", secret / "tiny.py"),
        "the folder and back": (own.parent, tmp_path / "solution" / "work"),
    }[what]
    link.symlink_to(target)
    done = threading.Event()
    thread = swapping(place, link, done)
    reads = 0
    contents_seen = set()
    try:
        with SubmissionSpool() as contents:
            coming = IncomingFolder(tmp_path / "class", tiny, contents)
            for _ in range(150):
                for one in (*coming.scan(), *map(Arrival, collect(tmp_path / "class", "tiny"), repeat(0))):
                    reads += 1
                    if not one.submission.rejection:
                        contents_seen.add(one.submission.digest)
    finally:
        done.set()
        thread.join()
    assert reads >= 150
    assert contents_seen <= {hashlib.sha256(WRONG.encode()).hexdigest()}
