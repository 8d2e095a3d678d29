"""kill -9 of server, worker, grading process and database, at each step: every receipt is graded exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.factories import ENDLESS_DOUBLE, RIGHT
from tests.helpers.faulty_grader import FILE, STEPS, WHEN, Fault
from tests.helpers.postgres import PostgresServer
from tests.helpers.processes import below, fork_servers, jobs, seconds, templates, until
from tests.helpers.served import FAULTY, Served, served

# The run first: it begins once, with the first report of a process, which may be of an earlier student later on.
MOMENTS = [f"{when} {step}" for step in sorted(STEPS, key=lambda step: step != "new run") for when in WHEN]
OF_UPLOADS = ("store file", "hand in")
OF_WORKERS = [moment for moment in MOMENTS if not moment.endswith(OF_UPLOADS)]
PRINTS = f"print('hello')\n{RIGHT}"


@pytest.fixture
def fault(tmp_path: Path) -> Fault:
    return Fault(tmp_path / "fault")


def faulty(folder: Path, fault: Fault, students: list[str], database: str = "") -> Served:
    """A course whose processes kill somebody at a step."""
    course = Served(folder, database=database, program=FAULTY)
    course.environment[FILE] = str(fault.path)
    course.start("--jobs", "0" if database else "1")
    course.load(students)
    return course


@pytest.fixture
def ending() -> Iterator[list[Served]]:
    """Courses whose processes end with the test."""
    courses: list[Served] = []
    yield courses
    for course in courses:
        course.end_all()


def work(id: str) -> bytes:
    return f"{PRINTS}# {id}\n".encode()


def wait_for_end(process: subprocess.Popen[Any]) -> None:
    until(lambda: process.poll() is not None)


def accepts_again(course: Served, student: str) -> bool:
    return course.try_post(student, work(student) + b"# again\n") == 202


@pytest.mark.long
def test_a_server_that_is_killed_at_a_step(tmp_path: Path, fault: Fault, ending: list[Served]) -> None:
    """One after another, each while a student hands in, on one data folder. Each step is hit."""
    students = [f"s{number:02}" for number in range(len(MOMENTS))]
    course = faulty(tmp_path, fault, students)
    ending.append(course)
    for student, moment in zip(students, MOMENTS, strict=True):
        fault.set(moment)
        process = course.process
        assert process
        status = course.try_post(student, work(student))
        assert status in ((0,) if moment.endswith(OF_UPLOADS) else (0, 202))
        wait_for_end(process)
        assert course.wait_for(process) == -signal.SIGKILL, moment
        course.start()
    assert len(course.given) >= 5  # else students hardly got an answer before the kill
    course.check()


@pytest.mark.long
def test_a_worker_that_is_killed_at_a_step(
    tmp_path: Path, fault: Fault, postgres: PostgresServer, ending: list[Served]
) -> None:
    """One after another; the server only accepts. Another worker grades what each of them had."""
    students = [f"s{number:02}" for number in range(len(OF_WORKERS))]
    course = faulty(tmp_path, fault, students, postgres.new_database())
    ending.append(course)
    for student, moment in zip(students, OF_WORKERS, strict=True):
        course.hand_in(student, work(student))
        fault.set(moment)
        worker = course.start_worker()
        wait_for_end(worker)
        assert course.wait_for(worker) == -signal.SIGKILL, moment
    course.start_worker()
    course.check()


@pytest.mark.long
def test_a_database_that_is_killed_at_a_step(
    tmp_path: Path, fault: Fault, postgres: PostgresServer, ending: list[Served]
) -> None:
    """One after another; server and worker go on when it is back, and what was refused was said to be."""
    students = [f"s{number:02}" for number in range(len(MOMENTS))]
    course = faulty(tmp_path, fault, students, postgres.new_database())
    ending.append(course)
    worker = course.start_worker()
    for student, moment in zip(students, MOMENTS, strict=True):
        again = moment.endswith("new run")  # once in a worker, which may begin it while it ends
        if again:
            assert course.end_one(worker) == 0
        assert postgres.process
        fault.set(moment, postgres.process.pid)
        if again:
            worker = course.start_worker()
        status = course.try_post(student, work(student))
        assert status in (202, 503)
        until(lambda: not fault.path.exists())
        postgres.stop()
        postgres.start()
        until(partial(accepts_again, course, student))
    assert worker.poll() is None
    course.check()


Victims = Callable[[int], list[int]]
VICTIMS: dict[str, Victims] = {
    "grading process": jobs,
    "template": templates,
    "fork server": fork_servers,
    "both": lambda pid: [*templates(pid), *fork_servers(pid)],
}


def is_grading(course: Served, id: str) -> bool:
    return course.state("ada", id) == "grading"


@pytest.mark.parametrize(
    ("victims", "content"),
    [
        pytest.param(["both"], RIGHT, id="idle"),
        pytest.param([victim for victim in VICTIMS if victim != "both"], RIGHT, id="others", marks=pytest.mark.long),
        pytest.param(list(VICTIMS), ENDLESS_DOUBLE, id="grading", marks=pytest.mark.long),
    ],
)
def test_a_grading_process_that_is_killed(tmp_path: Path, victims: list[str], content: str) -> None:
    """While it waits, and while it grades: another one takes its place, and nobody needs to look."""
    with served(tmp_path, ["ada", "otto"]) as course:
        assert course.process
        pid = course.process.pid
        for victim in victims:
            started = course.hand_in("ada", work(f"before {victim}"))["id"]
            course.wait_until_ended("ada", started)  # so everything has started
            if content != RIGHT:
                slow = course.hand_in("ada", f"{content}# {victim}\n".encode())["id"]
                until(partial(is_grading, course, slow))
            killed = VICTIMS[victim](pid)
            assert killed, victim
            for child in killed:
                with suppress(ProcessLookupError):  # the end of one before it may have ended it
                    os.kill(child, signal.SIGKILL)
            course.hand_in("otto", f"{RIGHT}# {victim}\n".encode())
            until(course.ended)
        course.check()


@pytest.mark.long
def test_a_worker_ends_with_what_runs(tmp_path: Path, postgres: PostgresServer) -> None:
    """SIGTERM: it grades what it has begun, gives back the rest, and its processes end. Another one goes on."""
    with served(tmp_path, ["ada", "otto", "zoe"], "--jobs", "0", database=postgres.new_database()) as course:
        assert "no worker grades tiny" in course.get("ada", "/readyz").text
        worker = course.start_worker()
        until(lambda: course.get("ada", "/readyz").status_code == 200)
        course.wait_until_ended("otto", course.hand_in("otto", work("otto"))["id"])  # so everything has started
        used = processor_seconds(worker.pid)
        slow = course.hand_in("ada", ENDLESS_DOUBLE.encode())["id"]
        until(lambda: processor_seconds(worker.pid) > used + 0.2)
        waiting = [course.hand_in(id, RIGHT.encode())["id"] for id in ("otto", "zoe")]
        children = list(below(worker.pid))
        assert course.end_one(worker) == 0
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
        assert course.state("ada", slow) == "graded"
        assert {course.state(id, one) for id, one in zip(("otto", "zoe"), waiting, strict=True)} == {"queued"}
        assert course.get("ada", "/readyz").status_code == 503
        course.start_worker()
        course.check()
        assert not list((course.data / "files").glob("*.part"))


def processor_seconds(pid: int) -> float:
    """What all processes below one have used."""
    return sum(map(seconds, below(pid)))


def test_a_worker_refuses_what_it_can_not_grade(tmp_path: Path, postgres: PostgresServer) -> None:
    """Without a database, and without the data folder: one sentence each."""
    from tests.helpers.terminal import grader_in

    course = Served(tmp_path)
    words = ("worker", course.assignment, "--data", course.data)
    done = grader_in(tmp_path, *words)
    assert (done.returncode, "needs --database: a SQLite file serves one machine" in done.stderr) == (2, True)
    done = grader_in(tmp_path, *words, "--database", postgres.new_database())
    assert (done.returncode, "can't be reached; mount the data folder" in done.stderr) == (2, True)
    done = grader_in(tmp_path, "serve", course.assignment, "--data", course.data, "--jobs", "0")
    assert (done.returncode, "leaves the grading to `grader worker`" in done.stderr) == (2, True)


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_servers_on_one_database(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Students hand in at both; one is killed while both grade. The other grades what it had."""
    url = request.getfixturevalue("postgres").new_database() if database == "postgresql" else ""
    students = [f"s{number}" for number in range(8)]
    with served(tmp_path, students, database=url) as course:
        first, first_url = course.process, course.url
        course.start()
        urls = (first_url, course.url)
        assert first
        for round in range(2):
            for number, student in enumerate(students):
                course.url = urls[(number + round) % 2]
                course.hand_in(student, f"{ENDLESS_DOUBLE if number < 2 else RIGHT}# {student} {round}\n".encode())
        course.url = urls[1]
        first.send_signal(signal.SIGKILL)
        assert course.wait_for(first) == -signal.SIGKILL
        course.check()
