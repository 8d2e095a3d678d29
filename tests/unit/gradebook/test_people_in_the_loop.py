"""Adjustments, extensions, requests and releases in the gradebook: rows are added, never changed, and logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from grader.gradebook import adjustments, extensions, requests
from grader.gradebook.adjustments import AdjustmentRefused, Adjustments
from grader.gradebook.audit import AuditLog
from grader.gradebook.errors import GradebookError
from grader.gradebook.extensions import ExtensionRefused, Extensions
from grader.gradebook.releases import Releases
from grader.gradebook.requests import RequestRefused, Requests, add_answers, open_requests
from grader.gradebook.store import Gradebook
from grader.gradebook.written_text import MAX_WRITTEN, TextRefused
from grader.policies import Adjustment, Extension
from grader.policies.corrections import holding
from grader.policies.release import EVERYTHING
from tests.factories import BASIS, scored_report

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLUS_ONE = Adjustment(0, "eve", NOW, "double", "shape", points=1.0, comment="You are right.", reason="case too strict")
A_WEEK = Extension(0, "eve", NOW, "ill", days=7)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(tmp_path / "gradebook.sqlite") as opened:
        yield opened


def logged(book: Gradebook) -> list[tuple[str, str, str]]:
    """The audit log, oldest first."""
    return [(entry.who, entry.what, entry.target) for entry in reversed(AuditLog(book).entries(50))]


def test_an_adjustment_is_kept_as_it_was_given(book: Gradebook) -> None:
    """For this student and assignment alone, with who, when and why; and the log says so."""
    kept = Adjustments(book)
    given = msgspec.structs.replace(PLUS_ONE, handin=3, basis_points=0.5, basis_digest="ab")
    first = kept.add("tiny", "ada", given)
    second = kept.add("tiny", "ada", Adjustment(9, "eve", NOW, points=4.0, absolute=True, comment="c", reason="r"))
    third = kept.add("tiny", "otto", Adjustment(9, "eve", NOW, "double", verdict="passed", comment="c", reason="r"))
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert msgspec.structs.replace(first, number=0, at=NOW) == given
    assert abs(datetime.now(UTC) - first.at).total_seconds() < 3600
    assert kept.of_student("tiny", "ada") == [first, second]
    assert kept.of_assignment("tiny") == {"ada": [first, second], "otto": [third]}
    assert kept.of_student("other", "ada") == [] == kept.of_student("tiny", "ad")
    assert logged(book)[0] == ("eve", "adjust grade", "tiny ada")
    assert "case too strict" in AuditLog(book).entries(9)[-1].after


def test_an_adjustment_is_withdrawn_by_another_row(book: Gradebook) -> None:
    """Once; the row itself stays, and neither a row that withdraws nor one of another assignment can be."""
    kept = Adjustments(book)
    first, second = (kept.add("tiny", "ada", PLUS_ONE) for _ in range(2))
    gone = kept.withdraw("tiny", first.number, "eve", "a mistake")
    assert (gone.withdraws, gone.who, gone.reason, gone.question) == (first.number, "eve", "a mistake", "double")
    assert kept.of_student("tiny", "ada") == [first, second, gone]
    assert holding(kept.of_student("tiny", "ada")) == [second]
    for assignment, number, why in (
        ("tiny", first.number, "was withdrawn by eve before"),
        ("tiny", gone.number, "tiny has no adjustment 3"),
        ("other", second.number, "other has no adjustment 2"),
        ("tiny", 99, "tiny has no adjustment 99"),
    ):
        with pytest.raises(AdjustmentRefused, match=why):
            kept.withdraw(assignment, number, "eve", "again")
    assert len(kept.of_student("tiny", "ada")) == 3
    assert logged(book)[-1] == ("eve", "withdraw adjustment", "tiny ada")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"comment": " \n"}, "the comment is empty"),
        ({"reason": ""}, "the reason is empty"),
        ({"comment": "x" * (MAX_WRITTEN + 1)}, "the comment has 2001 characters"),
        ({"reason": "x" * (MAX_WRITTEN + 1)}, "the reason has 2001 characters"),
    ],
)
def test_texts_have_limits(book: Gradebook, changed: dict[str, str], why: str) -> None:
    """What is refused leaves nothing, not even in the log."""
    with pytest.raises(TextRefused, match=why):
        Adjustments(book).add("tiny", "ada", msgspec.structs.replace(PLUS_ONE, **changed))
    assert Adjustments(book).of_assignment("tiny") == {} and logged(book) == []


def test_numbers_of_rows_have_limits(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of adjustments, extensions and requests of a student for an assignment."""
    monkeypatch.setattr(adjustments, "MAX_ADJUSTMENTS", 1)
    monkeypatch.setattr(extensions, "MAX_EXTENSIONS", 1)
    monkeypatch.setattr(requests, "MAX_REQUESTS", 1)
    Adjustments(book).add("tiny", "ada", PLUS_ONE)
    with pytest.raises(AdjustmentRefused, match="limit"):
        Adjustments(book).add("tiny", "ada", PLUS_ONE)
    Adjustments(book).add("tiny", "otto", PLUS_ONE)
    with pytest.raises(ExtensionRefused, match="limit"):
        Extensions(book).add("tiny", [("otto", A_WEEK), ("ada", A_WEEK), ("ada", A_WEEK)])
    assert Extensions(book).of_assignment("tiny") == {}, "all or none"
    result = a_result(book)
    Requests(book).add("tiny", "ada", "double", "shape", "m1", "s1", result, "Why?")
    with pytest.raises(RequestRefused, match="Talk to your course"):
        Requests(book).add("tiny", "ada", "double", "numbers", "m2", "s1", result, "Why?")


def test_extensions_are_kept_in_utc(book: Gradebook) -> None:
    """A date keeps its instant, whatever zone it was given in; days stay days."""
    kept = Extensions(book)
    berlin = datetime.fromisoformat("2026-12-24T18:00:00+01:00")
    dated, days = kept.add("tiny", [("ada", Extension(0, "eve", NOW, "ill", until=berlin)), ("otto", A_WEEK)])
    assert kept.of_student("tiny", "ada") == [dated]
    assert kept.of_assignment("tiny") == {"ada": [dated], "otto": [days]}
    assert dated.until == berlin and days.days == 7
    with book.reading() as connection:
        assert connection.scalar(text("SELECT until FROM extensions WHERE id = 1")) == "2026-12-24T17:00:00+00:00"
    gone = kept.withdraw("tiny", dated.number, "eve", "not ill")
    assert kept.of_student("tiny", "ada") == [dated, gone] and gone.withdraws == dated.number
    with pytest.raises(ExtensionRefused, match="withdrawn by eve before"):
        kept.withdraw("tiny", dated.number, "eve", "again")
    with pytest.raises(ExtensionRefused, match="other has no extension 2"):
        kept.withdraw("other", days.number, "eve", "again")
    assert [what for _, what, _ in logged(book)] == ["give extension", "give extension", "withdraw extension"]


def a_result(book: Gradebook) -> int:
    """The number of a stored result."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    return book.newest_result()


def test_nobody_asks_twice_about_one_mistake(book: Gradebook) -> None:
    """After another mistake at the same case one may ask again."""
    kept, result = Requests(book), a_result(book)
    first = kept.add("tiny", "ada", "double", "shape", "m1", "s1", result, " It is a column.\n")
    assert (first.text, first.answer, first.result, first.case) == ("It is a column.", None, result, "shape")
    with pytest.raises(RequestRefused, match="already"):
        kept.add("tiny", "ada", "double", "shape", "m1", "s1", result, "Please!")
    second = kept.add("tiny", "ada", "double", "shape", "m2", "s1", result, "And now?")
    other = kept.add("tiny", "otto", "double", "shape", "m1", "s1", result, "Mine, too.")
    assert kept.of_student("tiny", "ada") == [first, second]
    assert kept.of_assignment("tiny", 2) == [first, second]
    assert kept.of_assignment("tiny", 9, after=second.number) == [other]
    assert kept.get("tiny", first.id) == first and kept.get("other", first.id) is None is kept.get("tiny", "x")
    assert kept.count_open("tiny") == 3
    with pytest.raises(TextRefused, match="the request is empty"):
        kept.add("tiny", "otto", "double", "shape", "m3", "s1", result, "")


def test_a_request_is_answered_once(book: Gradebook) -> None:
    """One answer reaches all open requests with the mistake; the database refuses a second one."""
    kept, result = Requests(book), a_result(book)
    first, _, other = (
        kept.add("tiny", student, "double", "shape", mistake, "s1", result, "Why?")
        for student, mistake in (("ada", "m1"), ("ada", "m2"), ("otto", "m1"))
    )
    given = Adjustments(book).add("tiny", "otto", PLUS_ONE)
    with book.writing() as connection:
        assert open_requests(connection, first, same_mistake=False) == [first]
        found = open_requests(connection, first, same_mistake=True)
        assert found == [first, other]
        add_answers(connection, found, "Because.", "eve", {"otto": given.number})
    answered, _, with_points = kept.of_assignment("tiny", 9)
    assert answered.answer and (answered.answer.text, answered.answer.who) == ("Because.", "eve")
    assert (answered.answer.adjustment, with_points.answer and with_points.answer.adjustment) == (None, 1)
    assert [one.mistake for one in kept.of_assignment("tiny", 9, only_open=True)] == ["m2"]
    assert kept.count_open("tiny") == 1
    with pytest.raises(GradebookError, match="UNIQUE"), book.writing() as connection:
        add_answers(connection, [first], "Once more.", "eve", {})
    with book.writing() as connection:
        assert open_requests(connection, first, same_mistake=True) == []
    assert [what for _, what, _ in logged(book)][-2:] == ["answer request"] * 2


def test_a_release_is_made_once(book: Gradebook) -> None:
    """By question or of the whole; the log says who was told what."""
    kept = Releases(book)
    assert kept.times("tiny") == {}
    assert kept.add("tiny", "double", "eve")
    assert kept.add("tiny", EVERYTHING, "eve", [("ada", "3 of 5"), ("otto", "5 of 5")])
    assert not kept.add("tiny", "double", "mal", [("ada", "0 of 5")])
    assert kept.times("tiny").keys() == {"double", EVERYTHING} and kept.times("other") == {}
    assert [(one.question, one.who) for one in kept.of_assignment("tiny")] in (
        [("double", "eve"), (EVERYTHING, "eve")],
        [(EVERYTHING, "eve"), ("double", "eve")],
    )
    assert logged(book) == [
        ("eve", "release grades", "tiny"),
        ("eve", "release grades", "tiny"),
        ("eve", "tell grade", "tiny ada"),
        ("eve", "tell grade", "tiny otto"),
    ]
