"""Adjustments, extensions, requests and releases over HTTP: who gets what, and what is refused with which sentence."""

from __future__ import annotations

from typing import Any

import pytest

from grader.gradebook.audit import AuditLog
from grader.models import Diagnosis, Status
from grader.server.rate_limit import RateLimit
from tests.factories import case, question
from tests.helpers.portals import TestPortal

API = "/api/v1/assignments/tiny"
PLUS_ONE = {"student": "ada", "question": "double", "case": "shape", "by": 1, "comment": "Right.", "reason": "strict"}
TEXTS = {"comment": "c", "reason": "r"}


def lost(message: str = "You returned 3; expected 5", **fields: Any) -> dict[str, Any]:
    """The questions of a report in which one case lost its 2 points, and another is right."""
    wrong = case("shape", worth=2.0, status=Status.FAILED, message=message)
    return {"questions": (question("double", wrong, case("numbers", worth=3.0), **fields),), "score": 3.0}


def post(served: TestPortal, path: str, who: str, **sent: Any) -> Any:
    return served.client(who).post(path, json=sent)


def test_an_adjustment_is_listed_with_its_reason(served: TestPortal) -> None:
    """And what the automatic result was; withdrawn, it stays in the list."""
    served.graded("ada", **lost())
    made = post(served, f"{API}/adjustments", "tess", **PLUS_ONE)
    assert made.status_code == 201
    row = made.json()
    assert (row["student"], row["by"], row["points"], row["verdict"]) == ("ada", 1.0, None, None)
    assert (row["basis"], row["who"], row["withdrawn"]) == (0.0, "tess", False)
    whole = post(served, f"{API}/adjustments", "ira", student="ada", points=4.5, **TEXTS).json()
    verdict = post(served, f"{API}/adjustments", "ira", student="ada", question="double", verdict="passed", **TEXTS)
    assert (whole["points"], whole["by"], whole["basis"]) == (4.5, None, 3.0)
    assert verdict.json()["verdict"] == "passed"
    gone = post(served, f"{API}/adjustments/{row['number']}/withdraw", "ira", reason="a mistake")
    assert [one["withdrawn"] for one in gone.json()] == [True, False, False]
    client = served.client("tess")
    assert client.get(f"{API}/adjustments", params={"student": "ada"}).json() == gone.json()
    assert client.get(f"{API}/adjustments", params={"student": "otto"}).json() == []
    logged = [(entry.who, entry.what) for entry in AuditLog(served.portal.book).entries(4)]
    assert logged[0] == ("ira", "withdraw adjustment") and logged[-1] == ("tess", "adjust grade")


@pytest.mark.parametrize(
    ("changed", "status", "why"),
    [
        ({"student": "nobody"}, 404, "There is no student nobody in the roster."),
        ({"student": "tess"}, 404, "There is no student tess in the roster."),
        ({"student": "otto"}, 404, "only the whole can be adjusted"),
        ({"question": "duble"}, 404, "The report has no question 'duble'; did you mean 'double'?"),
        ({"case": "zzz"}, 404, "The question 'double' has no case 'zzz'; there is shape and numbers."),
        ({"question": ""}, 404, "The case 'shape' needs its question"),
        ({"by": None}, 409, "Give one of the three"),
        ({"points": 1}, 409, "Give one of the three"),
        ({"by": None, "points": 2.5}, 409, "2.5 points are more than the 2 that there are for it."),
        ({"comment": " "}, 422, "The comment is empty"),
        ({"comment": "x" * 2001}, 422, "The request isn't valid"),
        ({"by": 1e9}, 422, "The request isn't valid"),
        ({"unknown": 1}, 422, "The request isn't valid"),
    ],
)
def test_an_impossible_adjustment_is_refused(
    served: TestPortal, changed: dict[str, Any], status: int, why: str
) -> None:
    """With a sentence, and nothing is kept of it."""
    served.graded("ada", **lost())
    answer = post(served, f"{API}/adjustments", "ira", **{**PLUS_ONE, **changed})
    assert answer.status_code == status and why in answer.json()["detail"]
    assert served.portal.adjustments.of_assignment("tiny") == {}


def test_extensions_are_given_to_all_or_none(served: TestPortal) -> None:
    """By a date with its zone, or by days."""
    until = {"until": "2026-12-24T18:00:00+01:00", "reason": "ill"}
    refused = post(served, f"{API}/extensions", "ira", students=["ada", "nobody"], **until)
    assert refused.status_code == 404 and served.portal.extensions.of_assignment("tiny") == {}
    given = post(served, f"{API}/extensions", "ira", students=["ada", "otto", "ada"], **until).json()
    assert [(row["student"], row["until"], row["who"]) for row in given] == [
        ("ada", "2026-12-24T18:00:00+01:00", "ira"),
        ("otto", "2026-12-24T18:00:00+01:00", "ira"),
    ]
    assert post(served, f"{API}/extensions", "ira", students=["ada"], days=3, reason="r").status_code == 201
    wrong: list[dict[str, Any]] = [{"until": f"{year}-01-01T00:00:00Z"} for year in ("0001", "1969", "9999")]
    wrong += [{"days": 1, "until": until["until"]}, {}, {"until": "2026-12-24T18:00:00"}, {"days": 5000}]
    for each in wrong:
        assert post(served, f"{API}/extensions", "ira", students=["ada"], reason="r", **each).status_code == 422
    gone = post(served, f"{API}/extensions/{given[0]['number']}/withdraw", "ira", reason="well again").json()
    assert [(row["days"], row["withdrawn"]) for row in gone] == [(None, True), (None, False), (3, False)]
    assert served.client("tess").get(f"{API}/extensions").json() == gone


def test_a_request_is_answered_for_all_with_the_mistake(served: TestPortal) -> None:
    """Both who asked read the answer; whoever made the mistake gets the points, and nobody twice."""
    ada = served.graded("ada", **lost("You returned 3; expected 5"))
    otto = served.graded("otto", **lost("You returned 4; expected 6"))
    place = {"question": "double", "case": "shape"}
    first = post(served, f"/api/v1/submissions/{ada.public_id}/requests", "ada", text="It is right.", **place)
    second = post(served, f"/api/v1/submissions/{otto.public_id}/requests", "otto", text="Mine, too.", **place)
    assert first.status_code == second.status_code == 201
    assert first.json()["mistake"] == second.json()["mistake"] and first.json()["submission"] == ada.public_id
    mine = served.client("ada").get(f"{API}/requests").json()
    assert [(row["student"], row["state"]) for row in mine] == [("ada", "open")]
    assert served.client("otto").get(f"{API}/requests", params={"after": mine[0]["id"]}).status_code == 404
    assert len(served.client("tess").get(f"{API}/requests", params={"open": True}).json()) == 2
    post(served, f"{API}/adjustments", "ira", **{**PLUS_ONE, "student": "otto"})
    address = f"{API}/requests/{mine[0]['id']}/answer"
    result = post(served, address, "tess", text="You are right.", by=2, reason="wrong case").json()
    assert result == {
        "answered": [first.json()["id"], second.json()["id"]],
        "adjusted": ["ada"],
        "kept": ["otto"],
    }
    answered = served.client("ada").get(f"{API}/requests").json()[0]
    assert (answered["state"], answered["answer"], answered["answered_by"]) == ("answered", "You are right.", "tess")
    (given,) = served.portal.adjustments.of_student("tiny", "ada")
    assert (given.number, given.points, given.comment) == (answered["adjustment"], 2.0, "You are right.")
    again = post(served, address, "ira", text="No.")
    assert again.status_code == 409 and again.json()["detail"] == "This request was answered before."
    assert served.client("tess").get(f"{API}/requests", params={"open": True}).json() == []


def test_a_refusal_reaches_those_alone_who_asked(served: TestPortal) -> None:
    """And with `everybody` false, one of them."""
    place, ids = {"question": "double", "case": "shape", "text": "Why?"}, []
    for student in ("ada", "otto"):
        attempt = served.graded(student, **lost())
        ids.append(post(served, f"/api/v1/submissions/{attempt.public_id}/requests", student, **place).json()["id"])
    result = post(served, f"{API}/requests/{ids[0]}/answer", "tess", text="Read it again.", everybody=False).json()
    assert result == {"answered": [ids[0]], "adjusted": [], "kept": []}
    one = post(served, f"{API}/requests/{ids[1]}/answer", "tess", text="Yes.", verdict="passed", everybody=False)
    assert one.json() == {"answered": [ids[1]], "adjusted": ["otto"], "kept": []}
    assert served.portal.adjustments.of_assignment("tiny").keys() == {"otto"}


def test_a_request_needs_a_loss_that_its_student_sees(served: TestPortal) -> None:
    """Once for each mistake, and not all at once."""
    attempt = served.graded("ada", **lost())
    address = f"/api/v1/submissions/{attempt.public_id}/requests"
    asked = {"question": "double", "case": "shape", "text": "Why?"}
    for wrong in ({"case": "numbers"}, {"case": "none"}, {"question": "none"}):
        assert post(served, address, "ada", **{**asked, **wrong}).status_code == 404
    assert post(served, address, "otto", **asked).status_code == 404
    assert post(served, address, "ira", **asked).status_code == 403
    assert post(served, address, "ada", **asked).status_code == 201
    twice = post(served, address, "ada", **asked)
    assert twice.status_code == 409 and "already" in twice.json()["detail"]
    served.portal.asked = RateLimit(1, 60.0)
    assert [post(served, address, "ada", **asked).status_code for _ in range(2)] == [409, 429]


def test_a_known_mistake_is_one_whatever_its_message_says(served: TestPortal) -> None:
    """A diagnosis makes two answers show the same mistake; another diagnosis doesn't."""
    mistakes = []
    for student, name, message in (("ada", "swapped", "a"), ("otto", "swapped", "b"), ("ada", "shifted", "a")):
        attempt = served.graded(student, **lost(message, diagnosis=Diagnosis(name, "hint")))
        asked = {"question": "double", "case": "shape", "text": "Why?"}
        made = post(served, f"/api/v1/submissions/{attempt.public_id}/requests", student, **asked)
        mistakes.append(made.json()["mistake"])
    assert mistakes[0] == mistakes[1] != mistakes[2]


def test_a_session_needs_the_token_of_its_forms(served: TestPortal) -> None:
    """Another site can't adjust in an instructor's name."""
    served.graded("ada", **lost())
    browser = served.browser("ira")
    assert browser.post(f"{API}/adjustments", json=PLUS_ONE).status_code == 403
    assert browser.post(f"{API}/releases", json={}).status_code == 403
    assert browser.get(f"{API}/adjustments").status_code == 200
    assert served.portal.adjustments.of_assignment("tiny") == {}


def test_a_release_is_of_a_question_or_everything(served: TestPortal) -> None:
    """Once; who and when are kept."""
    assert post(served, f"{API}/releases", "ira", question="none").status_code == 404
    assert [row["question"] for row in post(served, f"{API}/releases", "ira", question="double").json()] == ["double"]
    for _ in range(2):
        rows = post(served, f"{API}/releases", "ira").json()
        assert sorted(row["question"] for row in rows) == ["", "double"]
    assert served.client("ada").get(f"{API}/releases").json() == rows
