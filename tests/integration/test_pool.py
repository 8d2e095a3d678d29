"""Grading processes come and go; no submission is lost, and the fault is never the student's."""

from __future__ import annotations

import itertools
import os
import signal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader._util.load import cores, load_factor
from grader.assignments.loader import load
from grader.execution.events import Event, EventKind
from grader.execution.grader import Grader
from grader.execution.grading_process import GradingProcess
from grader.execution.limits import MAX_FALSE_STARTS
from grader.execution.pool import BatchError, GradingPool, MachineFull
from grader.execution.retries import Retries
from grader.models import Assignment, Limits, Status
from grader.sandbox.host import room
from tests.factories import POISON, RIGHT, class_of, submission
from tests.helpers.processes import Watched, below, jobs


def deadly(folder: Path, condition: str = "True") -> Assignment:
    """The assignment with a case that ends its grading process when the submission answers 13."""
    path = folder / "hidden" / "test_double.py"
    path.write_text(
        path.read_text().replace(
            "close(student.double(0), 0)",
            f"if student.double(0) == 13 and {condition}:\n"
            "        import os\n        os.kill(os.getpid(), 9)\n"
            "    close(student.double(0) % 13, 0)",
        )
    )
    return load(folder)


def test_a_submission_whose_job_dies_twice_is_a_matter_for_a_person(tiny_folder: Path) -> None:
    """Its report is INTERNAL, the log says what happened, and all others are graded as if nothing had been."""
    submissions = class_of(6)
    submissions.insert(2, submission(POISON, "poison"))
    batch = GradingPool(deadly(tiny_folder), submissions, jobs=2)
    reports = {report.student: report for report in batch}
    assert sorted(reports) == sorted(one.student for one in submissions)
    bad = reports.pop("poison")
    assert bad.needs_review
    assert {question.status for question in bad.questions} == {"internal"}
    assert {(report.score, report.needs_review) for report in reports.values()} == {(5, False)}
    assert batch.log == ["poison: the grading process died (Killed)"] * 2


def test_a_grader_that_is_closed_keeps_its_known_answers(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grading processes save them in the cache of the user, for the next run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Grader(tiny, workers=1) as grader:
        grader.grade(submission(RIGHT.replace("2 * x", "3 * x")))
    assert list(tmp_path.glob("grader/*.answers"))


def test_a_grader_can_let_others_compute_first(tiny: Assignment) -> None:
    """Its processes and their sandboxes have a higher nice value than this one."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    asks = f"{RIGHT}import os\nprint(os.getpriority(os.PRIO_PROCESS, 0))\n"
    with Grader(tiny, workers=1, niceness=3, run_all_cells=True) as grader:
        assert grader.submit(submission(asks)).result().printed.split() == [str(before + 3)]
        (job,) = jobs()
        assert os.getpriority(os.PRIO_PROCESS, job) == before + 3
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.mark.parametrize(("load", "times"), [(0.1, 1.0), (2.0, 1.0), (8.0, 4.0), (500.0, 10.0)])
def test_a_busy_machine_has_patience(load: float, times: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grading process hangs later where others want the cores, but not without an end."""
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr("grader._util.load.cores", lambda: [0, 1])
    assert load_factor() == times


@pytest.mark.long
def test_a_job_that_hangs_is_ended(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case that waits for ever uses no processor time: the batch ends its job, and the others are graded."""
    monkeypatch.setattr("grader.execution.pool.HANG_CHECK_SECONDS", 0.2)
    monkeypatch.setattr("grader.execution.pool.hang_seconds", lambda limits: 4.0)
    assignment = deadly(tiny_folder)
    path = assignment.hidden / "test_double.py"
    path.write_text(path.read_text().replace("os.kill(os.getpid(), 9)", "__import__('time').sleep(600)"))
    batch = GradingPool(load(tiny_folder), [submission(POISON, "poison"), *class_of(3)], jobs=2)
    reports = {report.student: report for report in batch}
    assert {name for name, report in reports.items() if report.needs_review} == {"poison"}
    assert {report.score for name, report in reports.items() if name != "poison"} == {5}
    assert batch.log == ["poison: the grading process died (it hung, and was killed)"] * 2


def slow_once(folder: Path, marker: Path) -> Assignment:
    """The assignment with a case that takes longer than the limit when it first sees 13, as on a busy machine."""
    path = folder / "hidden" / "test_double.py"
    path.write_text(
        path.read_text().replace(
            "close(student.double(0), 0)",
            "if student.double(0) == 13:\n"
            "        from pathlib import Path\n"
            "        from grader.models import Status, TimeUse\n"
            "        from grader.sandbox.client.errors import StudentError\n"
            f"        marker = Path({str(marker)!r})\n"
            "        if not marker.exists():\n"
            "            marker.touch()\n"
            "            use = TimeUse(limit=2.0, used=2.0, processor=2.0, wall=9.0, load=4.5)\n"
            "            raise StudentError(Status.TIMEOUT, 'double took longer than 2 s', time_use=use)\n"
            "    close(student.double(0) % 13, 0)",
        )
    )
    return load(folder)


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_timeout_on_a_busy_machine_costs_nothing_if_it_does_not_come_again(
    jobs: int, tiny_folder: Path, tmp_path: Path
) -> None:
    """The submission is graded once more, while no other is. Each student has one report."""
    events: list[Event] = []
    running: set[str] = set()
    beside: list[set[str]] = []

    def listen(event: Event) -> None:
        events.append(event)
        if event.kind is EventKind.STARTED:
            running.add(event.student)
            if any(one.kind is EventKind.RETRIED for one in events) and not graded & {"slow"}:
                beside.append(set(running))
        elif event.kind is EventKind.RETRIED:
            running.discard(event.student)

    graded: set[str] = set()
    submissions = [*class_of(3), submission(POISON, "slow"), *class_of(6)[3:]]
    pool = GradingPool(slow_once(tiny_folder, tmp_path / "seen"), submissions, jobs=jobs, on_event=listen)
    for report in pool:
        graded.add(report.student)
        running.discard(report.student)
        assert (report.score, report.needs_review) == (5, False)
    assert graded == {one.student for one in submissions}
    assert [one.student for one in events if one.kind is EventKind.RETRIED] == ["slow"]
    assert beside[:1] == [{"slow"}]
    assert [one.student for one in events if one.kind is EventKind.STARTED].count("slow") == 2


def test_an_endless_loop_is_confirmed_and_costs_its_points(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice is enough, whatever the load; the others are graded, though a process waits for its end."""
    monkeypatch.setattr("grader.execution.confirmations.was_busy", lambda use: True)
    loop = submission("def double(x):\n    while True:\n        pass\n", "loop")
    events: list[Event] = []
    quick = msgspec.structs.replace(tiny, limits=Limits(call_seconds=0.2))
    pool = GradingPool(quick, [loop, *class_of(3)], jobs=2, on_event=events.append)
    reports = {report.student: report for report in pool}
    assert [one.student for one in events if one.kind is EventKind.RETRIED] == ["loop"]
    assert Status.TIMEOUT in {case.status for question in reports.pop("loop").questions for case in question.cases}
    assert {report.score for report in reports.values()} == {5}


def test_many_endless_loops_do_not_hold_up_the_others(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine others wait for one confirmation. The rest comes when they are graded, or is for review."""
    monkeypatch.setattr("grader.execution.confirmations.was_busy", lambda use: True)
    monkeypatch.setattr("grader.execution.confirmations.CONFIRMATION_SHARE", 1e9)
    monkeypatch.setattr("grader.execution.confirmations.MAX_UNCONFIRMED", 2)
    loops = [submission("def double(x):\n    while True:\n        pass\n", f"loop-{i}") for i in range(5)]
    events: list[Event] = []
    quick = msgspec.structs.replace(tiny, limits=Limits(call_seconds=0.2))
    reports = list(GradingPool(quick, [*loops, *class_of(6)], jobs=2, on_event=events.append))
    loops_graded = [report for report in reports if report.student.startswith("loop")]
    assert len(loops_graded) == len(loops)
    assert len(reports) == len(loops) + 6
    confirmed = {one.student for one in events if one.kind is EventKind.RETRIED}
    assert {report.student for report in loops_graded if report.needs_review} == {
        one.student for one in loops
    } - confirmed
    before = reports[: max(i for i, report in enumerate(reports) if not report.student.startswith("loop"))]
    assert sum(report.student in confirmed for report in before) <= 1


def test_a_submission_whose_job_dies_once_is_graded(tiny_folder: Path, tmp_path: Path) -> None:
    """The second try counts, also when it was the last submission of the batch; the log keeps the first."""
    once = f"__import__('pathlib').Path({str(tmp_path / 'died')!r})"
    assignment = deadly(tiny_folder, f"not {once}.exists() and not {once}.touch()")
    batch = GradingPool(assignment, [*class_of(3), submission(POISON, "poison")], jobs=2)
    reports = {report.student: report for report in batch}
    assert {(report.score, report.needs_review) for report in reports.values()} == {(5, False)}
    assert len(reports) == 4
    assert batch.log == ["poison: the grading process died (Killed)"]


def test_jobs_that_are_killed_are_replaced(tiny: Assignment) -> None:
    """Whichever job is killed, and whenever: every submission gets its report, once."""
    batch = GradingPool(tiny, class_of(30), jobs=2)
    students = []
    for report in batch:
        students.append(report.student)
        assert (report.score, report.needs_review) == (5, False)
        if len(students) in (1, 9, 17):
            os.kill(jobs()[0], signal.SIGKILL)
    assert sorted(students) == sorted(one.student for one in class_of(30))
    assert jobs() == []


def test_a_pool_can_be_woken_more_often_than_it_looks(tiny: Assignment) -> None:
    """Nobody waits for a pool that is busy, such as a signal handler that stops it."""
    batch = GradingPool(tiny, class_of(3), jobs=1)
    reports = iter(batch)
    next(reports)
    for _ in range(20_000):  # more than a pipe holds
        batch.wake()
    batch.stop()
    assert list(reports) == []


def test_jobs_that_never_begin_end_the_batch(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few are tried; then one sentence says how they ended."""
    started = []

    class Killed(GradingProcess):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self)
            self.process.kill()

    monkeypatch.setattr("grader.execution.shared_processes.GradingProcess", Killed)
    with pytest.raises(BatchError, match=r"end before they take a submission \(Killed\)"):
        list(GradingPool(tiny, class_of(4), jobs=1))
    assert len(started) == MAX_FALSE_STARTS


def test_jobs_that_are_killed_for_memory_are_started_later(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others may take it for a while: the pool waits for room, as long as for a process."""
    kills = itertools.count()
    started = []

    class Killed(GradingProcess):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self)
            if len(started) < 2 * MAX_FALSE_STARTS:
                self.process.kill()

    monkeypatch.setattr("grader.execution.shared_processes.GradingProcess", Killed)
    monkeypatch.setattr("grader.execution.shortage.ROOM_RETRY_SECONDS", 0.0)
    monkeypatch.setattr(room, "memory_kills", lambda: next(kills))
    pool = GradingPool(tiny, class_of(2), jobs=1)
    assert [report.score for report in pool] == [5, 5]
    assert pool.log == ["a grading process can't be started: Cannot allocate memory"]
    started.clear()
    monkeypatch.setattr("grader.execution.shortage.NO_ROOM_SECONDS", 0.0)
    with pytest.raises(MachineFull, match="Cannot allocate memory"):
        list(GradingPool(tiny, class_of(2), jobs=1))


def test_a_submission_whose_job_is_killed_for_memory_is_graded_alone(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two may take more than the machine has. That it dies beside others says nothing about it, however often."""
    kills = itertools.count()
    monkeypatch.setattr(room, "memory_kills", lambda: next(kills))
    once = f"__import__('pathlib').Path({str(tmp_path / 'died')!r})"
    assignment = deadly(tiny_folder, f"not {once}.exists() and not {once}.touch()")
    lost: list[bool] = []
    count = Retries.lost

    def counted(retries: Retries, student: str, *, alone: bool) -> bool:
        lost.append(alone)
        return count(retries, student, alone=alone)

    monkeypatch.setattr(Retries, "lost", counted)
    pool = GradingPool(assignment, [*class_of(3), submission(POISON, "poison")], jobs=2)
    assert {(report.score, report.needs_review) for report in pool} == {(5, False)}
    assert lost == [False]


@pytest.mark.usefixtures("no_server_kept")
def test_a_batch_that_is_stopped_ends_its_processes(tiny: Assignment) -> None:
    """After stop() the report at hand comes to its end, no other is begun, and no process is left."""
    others = set(below(os.getpid()))  # of tests before this one, such as a browser
    batch = GradingPool(tiny, class_of(30), jobs=2)
    count = 0
    for _ in batch:
        count += 1
        watched = Watched(os.getpid(), but=others)
        batch.stop()
    assert count <= 2
    assert watched.ended(2)
    assert jobs() == []


def test_nothing_to_grade_starts_no_process(tiny: Assignment) -> None:
    """A run that takes everything over costs no start of a sandbox."""
    assert list(GradingPool(tiny, [], jobs=2)) == []


TOO_LARGE = msgspec.structs.replace(submission("", "large"), rejection="it has more than the 32 MB")


def test_rejected_submissions_start_no_process(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their reports need no sandbox, for which TensorFlow may have to be imported."""
    events: list[EventKind] = []
    monkeypatch.setattr("grader.execution.pool.ProcessStarter", None)
    many = [msgspec.structs.replace(TOO_LARGE, student=str(number)) for number in range(5)]
    with Grader(tiny, check_sandbox=False, on_event=lambda event: events.append(event.kind)) as grader:
        reports = list(grader.grade_many(many))
    assert [report.student for report in reports] == [one.student for one in many]
    assert {(report.status, report.score, report.notes) for report in reports} == {
        ("rejected", 0.0, ("it has more than the 32 MB",))
    }
    assert [events.count(kind) for kind in (EventKind.QUEUED, EventKind.STARTED, EventKind.GRADED)] == [5, 5, 5]
    assert [report.student for report in GradingPool(tiny, many)] == [one.student for one in many]


def test_rejected_submissions_wait_for_none_and_hold_up_none(tiny: Assignment) -> None:
    """Also those of one student, which have their order; each report is what a grading process would have made."""
    own = [submission(RIGHT, "large"), TOO_LARGE, submission(RIGHT + "#", "large"), TOO_LARGE]
    with Grader(tiny, workers=1) as grader:
        futures = [grader.submit(one) for one in own]
        assert [future.result(60).report.status for future in futures] == ["graded", "rejected", "graded", "rejected"]
    mixed = [TOO_LARGE, *class_of(3)]
    assert sorted(report.student for report in GradingPool(tiny, mixed, jobs=1)) == sorted(one.student for one in mixed)


CORES = "import os\nimport numpy as np\ndef double(x): return np.full(np.shape(x), len(os.sched_getaffinity(0)))\n"


@pytest.mark.long
def test_jobs_keep_to_a_core_each_where_all_cores_are_at_work(tiny: Assignment) -> None:
    """With a job for each core, and work for all, a submission sees one core; one alone, or fewer jobs, sees all."""
    there = len(cores())

    def seen(count: int, jobs: int) -> set[str]:
        batch = GradingPool(tiny, [submission(f"{CORES}# {n}\n", f"student {n}") for n in range(count)], jobs=jobs)
        return {report.questions[0].cases[0].message.partition(" at index")[0] for report in batch}

    assert seen(2 * there, there) == {"The result is wrong: got 1"}
    assert seen(1, there) == seen(2, there + 1) == {f"The result is wrong: got {there}"}
