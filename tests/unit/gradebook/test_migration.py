"""Gradebooks that earlier graders made are migrated when they are opened, and nothing of them is lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook import migration
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import VERSION
from grader.gradebook.store import Gradebook
from tests.factories import ROOT
from tests.helpers.portal import hand_in

DUMPS = sorted((ROOT / "tests" / "corpus" / "gradebooks").glob("*.sql"))  # each made by the grader of that commit
COLUMNS = {
    "runs": "id, started, finished, submissions, assignment, assignment_digest, grader_version, settings",
    "results": "id, run, student, key, status, score, report",
    "entries": "run, student, result",
}
ATTEMPT_COLUMNS = (
    "id, public_id, person, assignment, filename, digest, size, received, receipt, state, priority, tries, faults, "
    "owner, lease_until, served_before, started, finished, result, score, max_score, late, handed_in"
)


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A gradebook of an earlier grader."""
    path = tmp_path / "gradebook.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(request.param.read_text())
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that the earlier grader stored."""
    with closing(sqlite3.connect(path)) as connection:
        queries = {table: f"SELECT {columns} FROM {table} ORDER BY 1, 2" for table, columns in COLUMNS.items()}
        return {table: connection.execute(query).fetchall() for table, query in queries.items()}


def made_version(dump: Path) -> int:
    """The version of the gradebook in a dump."""
    return int(dump.read_text().partition("user_version = ")[2].partition(";")[0])


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def test_there_are_gradebooks_of_earlier_graders() -> None:
    """Of the first release, and the last before SQLAlchemy, portal, late attempts, previews, adjustments, reasons."""
    assert {path.stem: made_version(path) for path in DUMPS} == {
        "grader-0d11eab": 2,
        "grader-2891440": 2,
        "grader-82a1f67": 3,
        "grader-500e9e3": 4,
        "grader-4317c11": 5,
        "grader-3fe1ff6": 6,
        "grader-b400e1a": 8,
    }


def test_everything_is_there_after_the_migration(old: Path) -> None:
    """Every row of every table; the reports can be read; and the digest stands beside each."""
    before = rows(old)
    assert [len(before[table]) for table in COLUMNS] == [2, 5, 8]
    with Gradebook.open(old) as book:
        first, second = book.runs()
        assert [(report.student, report.score) for report in book.reports(first.number)] == [
            ("ada", 5.0),
            ("bob", 3.0),
            ("zoe", 0.0),
            ("Émile", 0.0),
        ]
        assert (second.done, second.reused) == (4, 3)
        assert [report.score for report in book.history("bob")] == [3.0, 5.0]
        assert book.submitted_digests("tiny") == {
            report.student: report.digest for report in book if report.status == "graded"
        }
        run = book.new_run(first.basis, 1)
        assert book.reuse(run, before["results"][0][3]) is not None
        book.discard_run(run)
    after = rows(old)
    assert {table: after[table][: len(before[table])] for table in COLUMNS} == before
    assert version(old) == VERSION
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for digest, report in connection.execute("SELECT digest, report FROM results"):
            assert digest == json.loads(report)["digest"]


def test_attempts_are_there_after_the_migration(tmp_path: Path) -> None:
    """What waited waits, what was graded has its report; none is late."""
    path = tmp_path / "gradebook.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(next(dump for dump in DUMPS if made_version(dump) == 4).read_text())
    with Gradebook.open(path) as book:
        second, first = AttemptQueue(book).newest("tiny", 5)
        assert (first.state, first.score, first.late, first.handed_in) == ("graded", 5.0, False, "")
        assert (second.state, second.result, second.late) == ("queued", None, False)
        assert book.report(first.result or 0)


def test_a_copy_is_made_first_and_only_once(old: Path) -> None:
    """It holds what the gradebook held, as one file; an earlier copy is never overwritten."""
    before, number = rows(old), version(old)
    earlier = old.with_name(f"gradebook.version-{number}.sqlite")
    earlier.write_text("of another migration")
    for _ in range(2):
        Gradebook.open(old).close()
    copy = old.with_name(f"gradebook.version-{number}.1.sqlite")
    assert set(old.parent.glob("gradebook*")) == {old, earlier, copy}
    assert (version(copy), rows(copy)) == (number, before)
    assert earlier.read_text() == "of another migration"


@pytest.mark.parametrize("step", ["copy_sqlite", "mark_sqlite"])
def test_a_migration_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Not even when it fails at the end; the next one succeeds."""
    before, number = rows(old), version(old)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(migration, step, full)
        with pytest.raises(GradebookError, match="No space left on device"):
            Gradebook.open(old)
    assert (version(old), rows(old)) == (number, before)
    with Gradebook.open(old) as book:
        assert len(book.runs()) == 2
    assert (version(old), rows(old)) == (VERSION, before)


def test_a_damaged_report_stops_no_migration(old: Path) -> None:
    """Its digest stays empty if version 3 has to find it, and reading the report says that it is damaged."""
    number = version(old)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE results SET report = x'7b' WHERE student = 'ada'")
        connection.commit()
    with Gradebook.open(old) as book:
        assert (book.submitted_digests("tiny")["ada"] == "") == (number == 2)
        assert len(book.history("bob")) == 2
        with pytest.raises(GradebookError, match="damaged"):
            book.history("ada")


def test_the_first_experiments_are_refused(old: Path) -> None:
    """Tables of version 1 were never released: the sentence says so, and the file is left alone."""
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA user_version = 1")
    before = old.read_bytes()
    with pytest.raises(GradebookError, match=f"version 1, and this grader knows version {VERSION}"):
        Gradebook.open(old)
    assert old.read_bytes() == before


def test_attempts_keep_their_numbers_and_the_queue_goes_on(tmp_path: Path) -> None:
    """Every column of each attempt is as it was; a number that was used is never used again."""
    path = tmp_path / "gradebook.sqlite"
    query = f"SELECT {ATTEMPT_COLUMNS} FROM attempts ORDER BY id"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(next(dump for dump in DUMPS if made_version(dump) == 5).read_text())
        before = connection.execute(query).fetchall()
    with Gradebook.open(path) as book:
        queue = AttemptQueue(book)
        assert [one.state for one in queue.of_person(1, "tiny", 9)] == ["queued", "grading"]
        assert [one.number for one in queue.expire()] == [1]  # the lease was on the clock of another machine
        made = hand_in(queue, 1, "tiny")
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(query).fetchall()
        assert [row[:8] for row in found[:4]] == [row[:8] for row in before]
        assert found[1:4] == before[1:]
        connection.execute("DELETE FROM attempts WHERE id = ?", (made.number,))
        connection.commit()
    with Gradebook.open(path) as book:
        assert hand_in(AttemptQueue(book), 1, "tiny").number == made.number + 1
