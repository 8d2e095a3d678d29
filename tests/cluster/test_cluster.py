"""Grading on Dask workers: the reports of one machine, whoever dies, hangs or comes too late."""

from __future__ import annotations

import contextlib
import glob
import logging
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import dask
import msgspec
import pytest

from grader.assignments.loader import load, select_questions
from grader.errors import MissingPackages
from grader.execution.dask import client as site
from grader.execution.dask.address import Scheduler, parse
from grader.execution.dask.bundle import pack_assignment
from grader.execution.dask.errors import ClusterError
from grader.execution.dask.plugin import start
from grader.execution.dask.pool import DaskPool
from grader.execution.events import Event, EventKind
from grader.execution.limits import BATCH_SHARE, MAX_LOST_WORKERS
from grader.models import Assignment, ScoreReport, Submission
from grader.reports.html.page_queue import MEASUREMENTS
from grader.submissions.collect import collect
from grader.submissions.spool import SubmissionSpool
from tests.factories import POISON, RIGHT, ROOT, VARIANTS, class_folder, class_of, submission, tiny_assignment
from tests.helpers.clusters import (
    ENVIRONMENT,
    Cluster,
    certificate,
    free_port,
    listening,
    ports,
    speaks_http,
    variables,
)
from tests.helpers.commands import Command, graded, wait_for_lines
from tests.helpers.grading import GradedClass
from tests.helpers.processes import Watched, jobs, until

LOOPBACK = "0100007F"  # 127.0.0.1, as /proc has it
# A case that ends the Dask worker, which is the parent of the process in which the case runs.
ENDS_WORKER = """import os, pathlib, signal, time
        template = pathlib.Path(f"/proc/{os.getppid()}/stat").read_text()
        os.kill(int(template.rpartition(")")[2].split()[1]), signal.SIGKILL)
        time.sleep(60)
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, which come again when they die."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as made:
        made.start_worker("--nworkers", "2")
        yield made


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ScoreReport]:
    """What one machine says of a mixed class."""
    return reports(GradedClass(load(tiny_assignment(tmp_path_factory.mktemp("calm"))), mixed(), workers=2))


def mixed(count: int = 24) -> list[Submission]:
    """Right and wrong ones, no two alike."""
    return [submission(f"{VARIANTS[n % len(VARIANTS)]}\n# {n}\n", f"s{n:02}") for n in range(count)]


def reports(batch: GradedClass | DaskPool, after: Callable[[int], object] = lambda _: None) -> dict[str, ScoreReport]:
    """student -> report, without its timing; each student once. `after` is told how many there are."""
    found: dict[str, ScoreReport] = {}
    with closing(iter(batch)) as coming:
        for report in coming:
            assert report.student not in found
            found[report.student] = report.untimed()
            after(len(found))
    return found


def on(cluster: Cluster, assignment: Assignment, submissions: list[Submission], **options: Any) -> DaskPool:
    return DaskPool(assignment, submissions, Scheduler(cluster.address), **options)


def deadly(folder: Path, deed: str = ENDS_WORKER, condition: str = "student.double(0) == 13") -> Assignment:
    """The assignment with a case that does something when the submission answers 13."""
    path = folder / "hidden" / "test_double.py"
    right = "close(student.double(0), 0)"
    path.write_text(
        path.read_text().replace(right, f"if {condition}:\n        {deed}\n    close(student.double(0) % 13, 0)")
    )
    return load(folder)


# ---- without a fault


def test_two_workers_write_what_one_machine_writes(cluster: Cluster, tmp_path: Path, tiny_folder: Path) -> None:
    """The same command with --cluster: the same files byte for byte but for timings, and the same resume."""
    command = Command(class_folder(6, tmp_path / "class"), tiny_folder)
    assert len(graded(command(out="one"))) == len(graded(command("--cluster", cluster.address, out="two"))) == 6
    one, two = (
        {path.relative_to(out): path for path in out.rglob("*.*")} for out in (tmp_path / "one", tmp_path / "two")
    )
    assert one.keys() == two.keys()
    for name in one:
        if "gradebook" not in name.name and name.name != "index.html":  # which tells when, and who was slow
            texts = [MEASUREMENTS.sub(b"", files[name].read_bytes()) for files in (one, two)]
            assert texts[0] == texts[1], name
    assert graded(command("--no-pages", out="two")) == []


@pytest.mark.long
def test_an_assignment_of_this_repository_is_graded(cluster: Cluster, digits: Assignment) -> None:
    """The sample class, NumPy questions, with diagnoses, in an assignment that was sent as bytes."""
    assignment = select_questions(digits, ["standardize", "sigmoid", "cost"])
    submissions = collect(ROOT / "tests" / "corpus" / "sample_class", digits.name)
    assert len(submissions) == 12
    assert reports(on(cluster, assignment, submissions)) == reports(GradedClass(assignment, submissions, workers=1))
    assert {address for process in cluster.processes for address in listening(process.pid)} == {LOOPBACK}


@pytest.mark.long
def test_workers_send_no_log_records_that_nobody_listens_to(
    cluster: Cluster, tiny: Assignment, heard: Callable[[int], list[str]]
) -> None:
    """Those below the level of the driver's logger (test below: those from its level on)."""
    events = heard(logging.WARNING)
    assert len(reports(on(cluster, tiny, class_of(1)))) == 1
    assert "case" not in events


@pytest.fixture
def heard() -> Iterator[Callable[[int], list[str]]]:
    """Return the function that listens to workers' log records from a level on, and gives the list of their events."""
    root, handler = logging.getLogger("grader"), Heard()
    root.addHandler(handler)

    def listen(level: int) -> list[str]:
        root.setLevel(level)
        return handler.events

    yield listen
    root.setLevel(logging.NOTSET)
    root.removeHandler(handler)


class Heard(logging.Handler):
    """The events of workers, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if "worker" in getattr(record, "fields", {}):
            self.events.append(getattr(record, "event", ""))


def test_what_submissions_print_contents_on_the_disk_and_log_records_arrive(
    cluster: Cluster, tiny: Assignment, heard: Callable[[int], list[str]]
) -> None:
    """Contents are read when a batch is sent, never more than two batches for a worker ahead of the results.

    Log records come from the level on that the driver listens to, and name the worker. Afterwards the workers have
    neither grading processes nor the assignment's folder: the next run brings its own.
    """
    before, events = held(cluster), heard(logging.DEBUG)
    ahead, most, read = 0, 0, 0
    with SubmissionSpool() as contents:
        get = contents.get

        def counted(digest: str) -> bytes:
            nonlocal ahead, most, read
            ahead, read = ahead + 1, read + 1
            most = max(most, ahead)
            return get(digest)

        contents.get = counted  # type: ignore[method-assign]  # to see when it is called
        submissions = []
        for number in range(60):
            one = submission(RIGHT.replace("return", f"print('hello {number}'); return", 1), f"s{number:02}")
            contents.add(one.content)
            submissions.append(msgspec.structs.replace(one, content=b""))
        batch = on(cluster, tiny, submissions, contents=contents, sandbox="off")
        printed = {}
        for report in batch:
            ahead -= 1
            printed[report.student] = batch.printed.pop(report.student).splitlines()[0]
    assert printed == {f"s{number:02}": f"hello {number}" for number in range(60)}
    assert read == 60
    assert "case" in events
    assert most <= 2 * 2 * (60 // (2 * 2 * BATCH_SHARE) + 1)
    until(lambda: held(cluster) <= before)


def test_nothing_of_dask_is_imported_for_one_machine(tmp_path: Path, tiny_folder: Path) -> None:
    """Neither by the command line nor by grading."""
    (tmp_path / "ada.py").write_text(RIGHT)
    words = ["grade", "ada.py", "--assignment", str(tiny_folder), "--jobs", "1", "--no-pages", "--sandbox", "off"]
    code = (
        "import sys; from grader.cli.main import cli\n"
        f"words = {words}\n"
        "cli(words, standalone_mode=False)\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('dask', 'distributed', 'tornado')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_dask_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingPackages, match=r"pip install 'grader\[cluster\]'"):
        parse("local:2")


# ---- faults


@pytest.mark.long
def test_workers_that_are_killed_or_hang_lose_nothing(
    cluster: Cluster, tiny: Assignment, calm: dict[str, ScoreReport]
) -> None:
    """Whichever it is, in the middle of a batch, and whenever: every submission gets its report, once."""
    hit = []

    def strike(count: int) -> None:
        if blow := {3: signal.SIGKILL, 10: signal.SIGKILL, 16: signal.SIGSTOP}.get(count):
            hit.append(cluster.worker_pids()[count % 2 - 1])
            os.kill(hit[-1], blow)

    try:
        assert reports(on(cluster, tiny, mixed()), strike) == calm
    finally:
        with contextlib.suppress(ProcessLookupError):  # Dask may have ended it; its nanny starts another one
            os.kill(hit[-1], signal.SIGKILL)
    assert len(hit) == 3


def test_a_submission_that_kills_workers_is_found_out(cluster: Cluster, tiny_folder: Path) -> None:
    """It is graded alone after the first worker, and given up after two more. All others are graded."""
    submissions = class_of(16)
    submissions.insert(2, submission(POISON, "poison"))
    batch, events = on(cluster, deadly(tiny_folder), submissions, sandbox="off"), list[Event]()
    batch.on_event = events.append
    found = reports(batch)
    kinds = [event.kind for event in events if event.student == "poison"]
    assert kinds.count(EventKind.RETRIED) == MAX_LOST_WORKERS
    assert kinds[0] == kinds[-1] == EventKind.STARTED
    bad = found.pop("poison")
    assert bad.needs_review
    assert {question.status for question in bad.questions} == {"internal"}
    assert {(report.score, report.needs_review) for report in found.values()} == {(5, False)}
    assert len(found) == 16
    deaths = [line for line in batch.log if "died while it had" in line and "poison" in line]
    assert len(deaths) == 1 + MAX_LOST_WORKERS
    assert deaths[-1].endswith("while it had poison")


@pytest.mark.long
def test_a_submission_whose_job_dies_is_graded_by_another_worker(
    cluster: Cluster, tiny_folder: Path, tmp_path: Path
) -> None:
    """What fails on our side on one worker is tried once more elsewhere; a fault that stays is for a person."""
    ends_job = "import os\n        os.kill(os.getpid(), 9)\n"
    submissions = [*class_of(6), submission(POISON, "poison")]
    found = reports(on(cluster, deadly(tiny_folder, ends_job), submissions))
    assert found.pop("poison").needs_review
    assert {(report.score, report.needs_review) for report in found.values()} == {(5, False)}


@pytest.mark.long
def test_a_scheduler_that_is_restarted_costs_nothing(
    tmp_path: Path, tiny: Assignment, calm: dict[str, ScoreReport]
) -> None:
    """The driver waits for it, and for workers, and gives out again what it had given."""
    with Cluster(tmp_path) as cluster:
        cluster.start_worker("--no-nanny")

        def restart(count: int) -> None:
            if count == 5:
                for process in list(cluster.processes):
                    cluster.end(process)
                cluster.start_scheduler()
                cluster.start_worker("--no-nanny")

        batch = on(cluster, tiny, mixed())
        assert reports(batch, restart) == calm
        assert batch.log == ["the scheduler is lost; waiting for it"]


@pytest.mark.long
def test_a_driver_that_is_killed_goes_on_where_it_was(
    cluster: Cluster, tmp_path: Path, tiny_folder: Path, calm: dict[str, ScoreReport]
) -> None:
    """Nobody is graded twice in the gradebook, and the workers are free for the next run at once."""
    before = held(cluster)
    command = Command(class_folder(24, tmp_path / "class"), tiny_folder)
    with command.start("--cluster", cluster.address) as process:
        wait_for_lines(process, 4)
        assert held(cluster) - before
        os.killpg(process.pid, signal.SIGKILL)
    until(lambda: held(cluster) <= before)
    command("--cluster", cluster.address)
    with command.book() as book:
        assert {report.student: report.score for report in book} == {name: one.score for name, one in calm.items()}
        assert {len(book.history(student)) for student in calm} == {1}
        first, second = book.runs()
        assert (second.done, second.reused) == (24, first.done)
        assert first.done >= 4


@pytest.mark.long
def test_a_slow_worker_gets_less(cluster: Cluster, tiny_folder: Path, tmp_path: Path) -> None:
    """A worker that takes half a second more for each submission keeps nobody waiting, and changes no score."""
    slow = tmp_path / "slow"
    wait = f"import os, time\n        time.sleep(0.5)\n        open({str(slow)!r}, 'a').write('x')\n"
    assignment = deadly(tiny_folder, wait, "'SLOW' in __import__('os').environ")
    process = cluster.start_worker("--no-nanny", environment={"SLOW": "1"})
    try:
        until_workers(cluster, 3)
        found = reports(on(cluster, assignment, class_of(40)))
    finally:
        cluster.end(process)
    assert {(report.score, report.needs_review) for report in found.values()} == {(5, False)}
    assert len(found) == 40
    assert 0 < len(slow.read_text()) < 15


@pytest.mark.long
@pytest.mark.parametrize("room", [100, 500], ids=["no room for the assignment", "none when a submission comes"])
def test_a_worker_whose_disk_is_full_is_set_aside(
    cluster: Cluster, tiny: Assignment, calm: dict[str, ScoreReport], room: int
) -> None:
    """The others do its work, and its failures again; the log has the reason."""
    process = cluster.start_worker("--no-nanny", limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    try:
        until_workers(cluster, 3)
        batch = on(cluster, tiny, mixed())
        assert reports(batch) == calm
    finally:
        cluster.end(process)
    reasons = {line.partition(" was quarantined: ")[2] for line in batch.log} - {""}
    if room == 100:
        assert reasons == {"it can't take the assignment (File too large)"}
    else:  # how often it fails until the class is done is a matter of luck
        assert reasons <= {"submissions that failed on it succeeded on another worker"}


@pytest.mark.long
def test_a_worker_without_a_sandbox_is_refused(cluster: Cluster, tiny: Assignment, tmp_path: Path) -> None:
    """With the reason: before anything is graded by an error, and later it joins no more."""
    for name in ("python3", "sh"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    bare = {"PATH": str(tmp_path)}
    process = None

    def join(count: int) -> None:
        nonlocal process
        if count == 1:
            process = cluster.start_worker("--no-nanny", environment=bare)
            until_workers(cluster, 3)

    batch = on(cluster, tiny, class_of(30))
    assert len(reports(batch, join)) == 30
    assert process
    try:
        assert [line for line in batch.log if "was quarantined: bubblewrap" in line] == batch.log
        with pytest.raises(ClusterError, match=r"the worker tcp://127.0.0.1:\d+ can't grade: bubblewrap .* isn't inst"):
            reports(on(cluster, tiny, class_of(2)))
    finally:
        cluster.end(process)


def test_a_worker_with_another_grader_is_an_error_before_anything_is_graded(tmp_path: Path, tiny: Assignment) -> None:
    """One sentence, which names what differs."""
    shutil.copytree(ROOT / "grader", tmp_path / "grader")
    with (tmp_path / "grader" / "words.py").open("a") as file:
        file.write("# another version\n")
    with Cluster(tmp_path) as cluster:
        cluster.start_worker("--no-nanny", environment={"PYTHONPATH": str(tmp_path)})
        with pytest.raises(ClusterError, match=r"it has grader \S+ instead of \S+; install the same there as here"):
            reports(on(cluster, tiny, class_of(2)))


def test_an_assignment_that_changes_on_the_way_is_not_graded(cluster: Cluster, tiny_folder: Path) -> None:
    """The workers look whether what arrived has the digest that the gradebook will name."""
    tiny = load(tiny_folder)
    (tiny_folder / "hidden" / "test_double.py").write_text("# nothing left\n")
    with pytest.raises(ClusterError, match="tiny was changed while it was sent to the workers"):
        reports(on(cluster, tiny, class_of(2)))


@pytest.mark.long
def test_a_case_that_hangs_is_found_out_on_the_worker(
    tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its grading process is ended as on one machine: it is for review, and the worker goes on with others."""
    monkeypatch.setattr("grader.execution.pool.HANG_CHECK_SECONDS", 0.2)
    monkeypatch.setattr("grader.execution.pool.hang_seconds", lambda limits: 4.0)
    assignment, others = deadly(tiny_folder, "import time\n        time.sleep(600)"), set(jobs())
    with closing(start(pack_assignment(assignment, "full", False), tmp_path, 1)) as service:
        futures = [service.submit(one) for one in (submission(POISON, "poison"), submission(RIGHT, "zoe"))]
        found = {future.result().report.student: future.result().report for future in futures}
        assert {name: (report.needs_review, report.score) for name, report in found.items()} == {
            "poison": (True, 0),
            "zoe": (False, 5),
        }
        assert list(service.log) == ["poison: the grading process died (it hung, and was killed)"] * 2
    assert set(jobs()) <= others


# ---- ways to a cluster


def test_tls_keeps_out_who_has_no_certificate(
    tmp_path: Path, tiny: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Dask's own settings it grades; without them, or with another certificate, it is one sentence."""
    monkeypatch.setattr(site, "CONNECT_SECONDS", 2.0)
    ours, others = certificate(tmp_path / "ours"), certificate(tmp_path / "others")
    with Cluster(tmp_path, protocol="tls", environment=variables(ours)) as cluster:
        cluster.start_worker("--no-nanny")
        with dask.config.set(ours):
            assert len(reports(on(cluster, tiny, class_of(3), sandbox="off"))) == 3
        with pytest.raises(ClusterError, match="tls:// needs certificates"):
            reports(on(cluster, tiny, class_of(3)))
        with (
            dask.config.set(others),
            pytest.raises(ClusterError, match=f"the cluster at {cluster.address} can't be used"),
        ):
            reports(on(cluster, tiny, class_of(3)))


@pytest.mark.long
def test_a_file_says_what_cluster_to_make(tmp_path: Path, tiny: Assignment) -> None:
    """A class of dask-jobqueue, here the one that starts its jobs on this machine. Dask's pages are switched off."""
    path = tmp_path / "cluster.toml"
    path.write_text(
        'class = "dask_jobqueue.local.LocalCluster"\nworkers = 1\n[arguments]\n'
        f'cores = 1\nprocesses = 1\nmemory = "1GB"\npython = "{sys.executable}"\nlog_directory = "{tmp_path}"\n'
        'worker_extra_args = ["--host", "127.0.0.1"]\n'
        'scheduler_options = {host = "127.0.0.1", dashboard_address = "127.0.0.1:0"}\n'
    )
    own: set[int] = set()
    others = ports(os.getpid())  # another test's cluster may run
    shown: list[int] = []

    def look(count: int) -> None:
        new = ports(os.getpid()) - others
        own.update(new)
        shown.extend(port for port in new if count == 1 and speaks_http(port))

    assert len(reports(DaskPool(tiny, class_of(3), parse(str(path))), look)) == 3
    assert len(own) >= 2, "a scheduler and a worker"
    assert shown == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("local:0", "expected a number of workers from 1 to"),
        ("http://127.0.0.1", "expected local:N, tcp://HOST:PORT"),
        ("nowhere.yaml", "No such file"),
        ("broken.toml", "can't be used: "),
        ("typo.yaml", "unknown field `wokers`"),
    ],
)
def test_what_is_no_cluster_is_one_sentence(
    text: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names what was given, and what is wrong with it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("[")
    (tmp_path / "typo.yaml").write_text("class: SLURMCluster\nworkers: 1\nwokers: 2\n")
    with pytest.raises(ClusterError, match=re.escape(sentence)) as told:
        parse(text)
    assert text in str(told.value)
    assert "\n" not in str(told.value)


def test_a_scheduler_that_is_not_there_is_one_sentence(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when nothing at all listens at the address."""
    monkeypatch.setattr(site, "CONNECT_SECONDS", 1.0)
    with pytest.raises(ClusterError, match=r"the cluster at tcp://127.0.0.1:\d+ can't be used: "):
        list(DaskPool(tiny, class_of(1), Scheduler(f"tcp://127.0.0.1:{free_port()}")))


# ---- ends


@pytest.mark.long
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, tiny_folder: Path) -> None:
    """A cluster on this machine is closed to others, Dask's pages included, and ends with the run: exit code 130, one
    sentence, no process."""
    handed_in = class_folder(3, tmp_path / "class")
    (handed_in / "zoe.py").write_text(RIGHT.replace("return 2 * x", "\n    while True: pass"))
    text = (tiny_folder / "assignment.toml").read_text()
    (tiny_folder / "assignment.toml").write_text(text.replace("call_seconds = 1", "call_seconds = 600"))
    command = Command(handed_in, tiny_folder)
    with command.start("--cluster", "local:2") as process:
        wait_for_lines(process, 3)
        assert listening(process.pid) == {LOOPBACK}
        assert len(ports(process.pid)) >= 3, "a scheduler and two workers"
        assert not any(map(speaks_http, ports(process.pid)))
        watched = Watched(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        began = time.monotonic()
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert told.startswith("grader: stopped; 3 of 4 submissions are done"), told
    assert len(told.splitlines()) == 1
    assert watched.ended(5)
    assert time.monotonic() - began < 10


def held(cluster: Cluster) -> set[object]:
    """Grading processes, and copies of assignments on the workers."""
    return {*jobs(), *glob.glob(f"{cluster.folder}/*/*/grader-*")}  # which no vanishing folder stops


def until_workers(cluster: Cluster, number: int) -> None:
    """Return when the cluster has so many workers."""
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        until(lambda: len(client.nthreads()) == number)
