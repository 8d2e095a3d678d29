"""Pages for people in the loop: what a student asks, what the staff decides, and who reads what of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from grader.models import Diagnosis, Status
from tests.factories import case, question
from tests.helpers.portals import TestPortal

HOME = "/assignments/tiny"
DUE = 'due = 2026-01-10T12:00:00Z\ngrace_minutes = 5\nvisible = "on release"\nblind = true\n'


def lost(**fields: Any) -> dict[str, Any]:
    """The questions of a report in which one case lost its 2 points."""
    wrong = case("shape", worth=2.0, status=Status.FAILED, message="You returned 3; expected 5")
    return {"questions": (question("double", wrong, case("numbers", worth=3.0), **fields),), "score": 3.0}


def sent(browser: TestClient, page: str, action: str, **values: str) -> Any:
    """Send a form of a page as a browser does: with its hidden fields and preset values."""
    found = BeautifulSoup(browser.get(page).text, "html.parser")
    form = next(each for each in found.find_all("form") if action in str(each.get("action") or page))
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.find_all("input", type="hidden")}
    return browser.post(str(form.get("action") or page), data={**fields, **values})


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(response.text, "html.parser").get_text(" "))


def test_one_answer_reaches_everybody_with_the_mistake(served: TestPortal) -> None:
    """From two requests to points for three students; each student reads their own part, and no other name."""
    same = lost(diagnosis=Diagnosis("twice", "Is it doubled twice?"))
    attempts = {who: served.graded(who, **same) for who in ("ada", "otto")}
    for who in attempts:
        browser, page = served.browser(who), f"/submissions/{attempts[who].public_id}"
        assert f'href="{page}/ask"' in browser.get(page).text
        asked = sent(browser, f"{page}/ask", "/ask", place="double/shape", text=f"{who} is right <b>")
        assert asked.status_code == 303 and "Nobody has answered yet." in text_of(browser.get(page))
    staff = served.browser("tess")
    review = text_of(staff.get(f"{HOME}/review"))
    assert "2 students have this mistake and ask" in review and "otto is right <b>" in review
    assert "Is it doubled twice?" in review and "You returned 3; expected 5" in review
    preview = sent(staff, f"{HOME}/review", "/answer", text="You are right.", how="by", amount="1,5", everybody="yes")
    assert "2 students have this mistake and get the points" in text_of(preview)
    assert served.portal.adjustments.of_assignment("tiny") == {}, "nothing is decided by a preview"
    form = BeautifulSoup(preview.text, "html.parser").find_all("form")[-1]
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.find_all(["input", "button"])}
    done = staff.post(str(preview.url), data=fields)
    assert done.status_code == 200 and "2 requests are answered. 2 students have the points" in text_of(done)
    assert "No grade needs a person." in text_of(staff.get(f"{HOME}/review"))
    assert "Nobody waits for an answer." in text_of(staff.get(f"{HOME}/review"))
    page = text_of(served.browser("ada").get(f"/submissions/{attempts['ada'].public_id}"))
    assert "4.5 of 5" in page and "+1.5 for double/shape by tess: You are right." in page
    assert "otto" not in page and "Answer by tess" in page


def test_each_lost_case_of_the_report_has_a_link_to_ask_about_it(served: TestPortal) -> None:
    """For the student; it opens the form with the case chosen. The staff doesn't ask."""
    page = f"/submissions/{served.graded('ada', **lost()).public_id}"
    student = served.browser("ada")
    found = BeautifulSoup(student.get(f"{page}/report.html").text, "html.parser").select("p.ask a")
    assert [link["href"] for link in found] == [f"{page}/ask?place=double/shape"]
    form = BeautifulSoup(student.get(str(found[0]["href"])).text, "html.parser")
    assert [chosen["value"] for chosen in form.select("option[selected]")] == ["double/shape"]
    assert "/ask" not in served.browser("tess").get(f"{page}/report.html").text


def test_an_adjustment_is_made_and_withdrawn_on_the_page_of_a_submission(served: TestPortal) -> None:
    """Its reason is for the staff alone, and a flag says that the result beneath has changed."""
    page = f"/submissions/{served.graded('ada', **lost()).public_id}"
    staff, student = served.browser("ira"), served.browser("ada")
    assert "Adjust the grade" not in student.get(page).text
    words = {"comment": "Kind of right.", "reason": "she was ill"}
    made = sent(staff, page, "/adjustments", place="double/shape", how="points", amount="2", **words)
    assert made.status_code == 303
    assert "she was ill" in text_of(staff.get(page)) and "she was ill" not in student.get(page).text
    assert "Kind of right." in text_of(student.get(page)) and "5 of 5" in text_of(student.get(page))
    newer = f"/submissions/{served.graded('ada', score=4.0).public_id}"
    assert "Look at it again" in text_of(staff.get(newer)) and "Look at it again" not in text_of(student.get(newer))
    assert "Adjustment 1:" in text_of(staff.get(f"{HOME}/review"))
    assert sent(staff, newer, "/withdraw", reason="by mistake").status_code == 303
    assert "Kind of right." not in text_of(student.get(newer))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"how": "by", "amount": "much"}, "By: Input should be a valid number"),
        ({"how": "points", "amount": "-1"}, "Points: Input should be greater than or equal to 0"),
        ({"how": "points", "amount": "9", "place": "double/shape"}, "9 points are more than the 2"),
        ({"how": "passed", "place": "duble"}, "did you mean 'double'?"),
        ({"how": "by", "amount": "1", "comment": "  "}, "The comment is empty"),
    ],
)
def test_a_form_says_what_is_wrong_with_it(served: TestPortal, fields: dict[str, str], why: str) -> None:
    """In a sentence on a page, and keeps nothing."""
    page = f"/submissions/{served.graded('ada', **lost()).public_id}"
    answer = sent(served.browser("ira"), page, "/adjustments", **{"comment": "c", "reason": "r", **fields})
    assert 400 <= answer.status_code < 500 and why in text_of(answer)
    assert served.portal.adjustments.of_assignment("tiny") == {}


def test_dates_names_and_results_follow_the_policy(tmp_path: Path) -> None:
    """An extension holds at once; until the release no student sees a score, and the staff sees no name."""
    served = TestPortal(tmp_path, DUE)
    page = f"/submissions/{served.graded('ada', 2.0).public_id}"
    staff, student = served.browser("ira"), served.browser("ada")
    assert "Due 2026-01-10 12:00 UTC" in text_of(student.get(HOME))
    hidden = served.portal.view("tiny").naming.id("ada")
    given = sent(staff, f"{HOME}/dates", "/extensions", students=f"{hidden},", until="2027-02-01T23:59", reason="ill")
    assert given.status_code == 303 and "2027-02-01 23:59:00 UTC" in text_of(staff.get(f"{HOME}/dates"))
    assert "Due 2027-02-01 23:59 UTC , your own date" in text_of(student.get(HOME))
    for shown in (f"{HOME}/dates", f"{HOME}/review", page):
        assert not re.search(r"\bada\b|Adamant", staff.get(shown).text), shown
    assert "2 of 5" not in text_of(student.get(page))
    assert sent(staff, f"{HOME}/review", "/releases").status_code == 303
    assert "2 of 5" in text_of(student.get(page)) and "Adamant" in staff.get(page).text
    assert "released by ira" in text_of(staff.get(f"{HOME}/review"))


def test_forms_of_another_site_are_refused(served: TestPortal) -> None:
    """Each form needs the token of its session."""
    id = served.graded("ada", **lost()).public_id
    for who, path in [
        ("ira", f"{HOME}/releases"),
        ("ira", f"{HOME}/extensions"),
        ("ira", f"/submissions/{id}/adjustments"),
        ("ada", f"/submissions/{id}/ask"),
    ]:
        assert served.browser(who).post(path, data={"csrf": "x" * 43}).status_code == 403


@pytest.mark.parametrize("until", ["0001-01-01T00:00", "9999-12-31T23:59", "tomorrow"])
def test_a_date_that_is_none_is_told(tmp_path: Path, until: str) -> None:
    """In a sentence; nothing is stored. A browser's field takes any year."""
    served = TestPortal(tmp_path, 'due = 2026-12-01T23:59:00\nzone = "Europe/Berlin"')
    staff = served.browser("ira")
    refused = sent(staff, f"{HOME}/dates", "/extensions", students="ada", until=until, reason="ill")
    assert refused.status_code == 422 and "a time; expected one" in text_of(refused)
    assert served.portal.extensions.of_assignment("tiny") == {}
    served.portal.close()
