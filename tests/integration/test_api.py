"""The grader as a library: submissions in, reports out, from any thread, with workers that stay."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

import grader
from grader import (
    AssignmentError,
    Event,
    EventKind,
    Grader,
    IntakeError,
    InternalError,
    Limits,
    ScoreReport,
    Status,
    Submission,
    UserError,
    collect_submissions,
    load_assignment,
)
from grader._util.interrupts import stop_on_signal
from grader.errors import Interrupted
from grader.execution.grading_process import GradingProcess
from grader.execution.limits import MAX_LOST_WORKERS
from grader.execution.pool import GradingPool
from grader.execution.template_process import TemplateProcess
from grader.submissions.limits import MAX_SUBMISSION
from tests.factories import ENDLESS_DOUBLE, RIGHT, class_of, submission, tiny_assignment
from tests.helpers.processes import jobs, until

WRONG = RIGHT.replace("2 * x", "3 * x")


def processes_of(grader: Grader) -> list[GradingProcess]:
    """The grading processes that a grader has at the moment."""
    pool = grader._service._pool
    assert isinstance(pool, GradingPool)
    return list(pool._processes)


@pytest.fixture(scope="module")
def tiny_grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A grader of a small assignment with two workers."""
    with Grader(load_assignment(tiny_assignment(tmp_path_factory.mktemp("api"))), workers=2) as made:
        yield made


def test_every_public_name_is_there() -> None:
    """What __all__ lists can be imported, and nothing else is made up."""
    assert {name for name in grader.__all__ if getattr(grader, name) is None} == set()
    assert set(grader.__all__) <= set(dir(grader))
    assert not hasattr(grader, "Graders")


def test_importing_the_package_imports_nothing_else() -> None:
    """The grader's own processes begin with it, so it must cost them nothing."""
    code = "import sys, grader; print(sorted(name for name in sys.modules if name.startswith('grader.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_submission_is_graded(tiny_grader: Grader) -> None:
    """A right one has all points, a wrong one says where it lost some."""
    right, wrong = (tiny_grader.grade(submission(code, "ada")) for code in (RIGHT, WRONG))
    assert (right.status, right.score, right.score) == ("graded", right.max_score, 5.0)
    assert wrong.score < wrong.max_score
    assert Status.FAILED in {question.status for question in wrong.questions}


def test_a_submission_is_a_file_or_bytes(tmp_path: Path, tiny_grader: Grader) -> None:
    """Both give the same digest; the student has the file's name if no other is given."""
    path = tmp_path / "grace.py"
    path.write_text(RIGHT)
    one, other = Submission.from_path(path), Submission.from_bytes("grace", "grace.py", RIGHT.encode())
    assert one == other
    assert Submission.from_path(str(path), "ada").student == "ada"
    assert tiny_grader.grade(one).student == "grace"


def test_collected_submissions_bring_their_content(tmp_path: Path, tiny_grader: Grader) -> None:
    """A folder is a class, what can't be graded in it included."""
    (tmp_path / "ada.py").write_text(RIGHT)
    (tmp_path / "bob.ipynb").write_bytes(b"\xff\xfe")
    reports = tiny_grader.grade_many(collect_submissions([tmp_path], tiny_grader.assignment))
    assert sorted((report.student, report.status) for report in reports) == [("ada", "graded"), ("bob", "rejected")]
    with pytest.raises(IntakeError, match="nobody"):
        list(collect_submissions([tmp_path / "nobody"], tiny_grader.assignment))


def test_many_are_graded_by_workers_that_stay(tiny_grader: Grader) -> None:
    """Each has one report, and the processes are those of before."""
    tiny_grader.grade(submission(RIGHT, "first"))
    before = set(jobs())
    reports = list(tiny_grader.grade_many(class_of(25)))
    assert sorted(report.student for report in reports) == sorted(one.student for one in class_of(25))
    assert before & set(jobs())


def test_few_are_taken_ahead(tiny_grader: Grader) -> None:
    """Submissions are taken as they are graded: a class needn't be in memory."""
    taken = 0

    def handed_in() -> Iterator[Submission]:
        nonlocal taken
        for one in class_of(40):
            taken += 1
            yield one

    reports = tiny_grader.grade_many(handed_in())
    next(reports)
    assert taken <= 10
    cast(Generator[ScoreReport], reports).close()


def test_threads_share_a_grader(tiny_grader: Grader) -> None:
    """Each gets the report of what it asked for, also of several submissions of one student at once."""
    codes = [RIGHT, WRONG] * 6
    with ThreadPoolExecutor(len(codes)) as pool:
        reports = list(pool.map(lambda code: tiny_grader.grade(submission(code, "ada")), codes))
    assert [report.score == report.max_score for report in reports] == [code == RIGHT for code in codes]


def test_a_wait_can_end(tiny_folder: Path) -> None:
    """The others are graded all the same, and what was still in the queue isn't."""
    limits = Limits(load_seconds=1.5, call_seconds=1.5, total_seconds=1.5)
    with Grader(load_assignment(tiny_folder), workers=1, limits=limits) as grader:
        slow = threading.Thread(target=grader.grade, args=(submission(ENDLESS_DOUBLE, "eve"),))
        slow.start()
        until(lambda: grader._service._grading)
        for k in range(3):
            with pytest.raises(TimeoutError):
                grader.grade(submission(RIGHT, f"bob-{k}"), timeout=0.1)
        assert list(grader._service._grading) == ["eve"]
        assert grader.grade(submission(RIGHT, "ada")).score == 5.0
        slow.join()


def test_a_signal_that_another_thread_receives_ends_the_wait(tiny_folder: Path) -> None:
    """Python runs handlers in the main thread alone, and the kernel chooses the thread that receives a signal."""

    def interrupt(event: Event) -> None:
        if event.kind == EventKind.STARTED:
            os.kill(os.getpid(), signal.SIGINT)

    with Grader(load_assignment(tiny_folder), workers=1, on_event=interrupt) as grader:
        reports = grader.start_many([submission(ENDLESS_DOUBLE)])
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with stop_on_signal(grader.stop) as caught, pytest.raises(Interrupted):
                next(reports)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert caught.number == signal.SIGINT


def test_a_closed_grader_says_so(tiny_folder: Path) -> None:
    """No process is left, whoever waits is told, and nothing is taken any more."""
    grader = Grader(load_assignment(tiny_folder), workers=1)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(grader.grade, submission(ENDLESS_DOUBLE, "eve"))
        until(lambda: any(process.submission for process in processes_of(grader)))
        mine = {process.pid for process in processes_of(grader)}
        grader.close()
        with pytest.raises(InternalError, match="closed"):
            waiting.result(20)
    with pytest.raises(InternalError, match="closed"):
        grader.grade(submission(RIGHT))
    assert not mine & set(jobs())


def test_a_listener_may_close_the_grader(tiny_folder: Path) -> None:
    """The report that it was called with still comes, and no error is logged."""

    def close_after_the_first(event: Event) -> None:
        if event.kind == EventKind.GRADED:
            grader.close()

    grader = Grader(load_assignment(tiny_folder), workers=1, on_event=close_after_the_first)
    assert grader.grade(submission(RIGHT)).score == 5
    until(lambda: grader._service.closed)
    assert grader.log == ()


def test_hidden_cases_that_cannot_be_run_are_told_to_each_caller(tiny_folder: Path) -> None:
    """The exception is the one that the command's message comes from."""
    (tiny_folder / "hidden" / "test_double.py").write_text("import nothing_of_this_name\n")
    with Grader(load_assignment(tiny_folder), workers=1) as grader:
        for _ in range(2):
            with pytest.raises(AssignmentError, match="nothing_of_this_name"):
                grader.grade(submission(RIGHT))


def test_what_a_caller_gets_wrong_is_a_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    """Nothing is started for it."""
    assignment = load_assignment(tiny_folder)
    with pytest.raises(UserError, match="no sandbox 'none': choose one of full, process, off"):
        Grader(assignment, sandbox="none")
    with pytest.raises(UserError, match="0 workers can't grade"):
        Grader(assignment, workers=0)
    with pytest.raises(AssignmentError, match=r"assignment\.toml"):
        load_assignment(tmp_path)


def test_a_student_whose_grading_processes_died_may_hand_in_again(tiny_folder: Path) -> None:
    """Deaths are counted for each submission: one of the second is no third of the student's."""
    limits = Limits(load_seconds=1, call_seconds=1, total_seconds=1)
    with Grader(load_assignment(tiny_folder), workers=1, limits=limits) as grader, ThreadPoolExecutor(1) as pool:

        def at_work() -> list[int]:
            """The grading processes that have a submission."""
            return [process.pid for process in processes_of(grader) if process.submission]

        def gone(process: int) -> bool:
            return process not in at_work()

        def graded(deaths: int) -> ScoreReport:
            """The report of a submission whose grading process is ended so many times."""
            waiting = pool.submit(grader.grade, submission(ENDLESS_DOUBLE, "eve"))
            for _ in range(deaths):
                until(at_work)
                (process,) = at_work()
                os.kill(process, signal.SIGKILL)
                until(partial(gone, process))
            return waiting.result(60)

        assert graded(MAX_LOST_WORKERS).needs_review
        assert not graded(1).needs_review


def test_what_is_no_submission_costs_its_caller_alone(tiny_grader: Grader) -> None:
    """The others are graded as before; bytes of other kinds are bytes."""
    right = submission(RIGHT)
    for wrong, why in (
        (msgspec.structs.replace(right, content="text"), "no submission"),
        (msgspec.structs.replace(right, student=3), "no submission"),
        (msgspec.structs.replace(right, content=bytes(MAX_SUBMISSION + 1)), "32 MB"),
        (msgspec.structs.replace(right, questions=("nope",)), "no question 'nope'"),
        (RIGHT, "no submission"),
    ):
        with pytest.raises(UserError, match=why):
            tiny_grader.grade(wrong)  # type: ignore[arg-type]  # that is the point
    for content in (memoryview(RIGHT.encode()), bytearray(RIGHT.encode())):
        assert tiny_grader.grade(Submission.from_bytes("ada", "ada.py", cast(bytes, content))).score == 5.0


def test_what_the_iterable_raises_comes_after_the_reports(tiny_grader: Grader) -> None:
    """What was handed in before is graded."""

    def handed_in() -> Iterator[Submission]:
        yield from class_of(2)
        raise ValueError("the list ends here")

    reports = tiny_grader.grade_many(handed_in())
    assert {next(reports).student, next(reports).student} == {"s00", "s01"}
    with pytest.raises(ValueError, match="the list ends here"):
        next(reports)


def test_a_forked_process_is_told_to_make_its_own(tiny_grader: Grader) -> None:
    """It has no thread that would ever answer."""
    pid = os.fork()
    if pid == 0:
        try:
            tiny_grader.grade(submission(RIGHT))
        except UserError:
            os._exit(7)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_a_process_that_cannot_be_started_is_tried_again(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While others grade, that one is missing costs nothing but time; the log tells it."""
    tries, fork = 0, TemplateProcess.fork

    def scarce(*arguments: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries in (2, 3):  # of the second process: it is tried twice
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return fork(*arguments)

    monkeypatch.setattr(TemplateProcess, "fork", scarce)
    with Grader(load_assignment(tiny_folder), workers=2) as grader:
        assert len(list(grader.grade_many(class_of(6)))) == 6
        assert "Too many open files" in "".join(grader.log)
