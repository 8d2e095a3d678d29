"""Grading processes share a fork server, and are forks of a template. Losing one costs nobody points."""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import Grader
from grader.assignments.loader import load
from grader.errors import InternalError
from grader.execution import shortage, template_process
from grader.execution.events import Event, EventKind
from grader.execution.pool import GradingPool
from grader.execution.shortage import Shortage
from grader.execution.template_process import TemplateProcess
from grader.models import Assignment, Limits, Status
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host import room, subprocesses
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.launcher import BubblewrapLauncher, Launcher, ProcessLauncher
from grader.sandbox.host.process import has_ended
from tests.factories import POISON, RIGHT, class_of, put, submission, tiny_assignment
from tests.helpers import forkless_template
from tests.helpers.processes import below, children, fork_servers, jobs, max_wait, templates, until

pytestmark = pytest.mark.usefixtures("no_server_kept")


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A grader with two grading processes, which have graded. The last of the tests that use it closes it."""
    tiny = load(tiny_assignment(tmp_path_factory.mktemp("shared")))
    with Grader(tiny, workers=2) as made:
        assert len(list(made.grade_many(class_of(6)))) == 6
        yield made


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


def test_however_often_a_template_is_lost_nobody_is_for_review(tiny_folder: Path, tmp_path: Path) -> None:
    """Those that were being graded are graded again, alone."""
    lost = tmp_path / "lost"
    lost.mkdir()
    put(tiny_folder, "hidden/test_double.py", "    x = rng", LOSES_ITS_TEMPLATE.format(lost=str(lost)) + "    x = rng")
    with Grader(load(tiny_folder), workers=2) as grader:
        reports = list(grader.grade_many(class_of(4)))
    assert sum(1 for _ in lost.iterdir()) == 2
    assert [(report.score, report.needs_review) for report in reports] == [(5, False)] * 4


LOSES_ITS_TEMPLATE = """
    import os, signal
    from pathlib import Path
    lost = Path({lost!r})
    if len(list(lost.iterdir())) < 2:
        (lost / str(os.getppid())).touch()
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()  # its own end follows
"""


LEVELS = pytest.mark.parametrize("level", [BubblewrapLauncher, ProcessLauncher], ids=["full", "process"])


@pytest.fixture
def owner(level: type[Launcher]) -> Iterator[Launcher]:
    """A launcher that has started a fork server, and may lose it."""
    with level(preload=["numpy"]) as launcher:
        yield launcher


@pytest.fixture(scope="module", params=[BubblewrapLauncher, ProcessLauncher], ids=["full", "process"])
def lasting_owner(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    """The launcher that has started a fork server, which stays."""
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


def test_a_client_that_goes_takes_its_workers_along(lasting_owner: Launcher) -> None:
    """And no others. What it leaves behind, folders included, is removed."""
    clients = [type(lasting_owner)(preload=["numpy"], shared=lasting_owner.connect()) for _ in range(2)]
    students = [worker(client) for client in clients]
    assert all(student.pid() for student in students)
    there = set(below(os.getpid()))
    clients[0].close()
    until(lambda: len(set(below(os.getpid())) & there) == len(there) - 1)
    assert students[1].pid()
    assert worker(lasting_owner).pid()
    for student, client in zip(students, clients, strict=True):
        student.close()
        client.close()


def test_a_worker_keeps_to_the_cores_of_its_client(lasting_owner: Launcher) -> None:
    """The fork server may use all of them."""
    before = os.sched_getaffinity(0)
    core = max(before)
    try:
        os.sched_setaffinity(0, {core})
        student = worker(lasting_owner)
        assert student.cores() == [core]
    finally:
        os.sched_setaffinity(0, before)
    student.close()


@LEVELS
def test_a_launcher_whose_shared_server_never_came_starts_its_own(owner: Launcher) -> None:
    """It is asked once only."""
    shared = owner.connect()
    owner.close()
    with type(owner)(preload=["numpy"], shared=shared) as launcher:
        assert worker(launcher).pid()
        assert launcher.server_is_alive


LOSES_ITS_SERVER = """
    import os
    from pathlib import Path
    from tests.helpers.faulty_grader import running
    from tests.helpers.processes import below, fork_servers, until
    losses = Path({losses!r})
    student.double(1)
    if left := int(losses.read_text()):
        losses.write_text(str(left - 1))
        servers = [*fork_servers({pool}), *fork_servers()]
        ending = [*servers, *(pid for server in servers for pid in below(server))]
        for server in servers:
            os.kill(server, 9)
        until(lambda: not any(map(running, ending)))
    close(student.double(0), 0)
"""


def test_a_fork_server_that_is_lost_in_a_case_costs_nobody_points(tiny_folder: Path, tmp_path: Path) -> None:
    """The submission is graded again. If that fails as well, a person looks."""
    losses = tmp_path / "losses"
    losses.write_text("0")
    lines = LOSES_ITS_SERVER.format(losses=str(losses), pool=os.getpid())
    put(tiny_folder, "hidden/test_double.py", "\n    close(student.double(0), 0)\n", lines)
    with Grader(load(tiny_folder), workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5
        for times, score, review in ((1, 5, False), (2, 0, True)):
            losses.write_text(str(times))
            report = grader.grade(submission(RIGHT))
            assert losses.read_text() == "0"
            assert (report.score, report.needs_review) == (score, review)
            assert grader.grade(submission(RIGHT)).score == 5


FINDS_NO_ROOM = """
    import contextlib, errno, pytest
    from pathlib import Path
    from unittest import mock
    from grader.sandbox.client.errors import StudentError
    from grader.sandbox.host.launcher import Launcher
    tries, start = Path({tries!r}), Launcher.start
    def start_if_possible(launcher, limits):
        left = int(tries.read_text())
        tries.write_text(str(max(left - 1, 0)))
        if left:
            raise OSError(errno.EAGAIN, "no room")
        return start(launcher, limits)
    with contextlib.suppress(StudentError):
        student.double("end")
    with mock.patch.object(Launcher, "start", start_if_possible), contextlib.suppress(Exception):
        close(student.quadruple(0), 0)
        return
    pytest.fail("not four times zero")
"""
ENDS = RIGHT.replace("2 * x", "2 * x if type(x) is not str else __import__('os')._exit(0)")


@pytest.mark.parametrize(("times", "score", "review"), [(1, 5, False), (2, 0, True)])
def test_a_worker_that_cannot_be_started_in_a_case_costs_nobody_points(
    times: int, score: int, review: bool, tiny_folder: Path, tmp_path: Path
) -> None:
    """However the case takes what it asks: it isn't the answer that is missing."""
    tries = tmp_path / "tries"
    tries.write_text(str(times))
    put(tiny_folder, "hidden/test_quadruple.py", "    x = rng", FINDS_NO_ROOM.format(tries=str(tries)) + "    x = rng")
    with Grader(load(tiny_folder), workers=1) as grader:
        report = grader.grade(submission(ENDS))
        assert tries.read_text() == "0"
        assert (report.score, report.needs_review) == (score, review)


def test_a_fork_server_that_is_killed_for_memory_is_not_called_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may have too little memory for a while."""
    kills = itertools.count()
    monkeypatch.setattr(room, "memory_kills", lambda: next(kills))
    monkeypatch.setattr(Launcher, "_interpreter", lambda launcher: ["false"])
    with pytest.raises(SandboxUnavailable, match="did not start: memory was short") as caught:
        Launcher().start(Limits())
    assert caught.value.no_room


FULL_MACHINE = """
    import itertools
    from pathlib import Path
    from unittest import mock
    from grader.sandbox.host import room
    times, kills = Path({times!r}), itertools.count(1 << 60)
    if left := int(times.read_text()):
        times.write_text(str(left - 1))
        with mock.patch.object(room, {sign!r}, lambda: {seen}):
            student.double({how!r})
    close(student.double(0), 0)
"""
BREAKS = """
import os

def double(x):
    if isinstance(x, str) and x == "thread":
        raise RuntimeError("can't start new thread")
    if isinstance(x, str):
        os.kill(os.getpid(), int(x))
    return 2 * x

def quadruple(x):
    return 4 * x
"""


@pytest.mark.parametrize(
    ("sign", "seen", "how"),
    [
        ("has_room_for_threads", "False", "6"),
        ("has_room_for_threads", "False", "thread"),
        ("memory_kills", "next(kills)", "9"),
    ],
)
@pytest.mark.parametrize(("times", "score"), [(0, 5), (1, 5), (2, 0)])
def test_a_worker_that_ends_because_the_machine_is_full_costs_nobody_points(
    times: int, score: int, sign: str, seen: str, how: str, tiny_folder: Path, tmp_path: Path
) -> None:
    """Such as where TensorFlow finds no room for a thread, or a container has less memory than two submissions take.

    The submission is graded once more when nothing else runs, and then a person looks.
    """
    counter = tmp_path / "times"
    counter.write_text(str(times))
    lines = FULL_MACHINE.format(times=str(counter), sign=sign, seen=seen, how=how)
    put(tiny_folder, "hidden/test_double.py", "\n    close(student.double(0), 0)\n", lines)
    why: list[str] = []

    def listen(event: Event) -> None:
        if event.kind is EventKind.RETRIED:
            why.append(event.message)

    with Grader(load(tiny_folder), workers=1, sandbox="process", on_event=listen) as grader:
        report = grader.grade(submission(BREAKS))
        assert counter.read_text() == "0"
        assert why == ["the machine was full"] * bool(times)
        assert (report.score, report.needs_review) == (score, score == 0)
        assert grader.grade(submission(RIGHT)).score == 5


def test_a_worker_that_ends_itself_costs_its_points(tiny: Assignment) -> None:
    """There is room, so it isn't graded again."""
    ends = RIGHT.replace("return 2 * x", "__import__('os').abort()")
    with Grader(tiny, workers=1) as grader:
        report = grader.grade(submission(ends))
    assert {case.status for question in report.questions for case in question.cases} >= {Status.CRASHED}
    assert not report.needs_review


INTERRUPTED = """
@pytest.fixture(scope="module")
def answer(student):
    from grader._util import budget
    from grader.sandbox.client.errors import SandboxLost
    found = student.double(0)
    if found == 13:
        raise {problem}
    return found


@pytest.fixture(scope="module")
def asked(request):
    return request.getfixturevalue("answer")


@pytest.mark.points(1)
def test_zero(asked):
    \"\"\"Zero stays zero.\"\"\"
    close(asked % 13, 0)
"""


@pytest.mark.parametrize("problem", ["SandboxLost", "budget.BudgetExceeded(budget.limit(1))"])
def test_a_fixture_that_is_interrupted_costs_the_next_submissions_nothing(tiny_folder: Path, problem: str) -> None:
    """pytest would refuse to make it ever again, so that a person had to look at all that follow."""
    cases = tiny_folder / "hidden" / "test_double.py"
    kept, _, _ = cases.read_text().partition("@pytest.mark.points(1)")
    cases.write_text(kept + INTERRUPTED.format(problem=problem))
    with Grader(load(tiny_folder), workers=1) as grader:
        grader.grade(submission(POISON, "poison"))
        reports = list(grader.grade_many(class_of(2)))
    assert {(report.score, report.needs_review) for report in reports} == {(5, False)}


@pytest.fixture(params=[BubblewrapLauncher, ProcessLauncher], ids=["full", "process"])
def starting(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    """A launcher whose fork server starts."""
    launcher = request.param(preload=["numpy"])
    launcher.start_server()
    yield launcher
    launcher.close()


def test_a_client_that_goes_before_the_server_is_ready_harms_nobody(starting: Launcher) -> None:
    """The server answers the others all the same."""
    starting.connect().close()
    with type(starting)(preload=["numpy"], shared=starting.connect()) as client:
        assert worker(client).pid()
        assert not client.server_is_alive, "it has started its own"
        assert starting.server_is_alive


@pytest.mark.parametrize("level", [ProcessLauncher, Launcher])
def test_a_server_whose_program_is_killed_before_it_is_ready_leaves_no_folder(
    level: type[Launcher], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends, and removes the folder of its workers."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    launcher = level(preload=["numpy"])
    launcher.start_server()
    launcher.forget_server()
    assert launcher._popen
    launcher._popen.wait(max_wait())
    assert not list(tmp_path.iterdir())


def test_a_scratch_folder_that_nobody_would_remove_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as where no process can be started."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError):
        subprocesses.ScratchFolder()
    assert not list(tmp_path.iterdir())


@LEVELS
def test_a_worker_of_a_lost_server_is_none_of_the_next(owner: Launcher) -> None:
    """Its end is not that of another one, which may have the same number."""
    lost = [owner.start(Limits()) for _ in range(2)]
    assert owner._popen
    owner._popen.kill()
    assert all(has_ended(process.pidfd, max_wait()) for process in lost)
    kept = [owner.start(Limits()) for _ in range(2)]
    assert [process.kill() for process in lost] == [None, None]
    assert all(process.kill() for process in kept)


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """More open files than `select` knows: a portal has one for each connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    yield
    for descriptor in opened:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_descriptors")
def test_a_program_may_have_thousands_of_open_files(tiny: Assignment) -> None:
    """It can check the sandbox, grade, and end its grading processes."""
    with BubblewrapLauncher() as launcher:
        assert launcher.start(Limits()).kill()
    with Grader(tiny, workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5
        os.kill(jobs()[0], signal.SIGKILL)
        assert grader.grade(submission(RIGHT)).score == 5
    assert grader.failure is None


@pytest.fixture
def template() -> Iterator[TemplateProcess]:
    made = TemplateProcess()
    yield made
    made.close()


@contextlib.contextmanager
def few_descriptors(free: int) -> Iterator[None]:
    """Let this process open so many more files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    taken = []
    with contextlib.suppress(OSError):
        while True:
            taken.append(os.open(os.devnull, os.O_RDONLY))
    for _ in range(free):
        os.close(taken.pop())
    yield
    for descriptor in taken:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_template_outlives_a_program_with_too_many_open_files(template: TemplateProcess) -> None:
    """It isn't left waiting for a descriptor, nor with a process of which nobody knows."""
    forks = [template.fork(None)]
    for free in range(5):
        with few_descriptors(free), contextlib.suppress(OSError):
            forks.append(template.fork(None))
    assert 1 < len(forks) < 6, "it was possible with some"
    forks.append(template.fork(None))
    until(lambda: sorted(jobs()) == sorted(process.pid for process, _ in forks))
    for process, pipe in forks:
        pipe.close()
        assert process.wait() == 0
    assert template.is_alive


def test_a_template_that_is_ending_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its socket closes earlier than its process is gone."""
    ending = "import os, time; os.close({descriptor}); time.sleep(600); {path!r}, {parent}"
    monkeypatch.setattr(template_process, "START", ending)
    template = TemplateProcess()
    with pytest.raises(OSError, match="has ended"):
        template.fork(None)
    assert not template.is_alive
    template.close()


@pytest.fixture
def no_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that keeps templates from forking while it is there."""
    file = tmp_path / "no fork"
    monkeypatch.setenv(forkless_template.FILE, str(file))
    monkeypatch.setattr(template_process, "START", subprocesses.start_code(forkless_template.__name__))
    end_templates()
    yield file
    end_templates()


def end_templates() -> None:
    """So that another one is started."""
    for pid in templates():
        os.kill(pid, signal.SIGKILL)
    until(lambda: not jobs())


@pytest.mark.parametrize("without", [forkless_template.FORKS, forkless_template.HELPERS])
def test_a_machine_without_room_for_a_process_leaves_the_others(
    tiny: Assignment, no_fork: Path, without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They grade everything, and another one is started as soon as that is possible."""
    with Grader(tiny, workers=2) as grader:
        grader.grade(submission(RIGHT))
        (first,) = jobs()
        no_fork.write_text(without)
        assert {report.score for report in grader.grade_many(class_of(6))} == {5}
        assert jobs() == [first]
        assert any("can't be started" in line for line in grader.log)
        no_fork.unlink()
        monkeypatch.setattr(Shortage, "is_retry_due", True)
        assert {report.score for report in grader.grade_many(class_of(6))} == {5}
        assert len(jobs()) == 2 and first in jobs()


@pytest.mark.parametrize("without", [forkless_template.FORKS, forkless_template.HELPERS])
def test_a_pool_waits_until_there_is_room_for_its_only_process(tiny: Assignment, no_fork: Path, without: str) -> None:
    """Others may fill the machine for a while. One line of the log says so, and the user is told."""
    notices: list[str] = []

    def listen(event: Event) -> None:
        if event.kind is EventKind.NOTICE:
            notices.append(event.message)
            threading.Timer(1.2, no_fork.unlink).start()  # a few tries later

    no_fork.write_text(without)
    pool = GradingPool(tiny, class_of(3), jobs=2, on_event=listen)
    assert [report.score for report in pool] == [5, 5, 5]
    assert sum("can't be started" in line for line in pool.log) == 1
    assert notices == ["a grading process can't be started (Resource temporarily unavailable); trying again"]


FULL = """#!/bin/sh
if [ -e {full} ]; then echo "bwrap: Creating new namespace failed: Resource temporarily unavailable" >&2; exit 1; fi
exec {bwrap} "$@"
"""


def test_a_sandbox_for_which_there_is_no_room_is_not_called_impossible(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user is not advised to change the machine, nor to grade with less protection."""
    full, command = tmp_path / "full", tmp_path / "bin" / "bwrap"
    full.touch()
    command.parent.mkdir()
    command.write_text(FULL.format(full=full, bwrap=shutil.which("bwrap")))
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    with pytest.raises(SandboxUnavailable, match="did not start: bwrap: Creating new namespace failed") as caught:
        BubblewrapLauncher().check()
    assert not caught.value.impossible
    pool = GradingPool(tiny, class_of(1), jobs=1, on_event=lambda event: full.unlink(missing_ok=True))
    assert [report.score for report in pool] == [5]
    assert any("Creating new namespace failed" in line for line in pool.log)


def test_a_machine_without_room_for_any_process_says_so(
    tiny: Assignment, no_fork: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one sentence, once it was tried for long enough. What happened where is for the log."""
    monkeypatch.setattr(shortage, "NO_ROOM_SECONDS", 0.7)
    no_fork.write_text(forkless_template.HELPERS)
    with Grader(tiny, workers=2) as grader:
        with pytest.raises(InternalError) as caught:
            grader.grade(submission(RIGHT))
        assert str(caught.value) == "no grading process can be started (Resource temporarily unavailable)"
        assert any("ScratchFolder" in line for line in grader.log)


def test_the_current_folder_may_be_gone(tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may have been started where a deployment has removed its folder since."""
    folder = tmp_path / "removed"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with Grader(tiny, workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5


@pytest.mark.parametrize("level", [ProcessLauncher, Launcher])
def test_nobody_waits_until_a_folder_is_removed(level: type[Launcher]) -> None:
    """That of a submission that made a million files, or folders in folders: the server answers others meanwhile."""
    with level(preload=["numpy"]) as owner:
        assert owner._popen
        (remover,) = below(owner._popen.pid)
        os.kill(remover, signal.SIGSTOP)  # as if it had much to do
        student, folder = worker(owner), Path(owner._folder, "1")
        assert student.pid() and folder.is_dir()
        student.close()
        assert worker(owner).pid()
        assert folder.is_dir()
        os.kill(remover, signal.SIGCONT)
        until(lambda: not folder.exists())
        os.kill(remover, signal.SIGSTOP)
        worker(owner).close()
    assert not folder.parent.exists()


def server_of(launcher: Launcher) -> int:
    """The process that forks this launcher's workers."""
    assert launcher._popen
    one = launcher.start(Limits())
    (found,) = [pid for pid in [launcher._popen.pid, *below(launcher._popen.pid)] if one.proc_pid in children(pid)]
    one.kill()
    return found


@LEVELS
def test_nobody_waits_for_a_worker_that_ends_slowly(owner: Launcher) -> None:
    """Such as one that waits for a slow disk. It is told as killed, and the server looks after it when it has ended."""
    server, slow = server_of(owner), owner.start(Limits())
    assert slow.server.exit_info(slow.pid) == {"code": -9, "limit": "", "cpu_seconds": 0.0, "peak_mb": 0.0}
    assert worker(owner).pid()
    assert slow.proc_pid in children(server)
    signal.pidfd_send_signal(slow.pidfd, signal.SIGKILL)
    until(lambda: slow.proc_pid not in children(server))


@LEVELS
def test_a_machine_without_room_for_a_worker_is_waited_for(owner: Launcher) -> None:
    """Threads of other submissions may take all processes that a user may have, or all open files of the machine."""
    client = type(owner)(preload=["numpy"], shared=owner.connect())
    student = worker(client)
    assert student.pid()
    server, started = server_of(owner), []
    limits = resource.prlimit(server, resource.RLIMIT_NOFILE, (3, 20_000))
    waiting = threading.Thread(target=lambda: started.append(owner.start(Limits())))
    waiting.start()
    assert student.pid(), "nobody's worker has ended"
    waiting.join(1)
    assert not started
    resource.prlimit(server, resource.RLIMIT_NOFILE, limits)
    waiting.join(max_wait())
    assert started[0].kill()
    assert server_of(owner) == server
    student.close()
    client.close()


@LEVELS
def test_a_server_without_room_for_a_client_answers_the_others(owner: Launcher) -> None:
    """The client, which is turned away, starts its own."""
    student, server = worker(owner), server_of(owner)
    assert student.pid()
    limits = resource.prlimit(server, resource.RLIMIT_NOFILE, (3, 20_000))
    shared = owner.connect()
    with type(owner)(preload=["numpy"], shared=shared) as client:
        resource.prlimit(server, resource.RLIMIT_NOFILE, limits)
        assert client.server_is_alive and worker(client).pid()
    assert student.pid()
    student.close()


@pytest.mark.usefixtures("many_descriptors")
def test_a_server_may_have_a_thousand_clients() -> None:
    """As many as its limit on open files allows."""
    with BubblewrapLauncher() as owner:
        clients = [owner.connect() for _ in range(1100)]
        assert all(client.recv(64) == b"ready" for client in clients)
        assert owner.start(Limits()).kill()
        for client in clients:
            client.close()
