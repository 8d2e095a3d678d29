"""Which answers show the same mistake."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.models import Diagnosis, Status
from grader.reports.mistakes import find_case, mistake_at
from tests.factories import case, question, report

FAILED = Status.FAILED


def mistake(message: str = "", status: Status = FAILED, name: str = "shape", diagnosis: str = "") -> str | None:
    found = Diagnosis(diagnosis, "a hint") if diagnosis else None
    made = report(question("double", case(name, status, message), diagnosis=found))
    return mistake_at(made, "double", name)


def test_numbers_make_no_other_mistake() -> None:
    """Of a message; its words, the status and the case do."""
    first = mistake("You returned 3; expected 5")
    assert first == mistake("You returned 4.25e-3; expected (6, 1)")
    others = {
        mistake("You returned a list; expected 5"),
        mistake("You returned 3; expected 5", Status.ERROR),
        mistake("You returned 3; expected 5", name="numbers"),
        mistake("You returned 3; expected 5", diagnosis="swapped"),
    }
    assert first not in others and len(others) == 4


def test_a_diagnosis_counts_more_than_the_message() -> None:
    """Two students with one known mistake read the same answer."""
    assert mistake("a", diagnosis="swapped") == mistake("b", Status.ERROR, diagnosis="swapped")


def test_what_passed_is_no_mistake() -> None:
    """Nor is a case that the report doesn't have."""
    assert mistake(status=Status.PASSED) is None
    made = report(question("double", case("shape", FAILED)))
    assert mistake_at(made, "double", "none") is None is mistake_at(made, "none", "shape")
    assert find_case(made, "double", "shape")


@given(st.text(st.characters(exclude_categories=())))
def test_any_message_has_a_digest(message: str) -> None:
    """Lone surrogates, too: a student's code can raise them."""
    found = mistake(message)
    assert found and len(found) == 64 and found == mistake(message)
