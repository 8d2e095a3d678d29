"""Queue of attempts: its order, and that each accepted attempt is finished exactly once. In both databases."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import text

from grader.gradebook.attempt_queue import MAX_LEASE_SECONDS, AttemptQueue
from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.audit import AuditLog
from grader.gradebook.engine import Location
from grader.gradebook.errors import GradebookError, ReportUnstorable
from grader.gradebook.flags import PAUSED, Flags
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, NEWER, scored_report
from tests.helpers.effort import examples
from tests.helpers.portal import DIGEST, RECEIVED, claim_all, finish, hand_in, load_people
from tests.helpers.postgres import PostgresServer

PEOPLE = ("ada", "bob", "cleo")
OWNERS = ("server", "helper")
ASSIGNMENTS = ("digits", "lab")
LEASE = 30.0


@pytest.fixture
def book(new_gradebook: Callable[[], Location]) -> Iterator[Gradebook]:
    with Gradebook.open(new_gradebook()) as opened:
        yield opened


@pytest.fixture
def queue(book: Gradebook) -> AttemptQueue:
    load_people(book, PEOPLE)
    return AttemptQueue(book)


def results(book: Gradebook) -> Counter[str]:
    """How many results each attempt has, by the key that `finish` of the helpers gives them."""
    with book.reading() as connection:
        return Counter(connection.execute(text("SELECT key FROM results")).scalars())


# ---- laws


class Model:
    """The queue as plain Python."""

    def __init__(self) -> None:
        self.attempts: dict[int, dict[str, Any]] = {}
        self.served = dict.fromkeys(range(1, len(PEOPLE) + 1), 0)

    def next(self, assignments: tuple[str, ...]) -> int | None:
        """The attempt that must be claimed."""
        busy = {one["person"] for one in self.attempts.values() if one["state"] == "grading"}
        waiting = [
            (one["priority"], self.served[one["person"]], number)
            for number, one in self.attempts.items()
            if one["state"] == "queued" and one["assignment"] in assignments and one["person"] not in busy
        ]
        return min(waiting, default=(None,))[-1]

    def claim(self, number: int, owner: str, until: float) -> None:
        one = self.attempts[number]
        one |= {"state": "grading", "owner": owner, "until": until, "before": self.served[one["person"]]}
        one["tries"] += 1
        self.served[one["person"]] = max(self.served.values()) + 1

    def holds(self, attempt: Attempt, owner: str) -> bool:
        one = self.attempts[attempt.number]
        return (one["state"], one.get("owner"), one["tries"]) == ("grading", owner, attempt.tries)

    def queue_again(self, number: int, keeps_place: bool) -> None:
        one = self.attempts[number]
        one["state"] = "queued"
        if keeps_place:
            self.served[one["person"]] = one["before"]


class QueueMachine(RuleBasedStateMachine):
    """Hand in, claim, finish, lose leases, put back and regrade in any order: the queue does what the model does."""

    def __init__(self, location: Location) -> None:
        super().__init__()
        self.time = 1000.0
        self.book = Gradebook.open(location)
        load_people(self.book, PEOPLE)
        self.queue = AttemptQueue(self.book, lambda: self.time)
        self.runs = {name: self.book.new_run(fingerprint(name), 3) for name in ASSIGNMENTS}
        self.model = Model()
        self.claims: list[tuple[Attempt, str]] = []  # all ever made, also lost ones
        self.expected: Counter[str] = Counter()

    @rule(person=st.sampled_from((1, 2, 3)), assignment=st.sampled_from(ASSIGNMENTS), many=st.integers(1, 3))
    def hand_in(self, person: int, assignment: str, many: int) -> None:
        for _ in range(many):
            attempt = hand_in(self.queue, person, assignment)
            fields = {"person": person, "assignment": assignment, "state": "queued", "priority": 0, "tries": 0}
            self.model.attempts[attempt.number] = fields

    @rule(owner=st.sampled_from(OWNERS), assignments=st.sampled_from((ASSIGNMENTS, ASSIGNMENTS[:1])))
    def claim(self, owner: str, assignments: tuple[str, ...]) -> None:
        attempt = self.queue.claim(owner, LEASE, assignments)
        assert (attempt.number if attempt else None) == self.model.next(assignments)
        if attempt:
            self.model.claim(attempt.number, owner, self.time + LEASE)
            assert self.model.holds(attempt, owner)
            self.claims.append((attempt, owner))

    @rule(which=st.integers(0, 1000), state=st.sampled_from(("graded", "rejected", "review")))
    def finish(self, which: int, state: Any) -> None:
        if self.claims:
            attempt, owner = self.claims[which % len(self.claims)]
            held = self.model.holds(attempt, owner)
            assert finish(self.queue, attempt, owner, self.runs[attempt.assignment], state=state) == held
            if held:
                self.model.attempts[attempt.number]["state"] = state
                self.expected[f"attempt {attempt.number}"] += 1

    @rule(which=st.integers(0, 1000), fault=st.booleans())
    def put_back(self, which: int, fault: bool) -> None:
        if self.claims:
            attempt, owner = self.claims[which % len(self.claims)]
            held = self.model.holds(attempt, owner)
            assert self.queue.put_back(attempt, owner, fault=fault) == held
            if held:
                self.model.queue_again(attempt.number, keeps_place=not fault)

    @rule(owner=st.sampled_from(OWNERS))
    def renew(self, owner: str) -> None:
        held = [one for one in self.model.attempts.values() if one["state"] == "grading" and one["owner"] == owner]
        for one in held:
            one["until"] = self.time + LEASE
        assert self.queue.renew(owner, LEASE) == len(held)

    @rule(seconds=st.sampled_from((1.0, LEASE - 1, LEASE, -500.0, -MAX_LEASE_SECONDS)))
    def time_passes(self, seconds: float) -> None:
        """Also backwards, as when a server's clock is set."""
        self.time += seconds
        expired = {
            number
            for number, one in self.model.attempts.items()
            if one["state"] == "grading" and not self.time < one["until"] <= self.time + MAX_LEASE_SECONDS
        }
        assert {attempt.number for attempt in self.queue.expire()} == expired
        for number in expired:
            self.model.queue_again(number, keeps_place=self.model.attempts[number]["tries"] == 1)

    @rule(numbers=st.sets(st.integers(1, 12)))
    def regrade(self, numbers: set[int]) -> None:
        done = {
            number
            for number, one in self.model.attempts.items()
            if number in numbers and one["state"] in ("graded", "rejected", "review")
        }
        assert self.queue.regrade(numbers, "instructor") == len(done)
        for number in done:
            self.model.attempts[number] |= {"state": "queued", "priority": 1}

    def teardown(self) -> None:
        """In the end everything accepted is finished exactly once, in the order that was announced."""
        self.time += 2 * MAX_LEASE_SECONDS
        self.queue.expire()
        places = self.queue.places(ASSIGNMENTS).places
        assert list(places.values()) == list(range(len(places)))
        drained = []
        while attempt := self.queue.claim("last", LEASE, ASSIGNMENTS):
            assert finish(self.queue, attempt, "last", self.runs[attempt.assignment])
            drained.append(attempt.number)
        self.expected.update(f"attempt {number}" for number in drained)
        assert drained == list(places)
        assert results(self.book) == self.expected
        assert self.expected.keys() == {f"attempt {number}" for number in self.model.attempts}
        self.book.close()


def fingerprint(assignment: str) -> Any:
    return BASIS if assignment == BASIS.assignment else type(BASIS)(assignment, "l1", "1.0", "sandbox full")


@pytest.mark.parametrize("many", [8, pytest.param(25, marks=pytest.mark.long)])
def test_the_queue_keeps_its_laws_whatever_is_interleaved(new_gradebook: Callable[[], Location], many: int) -> None:
    """Order, and exactly once."""
    factory = cast("type[QueueMachine]", lambda: QueueMachine(new_gradebook()))  # any function will do
    run_state_machine_as_test(
        factory,
        settings=settings(max_examples=examples(many), stateful_step_count=30, deadline=None),
    )


def test_one_persons_many_attempts_delay_another_by_one(book: Gradebook, queue: AttemptQueue) -> None:
    """Who was served least recently is first, and regrades come behind what is handed in."""
    run = book.new_run(BASIS, 3)
    old = [hand_in(queue, 1).number for _ in range(3)]
    assert claim_all(queue, run) == old
    queue.regrade(old, "eve")
    many = [hand_in(queue, 1).number for _ in range(4)]
    one, two = hand_in(queue, 2), hand_in(queue, 3)
    assert queue.position(one) == 0
    assert queue.position(two) == 1
    assert claim_all(queue, run) == [one.number, two.number, *many, *old]


def test_a_person_has_one_attempt_in_grading(book: Gradebook, queue: AttemptQueue) -> None:
    """So a person's attempts end in their order, and endless loops of one person take one worker."""
    first, second = hand_in(queue, 1), hand_in(queue, 1)
    claimed = queue.claim("a", LEASE, ["digits"])
    assert claimed is not None
    assert claimed.number == first.number
    assert queue.claim("b", LEASE, ["digits"]) is None
    assert finish(queue, claimed, "a", book.new_run(BASIS, 1))
    following = queue.claim("b", LEASE, ["digits"])
    assert following is not None
    assert following.number == second.number


# ---- one at a time


def test_the_entry_of_a_run_is_of_the_newest_attempt(book: Gradebook, queue: AttemptQueue) -> None:
    """Also in a later run that grades only an older one again."""
    ada = [hand_in(queue, 1) for _ in range(2)]
    run = book.new_run(BASIS, 1)
    for score in (1.0, 2.0):
        claimed = queue.claim("w", LEASE, ["digits"])
        assert claimed is not None
        finish(queue, claimed, "w", run, score)
    later = book.new_run(NEWER, 1)
    queue.regrade([ada[0].number], "eve")
    again = queue.claim("w", LEASE, ["digits"])
    assert again is not None
    assert (again.score, again.result) == (1.0, 1)
    finish(queue, again, "w", later, 1.5)
    assert [one.score for one in book.reports(later)] == [2.0]
    one, two = (queue.get(each.public_id) for each in ada)
    assert one is not None
    assert two is not None
    assert (one.score, one.max_score, one.state, two.score) == (1.5, 10.0, "graded", 2.0)
    assert one.result is not None
    report = book.report(one.result)
    assert report is not None
    assert report.score == 1.5
    assert book.report(77) is None


def test_a_result_in_doubt_stays_in_doubt_while_it_is_graded_again(book: Gradebook, queue: AttemptQueue) -> None:
    """The table of runs has the best of it and of the one before, as the grade does, until it has a certain result."""
    run = book.new_run(BASIS, 1)
    attempts = [hand_in(queue, 1) for _ in range(2)]
    for score, state in ((5.0, "graded"), (1.0, "review")):
        claimed = queue.claim("w", LEASE, ["digits"])
        assert claimed and finish(queue, claimed, "w", run, score, cast(Ending, state))
    assert [one.score for one in book] == [5.0]
    queue.regrade([attempts[1].number, attempts[0].number], "eve")
    again = queue.claim("w", LEASE, ["digits"])  # the older one first: the newer still waits
    assert again and finish(queue, again, "w", run, 6.0)
    assert [one.score for one in book] == [6.0]
    again = queue.claim("w", LEASE, ["digits"])
    assert again and finish(queue, again, "w", run, 2.0)
    assert [one.score for one in book] == [2.0]


def test_the_last_attempt_is_the_one_handed_in_last(book: Gradebook, queue: AttemptQueue) -> None:
    """Not the one that reached the database last: a class from a platform comes with the times of the platform."""
    run = book.new_run(BASIS, 1)
    for received, score in (("2026-11-29T09:00:00Z", 3.0), ("2026-11-28T09:00:00Z", 1.0)):
        queue.hand_in(1, "digits", "w.py", DIGEST, 1, RECEIVED, str, handed_in=received)
        claimed = queue.claim("w", LEASE, ["digits"])
        assert claimed and finish(queue, claimed, "w", run, score)
    assert [one.score for one in book] == [3.0]


@pytest.mark.parametrize("states, counts", [("ggr", 2.0), ("grr", 5.0), ("rgx", 2.0), ("xxx", 1.0), ("rrr", 5.0)])
def test_no_attempt_before_a_certain_one_counts(
    book: Gradebook, queue: AttemptQueue, states: str, counts: float
) -> None:
    """Hours lie between them: g is graded, r in review, x can't be read. The best down to the first certain one counts,
    and what can't be read only if there is nothing else."""
    endings: dict[str, Ending] = {"g": "graded", "r": "review", "x": "rejected"}
    run = book.new_run(BASIS, 1)
    for hour, (state, score) in enumerate(zip(states, (5.0, 2.0, 1.0), strict=True)):
        queue.hand_in(1, "digits", "w.py", DIGEST, 1, f"2026-11-29T0{hour}:00:00.500+00:00", str)
        claimed = queue.claim("w", LEASE, ["digits"])
        assert claimed and finish(queue, claimed, "w", run, score, endings[state])
    assert [one.score for one in book] == [counts]


def test_the_last_attempt_counts_though_the_clock_was_set_back(book: Gradebook, queue: AttemptQueue) -> None:
    """What came last is known without a clock."""
    run = book.new_run(BASIS, 1)
    for day, score in ((30, 3.0), (29, 5.0), (28, 4.0)):
        queue.hand_in(1, "digits", "w.py", DIGEST, 1, f"2026-11-{day}T09:00:00.000+00:00", str)
        claimed = queue.claim("w", LEASE, ["digits"])
        assert claimed and finish(queue, claimed, "w", run, score)
        assert [one.score for one in book] == [score]


def test_a_result_that_cannot_be_stored_leaves_the_attempt_claimed(book: Gradebook, queue: AttemptQueue) -> None:
    """Nothing of it is stored, and the claim can still end otherwise."""
    hand_in(queue, 1)
    claimed = queue.claim("w", LEASE, ["digits"])
    assert claimed is not None
    run = book.new_run(BASIS, 1)
    with pytest.raises(ReportUnstorable):
        queue.finish(claimed, "w", run, scored_report("s1", float("nan")), "k", "graded")
    with pytest.raises(GradebookError):
        queue.finish(claimed, "w", 77, scored_report("s1"), "k", "graded")  # there is no such run
    assert results(book) == {}
    assert finish(queue, claimed, "w", run, state="review")


def test_nothing_is_claimed_while_the_queue_is_paused(book: Gradebook, queue: AttemptQueue) -> None:
    """Handing in goes on, and the audit log says who paused it."""
    flags = Flags(book)
    flags.set(PAUSED, "yes", "eve")
    flags.set(PAUSED, "yes", "eve")
    hand_in(queue, 1)
    assert queue.claim("w", LEASE, ["digits"]) is None
    flags.set(PAUSED, "", "eve")
    assert queue.claim("w", LEASE, ["digits"]) is not None
    changes = [(entry.who, entry.what, entry.before, entry.after) for entry in AuditLog(book).entries(2)]
    assert changes == [("eve", "set flag", "yes", ""), ("eve", "set flag", "", "yes")]


def test_lists_are_bounded_and_can_be_continued(queue: AttemptQueue, book: Gradebook) -> None:
    """Newest first, those of one assignment alone."""
    numbers = [hand_in(queue, person).number for person in (1, 2, 1, 1)]
    hand_in(queue, 1, "lab")
    newest = numbers[::-1]
    assert [one.number for one in queue.newest("digits", 3)] == newest[:3]
    assert [one.number for one in queue.newest("digits", 3, before=newest[2])] == newest[3:]
    assert [one.number for one in queue.of_person(1, "digits", 2)] == [numbers[3], numbers[2]]
    assert [one.number for one in queue.of_person(1, "digits", 2, before=numbers[2])] == [numbers[0]]
    assert [one.number for one in queue.waiting("digits", 3)] == [numbers[0], numbers[1], numbers[2]]
    claimed = queue.claim("w", LEASE, ["digits"])
    assert claimed is not None
    assert queue.running("digits", 5) == [claimed]
    assert queue.counts().states == {("digits", "queued"): 3, ("digits", "grading"): 1, ("lab", "queued"): 1}
    assert queue.counts().oldest == claimed.received
    standings = queue.standings("digits", 2)
    found = [(each.person.id, each.attempts, each.newest and each.newest.number) for each in standings]
    assert found == [("ada", 3, numbers[3]), ("bob", 1, numbers[1])]
    assert [each.graded for each in standings] == [None, None]
    (cleo,) = queue.standings("digits", 2, after="bob")
    assert (cleo.person.id, cleo.attempts, cleo.newest, cleo.graded) == ("cleo", 0, None, None)
    assert finish(queue, claimed, "w", book.new_run(BASIS, 1), 3.0)
    (ada, _) = queue.standings("digits", 2)
    assert ada.newest and ada.newest.number == numbers[3]
    assert ada.graded and (ada.graded.number, ada.graded.score) == (claimed.number, 3.0)


def test_workers_are_seen_and_forgotten(book: Gradebook) -> None:
    """By their heartbeats: one that is silent for a day, or whose clock was another, is forgotten."""
    load_people(book, PEOPLE)
    time = [100_000.0]
    queue = AttemptQueue(book, lambda: time[0])
    queue.renew("gone", LEASE)
    time[0] += 86_400
    queue.renew("there", LEASE)
    assert [(worker.name, worker.seconds) for worker in queue.workers(1)] == [("there", 0.0)]
    hand_in(queue, 1)
    queue.claim("there", LEASE, ["digits"])
    time[0] += LEASE
    queue.expire()
    assert [(worker.name, worker.seconds, worker.grading) for worker in queue.workers(9)] == [("there", LEASE, 0)]
    queue.forget_worker("there")
    assert queue.workers(9) == []


def test_a_lease_must_be_short(queue: AttemptQueue) -> None:
    """A longer one couldn't be distinguished from one of another clock."""
    for seconds in (0, -1, MAX_LEASE_SECONDS + 1):
        with pytest.raises(ValueError, match="a lease takes"):
            queue.claim("w", seconds, ["digits"])


def test_who_is_not_in_the_roster_hands_in_nothing(queue: AttemptQueue) -> None:
    """Nothing is queued."""
    with pytest.raises(GradebookError):
        hand_in(queue, 77)
    assert queue.counts().states == {}


# ---- several at once


class Course:
    """Six students hand in ten times each, and eight workers grade, over two connections to one database."""

    def __init__(self, books: list[Gradebook]) -> None:
        self.books = books
        self.people = [person.number for person in load_people(books[0], [f"s{number}" for number in range(6)])]
        self.run = books[0].new_run(BASIS, 6)
        self.left = 60
        self.grading: set[int] = set()
        self.lock = threading.Lock()
        self.problems: list[BaseException] = []

    def together(self) -> None:
        """Do everything at once."""
        threads = [threading.Thread(target=self.students, args=(book,)) for book in self.books]
        owners = [(book, f"{number} {name}") for number, book in enumerate(self.books) for name in "abcd"]
        threads += [threading.Thread(target=self.work, args=each) for each in owners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def students(self, book: Gradebook) -> None:
        for _ in range(5):
            for person in self.people:
                hand_in(AttemptQueue(book), person)

    def work(self, book: Gradebook, owner: str) -> None:
        queue, dice = AttemptQueue(book), random.Random(owner)
        try:
            while self.left > 0:
                if attempt := queue.claim(owner, LEASE, ["digits"]):
                    self.end(queue, attempt, owner, dice.random())
        except BaseException as problem:
            self.problems.append(problem)
            self.left = 0

    def end(self, queue: AttemptQueue, attempt: Attempt, owner: str, chance: float) -> None:
        """Put one attempt of five back, half of these with a fault."""
        with self.lock:
            assert attempt.person not in self.grading
            self.grading.add(attempt.person)
        queue.renew(owner, LEASE)
        with self.lock:  # before others can claim the person's next attempt
            self.grading.discard(attempt.person)
        if chance < 0.2:
            assert queue.put_back(attempt, owner, fault=chance < 0.1)
            return
        assert finish(queue, attempt, owner, self.run)
        with self.lock:
            self.left -= 1


def test_two_servers_on_one_database_finish_each_attempt_once(new_gradebook: Callable[[], Location]) -> None:
    """While students hand in; a person never has two attempts in grading."""
    location = new_gradebook()
    with Gradebook.open(location) as one, Gradebook.open(location) as other:
        course = Course([one, other])
        course.together()
        assert course.problems == []
        assert results(one) == {f"attempt {number}": 1 for number in range(1, 61)}
        assert AttemptQueue(one).counts().states == {("digits", "graded"): 60}


def test_a_claim_passes_over_a_person_whom_another_claims(postgres: PostgresServer) -> None:
    """In PostgreSQL, without waiting for the other's transaction; handing in doesn't wait for it either."""
    with Gradebook.open(postgres.new_database()) as book:
        load_people(book, PEOPLE)
        queue = AttemptQueue(book)
        hand_in(queue, 1)
        second = hand_in(queue, 2)
        with book.writing() as other:
            other.execute(text("SELECT id FROM people WHERE id = 1 FOR NO KEY UPDATE"))
            claimed = queue.claim("w", LEASE, ["digits"])
            assert claimed is not None
            assert claimed.number == second.number
            assert hand_in(queue, 1).number == 3


def test_leases_are_counted_on_the_clock_of_the_database(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With PostgreSQL, the clocks of this machine can be set to anything."""
    monkeypatch.setattr("time.monotonic", lambda: 1e12)
    monkeypatch.setattr("time.time", lambda: 1e12)
    with Gradebook.open(postgres.new_database()) as book:
        load_people(book, PEOPLE)
        queue = AttemptQueue(book)
        hand_in(queue, 1)
        assert queue.claim("w", LEASE, ["digits"]) is not None
        assert queue.expire() == []
        with book.writing() as connection:
            connection.execute(text("UPDATE attempts SET lease_until = extract(epoch from now()) - 1"))
        assert len(queue.expire()) == 1
