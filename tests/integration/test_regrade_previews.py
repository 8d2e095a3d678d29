"""Previews of regrades: nothing that counts changes before one is confirmed, and then all of it at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, text

from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.audit import AuditLog
from grader.gradebook.current_policy import store_policy
from grader.gradebook.engine import Location
from grader.gradebook.regrade_grades import attempts_to_regrade, regraded_grades
from grader.gradebook.regraded import Regrade
from grader.gradebook.regrades import GradesDrop, RegradeRefused, Regrades
from grader.gradebook.score_changes import score_changes
from grader.gradebook.store import Gradebook
from grader.policies import Grade, HandIn, Policy, decide
from tests.factories import BASIS, NEWER, SHAPE, VALUE, WRONG, compared_report, scored_report
from tests.helpers.effort import examples
from tests.helpers.portal import RECEIVED, finish, hand_in, load_people, report_of

FORK = multiprocessing.get_context("fork")
PEOPLE = ("ada", "bob", "cleo")
LEASE = 30.0
ENDINGS = st.sampled_from(("graded", "rejected", "review"))


@pytest.fixture
def book(new_gradebook: Callable[[], Location]) -> Iterator[Gradebook]:
    with Gradebook.open(new_gradebook()) as opened:
        load_people(opened, PEOPLE)
        yield opened


def claim(queue: AttemptQueue) -> Attempt:
    claimed = queue.claim("w", LEASE, ["digits"])
    assert claimed
    return claimed


def graded(book: Gradebook, person: int, score: float, run: int, state: Ending = "graded") -> Attempt:
    """Return an attempt of a person that was graded."""
    queue = AttemptQueue(book)
    made = hand_in(queue, person)
    assert finish(queue, claim(queue), "w", run, score, state)
    found = queue.get(made.public_id)
    assert found
    return found


def finish_shadow(queue: AttemptQueue, shadow: Attempt, score: float = 1.0, state: Ending = "graded") -> bool:
    report = report_of(shadow, score, state)
    return queue.finish_preview(shadow, "w", NEWER, report, f"preview {shadow.public_id}", state)


def previewed(book: Gradebook, scores: dict[Attempt, float], states: dict[int, Ending] | None = None) -> Regrade:
    """Return a preview of attempts that gives them these scores."""
    queue, numbers = AttemptQueue(book), {attempt.number: score for attempt, score in scores.items()}
    regrade = Regrades(book).start("digits", list(numbers), "eve", preview=True)
    for _ in numbers:
        shadow = claim(queue)
        assert shadow.shadow_of
        state = (states or {}).get(shadow.shadow_of, "graded")
        assert finish_shadow(queue, shadow, numbers[shadow.shadow_of], state)
    return regrade


def everything(book: Gradebook) -> object:
    """All that students, class pages, exports and commands read."""
    queue = AttemptQueue(book)
    runs = book.runs()
    return (
        queue.newest("digits", 100),
        queue.standings("digits", 100),
        [queue.of_person(person, "digits", 100) for person in (1, 2, 3)],
        (queue.waiting("digits", 100), queue.running("digits", 100), queue.places(["digits"]).places, queue.counts()),
        (runs, [list(book.reports(run.number)) for run in runs], list(book), book.assignments()),
        [book.history(student) for student in ("s1", "s2", "s3")],
        book.submitted_digests("digits"),
    )


# ---- laws


class PreviewMachine(RuleBasedStateMachine):
    """Hand in, grade, regrade, preview, confirm and discard in any order: what counts is what the model says."""

    def __init__(self, location: Location) -> None:
        super().__init__()
        self.book = Gradebook.open(location)
        load_people(self.book, PEOPLE)
        self.queue, self.regrades = AttemptQueue(self.book), Regrades(self.book)
        self.run = self.book.new_run(BASIS, 3)
        self.attempts: dict[int, dict[str, Any]] = {}
        self.previews: dict[str, dict[str, Any]] = {}
        self.held: list[Attempt] = []
        self.counting: dict[str, float] = {}  # student -> score of the entry

    @rule(person=st.sampled_from((1, 2, 3)))
    def hand_in(self, person: int) -> None:
        made = hand_in(self.queue, person)
        assert made.number > max(self.attempts, default=0)
        self.attempts[made.number] = {"id": made.public_id, "person": person, "state": "queued", "results": 0}

    @rule()
    def new_server(self) -> None:
        self.run = self.book.new_run(NEWER, 3)

    @rule()
    def claim(self) -> None:
        claimed = self.queue.claim("w", LEASE, ["digits"])
        if claimed is None:
            return
        if claimed.shadow_of is None:
            self.attempts[claimed.number]["state"] = "grading"
        else:
            busy = {attempt.person for attempt in self.held}
            assert not any(one["state"] == "queued" and one["person"] not in busy for one in self.attempts.values())
        self.held.append(claimed)

    @rule(which=st.integers(0, 9), score=st.sampled_from((0.0, 1.0, 2.0)), state=ENDINGS, many=st.integers(1, 3))
    def finish(self, which: int, score: float, state: Ending, many: int) -> None:
        for _ in range(min(many, len(self.held))):
            claimed = self.held.pop(which % len(self.held))
            if claimed.shadow_of is None:
                assert finish(self.queue, claimed, "w", self.run, score, state)
                self.replace(claimed.number, score, state)
                continue
            preview = self.previews[claimed.public_id.partition(".")[0]]
            assert finish_shadow(self.queue, claimed, score, state) == (preview["state"] == "preview")
            preview["made"][claimed.shadow_of] = score, state

    @rule(fault=st.booleans())
    def put_back(self, fault: bool) -> None:
        if self.held:
            claimed = self.held.pop()
            done = self.queue.put_back(claimed, "w", fault=fault)
            if claimed.shadow_of is None:
                self.attempts[claimed.number]["state"] = "queued"
            else:
                assert done == (self.previews[claimed.public_id.partition(".")[0]]["state"] == "preview")

    @rule(numbers=st.sets(st.integers(1, 9), max_size=3))
    def regrade(self, numbers: set[int]) -> None:
        ended = self.ended(numbers)
        assert self.queue.regrade(numbers, "eve") == len(ended)
        for number in ended:
            self.attempts[number]["state"] = "queued"

    @rule(numbers=st.sets(st.integers(1, 9), min_size=1))
    def preview(self, numbers: set[int]) -> None:
        ended = self.ended(numbers)
        made = self.regrades.start("digits", sorted(numbers), "eve", preview=True)
        before = {number: self.attempts[number]["results"] for number in ended}
        self.previews[made.public_id] = {"state": "preview", "before": before, "made": {}}

    @rule(which=st.integers(0, 9), lower=st.booleans())
    def confirm(self, which: int, lower: bool) -> None:
        if not self.previews:
            return
        id, preview = list(self.previews.items())[which % len(self.previews)]
        replaced = {
            number: preview["made"].get(number)
            for number, results in preview["before"].items()
            if self.ended({number}) and self.attempts[number]["results"] == results
        }
        replaced = {number: made for number, made in replaced.items() if made and made[1] != "review"}
        drops = any(self.drops(person, replaced) for person in (1, 2, 3))
        refused = preview["state"] != "preview" or preview["made"].keys() != preview["before"].keys()
        if refused or (drops and not lower):
            with pytest.raises(RegradeRefused if refused else GradesDrop):
                self.regrades.confirm("digits", id, "eve", lower=lower)
            return
        self.regrades.confirm("digits", id, "eve", lower=lower)
        preview["state"] = "confirmed"
        for number, (score, state) in replaced.items():
            self.replace(number, score, state)

    @rule(which=st.integers(0, 9))
    def discard(self, which: int) -> None:
        if not self.previews:
            return
        id, preview = list(self.previews.items())[which % len(self.previews)]
        if preview["state"] != "preview":
            with pytest.raises(RegradeRefused):
                self.regrades.discard("digits", id, "eve")
            return
        self.regrades.discard("digits", id, "eve")
        preview["state"] = "discarded"

    def ended(self, numbers: set[int]) -> set[int]:
        states = {number: one["state"] for number, one in self.attempts.items() if number in numbers}
        return {number for number, state in states.items() if state in ("graded", "rejected", "review")}

    def drops(self, person: int, replaced: Mapping[int, tuple[float, Ending]]) -> bool:
        before, after = self.grade(person, {}), self.grade(person, replaced)
        return before.state in ("graded", "rejected") and after.final < before.final

    def grade(self, person: int, replaced: Mapping[int, tuple[float, Ending]]) -> Grade:
        theirs = {number: one for number, one in self.attempts.items() if one["person"] == person}
        results = {number: (one.get("score", 0.0), one.get("ended", "waiting")) for number, one in theirs.items()}
        made = {number: replaced.get(number, result) for number, result in results.items()}
        received = datetime.fromisoformat(RECEIVED)
        return decide(
            [HandIn(number, received, state, score, 10.0) for number, (score, state) in made.items()], Policy()
        )

    def replace(self, number: int, score: float, state: Ending) -> None:
        one = {**self.attempts[number], "score": score, "state": state, "ended": state}
        self.attempts[number] = {**one, "results": one["results"] + 1}
        self.counting[f"s{one['person']}"] = self.score_that_counts(one["person"])

    def score_that_counts(self, person: int) -> float:
        """Return the newest score, but for unreadable files; of those that a person looks at and the one before, the
        best.
        """
        results = [one for _, one in sorted(self.attempts.items()) if one["person"] == person and one["results"]]
        readable = [one for one in reversed(results) if one["ended"] != "rejected"] or results[-1:]
        certain = next((n for n, one in enumerate(readable) if one["ended"] != "review"), len(readable))
        return max(one["score"] for one in readable[: certain + 1])

    @invariant()
    def what_counts_is_as_the_model_says(self) -> None:
        found = {one.number: (one.state, one.score) for one in self.queue.newest("digits", 1000)}
        assert found == {number: (one["state"], one.get("score")) for number, one in self.attempts.items()}
        assert {report.student: report.score for report in self.book} == self.counting
        states = Counter(("digits", one["state"]) for one in self.attempts.values())
        assert self.queue.counts().states == states
        assert sum(len(self.book.history(f"s{n}")) for n in (1, 2, 3)) == sum(
            one["results"] for one in self.attempts.values()
        )

    def teardown(self) -> None:
        """In the end every preview that is open can be graded, and no shadow is left when all have a decision."""
        for attempt in self.held:
            self.queue.put_back(attempt, "w")
        while claimed := self.queue.claim("w", LEASE, ["digits"]):
            if claimed.shadow_of is None:
                assert finish(self.queue, claimed, "w", self.run)
            else:
                assert finish_shadow(self.queue, claimed)
        for preview in self.regrades.open_previews("digits", 1000):
            self.regrades.confirm("digits", preview.public_id, "eve", lower=True)
        with self.book.reading() as connection:
            for table in ("attempts WHERE shadow_of IS NOT NULL", "previews"):
                assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
        self.book.close()


@pytest.mark.parametrize("many", [6, pytest.param(15, marks=pytest.mark.long)])
def test_previews_keep_their_laws_whatever_is_interleaved(new_gradebook: Callable[[], Location], many: int) -> None:
    """Nothing counts before it is confirmed, and nothing newer is overwritten."""
    factory = cast("type[PreviewMachine]", lambda: PreviewMachine(new_gradebook()))  # any function will do
    run_state_machine_as_test(
        factory, settings=settings(max_examples=examples(many), stateful_step_count=30, deadline=None)
    )


# ---- one at a time


def test_a_preview_is_in_nothing_that_is_read(book: Gradebook) -> None:
    """While it waits, is graded, is complete, and after it was discarded."""
    run = book.new_run(BASIS, 2)
    ada, bob = graded(book, 1, 3.0, run), graded(book, 2, 4.0, run)
    queue, regrades = AttemptQueue(book), Regrades(book)
    before = everything(book)
    regrade = regrades.start("digits", [ada.number, bob.number], "eve", preview=True)
    assert everything(book) == before
    shadow = claim(queue)
    assert queue.get(shadow.public_id) is None
    assert everything(book) == before
    finish_shadow(queue, shadow, 9.0)
    second = claim(queue)
    finish_shadow(queue, second, 1.0)
    assert everything(book) == before
    assert book.reuse(run, f"preview {shadow.public_id}") is None
    regrades.discard("digits", regrade.public_id, "eve")
    assert everything(book) == before
    assert regrades.attempts(regrade) == []


def test_a_confirmed_preview_replaces_what_counts(book: Gradebook) -> None:
    """Results, scores and states; the run has the fingerprint that the preview was graded with."""
    run = book.new_run(BASIS, 2)
    ada, bob = graded(book, 1, 3.0, run), graded(book, 2, 4.0, run, "review")
    regrade = previewed(book, {ada: 5.0, bob: 0.0}, {bob.number: "rejected"})
    Regrades(book).confirm("digits", regrade.public_id, "eve")
    queue = AttemptQueue(book)
    now = [queue.get(one.public_id) for one in (ada, bob)]
    assert [(one.state, one.score, one.max_score) for one in now if one] == [
        ("graded", 5.0, 10.0),
        ("rejected", 0.0, 10.0),
    ]
    assert {report.student: report.score for report in book} == {"s1": 5.0, "s2": 0.0}
    last = book.runs()[-1]
    assert (last.basis, last.submissions, last.done, last.finished is not None) == (NEWER, 2, 2, True)
    assert book.reuse(run, f"preview {regrade.public_id}.{ada.public_id}") is not None
    assert [(one.before, one.after) for one in Regrades(book).attempts(regrade)][1][0] is None


def test_what_became_of_scores_is_known(book: Gradebook) -> None:
    """Of each attempt that has another score by a regrade that counts."""
    run = book.new_run(BASIS, 2)
    ada, bob = graded(book, 1, 3.0, run), graded(book, 2, 4.0, run)
    queue, regrades = AttemptQueue(book), Regrades(book)
    confirmed, other = previewed(book, {ada: 5.0, bob: 4.0}), previewed(book, {ada: 9.0, bob: 9.0})
    regrades.confirm("digits", confirmed.public_id, "eve")
    regrades.start("digits", [bob.number], "eve", preview=False)
    queue.regrade([bob.number], "eve")
    assert finish(queue, claim(queue), "w", run, 2.0)
    regrades.confirm("digits", other.public_id, "eve")  # too late: other results are there
    found = score_changes(book, "digits", queue.numbered([ada.number, bob.number]))
    told = {number: [(str(one.before), str(one.after)) for one in each] for number, each in found.items()}
    assert told == {ada.number: [("3 of 10", "5 of 10")], bob.number: [("4 of 10", "2 of 10")]}


def test_the_next_result_counts_after_a_confirmation(book: Gradebook) -> None:
    """Though the run of the server had begun before."""
    run = book.new_run(BASIS, 1)
    ada = graded(book, 1, 3.0, run)
    regrade = previewed(book, {ada: 5.0})
    Regrades(book).confirm("digits", regrade.public_id, "eve")
    graded(book, 1, 4.0, run)
    assert [report.score for report in book] == [4.0]


@pytest.mark.parametrize("graded_before_confirmation", [True, False])
def test_a_newer_file_is_unaffected(book: Gradebook, graded_before_confirmation: bool) -> None:
    """Whether it is graded before the older one's preview is confirmed or after."""
    run = book.new_run(BASIS, 1)
    ada = graded(book, 1, 3.0, run)
    regrade = previewed(book, {ada: 5.0})
    if graded_before_confirmation:
        graded(book, 1, 4.0, run)
    Regrades(book).confirm("digits", regrade.public_id, "eve")
    if not graded_before_confirmation:
        graded(book, 1, 4.0, run)
    newest, older = AttemptQueue(book).of_person(1, "digits", 2)
    assert (newest.score, older.score) == (4.0, 5.0)
    assert [report.score for report in book] == [4.0]


def test_grades_drop_only_with_a_word_for_it(book: Gradebook) -> None:
    """The sentence says how many, and the error which; nothing is changed before."""
    run = book.new_run(BASIS, 3)
    scores = {graded(book, person, 5.0, run): score for person, score in ((1, 3.0), (2, 4.0), (3, 6.0))}
    regrade = previewed(book, scores)
    before = everything(book)
    with pytest.raises(GradesDrop, match="2 grades would drop") as problem:
        Regrades(book).confirm("digits", regrade.public_id, "eve")
    assert [(each.student, each.final.before, each.final.after) for each in problem.value.drops] == [
        ("ada", "5 / 10", "3 / 10"),
        ("bob", "5 / 10", "4 / 10"),
    ]
    assert everything(book) == before
    Regrades(book).confirm("digits", regrade.public_id, "eve", lower=True)
    assert [report.score for report in book] == [3.0, 4.0, 6.0]


def set_policy(book: Gradebook, counts: Literal["best", "last"]) -> None:
    store_policy(book, "digits", Policy(counts=counts), "test")


def test_a_lower_score_that_does_not_count_is_no_drop(book: Gradebook) -> None:
    """With "best", ada keeps the 8 points of her first file; the score of her second falls, and is named."""
    set_policy(book, "best")
    run = book.new_run(BASIS, 2)
    first, second = graded(book, 1, 8.0, run), graded(book, 1, 5.0, run)
    regrade = previewed(book, {first: 8.0, second: 3.0})
    found = Regrades(book).attempts(regrade)
    assert [(one.changed, one.lower) for one in found] == [(False, False), (True, True)]
    (grade,) = regraded_grades(book, regrade, found).values()
    assert (grade.student, grade.final.before, grade.final.after, grade.final.drops) == (
        "ada",
        "8 / 10",
        "8 / 10",
        False,
    )
    Regrades(book).confirm("digits", regrade.public_id, "eve")


def test_a_score_that_rises_can_lower_the_grade(book: Gradebook) -> None:
    """Ada's newer file could not be read. It has 3 points now, so it counts, where the older one had 8."""
    run = book.new_run(BASIS, 2)
    older, newer = graded(book, 1, 8.0, run), graded(book, 1, 0.0, run, "rejected")
    regrade = previewed(book, {older: 8.0, newer: 3.0})
    found = Regrades(book).attempts(regrade)
    assert not any(one.lower for one in found)
    with pytest.raises(GradesDrop):
        Regrades(book).confirm("digits", regrade.public_id, "eve")
    Regrades(book).confirm("digits", regrade.public_id, "eve", lower=True)
    ended = Regrades(book).get("digits", regrade.public_id)
    assert ended
    (grade,) = regraded_grades(book, ended, Regrades(book).attempts(ended)).values()
    assert (grade.final.before, grade.final.after, grade.final.by) == ("8 / 10", "3 / 10", -5)


def test_all_results_of_a_student_are_replaced_together(book: Gradebook) -> None:
    """With "best", the best file loses 4 points and another gains as many: the grade stays as it is."""
    set_policy(book, "best")
    run = book.new_run(BASIS, 2)
    first, second = graded(book, 1, 8.0, run), graded(book, 1, 4.0, run)
    regrade = previewed(book, {first: 4.0, second: 8.0})
    (grade,) = regraded_grades(book, regrade, Regrades(book).attempts(regrade)).values()
    assert (grade.final.before, grade.final.after, grade.final.drops) == ("8 / 10", "8 / 10", False)
    Regrades(book).confirm("digits", regrade.public_id, "eve")


def test_a_score_that_nobody_was_told_cannot_drop(book: Gradebook) -> None:
    """The grader had failed; the score that it has now is the first one."""
    ada = graded(book, 1, 8.0, book.new_run(BASIS, 1), "review")
    regrade = previewed(book, {ada: 2.0})
    Regrades(book).confirm("digits", regrade.public_id, "eve")


@pytest.mark.parametrize(("counts", "wanted"), [("best", [1, 2, 3, 4]), ("last", [2, 3, 4])])
def test_what_grades_depend_on_is_graded_again(book: Gradebook, counts: Any, wanted: list[int]) -> None:
    """The newest file, and the one that counts if the newest can't be read; if the best one counts, all."""
    set_policy(book, counts)
    run = book.new_run(BASIS, 2)
    made = [graded(book, 1, 8.0, run), graded(book, 1, 5.0, run), graded(book, 1, 0.0, run, "rejected")]
    made.append(graded(book, 2, 1.0, run))
    assert attempts_to_regrade(book, "digits") == [made[each - 1].number for each in wanted]
    assert attempts_to_regrade(book, "digits", ["bob"]) == [made[3].number]


def test_a_preview_without_a_queue(book: Gradebook) -> None:
    """No worker takes it; whoever began it keeps the results, unless it was discarded meanwhile."""
    run = book.new_run(BASIS, 2)
    ada, bob = graded(book, 1, 3.0, run), graded(book, 2, 4.0, run)
    queue, regrades = AttemptQueue(book), Regrades(book)
    before = everything(book)
    regrade = regrades.start("digits", [ada.number, bob.number], "eve", preview=True, queued=False)
    assert queue.claim("w", LEASE, ["digits"]) is None
    assert regrades.keep(regrade, ada, NEWER, report_of(ada, 5.0, "graded"), "k", "graded")
    assert not regrades.keep(regrade, ada, NEWER, report_of(ada, 6.0, "graded"), "k", "graded")
    assert (regrades.remaining(regrade), everything(book)) == (1, before)
    with pytest.raises(RegradeRefused, match="isn't complete"):
        regrades.confirm("digits", regrade.public_id, "eve")
    assert regrades.keep(regrade, bob, NEWER, report_of(bob, 4.0, "graded"), "k", "graded")
    assert [one.after.score for one in regrades.attempts(regrade) if one.after] == [5.0, 4.0]
    regrades.confirm("digits", regrade.public_id, "eve")
    assert [report.score for report in book] == [5.0, 4.0]
    another = regrades.start("digits", [ada.number], "eve", preview=True, queued=False)
    regrades.discard("digits", another.public_id, "eve")
    assert not regrades.keep(another, ada, NEWER, report_of(ada, 6.0, "graded"), "k", "graded")


def test_a_smaller_share_of_a_larger_maximum_is_a_drop(book: Gradebook) -> None:
    """5 of 20 is less than 5 of 10."""
    ada = graded(book, 1, 5.0, book.new_run(BASIS, 1))
    regrade = Regrades(book).start("digits", [ada.number], "eve", preview=True)
    queue = AttemptQueue(book)
    queue.finish_preview(claim(queue), "w", NEWER, scored_report("s1", 5.0, max_score=20.0), "k", "graded")
    with pytest.raises(GradesDrop, match="1 grade would drop"):
        Regrades(book).confirm("digits", regrade.public_id, "eve")


def test_a_grader_error_replaces_nothing(book: Gradebook) -> None:
    """The diff names it, and it is no drop."""
    ada = graded(book, 1, 5.0, book.new_run(BASIS, 1))
    regrade = previewed(book, {ada: 0.0}, {ada.number: "review"})
    (one,) = Regrades(book).attempts(regrade)
    assert (one.kept, one.after, one.lower) == ("grader error", None, False)
    Regrades(book).confirm("digits", regrade.public_id, "eve")
    assert AttemptQueue(book).get(ada.public_id) == ada
    assert len(book.history("s1")) == 1


def test_what_was_graded_again_meanwhile_stays(book: Gradebook) -> None:
    """By another regrade, which may still run, or by another preview; the diff names it, also afterwards."""
    run = book.new_run(BASIS, 3)
    ada, bob, cleo = (graded(book, person, 5.0, run) for person in (1, 2, 3))
    first = previewed(book, {ada: 6.0, bob: 6.0, cleo: 6.0})
    second = previewed(book, {cleo: 8.0})
    queue, regrades = AttemptQueue(book), Regrades(book)
    queue.regrade([ada.number, bob.number], "eve")
    finish(queue, claim(queue), "w", run, 7.0)
    regrades.confirm("digits", second.public_id, "eve")
    regrades.confirm("digits", first.public_id, "eve")
    kept = {one.number: one.kept for one in regrades.attempts(regrades.get("digits", first.public_id) or first)}
    assert kept == {ada.number: "another result", bob.number: "being graded", cleo.number: "another result"}
    finish(queue, claim(queue), "w", run, 7.5)
    assert [report.score for report in book] == [7.0, 7.5, 8.0]


def test_a_decision_is_made_once_and_for_a_complete_preview(book: Gradebook) -> None:
    """A direct regrade has none."""
    ada = graded(book, 1, 5.0, book.new_run(BASIS, 1))
    regrades = Regrades(book)
    direct = regrades.start("digits", [ada.number], "eve", preview=False)
    running = regrades.start("digits", [ada.number], "eve", preview=True)
    for id, why in ((direct.public_id, "was no preview"), (running.public_id, "isn't complete"), ("x", "no such")):
        with pytest.raises(RegradeRefused, match=why):
            regrades.confirm("digits", id, "eve")
    with pytest.raises(RegradeRefused, match="no such"):
        regrades.discard("lab", running.public_id, "eve")
    regrades.discard("digits", running.public_id, "eve")
    with pytest.raises(RegradeRefused, match="was discarded by eve"):
        regrades.confirm("digits", running.public_id, "ira")


def test_the_worker_of_a_discarded_preview_stores_nothing(book: Gradebook) -> None:
    """Nor does it touch the next attempt, which never gets the shadow's number."""
    ada = graded(book, 1, 5.0, book.new_run(BASIS, 1))
    queue, regrades = AttemptQueue(book), Regrades(book)
    regrade = regrades.start("digits", [ada.number], "eve", preview=True)
    shadow = claim(queue)
    regrades.discard("digits", regrade.public_id, "eve")
    following = hand_in(queue, 2)
    assert following.number > shadow.number
    claimed = claim(queue)
    assert (claimed.number, claimed.tries) == (following.number, shadow.tries)
    assert not finish_shadow(queue, shadow)
    assert not queue.put_back(shadow, "w")
    assert queue.running("digits", 9) == [claimed]


def test_what_changes_is_told_question_by_question(book: Gradebook) -> None:
    """As `grader diff` tells it."""
    queue, regrades = AttemptQueue(book), Regrades(book)
    ada = hand_in(queue, 1)
    before = compared_report("s1", SHAPE, WRONG)
    queue.finish(claim(queue), "w", book.new_run(BASIS, 1), before, "k", "graded")
    regrade = regrades.start("digits", [ada.number], "eve", preview=True)
    queue.finish_preview(claim(queue), "w", NEWER, compared_report("s1", SHAPE, VALUE), "k2", "graded")
    (one,) = regrades.attempts(regrade)
    assert one.change
    assert [(case.name, case.points_before, case.points_after) for case in one.change.questions[0].cases] == [
        ("value", 0.0, 2.0)
    ]
    assert (one.changed, one.lower, one.state, one.assignment_digest) == (True, False, "graded", "a2")


def test_the_audit_log_has_every_step(book: Gradebook) -> None:
    """Who previewed, confirmed and discarded."""
    ada = graded(book, 1, 5.0, book.new_run(BASIS, 1))
    first, second = previewed(book, {ada: 4.0}), previewed(book, {ada: 6.0})
    Regrades(book).confirm("digits", first.public_id, "ira", lower=True)
    Regrades(book).discard("digits", second.public_id, "uma")
    entries = [(one.who, one.what, one.target, one.after) for one in AuditLog(book).entries(6)]
    changed = {entry[1]: entry for entry in entries if entry[1].startswith("change")}
    assert changed == {
        "change score": ("ira", "change score", f"digits {ada.public_id}", "4 of 10"),
        "change grade": ("ira", "change grade", "digits ada", "4 / 10"),
    }
    assert [entry for entry in entries if entry not in changed.values()] == [
        ("uma", "discard regrade", second.public_id, ""),
        ("ira", "confirm regrade", first.public_id, "1 results replaced, 0 kept, 1 grades lower"),
        ("eve", "preview regrade", second.public_id, "1 attempts"),
        ("eve", "preview regrade", first.public_id, "1 attempts"),
    ]


# ---- killed


def killed_at(location: Location, number: int, action: Callable[[Gradebook], object]) -> bool:
    """Return whether a process that acts was killed at a step: before or after a statement, or before a commit."""

    def act() -> None:
        with Gradebook.open(location) as book:
            left = [number]

            def step(*_: object) -> None:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
                event.listen(book._engine, name, step)
            action(book)
        os._exit(0)

    process = FORK.Process(target=act)
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("what", ["confirm", "discard", "finish"])
def test_a_step_is_done_whole_or_not_at_all(new_gradebook: Callable[[], Location], what: str, every: int) -> None:
    """Killed at each statement, one after another."""
    location = new_gradebook()
    with Gradebook.open(location) as book:
        load_people(book, PEOPLE)
        run = book.new_run(BASIS, 2)
        scores = {graded(book, person, 5.0, run): 6.0 for person in (1, 2)}
        regrade = previewed(book, scores)
        running = Regrades(book).start("digits", [one.number for one in scores], "eve", preview=True)
        shadow = claim(AttemptQueue(book))

    def action(book: Gradebook) -> None:
        if what == "finish":
            finish_shadow(AttemptQueue(book), shadow, 7.0)
        elif what == "discard":
            Regrades(book).discard("digits", running.public_id, "eve")
        else:
            Regrades(book).confirm("digits", regrade.public_id, "eve")

    def state() -> object:
        with Gradebook.open(location) as book, book.reading() as connection:
            tables = ("results", "entries", "regrades", "regrade_items", "previews", "audit", "runs", "attempts")
            counted = [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]
            attempts = connection.execute(text("SELECT id, state, score, result FROM attempts ORDER BY id")).all()
            return counted, [tuple(row) for row in attempts]

    before, number, seen = state(), 0, []
    while killed_at(location, number := number + every, action):
        seen.append(state())
        if seen[-1] != before:
            break
    after = state()
    assert after != before
    assert number > 5
    assert all(one in (before, after) for one in seen)
    if what == "confirm":
        with Gradebook.open(location) as book:
            assert [report.score for report in book] == [6.0, 6.0]
