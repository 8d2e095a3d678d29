"""What students handed in for an assignment, with all else that a grade depends on, read from the gradebook.

A student's hand-ins are their attempts in the portal. A student without attempts has the results of runs: each file is
a hand-in, with its newest result, at the time that the platform says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import case, func, not_, or_, select

from grader.gradebook.adjustments import adjustments_of_assignment, adjustments_of_student
from grader.gradebook.attempt_lists import REAL
from grader.gradebook.current_policy import stored_points
from grader.gradebook.extensions import extensions_of_assignment, extensions_of_student
from grader.gradebook.report_size import MAX_REPORT
from grader.gradebook.runs import student_sort_key
from grader.gradebook.schema import ATTEMPTS, ENTRIES, PEOPLE, RESULTS, RUNS
from grader.gradebook.store import Readable, column_text
from grader.models import ScoreReport, Status
from grader.policies import Adjustment, CaseScore, Extension, HandIn, QuestionScore
from grader.policies.compare import StudentRecord
from grader.policies.dates import latest_instant
from grader.policies.policy import YEARS
from grader.policies.records import HandInState
from grader.statuses import STATUSES

WAITING = ("queued", "grading")
MAX_TOGETHER = 200  # reports that are read together
ATTEMPT_COLUMNS = (
    PEOPLE.c.name_id,
    *ATTEMPTS.c["id", "received", "handed_in", "late", "state", "result", "score", "max_score", "digest"],
)


class _Case(msgspec.Struct):
    name: str
    status: Status
    points: float
    max_points: float


class _Question(msgspec.Struct):
    name: str
    score: float
    max_score: float
    status: Status
    cases: tuple[_Case, ...] = ()


class StoredResult(msgspec.Struct):
    """The part of a stored report that grades depend on."""

    status: str
    score: float
    max_score: float
    needs_review: bool = False
    questions: tuple[_Question, ...] = ()
    late: bool = False
    handed_in: str = ""


class _Attempt(NamedTuple):
    """A row of ATTEMPT_COLUMNS."""

    student: str
    number: int
    received: str
    handed_in: str
    late: bool
    state: Literal["graded", "rejected", "review"]  # or one of WAITING
    result: int | None
    score: float | None
    max_score: float | None
    digest: str


class _File(NamedTuple):
    """A file that runs graded."""

    number: int
    result: int
    digest: str


class _Given(NamedTuple):
    """What people gave to students of an assignment."""

    extensions: Mapping[str, Sequence[Extension]]
    adjustments: Mapping[str, Sequence[Adjustment]]


decode_result = msgspec.json.Decoder(StoredResult).decode


def read_class(book: Readable, assignment: str, zone: str) -> Iterator[StudentRecord]:
    """Yield a record of everybody in the roster or with a result, sorted by student.

    Hand-ins have questions only where a person's adjustment may need them.

    :param zone: of times that a platform wrote without one
    """
    given, attempts = _given(book, assignment), _attempts(book, assignment)
    files = {name: found for name, found in _files(book, assignment).items() if name not in attempts}
    most = _max_score(book, assignment, attempts, files)
    names = {*attempts, *files, *roster_students(book), *given.extensions, *given.adjustments}
    ordered = sorted(names, key=student_sort_key)
    for start in range(0, len(ordered), MAX_TOGETHER):
        some = ordered[start : start + MAX_TOGETHER]
        yield from _records(book, some, given, attempts, files, most, zone, details=False)


def read_some(
    book: Readable, assignment: str, students: Sequence[str], zone: str, *, details: bool = False
) -> Iterator[StudentRecord]:
    """Yield the records of some students, in their order, as `read_class` does.

    :param details: whether all hand-ins have their questions and cases
    """
    given = _given(book, assignment, *(students if len(students) == 1 else ()))
    for start in range(0, len(students), MAX_TOGETHER):
        some = students[start : start + MAX_TOGETHER]
        attempts = _attempts(book, assignment, some)
        files = _files(book, assignment, [name for name in some if name not in attempts])
        most = _max_score(book, assignment, attempts, files)
        yield from _records(book, some, given, attempts, files, most, zone, details=details)


def attempts_that_may_count(book: Readable, person: int, assignment: str, zone: str) -> list[HandIn]:
    """Return those of a person's attempts with a result that may count without a policy, as hand-ins.

    No attempt counts that came before a certain one. Of a student with thousands, these are few. They are in the order
    in which they came, also if a clock was set back; only a platform knows times of its own. Those that wait have their
    questions, the others don't.

    :param person: Person.number
    :param zone: of times that a platform wrote without one
    """
    mine = (REAL, ATTEMPTS.c.person == person, ATTEMPTS.c.assignment == column_text(assignment))
    dated = or_(ATTEMPTS.c.late, ATTEMPTS.c.handed_in != "")  # by a platform: they may be older or newer
    certain = select(func.max(ATTEMPTS.c.id)).where(*mine, ATTEMPTS.c.state == "graded", not_(dated))
    query = select(*ATTEMPT_COLUMNS).join(PEOPLE, PEOPLE.c.id == ATTEMPTS.c.person)
    query = query.where(*mine, ATTEMPTS.c.result.is_not(None)).order_by(ATTEMPTS.c.id)
    with book.reading() as connection:
        newest = connection.scalar(certain) or 0
        rows = connection.execute(query.where(or_(dated, ATTEMPTS.c.id >= newest)))
        attempts = _without_setbacks(_Attempt(*row) for row in rows)
    again = [each.result for each in attempts if each.result is not None and each.state in WAITING]
    results = read_results(book, again)
    return [_of_attempt(each, results, zone) for each in attempts]


def _without_setbacks(attempts: Iterable[_Attempt]) -> list[_Attempt]:
    """Return attempts, in the order in which they came, without times before the one of an earlier attempt."""
    found: list[_Attempt] = []
    latest = ""
    for attempt in attempts:
        latest = max(latest, attempt.received)
        found.append(attempt._replace(received=latest))
    return found


def _given(book: Readable, assignment: str, student: str = "") -> _Given:
    """Return the extensions and adjustments of a class, or of one student."""
    if not student:
        return _Given(extensions_of_assignment(book, assignment), adjustments_of_assignment(book, assignment))
    extensions = extensions_of_student(book, assignment, student)
    return _Given({student: extensions}, {student: adjustments_of_student(book, assignment, student)})


def _records(
    book: Readable,
    names: Sequence[str],
    given: _Given,
    attempts: Mapping[str, Sequence[_Attempt]],
    files: Mapping[str, Sequence[_File]],
    most: float,
    zone: str,
    details: bool,
) -> Iterator[StudentRecord]:
    """Yield the records of some students, whose reports are read together."""
    detailed = {name for name in names if details or given.adjustments.get(name)}
    needed = [file.result for name in names for file in files.get(name, ())]
    needed += [
        attempt.result
        for name in names
        for attempt in attempts.get(name, ())
        if attempt.result is not None and (name in detailed or attempt.state in WAITING)
    ]
    results = read_results(book, needed)
    for name in names:
        handins = [_of_attempt(each, results, zone) for each in attempts.get(name, ())]
        handins += [_of_file(each, results, zone) for each in files.get(name, ())]
        extensions, adjustments = given.extensions.get(name, ()), given.adjustments.get(name, ())
        yield StudentRecord(name, tuple(handins), tuple(extensions), tuple(adjustments), most)


def _of_attempt(attempt: _Attempt, results: Mapping[int, StoredResult | None], zone: str) -> HandIn:
    """Return an attempt as a hand-in. One that is graded again keeps its result meanwhile."""
    result = results.get(attempt.result) if attempt.result is not None else None
    waiting: HandInState = handin_state(result) if result else "waiting"
    state = waiting if attempt.state in WAITING else attempt.state
    received: datetime | None = datetime.fromisoformat(attempt.received)
    if attempt.late or attempt.handed_in:  # a class that was downloaded from a platform: only that knows the time
        received = parse_time(attempt.handed_in, zone)
    questions = question_scores(result) if result else ()
    score, most = attempt.score or 0.0, attempt.max_score or 0.0
    return HandIn(attempt.number, received, state, score, most, questions, attempt.digest, attempt.late, attempt.result)


def _of_file(file: _File, results: Mapping[int, StoredResult | None], zone: str) -> HandIn:
    """Return a file that a run graded as a hand-in."""
    result = results.get(file.result)
    if result is None:  # too large to be read
        return HandIn(file.number, None, "review", digest=file.digest, result=file.result)
    received, state = parse_time(result.handed_in, zone), handin_state(result)
    questions = question_scores(result)
    score, most = result.score, result.max_score
    return HandIn(file.number, received, state, score, most, questions, file.digest, result.late, file.result)


def handin_state(result: StoredResult | ScoreReport) -> HandInState:
    """Return the state of a hand-in with a result."""
    return "rejected" if result.status == "rejected" else "review" if result.needs_review else "graded"


def question_scores(result: StoredResult | ScoreReport) -> tuple[QuestionScore, ...]:
    """Return the automatic points of the questions and cases of a result."""
    return tuple(
        QuestionScore(
            each.name,
            each.score,
            each.max_score,
            STATUSES[each.status].needs_review,
            tuple(
                CaseScore(one.name, one.points, one.max_points, STATUSES[one.status].needs_review) for one in each.cases
            ),
        )
        for each in result.questions
    )


def parse_time(text: str, zone: str = "") -> datetime | None:
    """Return the time that a platform wrote, in ISO 8601 or followed by the name of a zone; None if nobody can tell.

    :param zone: of a time that has none
    """
    words = text.split()
    name = words.pop() if (len(words) > 1 and "/" in words[-1]) or words[-1:] == ["UTC"] else zone
    try:
        time = datetime.fromisoformat(" ".join(words))
        if time.year not in YEARS:
            return None
        return time if time.tzinfo else latest_instant(time, ZoneInfo(name)) if name else None
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return None


def _attempts(book: Readable, assignment: str, students: Sequence[str] | None = None) -> dict[str, list[_Attempt]]:
    """Return student -> attempts, oldest first, of the students in the roster or of some of them."""
    query = select(*ATTEMPT_COLUMNS).join(PEOPLE, PEOPLE.c.id == ATTEMPTS.c.person)
    query = query.where(REAL, PEOPLE.c.role == "student", ATTEMPTS.c.assignment == column_text(assignment))
    if students is not None:
        query = query.where(PEOPLE.c.name_id.in_([column_text(name) for name in students]))
    found: dict[str, list[_Attempt]] = {}
    with book.reading() as connection:
        for row in connection.execute(query.order_by(ATTEMPTS.c.id)):
            found.setdefault(row.name_id, []).append(_Attempt(*row))
    return found


def _files(book: Readable, assignment: str, students: Sequence[str] | None = None) -> dict[str, list[_File]]:
    """Return student -> the files that runs graded, of all or some, in the order in which they were graded first.

    The result of a file is that of the newest run with it, and its number the first that it ever had, which no regrade
    changes.
    """
    query = select(ENTRIES.c.student, RESULTS.c.digest, RESULTS.c.id).join(RESULTS, RESULTS.c.id == ENTRIES.c.result)
    query = query.join(RUNS, RUNS.c.id == ENTRIES.c.run).where(RUNS.c.assignment == column_text(assignment))
    if students is not None:
        query = query.where(ENTRIES.c.student.in_([column_text(name) for name in students]))
    newest: dict[tuple[str, str], _File] = {}
    with book.reading() as connection:
        for row in connection.execute(query.order_by(ENTRIES.c.run, RESULTS.c.id)):
            before = newest.get((row.student, row.digest))
            number = min(before.number, row.id) if before else row.id
            newest[row.student, row.digest] = _File(number, row.id, row.digest)
    found: dict[str, list[_File]] = {}
    for (name, _), file in newest.items():
        found.setdefault(name, []).append(file)
    return found


def roster_students(book: Readable) -> list[str]:
    """Return the ids of the students in the roster."""
    with book.reading() as connection:
        return list(connection.scalars(select(PEOPLE.c.name_id).where(PEOPLE.c.role == "student")))


def _max_score(
    book: Readable, assignment: str, attempts: Mapping[str, Sequence[_Attempt]], files: Mapping[str, Sequence[_File]]
) -> float:
    """Return the maximum for students who have no result: that of the newest result, else the assignment's."""
    scored = [each for rows in attempts.values() for each in rows if each.max_score is not None]
    if scored:
        return max(scored, key=lambda each: each.number).max_score or 0.0
    results = [file.result for rows in files.values() for file in rows]
    newest = read_results(book, [max(results)]) if results else {}
    return next((each.max_score for each in newest.values() if each), 0.0) or _newest_max_score(book, assignment)


def _newest_max_score(book: Readable, assignment: str) -> float:
    """Return the maximum of the newest attempt of the class with a result, else the one that the portal stored."""
    query = select(ATTEMPTS.c.max_score).where(REAL, ATTEMPTS.c.assignment == column_text(assignment))
    query = query.where(ATTEMPTS.c.max_score.is_not(None)).order_by(ATTEMPTS.c.id.desc()).limit(1)
    with book.reading() as connection:
        return connection.scalar(query) or stored_points(connection, assignment)


def read_results(book: Readable, numbers: Sequence[int]) -> dict[int, StoredResult | None]:
    """Return number of a result -> what grades need of its report; None of one that is too large to be read."""
    found: dict[int, StoredResult | None] = {}
    readable = case((func.length(RESULTS.c.report) <= MAX_REPORT, RESULTS.c.report), else_=None)
    for start in range(0, len(numbers), MAX_TOGETHER):
        query = select(RESULTS.c.id, readable).where(RESULTS.c.id.in_(numbers[start : start + MAX_TOGETHER]))
        with book.reading() as connection:
            for number, report in connection.execute(query):
                found[number] = decode_result(report) if report is not None else None
    return found
