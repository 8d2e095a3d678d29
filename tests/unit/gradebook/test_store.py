"""The gradebook keeps every report, finds the newest, and says in a sentence what it can't do."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader._util.escaping import escape_surrogates
from grader.gradebook import engine
from grader.gradebook.engine import VERSION, GradebookError
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, NEWER, scored_report
from tests.helpers.effort import examples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "gradebook.sqlite"


@pytest.fixture
def book(path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(path) as opened:
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


@settings(max_examples=examples(40), deadline=None)
@given(ADDED)
def test_latest_reuse_and_history_agree_with_a_list(added: list[tuple[str, str, float]]) -> None:
    """The gradebook answers as a list of all that was added would, also after it was closed and opened."""
    expected = [(str(escape_surrogates(student)), digest, score) for student, digest, score in added]
    with tempfile.TemporaryDirectory() as folder:
        with Gradebook.open(Path(folder) / "book") as book:
            run = book.new_run(BASIS, len(added))
            for (student, digest, score), (safe, _, _) in zip(added, expected, strict=True):
                book.add(run, scored_report(student, score, digest), f"{safe} {digest}")
        with Gradebook.open(Path(folder) / "book") as book:
            newest = {student: score for student, _, score in expected}
            assert {one.student: one.score for one in book.latest_reports()} == newest
            run = book.new_run(BASIS, 1)
            for student, digest, _ in expected:
                scores = [score for who, _, score in expected if who == student]
                assert [one.score for one in book.history(student)] == scores
                same = [score for who, what, score in expected if (who, what) == (student, digest)]
                found = book.reuse(run, f"{student} {digest}")
                assert found is not None
                assert found.score == same[-1]


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


def test_a_result_is_there_for_others_as_soon_as_it_is_added(book: Gradebook, path: Path) -> None:
    """Another connection sees each result when add() returns, without waiting for the end of the run."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    with Gradebook.open(path) as other:
        assert other.latest_reports() == [scored_report()]


def test_two_runs_may_use_one_gradebook(book: Gradebook, path: Path) -> None:
    """A second connection adds its results between those of the first; none is lost."""
    with Gradebook.open(path) as other:
        runs = [book.new_run(BASIS, 1), other.new_run(BASIS, 1)]
        assert runs[0] != runs[1]
        for _ in range(10):
            book.add(runs[0], scored_report("ada"), "k")
            other.add(runs[1], scored_report("bob"), "k")
        assert len(book.history("ada")) == len(book.history("bob")) == 10


def test_a_book_that_stays_locked_is_told(book: Gradebook, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another program never lets go of the file, the sentence says who holds it."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(GradebookError, match="in use by another run"):
        Gradebook.open(path)
    holder.close()


def test_a_report_that_could_not_be_read_again_does_not_get_in(book: Gradebook) -> None:
    """A score that is no number is refused when it is added, and the others can still be read."""
    run = book.new_run(BASIS, 1)
    book.add(run, scored_report(), "k")
    with pytest.raises(GradebookError):
        book.add(run, scored_report("bob", score=float("nan")), "k")
    assert book.latest_reports() == [scored_report()]


def test_a_file_that_is_no_database_is_told_and_left_alone(path: Path) -> None:
    """The sentence names the file; its content is what it was."""
    path.parent.mkdir()
    path.write_bytes(b"ada,100\n" * 300)
    with pytest.raises(GradebookError, match=r"gradebook\.sqlite is not a gradebook"):
        Gradebook.open(path)
    assert path.read_bytes() == b"ada,100\n" * 300


def test_the_database_of_another_program_is_told_and_left_alone(path: Path) -> None:
    """A database that isn't ours gets no tables of ours."""
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (title)")
    before = path.read_bytes()
    with pytest.raises(GradebookError, match="another program"):
        Gradebook.open(path)
    assert path.read_bytes() == before


def test_a_gradebook_that_must_be_there_is_not_made(path: Path) -> None:
    """Who only reads gets a sentence, and no new file."""
    with pytest.raises(GradebookError, match="doesn't exist"):
        Gradebook.open_existing(path)
    assert not path.parent.exists()


def test_a_result_needs_a_run(book: Gradebook) -> None:
    """A result of a run that never began is refused as a whole, and the next one is not."""
    with pytest.raises(GradebookError):
        book.add(17, scored_report(), "k")
    assert book.history("ada") == book.latest_reports() == []
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    assert book.latest_reports() == book.history("ada") == [scored_report()]


def test_a_newer_version_is_told(book: Gradebook, path: Path) -> None:
    """A gradebook by a later grader is not guessed at."""
    book.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(GradebookError, match=f"version {VERSION + 1}, and this grader knows version {VERSION}"):
        Gradebook.open(path)


@pytest.mark.parametrize("where", ["folder", "file/gradebook.sqlite", "file/deeper/gradebook.sqlite"])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, where: str) -> None:
    """A folder in the file's place, or a file in the folder's, is a GradebookError."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(GradebookError):
        Gradebook.open(tmp_path / where)


def test_a_damaged_report_is_told(book: Gradebook, path: Path) -> None:
    """A stored report that isn't one any more is a GradebookError, not a traceback."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE results SET report = x'7b7d'")
    connection.commit()
    connection.close()
    with pytest.raises(GradebookError, match="damaged"):
        book.latest_reports()


def test_a_damaged_file_is_told(book: Gradebook, path: Path) -> None:
    """Pages overwritten with something else are a GradebookError, not a traceback."""
    run = book.new_run(BASIS, 1)
    for _ in range(200):
        book.add(run, scored_report(), "k")
    book.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(GradebookError), Gradebook.open(path) as damaged:
        damaged.latest_reports()
