"""The tables of LTI in SQLite and in PostgreSQL: tickets, people of platforms, and scores that several servers send."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.current_policy import store_policy
from grader.gradebook.lti_courses import ContextEntry, LtiCourses, MemberEntry
from grader.gradebook.lti_platforms import PlatformEntry, Platforms, Tickets
from grader.gradebook.outbox import Outbox, OutboxRow
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.policies import LateRule, Policy
from tests.factories import BASIS
from tests.helpers.portal import KEY, claim_all, hand_in

STUDENTS = [MemberEntry(str(number), f"Student {number}", "", "student") for number in range(6)]


def connected(book: Gradebook) -> LtiCourses:
    """Courses with one that is accepted, its students, and a column for the assignment."""
    entry = PlatformEntry("https://lms.test", "tool", "https://lms.test/a", "https://lms.test/t", "https://lms.test/k")
    platform = Platforms(book).add(entry, ("d",), "test")
    courses = LtiCourses(book, Roster(book, KEY))
    context = courses.arrive(platform.number, ContextEntry("c", "Course"))
    courses.accept(context.number, "test")
    context = courses.arrive(platform.number, ContextEntry("c", "Course"))
    assert courses.synchronize(context, STUDENTS, "test") == len(STUDENTS)
    courses.bind(context.number, "digits", "link", "https://lms.test/items/1")
    return courses


def test_several_servers_send_each_score_once_and_in_order(new_gradebook: Callable[[], Path | str]) -> None:
    """A student's second score is sent after the first, whoever sends."""
    with Gradebook.open(new_gradebook()) as book:
        connected(book)
        queue = AttemptQueue(book)
        people = [person.number for person in Roster(book, KEY).people()]
        for _ in range(2):
            for person in people:
                hand_in(queue, person)
        claim_all(queue, book.new_run(BASIS, 0))
        sent: list[OutboxRow] = []

        def send_all() -> None:
            outbox, end = Outbox(book), time.monotonic() + 60
            while outbox.counts().get("waiting") and time.monotonic() < end:
                if row := outbox.claim(30):
                    sent.append(row)
                    outbox.sent(row)

        with ThreadPoolExecutor(3) as pool:
            for done in [pool.submit(send_all) for _ in range(3)]:
                done.result()
        assert len({row.number for row in sent}) == len(sent) == 2 * len(people)
        for person in people:
            mine = [row for row in sent if row.person == person]
            assert [row.number for row in mine] == sorted(row.number for row in mine)
            assert mine[0].stamp < mine[1].stamp and (mine[0].first, mine[1].first) == (True, True)


def test_a_ticket_is_taken_once(new_gradebook: Callable[[], Path | str]) -> None:
    """Of several that try at the same moment, one gets it."""
    with Gradebook.open(new_gradebook()) as book:
        tickets = Tickets(book)
        token = tickets.issue("choice", "content", 60)
        assert tickets.look("choice", token, str) == "content" and tickets.take("login", token, str) is None
        with ThreadPoolExecutor(4) as pool:
            taken = [pool.submit(tickets.take, "choice", token, str) for _ in range(4)]
            assert sorted(str(one.result()) for one in taken) == ["None", "None", "None", "content"]


def test_people_who_leave_come_back_with_their_number(new_gradebook: Callable[[], Path | str]) -> None:
    """A roster without them ends their membership, and one with them begins it again."""
    with Gradebook.open(new_gradebook()) as book:
        courses = connected(book)
        (context,) = courses.contexts()
        before = Roster(book, KEY).people()
        assert courses.synchronize(context, STUDENTS[:2], "test") == 2
        assert courses.synchronize(context, STUDENTS, "test") == len(STUDENTS)
        assert Roster(book, KEY).people() == before


def test_a_grade_that_loses_its_late_days_is_sent_again(new_location: Callable[[], Path | str]) -> None:
    """One assignment takes the only late day of the course, which a later one had counted on."""
    with Gradebook.open(new_location()) as book:
        courses = connected(book)
        (context,) = courses.contexts()
        courses.bind(context.number, "later", "link 2", "https://lms.test/items/2")
        rule = LateRule(percent=10, free_days=1, free_days_for="course")
        for name, hour in (("digits", 8), ("later", 9)):  # the files come a day after
            store_policy(book, name, Policy(due=datetime(2026, 11, 28, hour, tzinfo=UTC), late=rule), "test")
        queue, run, outbox = AttemptQueue(book), book.new_run(BASIS, 0), Outbox(book)
        student = Roster(book, KEY).people()[0].number
        for name in ("later", "digits"):
            hand_in(queue, student, name)
            claim_all(queue, run, assignments=[name])
        sent = [(row.assignment, row.score) for row in outbox.rows(9)]
        assert sent == [("later", 1.0), ("digits", 1.0), ("later", 0.9)]
