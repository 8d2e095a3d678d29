"""The gradebook keeps every report and finds the newest, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader._util.escaping import escape_surrogates
from grader.gradebook.engine import Location
from grader.gradebook.errors import GradebookError
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, NEWER, scored_report
from tests.helpers.effort import examples


@pytest.fixture
def location(new_gradebook: Callable[[], Location]) -> Location:
    return new_gradebook()


@pytest.fixture
def book(location: Location) -> Iterator[Gradebook]:
    with Gradebook.open(location) as opened:
        yield opened


def test_a_report_comes_back_as_it_was(book: Gradebook) -> None:
    """What is added is what is read, field by field."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    assert book.latest_reports() == [scored_report()]


def test_the_newest_report_counts_and_the_earlier_are_kept(book: Gradebook) -> None:
    """latest() has one report for each student, the newest; history() has all, oldest first."""
    run = book.new_run(BASIS, 1)
    for score in (1.0, 2.0):
        book.add(run, scored_report(score=score), "k")
    book.add(book.new_run(BASIS, 1), scored_report(score=0.5), "k")
    assert [one.score for one in book.latest_reports()] == [0.5]
    assert [one.score for one in book.history("ada")] == [1.0, 2.0, 0.5]
    assert book.history("nobody") == []


def test_students_are_sorted_as_people_sort(book: Gradebook) -> None:
    """Capital letters make no difference to the order."""
    run = book.new_run(BASIS, 1)
    for student in ("zoe", "Bob", "ada", "Zoe"):
        book.add(run, scored_report(student), "k")
    assert [one.student for one in book] == ["ada", "Bob", "Zoe", "zoe"]


def test_only_the_same_work_is_reused(book: Gradebook) -> None:
    """A report is found under its own key, and under no other."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    run = book.new_run(BASIS, 1)
    assert book.reuse(run, "another") is None
    assert book.reuse(run, "k") == scored_report()


def test_the_newest_of_the_same_work_is_reused(book: Gradebook) -> None:
    """When the same was graded twice, the later report is taken."""
    run = book.new_run(BASIS, 1)
    for made, key in (
        (scored_report(score=1.0), "k"),
        (scored_report(score=2.0), "k"),
        (scored_report(score=3.0), "another"),
    ):
        book.add(run, made, key)
    found = book.reuse(run, "k")
    assert found is not None
    assert found.score == 2.0


def test_what_failed_on_our_side_is_not_reused(book: Gradebook) -> None:
    """A report that a person must look at has to be made again, until one comes that is none."""
    run = book.new_run(BASIS, 1)
    book.add(run, scored_report(needs_review=True), "k")
    assert book.reuse(run, "k") is None
    book.add(run, scored_report(), "k")
    assert book.reuse(run, "k") == scored_report()


def test_a_run_has_the_reports_that_it_reused(book: Gradebook) -> None:
    """reports() gives what a run made and what it took over, by student; a reused report counts as the newest."""
    first, second, third = (book.new_run(basis, 2) for basis in (BASIS, NEWER, BASIS))
    for student in ("zoe", "ada"):
        book.add(first, scored_report(student, 1.0), student)
        book.add(second, scored_report(student, 2.0), f"{student} on another basis")
    assert book.reuse(third, "zoe") == scored_report("zoe", 1.0)
    book.add(third, scored_report("ada", 3.0), "k")
    assert [(one.student, one.score) for one in book.reports(first)] == [("ada", 1.0), ("zoe", 1.0)]
    assert [(one.student, one.score) for one in book.reports(third)] == [("ada", 3.0), ("zoe", 1.0)]
    assert book.latest_reports() == list(book.reports(third))
    assert [one.score for one in book.history("zoe")] == [1.0, 2.0]


def test_runs_tell_how_far_they_came(book: Gradebook) -> None:
    """Basis, submissions, how many are done and reused, the mean of those that could be graded, and the end."""
    assert book.runs() == []
    first, second = book.new_run(BASIS, 3), book.new_run(NEWER, 2)
    book.add(first, scored_report("ada", 1.0), "a")
    book.add(first, scored_report("bob", 2.0), "b")
    book.add(first, scored_report("cleo", 0.0, status="rejected"), "c")
    book.finish_run(first)
    book.reuse(second, "a")
    one, two = book.runs()
    assert (one.number, one.submissions, one.done, one.reused, one.mean, one.basis) == (first, 3, 3, 0, 1.5, BASIS)
    assert (two.number, two.submissions, two.done, two.reused, two.mean, two.basis) == (second, 2, 1, 1, 1.0, NEWER)
    assert one.finished is not None
    assert two.finished is None
    third = book.new_run(BASIS, 1)
    assert (book.runs()[-1].number, book.runs()[-1].mean) == (third, None)


STUDENTS = st.text(st.characters(exclude_categories=()), max_size=3) | st.sampled_from(["ada", "Ada", "bob"])
ADDED = st.lists(st.tuples(STUDENTS, st.sampled_from(["d1", "d2"]), st.floats(0, 8)), max_size=12)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ADDED)
def test_latest_reuse_and_history_agree_with_a_list(
    new_gradebook: Callable[[], Location], added: list[tuple[str, str, float]]
) -> None:
    """The gradebook answers as a list of all that was added would, also after it was closed and opened."""
    expected = [(stored_name(student), digest, score) for student, digest, score in added]
    location = new_gradebook()
    with Gradebook.open(location) as book:
        run = book.new_run(BASIS, len(added))
        for student, digest, score in added:
            book.add(run, scored_report(student, score, digest), f"{stored_name(student)} {digest}")
    with Gradebook.open(location) as book:
        newest = {student: score for student, _, score in expected}
        assert {stored_name(one.student): one.score for one in book.latest_reports()} == newest
        assert book.submitted_digests("digits") == {student: digest for student, digest, _ in expected}
        run = book.new_run(BASIS, 1)
        for student, digest, _ in expected:
            scores = [score for who, _, score in expected if who == student]
            assert [one.score for one in book.history(student)] == scores
            same = [score for who, what, score in expected if (who, what) == (student, digest)]
            found = book.reuse(run, f"{student} {digest}")
            assert found is not None
            assert found.score == same[-1]


def stored_name(student: str) -> str:
    """The name as every database can store it."""
    return str(escape_surrogates(student)).replace("\0", "\\x00")


def test_iterating_reads_one_report_at_a_time(book: Gradebook) -> None:
    """Results may be added while the book is iterated: no reader holds it."""
    run = book.new_run(BASIS, 1)
    for student in ("ada", "bob"):
        book.add(run, scored_report(student), "k")
    seen = []
    for one in book:
        book.add(run, scored_report("cleo"), "k")
        seen.append(one.student)
    assert seen == ["ada", "bob"]
    assert len(book.history("cleo")) == 2


def test_a_result_is_there_for_others_as_soon_as_it_is_added(book: Gradebook, location: Location) -> None:
    """Another connection sees each result when add() returns, without waiting for the end of the run."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    with Gradebook.open(location) as other:
        assert other.latest_reports() == [scored_report()]


def test_two_runs_may_use_one_gradebook(book: Gradebook, location: Location) -> None:
    """A second connection adds its results between those of the first; none is lost."""
    with Gradebook.open(location) as other:
        runs = [book.new_run(BASIS, 1), other.new_run(BASIS, 1)]
        assert runs[0] != runs[1]
        for _ in range(10):
            book.add(runs[0], scored_report("ada"), "k")
            other.add(runs[1], scored_report("bob"), "k")
        assert len(book.history("ada")) == len(book.history("bob")) == 10


def test_a_report_that_could_not_be_read_again_does_not_get_in(book: Gradebook) -> None:
    """A score that is no number is refused when it is added, and the others can still be read."""
    run = book.new_run(BASIS, 1)
    book.add(run, scored_report(), "k")
    with pytest.raises(GradebookError):
        book.add(run, scored_report("bob", score=float("nan")), "k")
    assert book.latest_reports() == [scored_report()]


def test_a_result_needs_a_run(book: Gradebook) -> None:
    """A result of a run that never began is refused as a whole, and the next one is not."""
    with pytest.raises(GradebookError):
        book.add(17, scored_report(), "k")
    assert book.history("ada") == book.latest_reports() == []
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    assert book.latest_reports() == book.history("ada") == [scored_report()]


def test_a_run_that_made_nothing_is_discarded(book: Gradebook) -> None:
    """A run with a result stays."""
    kept = book.new_run(BASIS, 1)
    book.add(kept, scored_report(), "k")
    empty = book.new_run(BASIS, 1)
    for run in (empty, kept):
        book.discard_run(run)
    assert [run.number for run in book.runs()] == [kept]


def test_reports_are_read_in_groups(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their size, and in the order of the students."""
    monkeypatch.setattr("grader.gradebook.store.MAX_READ", 2000)
    run = book.new_run(BASIS, 200)
    names = [f"s{number:03}" for number in range(200)]
    for number, student in enumerate(reversed(names)):
        book.add(run, scored_report(student, notes=("x" * (number * 20),)), "k")
    assert [one.student for one in book.reports(run)] == names
    assert [len(one.notes[0]) for one in book] == [min(2000, number * 20) for number in reversed(range(200))]
