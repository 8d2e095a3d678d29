"""Grading processes share a fork server, and are forks of a template. Losing one costs nobody points."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from grader import Grader
from grader.models import Assignment, Limits
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host.launcher import BubblewrapLauncher, Launcher, ProcessLauncher
from tests.factories import class_of, submission
from tests.helpers.processes import below, fork_servers, jobs, templates, until

pytestmark = pytest.mark.usefixtures("no_server_kept")


@pytest.fixture
def grader(tiny: Assignment) -> Iterator[Grader]:
    """A grader with two grading processes, which have graded."""
    with Grader(tiny, workers=2) as made:
        assert len(list(made.grade_many(class_of(6)))) == 6
        yield made


def test_two_grading_processes_have_one_fork_server_and_one_template(grader: Grader) -> None:
    """Both end with the last Grader that uses them."""
    assert len(jobs()) == 2
    assert len(fork_servers()) == len(templates()) == 1
    with Grader(grader.assignment, workers=1) as other:
        other.grade(submission("def double(x): return 2 * x"))
        assert len(fork_servers()) == len(templates()) == 1
        grader.close()
        until(lambda: len(jobs()) == 1)
        assert other.grade(submission("def double(x): return 2 * x")).score > 0
    assert fork_servers() == []


def test_a_lost_fork_server_costs_nobody_points(grader: Grader) -> None:
    """Grading processes that have lost it start their own, and the next ones share a new one."""
    (server,) = fork_servers()
    os.kill(server, signal.SIGKILL)
    reports = list(grader.grade_many(class_of(6)))
    assert len(reports) == 6 and not any(report.needs_review for report in reports)
    for job in jobs():
        os.kill(job, signal.SIGKILL)
    assert len(list(grader.grade_many(class_of(6)))) == 6
    assert len(fork_servers()) == 1 and server not in fork_servers()


def test_a_lost_template_costs_nobody_points(grader: Grader) -> None:
    """Its forks end with it. Another template is started, and the submissions are graded by new forks."""
    (template,) = templates()
    os.kill(template, signal.SIGKILL)
    until(lambda: jobs() == [])
    reports = list(grader.grade_many(class_of(6)))
    assert len(reports) == 6 and not any(report.needs_review for report in reports)
    assert len(templates()) == 1 and templates() != [template]


@pytest.fixture(params=[BubblewrapLauncher, ProcessLauncher], ids=["full", "process"])
def owner(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    """The launcher that has started a fork server."""
    with request.param(preload=["numpy"]) as launcher:
        yield launcher


CODE = """
import os
def pid(): return os.getpid()
def cores(): return sorted(os.sched_getaffinity(0))
"""


def worker(launcher: Launcher) -> StudentProxy:
    """A submission in a worker of this launcher's server."""
    return StudentProxy(submission(CODE), ["pid", "cores"], launcher, Limits())


def test_a_client_that_goes_takes_its_workers_along(owner: Launcher) -> None:
    """And no others. What it leaves behind, folders included, is removed."""
    clients = [type(owner)(preload=["numpy"], shared=owner.connect()) for _ in range(2)]
    students = [worker(client) for client in clients]
    assert all(student.pid() for student in students)
    there = set(below(os.getpid()))
    clients[0].close()
    until(lambda: len(set(below(os.getpid())) & there) == len(there) - 1)
    assert students[1].pid()
    assert worker(owner).pid()
    for student, client in zip(students, clients, strict=True):
        student.close()
        client.close()


def test_a_worker_keeps_to_the_cores_of_its_client(owner: Launcher) -> None:
    """The fork server may use all of them."""
    before = os.sched_getaffinity(0)
    core = max(before)
    try:
        os.sched_setaffinity(0, {core})
        student = worker(owner)
        assert student.cores() == [core]
    finally:
        os.sched_setaffinity(0, before)
    student.close()


def test_a_launcher_whose_shared_server_never_came_starts_its_own(owner: Launcher) -> None:
    """It is asked once only."""
    shared = owner.connect()
    owner.close()
    with type(owner)(preload=["numpy"], shared=shared) as launcher:
        assert worker(launcher).pid()
        assert launcher.server_is_alive


def test_a_fork_of_this_process_has_helpers_of_its_own(grader: Grader) -> None:
    """It can make a Grader, and ends nothing of its parent."""
    before = {*fork_servers(), *templates(), *jobs()}
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            with Grader(grader.assignment, workers=1) as own:
                code = 7 if own.grade(submission("def double(x): return 2 * x")).score else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert before == {*fork_servers(), *templates(), *jobs()}
    assert len(list(grader.grade_many(class_of(2)))) == 2
