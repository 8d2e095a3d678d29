"""A worker's time: what a busy machine withholds from it isn't counted, and what it uses is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import msgspec
import pytest

from grader import Grader
from grader._util.load import cores
from grader.models import Assignment, Limits
from grader.sandbox.client import student_proxy
from grader.sandbox.client.deadline import Deadline, processor_seconds, thread_times
from grader.sandbox.host.launcher import BubblewrapLauncher
from grader.sandbox.host.process import Process
from grader.sandbox.limits import MAX_REQUEST_WALL_FACTOR
from tests.factories import RIGHT, submission

LOOP = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); print(flush=True)\nwhile True: pass"
SLEEP = "import time; print(flush=True); time.sleep(600)"


class Running:
    """Processes of a test's own, all on one core."""

    def __init__(self) -> None:
        self.core = str(min(os.sched_getaffinity(0)))
        self._stack = ExitStack()

    def start(self, program: str, core: int | None = None) -> int:
        """Return the number of a process that runs this program by now."""
        command = [sys.executable, "-c", program, self.core if core is None else str(core)]
        process = self._stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
        self._stack.callback(process.kill)
        assert process.stdout
        process.stdout.readline()
        return process.pid

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def running() -> Iterator[Running]:
    """What starts processes, which are ended afterwards."""
    processes = Running()
    yield processes
    processes.close()


def passed(deadline: Deadline) -> float:
    """Wait for a deadline as a socket does; return the seconds on the wall clock."""
    began = time.monotonic()
    while (left := deadline()) > 0:
        time.sleep(left)
    return time.monotonic() - began


def test_a_sleeping_worker_has_its_limit_on_the_wall_clock(running: Running) -> None:
    """It uses no processor time, and waits for nothing but its own clock."""
    number = running.start(SLEEP)
    deadline = Deadline(0.6, number)
    assert passed(deadline) >= 0.6
    assert deadline.used() >= 0.6
    assert processor_seconds(number) < 0.6


@pytest.mark.long
def test_a_worker_among_others_has_its_limit_in_processor_time(running: Running) -> None:
    """Four processes share a core: the one that is watched may go on until it has had its seconds."""
    for _ in range(3):
        running.start(LOOP)
    number = running.start(LOOP)
    before = processor_seconds(number)
    passed(Deadline(1.0, number))
    assert processor_seconds(number) - before >= 0.6  # the first quarter of a second is on the wall clock


def test_threads_of_its_own_do_not_buy_time(running: Running) -> None:
    """Threads that keep each other waiting use up the processor time of their process."""
    program = f"import threading\nfor _ in range(5): threading.Thread(target=exec, args=({LOOP!r},)).start()"
    number = running.start(program)
    before = processor_seconds(number)
    passed(Deadline(0.8, number))
    assert processor_seconds(number) - before < 2.4  # not one limit for each thread


@pytest.mark.long
def test_a_thread_that_waited_before_gives_no_credit_to_another(running: Running) -> None:
    """Each thread is held against what it had at the first look: one sleeps now, and another computes."""
    for _ in range(3):
        running.start(LOOP)
    program = (
        "import threading, time, os, sys; os.sched_setaffinity(0, {int(sys.argv[1])})\n"
        "end = time.monotonic() + 1.5\nwhile time.monotonic() < end: pass\n"
        "threading.Thread(target=exec, args=('while True: pass',)).start()\nprint(flush=True)\ntime.sleep(600)"
    )
    number = running.start(program)
    before = processor_seconds(number)
    passed(Deadline(1.0, number))
    assert processor_seconds(number) - before >= 0.6


def test_a_worker_that_is_ended_on_a_busy_machine_costs_no_other_question(running: Running, tiny: Assignment) -> None:
    """What its exchange took is reckoned while it is there to be looked at."""
    code = "def double(x):\n    while True: pass\ndef quadruple(x): return 4 * x\n"
    limits = Limits(load_seconds=4, call_seconds=0.5, total_seconds=4)
    with Grader(msgspec.structs.replace(tiny, limits=limits), workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5  # its processes start before the machine is busy
        for core in [*cores()] * 2:
            running.start(LOOP, core)
        report = grader.grade(submission(code))
        running.close()
    assert {question.name: question.status for question in report.questions} == {
        "double": "timeout",
        "quadruple": "passed",
    }


def test_however_busy_a_machine_is_there_is_an_end(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is never given the processor is ended all the same."""
    number = running.start(SLEEP)

    def told(folder: str) -> dict[str, tuple[float, float]]:
        """A thread that has waited all its life."""
        return {folder: (0.0, time.monotonic())}

    monkeypatch.setattr("grader.sandbox.client.deadline.thread_times", told)
    monkeypatch.setattr("grader.sandbox.client.deadline.load_factor", lambda: 1.2)
    assert passed(Deadline(0.3, number)) >= 1.2 * 0.3 * MAX_REQUEST_WALL_FACTOR
    assert passed(Deadline(0.3, number, max_wall_seconds=1)) < 0.3 * MAX_REQUEST_WALL_FACTOR


def test_a_process_that_is_gone_has_used_nothing() -> None:
    """Nothing is raised for a worker that has just ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert processor_seconds(process.pid) == 0.0
    assert thread_times(f"/proc/{process.pid}/task") == {}
    assert processor_seconds(0) == processor_seconds(-1) == 0.0
    assert passed(Deadline(0.3, process.pid)) >= 0.3


class SlowLauncher(BubblewrapLauncher):
    """It waits for hours until there is room for a worker, by its own clock."""

    waited = 0.0

    def start(self, limits: Limits) -> Process:
        self.waited += 10_000
        return super().start(limits)

    def clock(self) -> float:
        """What `time.monotonic` says."""
        return time.monotonic() + self.waited


def test_waiting_for_a_worker_is_not_the_time_of_the_submission(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others keep it from starting: they have all processes, or the fork server is busy with theirs."""
    with SlowLauncher(preload=["numpy"]) as launcher:
        clock = SimpleNamespace(monotonic=launcher.clock, perf_counter=launcher.clock)
        monkeypatch.setattr(student_proxy, "time", clock)
        student = student_proxy.StudentProxy(submission(RIGHT), ["double"], launcher, Limits())
        assert student.double(2) == 4
        student.close()
        assert student.double(2) == 4, "another worker"
        student.close()
