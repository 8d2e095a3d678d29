"""The portal without HTTP: the store, keys, and a dispatcher for each assignment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import httpx2
import msgspec

from grader.assignments.settings import read_policy
from grader.gradebook.adjustments import Adjustments
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempt_worth import AttemptWorth, attempt_worths, record_worths
from grader.gradebook.attempts import Attempt
from grader.gradebook.audit import AuditLog
from grader.gradebook.current_policy import store_points, store_policy
from grader.gradebook.data_folder import RECEIPTS_KEY, DataFolder
from grader.gradebook.extensions import Extensions
from grader.gradebook.files import file_chunks
from grader.gradebook.flags import PAUSED, Flags
from grader.gradebook.graded_reports import ClassGrades, record_grade, student_grade
from grader.gradebook.grades import some_records
from grader.gradebook.regrades import Regrades
from grader.gradebook.releases import Releases
from grader.gradebook.requests import Requests
from grader.gradebook.roster import Person, Roster, RosterEntry
from grader.gradebook.runs import Run
from grader.gradebook.sessions import Sessions
from grader.gradebook.store import Gradebook
from grader.models import Assignment, ScoreReport
from grader.policies import Policy
from grader.policies.attempt_bucket import attempts_left
from grader.policies.compare import StudentRecord
from grader.policies.release import last_due
from grader.reports.html import class_page
from grader.server.attempt_limit import admit_within, describe_attempts
from grader.server.class_pages import ClassPages
from grader.server.dispatcher import Dispatcher, stop_all, version_flag, version_of
from grader.server.estimate import Pace, SharedPaces
from grader.server.handout import Handout
from grader.server.intake import file_name
from grader.server.limits import (
    BYTES_AT_ONCE,
    REQUESTS_AT_ONCE,
    SECONDS_PER_BYTE,
    SECONDS_PER_REQUEST,
    SECONDS_PER_UPLOAD,
    UPLOADS_AT_ONCE,
)
from grader.server.live import Live
from grader.server.lti.tool import LtiTool
from grader.server.metrics import Metrics, workers_alive
from grader.server.naming import Naming
from grader.server.places import Places
from grader.server.printed import PrintedTexts
from grader.server.rate_limit import RateLimit
from grader.server.receipts import Receipt, Signer, new_key
from grader.server.report_pages import ReportPages
from grader.server.roster_file import personal_link
from grader.server.visible import AssignmentView, Disclosure, without_name
from grader.submissions.collect import selection_rules
from grader.submissions.limits import MAX_SUBMISSION
from grader.submissions.selection import SelectionRules
from grader.submissions.student_names import name_key

INSTRUCTOR = RosterEntry("Instructor", "", "instructor", "instructor")
SYSTEM = "grader serve"  # in the audit log


@dataclass(frozen=True)
class PortalSettings:
    """How to serve.

    :param url: public address, without a slash at the end
    :param hosts: names of hosts that requests may name beside that of `url`, loopback and IP addresses
    :param login_header: header in which a reverse proxy says who has logged in; empty if there is none. Whoever can
        send requests past the proxy can be anybody.
    """

    assignments: Sequence[Assignment]
    data: Path
    database: str = ""  # URL; empty for a file in the data folder
    url: str = "http://127.0.0.1:8000"
    jobs: int | None = None  # grading processes of each assignment; None for one on each core, 0 for none
    cluster: str = ""  # value of --cluster
    hosts: tuple[str, ...] = ()
    login_header: str = ""
    transport: httpx2.BaseTransport | None = None  # of requests to learning platforms; None for the network


@dataclass(frozen=True)
class Course:
    """One assignment as the portal offers it."""

    assignment: Assignment
    handout: Handout
    rules: SelectionRules
    dispatcher: Dispatcher
    policy: Policy


class Portal:
    """Store, keys and dispatchers of a course. `start` starts the dispatchers, `close` ends them."""

    def __init__(self, settings: PortalSettings) -> None:
        """Open the data folder, and create it with its keys if it doesn't exist. Raises UserError."""
        self.settings = settings
        self.data = DataFolder.open(settings.data)
        self.signer = Signer(self.data.key(RECEIPTS_KEY, new_key))
        self.book = Gradebook.open(settings.database or self.data.gradebook)
        self._links_key = self.data.links_key()
        self.roster = Roster(self.book, self._links_key)
        self.sessions = Sessions(self.book)
        self.queue = AttemptQueue(self.book)
        self.regrades = Regrades(self.book)
        self.adjustments = Adjustments(self.book)
        self.extensions = Extensions(self.book)
        self.requests = Requests(self.book)
        self.releases = Releases(self.book)
        self.audit = AuditLog(self.book)
        self.flags = Flags(self.book)
        self.live = Live()
        self.uploads = RateLimit(UPLOADS_AT_ONCE, SECONDS_PER_UPLOAD)
        self.bytes = RateLimit(BYTES_AT_ONCE, SECONDS_PER_BYTE)
        self.asked = RateLimit(REQUESTS_AT_ONCE, SECONDS_PER_REQUEST)
        self.pages = ReportPages(self.data.files)
        self.class_pages = ClassPages(self._class_page, self.version, self.live.publish)
        self._places = Places(self.queue)
        self._shared = SharedPaces(self.queue)
        self.metrics = Metrics(self.queue.counts, self.workers_alive)
        self._printed = PrintedTexts(self.data.printed)
        self.courses = {assignment.name: self._course(assignment) for assignment in settings.assignments}
        assignments = {assignment.name: assignment for assignment in settings.assignments}
        self.lti = LtiTool(self.book, self.roster, self.data, assignments, settings.url, settings.transport)

    def _course(self, assignment: Assignment) -> Course:
        dispatcher = Dispatcher(
            assignment,
            self.book,
            self.data.files,
            self.roster,
            jobs=self.settings.jobs,
            cluster=self.settings.cluster,
            on_change=self._changed,
            on_finish=self._finished,
            on_fault=self.metrics.faults.labels(assignment.name).inc,
        )
        policy = read_policy(assignment.folder)
        store_policy(self.book, assignment.name, policy, SYSTEM)
        store_points(self.book, assignment.name, assignment.max_score)
        return Course(assignment, Handout.of(assignment), selection_rules(assignment), dispatcher, policy)

    def start(self) -> None:
        """Start to grade what waits. From now on, workers with another version grade nothing."""
        self.pages.start((course.assignment, course.handout) for course in self.courses.values())
        self.class_pages.start(self.courses)
        for name, course in self.courses.items():
            self.flags.set(version_flag(name), version_of(course.dispatcher.basis), SYSTEM)
            course.dispatcher.start()
        self.lti.sender.start()

    def close(self) -> None:
        """End what runs or put it back, and close the store. Closing it again does nothing."""
        self.lti.close()
        self.class_pages.close()
        stop_all(course.dispatcher for course in self.courses.values())
        self.pages.close()
        self.book.close()

    def instructor_link(self) -> str:
        """Return the link of an instructor. A roster in which nobody is one, or has access, gets one."""
        links = self.roster.links()
        found = next((link for link in links if link.person.role == "instructor" and link.token), None)
        return self.link(found.token if found else self._add_instructor(link.person.id for link in links))

    def _add_instructor(self, taken: Iterable[str]) -> str:
        """Add an instructor with an id that nobody has, and return the token of the link."""
        keys = set(map(name_key, taken))
        numbered = (f"{INSTRUCTOR.id}-{number}" for number in count(2))
        id = next(name for name in chain([INSTRUCTOR.id], numbered) if name not in keys)
        return self.roster.load([msgspec.structs.replace(INSTRUCTOR, id=id)], SYSTEM)[0].token

    def link(self, token: str) -> str:
        """Return the personal link with a token."""
        return personal_link(self.settings.url, token)

    def hand_in(
        self,
        person: Person,
        assignment: str,
        filename: str,
        file: BinaryIO,
        late: bool = False,
        handed_in: str = "",
        *,
        limited: bool = False,
    ) -> Attempt:
        """Store a file and queue it. Both are durable when this returns. Raises FileTooLarge and GraderError.

        :param late: whether a platform says so; with `handed_in`, the time as it writes it
        :param limited: whether it needs one of the attempts of the policy. Raises NoAttemptLeft if there is none
        """
        policy, now = self.courses[assignment].policy, datetime.now(UTC)
        admit = None
        if limited and policy.attempts:  # before the file is stored, and again when it is accepted
            admit = admit_within(policy, _digest(file), now)
            admit(self.queue.handins(person.number, assignment))
        digest, size = self.data.files.write(file_chunks(file), MAX_SUBMISSION)
        received = now.isoformat(timespec="milliseconds")

        def sign(public_id: str) -> str:
            return self.signer.sign(Receipt(public_id, person.id, assignment, digest, received))

        name = file_name(filename)
        attempt = self.queue.hand_in(
            person.number, assignment, name, digest, size, received, sign, late, handed_in, admit
        )
        self._changed(attempt)
        self.courses[assignment].dispatcher.wake()
        return attempt

    def attempts_left(self, person: Person, assignment: str) -> str:
        """Return how many files a student can still hand in, as sentences; empty if there is no limit."""
        policy = self.courses[assignment].policy
        if policy.attempts is None or person.role != "student":
            return ""
        handins = self.queue.handins(person.number, assignment)
        return describe_attempts(policy, attempts_left(handins, policy.attempts, datetime.now(UTC)))

    def record(self, assignment: str, student: str) -> StudentRecord:
        """Return what a student's grade depends on. Hand-ins have questions where an adjustment may need them."""
        return next(some_records(self.book, assignment, [student], self.courses[assignment].policy))

    def report(self, attempt: Attempt, record: StudentRecord | None = None) -> ScoreReport | None:
        """Return the newest report of an attempt, with the grade if it counts; None if there is none.

        :param record: of the attempt's person, for callers that have read it
        """
        report = self.book.report(attempt.result) if attempt.result is not None else None
        if report is None:
            return None
        policy = self.courses[attempt.assignment].policy
        if record is None:
            found = student_grade(self.book, attempt.assignment, report.student, policy)
        else:
            found = record_grade(record, policy)
        counts = found is not None and found.result == attempt.result
        return msgspec.structs.replace(report, grade=found.grade) if found and counts else report

    def worth(self, attempt: Attempt, owner: Person, record: StudentRecord) -> AttemptWorth | None:
        """Return what an attempt is worth; None of one without a score, or of the staff.

        :param record: of the owner
        """
        if owner.role != "student":
            return None
        return record_worths(record, self.courses[attempt.assignment].policy).get(attempt.number)

    def worths(self, assignment: str, owners: Iterable[Person]) -> dict[int, AttemptWorth]:
        """Return number of an attempt -> what it is worth, of these people."""
        students = sorted({person.id for person in owners if person.role == "student"})
        return attempt_worths(self.book, assignment, students, self.courses[assignment].policy)

    def view(self, assignment: str) -> AssignmentView:
        """Return what decides now who sees what of an assignment."""
        course = self.courses[assignment]
        policy = course.policy
        waits = {policy.visible, *policy.visible_by_question.values()} - {"at once"}
        times = self.releases.times(assignment) if waits or policy.blind else {}
        extended = self.extensions.of_assignment(assignment).values() if "after due" in waits else ()
        questions = course.assignment.question_names
        disclosure = Disclosure(policy, questions, times, last_due(policy, extended), datetime.now(UTC))
        return AssignmentView(disclosure, Naming(self.roster, self._links_key, assignment, disclosure.hides_names))

    def reports(self, assignment: str) -> Iterable[ScoreReport]:
        """Yield the report that counts of each student with its grade, for those who grade, sorted by student."""
        naming = self.view(assignment).naming
        grades = ClassGrades(self.book, assignment, self.courses[assignment].policy)
        for report in grades.reports(naming.sort_key):
            yield without_name(report, naming.id(report.student)) if naming.blind else report

    def version(self) -> int:
        """Return a number that grows with each result, and each change that a person makes."""
        return self.book.newest_result() + self.audit.newest()

    def _class_page(self, assignment: str) -> bytes:
        """Return the page of the class, as `grader grade` writes it, about all runs."""
        runs = self.book.for_assignment(assignment).runs()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        none = Run(0, started, None, 0, 0, 0, None, self.courses[assignment].dispatcher.basis)
        run = msgspec.structs.replace(runs[-1], submissions=0) if runs else none
        folder = f"/assignments/{quote(assignment)}/students"
        return class_page.render(self.reports(assignment), run, lambda student: f"{folder}/{quote(student, safe='')}")

    def place(self, attempt: Attempt) -> tuple[int, float]:
        """Return the place of an attempt in the queue, from 1, and the estimated seconds until it is graded.

        The place of an attempt that is being graded or has ended is 0.
        """
        if attempt.state not in ("queued", "grading"):
            return 0, 0.0
        pace = self.pace(attempt.assignment)
        if attempt.state == "grading":
            return 0, round(pace.mean, 1)
        before = self._places.before(attempt)
        return before + 1, pace.seconds(before)

    def pace(self, assignment: str) -> Pace:
        """Return how fast an assignment is graded: by this server alone, or by workers elsewhere as well."""
        dispatcher = self.courses[assignment].dispatcher
        shared = self._shared.read(assignment)
        if dispatcher.workers and shared.owners <= {dispatcher.owner}:
            return dispatcher.estimate.pace(dispatcher.running)
        return shared.pace

    def printed(self, attempt: Attempt) -> str:
        """Return the beginning of what an attempt printed; empty if it printed nothing."""
        return self._printed.read(attempt)

    def regrade(self, attempts: Iterable[Attempt], who: str) -> int:
        """Queue attempts again, and return how many."""
        found = list(attempts)
        count = self.queue.regrade((attempt.number for attempt in found), who)
        for attempt in found:
            self._changed(attempt)
            self.courses[attempt.assignment].dispatcher.wake()
        return count

    def pause(self, on: bool, who: str) -> None:
        """Pause or resume grading, for all servers of the store."""
        self.flags.set(PAUSED, "yes" if on else "", who)
        self.live.publish(*self.courses)
        for course in self.courses.values():
            course.dispatcher.wake()

    @property
    def paused(self) -> bool:
        """Return whether grading is paused."""
        return bool(self.flags.get(PAUSED))

    def workers_alive(self) -> int:
        """Return the number of dispatchers, of all servers, that were seen lately."""
        return workers_alive(self.queue)

    def not_ready(self) -> str:
        """Return why nothing can be graded yet or any more; empty if everything can."""
        for name, course in self.courses.items():
            if not course.dispatcher.workers:
                if not workers_alive(self.queue, name):
                    return f"no worker grades {name}: start one with grader worker"
                continue
            if not course.dispatcher.alive:
                return f"the dispatcher of {name} doesn't run"
            if course.dispatcher.failure:
                return f"{name} can't be graded: {course.dispatcher.failure}"
            if not course.dispatcher.ready.is_set():
                return f"the workers of {name} are starting"
        return ""

    def public_reason(self, problem: str) -> str:
        """Return the text of a problem without the address of the store: whoever reads it may be anybody.

        Of PostgreSQL, what its driver says is left out too, which has names of machines and users.
        """
        before, name, after = problem.partition(self.book.name)
        if not name:
            return problem
        return f"{before}the gradebook{after.partition(': ')[0] if self.settings.database else after}"

    def _changed(self, attempt: Attempt) -> None:
        self.live.publish(attempt.public_id, attempt.assignment)

    def _finished(self, attempt: Attempt, report: ScoreReport, printed: str) -> None:
        self.metrics.observe(attempt, report)
        self._printed.keep(attempt, printed)


def _digest(file: BinaryIO) -> str:
    """Return the SHA-256 of a file, and go back to its beginning."""
    digest = hashlib.sha256()
    for chunk in file_chunks(file):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
