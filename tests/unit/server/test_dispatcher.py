"""The dispatcher, with a grader that is none: each attempt ends once, whatever goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.errors import InternalError, Interrupted
from grader.execution.pool import MachineFull
from grader.execution.service import Graded
from grader.gradebook.attempts import Attempt
from grader.models import ScoreReport, Status, Submission
from grader.server import dispatcher
from tests.factories import case, question, report
from tests.helpers.portals import TestPortal
from tests.helpers.processes import until

Behaviour = Callable[[Submission, int], ScoreReport | Exception | None]


class Stub:
    """Grader whose reports a function returns, by the submission and how often its student was graded before."""

    behave: Behaviour
    made: int = 0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        type(self).made += 1
        self.failure: Exception | None = None
        self._waiting: list[Future[Graded]] = []
        self._count: dict[str, int] = {}

    def submit(self, submission: Submission) -> Future[Graded]:
        future: Future[Graded] = Future()
        if submission.student.startswith("_warm-up"):
            future.set_result(Graded(a_report(submission), ""))
            return future
        before = self._count.get(submission.student, 0)
        self._count[submission.student] = before + 1
        made = type(self).behave(submission, before)
        if made is None:
            self._waiting.append(future)
        elif isinstance(made, Exception):
            future.set_exception(made)
        else:
            future.set_result(Graded(made, f"printed by {submission.student}"))
        return future

    def stop(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_exception(Interrupted("stopped", 130))

    def close(self) -> None:
        """Nothing is to be closed."""


def a_report(submission: Submission, **fields: Any) -> ScoreReport:
    return report(
        question("double", case("shape")), student=submission.student, digest=submission.digest, max_score=5.0, **fields
    )


def in_need_of_review(submission: Submission) -> ScoreReport:
    asked = question("double", case("shape", Status.INTERNAL))
    return report(asked, student=submission.student, digest=submission.digest, needs_review=True)


@pytest.fixture
def with_grader(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Behaviour], type[Stub]]]:
    """with_grader(behaviour): the portal's dispatcher runs with such a grader."""

    def start(behave: Behaviour) -> type[Stub]:
        stub = type("OneStub", (Stub,), {"behave": staticmethod(behave), "made": 0})
        monkeypatch.setattr(dispatcher, "Grader", stub)
        served.portal.start()
        return stub

    yield start
    served.portal.close()


class FailingFirst(Stub):
    """Grader that fails for everybody a moment after it was made, but for the fourth."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__()
        self._fails = type(self).made < 4
        if self._fails:
            threading.Timer(0.1, self._fail).start()

    def submit(self, submission: Submission) -> Future[Graded]:
        if not self._fails:
            return super().submit(submission)
        future: Future[Graded] = Future()
        self._waiting.append(future)
        return future

    def _fail(self) -> None:
        self.failure = InternalError("the hidden cases can't be run")
        for future in self._waiting:
            future.set_exception(self.failure)


def test_nothing_is_claimed_for_a_grader_that_fails_for_everybody(
    served: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one with a broken assignment: what waits is graded when a grader can, and had no grader error."""
    monkeypatch.setattr(dispatcher, "RESTART_SECONDS", 0.2)
    stub = type("OneStub", (FailingFirst,), {"behave": staticmethod(lambda one, before: a_report(one)), "made": 0})
    monkeypatch.setattr(dispatcher, "Grader", stub)
    attempt = served.hand_in("ada")
    served.portal.start()
    until(lambda: "the hidden cases can't be run" in served.portal.not_ready())
    assert (ended(served, attempt).state, ended(served, attempt).faults) == ("graded", 0)
    until(lambda: not served.portal.not_ready())
    served.portal.close()


def ended(served: TestPortal, attempt: Attempt) -> Attempt:
    """Return an attempt once it has ended."""
    found: list[Attempt] = []

    def has_ended() -> bool:
        now = served.portal.queue.get(attempt.public_id)
        assert now
        found[:] = [now]
        return now.state not in ("queued", "grading")

    until(has_ended)
    return found[0]


def test_an_attempt_is_graded_and_kept(served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]) -> None:
    """State, score, report and what it printed are there; the metrics count it."""
    with_grader(lambda submission, before: a_report(submission))
    attempt = ended(served, served.hand_in("ada"))
    assert (attempt.state, attempt.score) == ("graded", 2.0)
    kept = served.portal.report(attempt)
    assert kept and kept.student == "ada"
    until(lambda: served.portal.printed(attempt) == "printed by ada")
    assert b'grader_report_seconds_count{assignment="tiny"} 1.0' in served.portal.metrics.render()


def test_a_rejected_file_says_so(served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]) -> None:
    """What can't be read gets the reason that the command gives."""
    seen: list[str | None] = []

    def behave(submission: Submission, before: int) -> ScoreReport:
        seen.append(submission.rejection)
        return a_report(submission, status="rejected", score=0.0)

    with_grader(behave)
    assert ended(served, served.hand_in("ada", b"hello", "essay.docx")).state == "rejected"
    assert seen == ["a .docx can't be graded; hand in .ipynb, .py or .zip"]


@pytest.mark.parametrize("kind", ["report", "exception"])
def test_a_grader_error_is_retried_once(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], kind: str
) -> None:
    """The second report counts, and costs nothing; the metrics count the fault."""

    def behave(submission: Submission, before: int) -> ScoreReport | Exception:
        if before:
            return a_report(submission)
        return in_need_of_review(submission) if kind == "report" else InternalError("lost")

    with_grader(behave)
    attempt = ended(served, served.hand_in("ada"))
    assert (attempt.state, attempt.score) == ("graded", 2.0)
    assert b'grader_faults_total{assignment="tiny"} 1.0' in served.portal.metrics.render()


@pytest.mark.parametrize("kind", ["report", "exception"])
def test_two_grader_errors_are_for_a_person(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], kind: str
) -> None:
    """The state is review; no score is shown, because none was earned or lost."""
    with_grader(lambda submission, before: in_need_of_review(submission) if kind == "report" else InternalError("lost"))
    attempt = ended(served, served.hand_in("ada"))
    assert attempt.state == "review"
    answer = served.client("ada").get(f"/api/v1/submissions/{attempt.public_id}").json()
    assert (answer["state"], answer["score"], answer["max_score"]) == ("review", None, None)


def test_a_damaged_file_is_for_a_person(served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]) -> None:
    """A file that was changed on the disk isn't graded, and isn't held against its student."""
    attempt = served.hand_in("ada")
    served.portal.data.files.path(attempt.digest).write_bytes(b"changed")
    with_grader(lambda submission, before: a_report(submission))
    assert ended(served, attempt).state == "review"


def test_a_grader_that_failed_is_replaced(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is handed in afterwards is graded by the next one."""
    monkeypatch.setattr(dispatcher, "RESTART_SECONDS", 0.0)
    stub = with_grader(lambda submission, before: a_report(submission))
    assert ended(served, served.hand_in("ada")).state == "graded"
    running: Any = served.portal.courses["tiny"].dispatcher._grader  # a Stub
    running.failure = InternalError("all processes died")
    assert ended(served, served.hand_in("otto")).state == "graded"
    assert stub.made == 2


def test_a_machine_without_room_is_no_fault_of_an_attempt(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]
) -> None:
    """However often there is none: the attempt waits in the queue, and no person has to look."""
    with_grader(lambda submission, before: MachineFull("no room") if before < 5 else a_report(submission))
    attempt = ended(served, served.hand_in("ada"))
    assert (attempt.state, attempt.faults) == ("graded", 0)


def test_the_end_of_the_server_puts_back_what_has_not_ended(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits again, without a fault and without an owner."""
    monkeypatch.setattr(dispatcher, "STOP_SECONDS", 0.1)
    claimed = threading.Event()

    def behave(submission: Submission, before: int) -> None:
        claimed.set()

    with_grader(behave)
    attempt = served.hand_in("ada")
    assert claimed.wait(60)
    served.portal.courses["tiny"].dispatcher.stop()
    now = served.portal.queue.get(attempt.public_id)
    assert now and (now.state, now.owner, now.faults) == ("queued", None, 0)
    assert served.portal.queue.workers(10) == []


def test_no_more_is_claimed_than_workers_take(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more than there are workers; the others keep their order in the queue."""
    monkeypatch.setattr(dispatcher, "STOP_SECONDS", 0.0)
    one = served.portal.courses["tiny"].dispatcher
    one.workers = 1
    for id in ("ada", "otto", "tess", "ira"):
        served.hand_in(id)
    with_grader(lambda submission, before: None)
    until(lambda: one.running == 2)
    assert served.portal.queue.counts().states == {("tiny", "grading"): 2, ("tiny", "queued"): 2}


def test_a_paused_queue_is_not_claimed(served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]) -> None:
    """Files are accepted, and graded when grading goes on."""
    served.portal.pause(True, "ira")
    with_grader(lambda submission, before: a_report(submission))
    attempt = served.hand_in("ada")
    until(lambda: served.portal.workers_alive() == 1)
    now = served.portal.queue.get(attempt.public_id)
    assert now and now.state == "queued"
    served.portal.pause(False, "ira")
    assert ended(served, attempt).state == "graded"


def test_a_regrade_keeps_the_score_until_the_new_one_is_there(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]
) -> None:
    """The difference says from what to what."""
    before = served.graded("ada", 1.0)
    id = served.client("ira").post("/api/v1/assignments/tiny/regrades", json={"preview": False}).json()["id"]
    path = f"/api/v1/assignments/tiny/regrades/{id}"
    waiting = served.client("ira").get(path).json()
    assert (waiting["done"], waiting["changes"][0]["before"], waiting["changes"][0]["after"]) == (False, 1.0, None)
    assert served.client("ira").get("/api/v1/assignments/tiny/grades").json()[0]["auto"] == 1.0
    with_grader(lambda submission, count: msgspec.structs.replace(a_report(submission), score=2.0))
    ended(served, before)
    done = served.client("ira").get(path).json()
    assert (done["done"], done["changes"][0]["after"], done["changes"][0]["changed"]) == (True, 2.0, True)


def test_a_preview_is_graded_and_changes_nothing(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]
) -> None:
    """Behind what is handed in, without a run of its own; its grader errors replace nothing."""
    before, failing = served.graded("ada", 1.0), served.graded("otto", 1.0)
    runs = served.portal.book.runs()
    ira = served.client("ira")
    id = ira.post("/api/v1/assignments/tiny/regrades", json={"preview": True}).json()["id"]
    with_grader(lambda submission, count: a_report(submission) if submission.student == "ada" else InternalError("no"))
    path = f"/api/v1/assignments/tiny/regrades/{id}"
    until(lambda: ira.get(path).json()["state"] == "ready")
    changes = {row["student"]: row for row in ira.get(path).json()["changes"]}
    assert (changes["ada"]["after"], changes["otto"]["after"], changes["otto"]["state"]) == (2.0, None, "review")
    assert [served.portal.queue.get(one.public_id) for one in (before, failing)] == [before, failing]
    assert served.portal.book.runs() == runs
    assert b'grader_report_seconds_count{assignment="tiny"} 1.0' not in served.portal.metrics.render()
    assert ira.post(f"{path}/confirm").json()["state"] == "confirmed"
    until(lambda: served.portal.printed(before) == "printed by ada")
    assert served.portal.queue.get(failing.public_id) == failing


def test_another_version_grades_nothing(served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]) -> None:
    """A later start with another assignment or grader: this one leaves the queue to it, and says so; then goes on."""
    with_grader(lambda submission, before: a_report(submission))
    flag, one = dispatcher.version_flag("tiny"), served.portal.courses["tiny"].dispatcher
    mine = served.portal.flags.get(flag)
    served.portal.flags.set(flag, "another", "test")
    attempt = served.hand_in("ada")
    until(lambda: "the portal grades tiny by version another, and this is" in one.failure)
    now = served.portal.queue.get(attempt.public_id)
    assert now and now.state == "queued"
    served.portal.flags.set(flag, mine, "test")
    assert ended(served, attempt).state == "graded"
    until(lambda: one.failure == "")


def test_nothing_is_claimed_without_the_data_folder(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]]
) -> None:
    """As when a shared file system isn't mounted: it isn't held against anybody, and grading goes on afterwards."""
    attempt = served.hand_in("ada")
    files = served.portal.data.files.folder
    files.rename(files.with_name("away"))
    with_grader(lambda submission, before: a_report(submission))
    until(lambda: "can't be reached; mount" in served.portal.courses["tiny"].dispatcher.failure)
    files.with_name("away").rename(files)
    assert ended(served, attempt).state == "graded"
    now = served.portal.queue.get(attempt.public_id)
    assert now and now.faults == 0


def test_a_full_disk_costs_nobody_an_attempt(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attempt waits without a fault, and is graded when there is room."""
    attempt = served.hand_in("ada")

    def full(*_: object) -> Submission:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(dispatcher, "read_attempt", full)
        with_grader(lambda submission, before: a_report(submission))
        until(lambda: "No space left" in served.portal.courses["tiny"].dispatcher.failure)
    assert ended(served, attempt).state == "graded"
    now = served.portal.queue.get(attempt.public_id)
    assert now and now.faults == 0


def test_a_claim_whose_answer_was_lost_waits_again(
    served: TestPortal, with_grader: Callable[[Behaviour], type[Stub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database goes away at the commit: the dispatcher doesn't know of it, and lets the lease run out."""
    monkeypatch.setattr(dispatcher, "LEASE_SECONDS", 0.5)
    for name in ("RENEW_SECONDS", "EXPIRE_SECONDS"):
        monkeypatch.setattr(dispatcher, name, 0.1)
    one = served.portal.courses["tiny"].dispatcher
    attempt = served.hand_in("ada")
    assert served.portal.queue.claim(one.owner, 0.5, ["tiny"])
    with_grader(lambda submission, before: a_report(submission))
    found = ended(served, attempt)
    assert (found.state, found.faults, found.tries) == ("graded", 0, 2)


def test_workers_elsewhere_grade_for_a_portal_without_jobs(tmp_path: Path) -> None:
    """It isn't ready until one is seen; estimates and the page of the queue come from the database."""
    served = TestPortal(tmp_path, jobs=0)
    served.portal.start()
    try:
        assert "no worker grades tiny" in served.client().get("/readyz").text
        attempt = served.hand_in("ada")
        assert served.portal.place(attempt) == (1, 1.0)
        served.portal.queue.renew("tiny@elsewhere-1", 10)
        assert served.client().get("/readyz").status_code == 200
        assert "by 1 worker," in served.client("ira").get("/assignments/tiny/queue").text
    finally:
        served.portal.close()
