"""Previews of regrades over HTTP: nobody sees anything before they are confirmed, and the page says what changes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.current_policy import store_policy
from tests.factories import BASIS, scored_report
from tests.helpers.portals import TestPortal

API = "/api/v1/assignments/tiny/regrades"
READ = (  # all that shows what counts, for programs and people
    *("/assignments/tiny", "/assignments/tiny/class", "/assignments/tiny/scores.csv", "/assignments/tiny/queue"),
    *("/assignments/tiny/attempts", "/assignments/tiny/students/ada", "/api/v1/assignments/tiny/everything.zip"),
    *("/api/v1/assignments/tiny/grades", "/submissions/{id}", "/submissions/{id}/report.html"),
    *("/submissions/{id}/printed", "/submissions/{id}/receipt", "/submissions/{id}/file"),
    *("/api/v1/submissions/{id}", "/api/v1/submissions/{id}/report", "/assignments/tiny/events"),
    "/submissions/{id}/events",
)


def preview(served: TestPortal, **wanted: Any) -> str:
    """Return the id of a new preview."""
    answer = served.client("ira").post(API, json={"preview": True, **wanted})
    assert answer.status_code == 202
    id: str = answer.json()["id"]
    return id


def grade_shadow(served: TestPortal, points: float, state: Ending = "graded", printed: str = "") -> Attempt:
    """Grade the next attempt of a preview by hand."""
    portal = served.portal
    shadow = portal.queue.claim("test", 60, ["tiny"])
    assert shadow and shadow.shadow_of
    person = portal.roster.get(shadow.person)
    assert person
    report = msgspec.structs.replace(
        served.a_report(person.id, points), digest=shadow.digest, needs_review=state == "review"
    )
    assert portal.queue.finish_preview(shadow, "test", portal.courses["tiny"].dispatcher.basis, report, "", state)
    portal._finished(shadow, report, printed)
    return shadow


def diff(served: TestPortal, id: str) -> Any:
    return served.client("ira").get(f"{API}/{id}").json()


def all_answers(served: TestPortal, submission: str) -> dict[tuple[str, str], tuple[int, object]]:
    """Everything that everybody can read."""
    served.portal.live.close()  # streams end at once
    found = {}
    for role in ("ada", "otto", "tess", "ira"):
        client = served.client(role)
        for path in READ:
            answer = client.get(path.replace("{id}", submission))
            found[role, path] = (
                answer.status_code,
                unpacked(answer.content),
            )
    return found


def unpacked(content: bytes) -> object:
    """What a zip holds, without the time when it was made; the answer itself if it is none.

    The class page is made anew for each line of the audit log, and has its number.
    """
    if not content.startswith(b"PK"):
        return re.sub(rb' data-page="\d+"', b"", content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def counted(served: TestPortal) -> list[str]:
    """The metrics of attempts, without those of requests."""
    lines = served.portal.metrics.render().decode().splitlines()
    return [line for line in lines if line.startswith(("grader_attempts", "grader_queue_length", "grader_report"))]


@pytest.mark.thorough  # asks every route five times
def test_nobody_sees_anything_of_a_preview(served: TestPortal) -> None:
    """While it waits, is graded, is ready, and after it was discarded: every answer is as before."""
    ada = served.graded("ada", 2.0)
    served.graded("otto", 1.0)
    before = all_answers(served, ada.public_id)
    metrics = counted(served)
    id = preview(served)
    assert all_answers(served, ada.public_id) == before
    shadow = served.portal.queue.claim("test", 60, ["tiny"])
    assert shadow
    assert all_answers(served, ada.public_id) == before
    assert served.portal.queue.put_back(shadow, "test")
    for points in (5.0, 0.0):
        shadow = grade_shadow(served, points, printed="printed in the preview")
        for path in ("/submissions/{}", "/api/v1/submissions/{}", "/submissions/{}/printed"):
            assert {served.client(role).get(path.format(shadow.public_id)).status_code for role in ("ada", "ira")} == {
                404
            }
    assert diff(served, id)["state"] == "ready"
    assert all_answers(served, ada.public_id) == before
    assert counted(served) == metrics
    assert served.client("ira").post(f"{API}/{id}/discard").json()["state"] == "discarded"
    assert all_answers(served, ada.public_id) == before
    assert list((served.portal.settings.data / "printed").iterdir()) == []


def test_a_preview_is_confirmed(served: TestPortal) -> None:
    """Scores, reports and what was printed are replaced; a drop needs its word; nobody confirms twice."""
    ada, otto = served.graded("ada", 2.0), served.graded("otto", 3.0)
    id = preview(served)
    assert (diff(served, id)["state"], diff(served, id)["done"]) == ("grading", False)
    assert served.client("ira").post(f"{API}/{id}/confirm").status_code == 409
    grade_shadow(served, 4.0, printed="of the preview")
    grade_shadow(served, 1.0)
    found = diff(served, id)
    assert (found["state"], found["lower"], found["drops"], found["outdated"]) == ("ready", 1, 1, False)
    rows = [[row[name] for name in ("student", "before", "after", "lower")] for row in found["changes"]]
    assert rows == [["ada", 2.0, 4.0, False], ["otto", 3.0, 1.0, True]]
    refused = served.client("ira").post(f"{API}/{id}/confirm", json={"lower": False})
    assert (refused.status_code, "1 grade would drop" in refused.json()["detail"]) == (409, True)
    assert served.client("ira").post(f"{API}/{id}/confirm", json={"lower": True}).json()["state"] == "confirmed"
    grades = {row["student"]: row["auto"] for row in served.client("ira").get(f"{API[:-9]}/grades").json()}
    assert grades == {"ada": 4.0, "otto": 1.0}
    assert served.client("ada").get(f"/api/v1/submissions/{ada.public_id}").json()["score"] == 4.0
    assert served.client("otto").get(f"/api/v1/submissions/{otto.public_id}/report").json()["score"] == 1.0
    assert served.client("tess").get(f"/submissions/{ada.public_id}/printed").text == "of the preview"
    for step in ("confirm", "discard"):
        again = served.client("ira").post(f"{API}/{id}/{step}", json={"lower": True})
        assert (again.status_code, "was confirmed by ira" in again.json()["detail"]) == (409, True)


def test_only_what_has_ended_is_previewed(served: TestPortal) -> None:
    """A file that still waits is graded anyway, so only the one that counts is; a stranger is refused."""
    counts = served.graded("ada", 2.0)
    served.hand_in("ada", b"newer")
    id = preview(served, students=["ada", "otto"])
    assert [change["submission"] for change in diff(served, id)["changes"]] == [counts.public_id]
    assert diff(served, preview(served, students=["otto"]))["state"] == "ready"
    assert served.client("ira").post(API, json={"students": ["nobody"]}).status_code == 404


def test_the_page_is_told_when_everything_is_graded(served: TestPortal) -> None:
    """The last event says that nothing remains, and ends the stream."""
    served.graded("ada", 2.0)
    id = preview(served)
    grade_shadow(served, 4.0)
    text = served.client("ira").get(f"/assignments/tiny/regrades/{id}/events").text
    assert 'data: {"regrade":"preview","remaining":0}' in text


def test_another_version_of_the_assignment_is_named(served: TestPortal) -> None:
    """What was graded before the assignment was changed, or by `grader regrade` after it."""
    served.graded("ada", 2.0)
    id = preview(served)
    shadow = served.portal.queue.claim("test", 60, ["tiny"])
    assert shadow
    basis = msgspec.structs.replace(served.portal.courses["tiny"].dispatcher.basis, assignment_digest="older")
    served.portal.queue.finish_preview(shadow, "test", basis, served.a_report("ada", 3.0), "", "graded")
    assert diff(served, id)["outdated"] is True
    assert "another version of the assignment" in served.client("ira").get(f"/assignments/tiny/regrades/{id}").text


def posted(client: TestClient, page: str, step: str, **fields: str) -> int:
    """Send a form of a page and return the status."""
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
    assert token
    return client.post(f"{page}{step}", data={"csrf": token[1], **fields}).status_code


def test_the_page_leads_from_the_button_to_the_confirmation(served: TestPortal) -> None:
    """With forms alone: progress, who changes and why, the box for drops, and the buttons."""
    served.graded("ada", 2.0)
    served.graded("otto", 3.0)
    client = served.browser("ira")
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/assignments/tiny/students").text)
    assert token
    page = client.post("/assignments/tiny/regrades", data={"csrf": token[1], "everybody": "yes"}).headers["location"]
    assert page in client.get("/assignments/tiny/students").text
    assert page not in served.client("tess").get("/assignments/tiny/students").text
    assert "0 of 2 are graded" in client.get(page).text
    assert f"{page}/confirm" not in client.get(page).text
    grade_shadow(served, 4.0)
    grade_shadow(served, 1.0)
    text = client.get(page).text
    assert text.index("<bdi>otto</bdi>") < text.index("<bdi>ada</bdi>")
    for part in (
        "3 of 5 → 1 of 5",
        "2 of 5 → 4 of 5",
        "1 score drops, 1 final grade does",
        "Yes, lower 1 final grade<",
        'name="lower"',
    ):
        assert part in text
    assert posted(client, page, "/confirm") == 409
    assert posted(client, page, "/confirm", lower="yes") == 303
    text = client.get(page).text
    assert "was confirmed by <bdi>ira</bdi>" in text
    assert '<form method="post" action="/assignments' not in text


@pytest.mark.parametrize("confirmed", [False, True])
def test_both_reports_can_be_read(served: TestPortal, confirmed: bool) -> None:
    """The one before also when another counts; the one after before it counts. By instructors alone."""
    ada = served.graded("ada", 2.25)
    id = preview(served)
    grade_shadow(served, 4.75)
    if confirmed:
        served.client("ira").post(f"{API}/{id}/confirm")
    page = f"/assignments/tiny/regrades/{id}"
    text = served.client("ira").get(page).text
    for side, score in (("before", "2.25"), ("after", "4.75")):
        address = f"{page}/{side}/{ada.public_id}/report.html"
        assert f'href="{address}"' in text
        assert score in served.client("ira").get(address).text
        assert [served.client(who).get(address).status_code for who in ("ada", "tess")] == [403, 403]
        for wrong in ("x/report.html", f"{ada.public_id}/x"):
            assert served.client("ira").get(f"{page}/{side}/{wrong}").status_code == 404


def test_the_page_says_what_stays_and_what_was_discarded(served: TestPortal) -> None:
    """After a grader error, and after the preview is gone."""
    ada = served.graded("ada", 2.0)
    client = served.browser("ira")
    submission = f"/submissions/{ada.public_id}"
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(submission).text)
    assert token
    page = client.post(f"{submission}/regrade", data={"csrf": token[1]}).headers["location"]
    grade_shadow(served, 0.0, "review")
    text = client.get(page).text
    assert "stays as before" in text and "The grader failed in this preview" in text
    assert 'name="lower"' not in text
    assert posted(client, page, "/discard") == 303
    assert "Nothing was changed." in client.get(page).text
    at_once = client.post(f"{submission}/regrade", data={"csrf": token[1], "at_once": "yes"})
    assert at_once.headers["location"] == submission
    now = served.portal.queue.get(ada.public_id)
    assert now and now.state == "queued"


@pytest.mark.parametrize("step", ["confirm", "discard"])
def test_a_decision_by_another_site_is_refused(served: TestPortal, step: str) -> None:
    """With the cookie alone nothing is decided."""
    served.graded("ada", 2.0)
    id = preview(served)
    grade_shadow(served, 4.0)
    for path in (f"{API}/{id}/{step}", f"/assignments/tiny/regrades/{id}/{step}"):
        assert served.browser("ira").post(path).status_code == 403
    assert diff(served, id)["state"] == "ready"


DUE = datetime.now(UTC) - timedelta(hours=30)
SHARED = 'due = {:%Y-%m-%dT%H:%M:%SZ}\nlate = {{ percent = 10, free_days = 3, free_days_for = "course" }}\n'


@pytest.mark.parametrize("blind", [False, True])
def test_a_preview_shows_the_later_grades_that_it_changes(tmp_path: Path, blind: bool) -> None:
    """A file that can be read after all, two days late, takes late days from an assignment that is due later."""
    served = TestPortal(tmp_path, SHARED.format(DUE) + ("blind = true" if blind else ""))
    portal = served.portal
    due = DUE + timedelta(hours=1)
    store_policy(portal.book, "later", msgspec.structs.replace(portal.courses["tiny"].policy, due=due), "test")
    received = (due + timedelta(days=3)).isoformat()
    portal.queue.hand_in(served.person("ada").number, "later", "w.py", "0" * 64, 1, received, str)
    claimed = portal.queue.claim("test", 60, ["later"])
    run = portal.book.new_run(msgspec.structs.replace(BASIS, assignment="later"), 1)
    made = scored_report("ada", 5.0, max_score=5.0, assignment="later")
    assert claimed and portal.queue.finish(claimed, "test", run, made, "later", "graded")
    served.graded("ada", 0.0, status="rejected", notes=("empty",))
    id = preview(served)
    grade_shadow(served, 5.0)
    (change,) = diff(served, id)["changes"]
    (told,) = change["later"]
    assert (told["assignment"], told["drops"], diff(served, id)["drops"]) == ("later", True, 1)
    assert told["final"] is None if blind else (told["final"]["before"], told["final"]["after"]) == ("5 / 5", "4 / 5")
    page = " ".join(served.client("ira").get(f"/assignments/tiny/regrades/{id}").text.split())
    what = "changes" if blind else "5 / 5 → 4 / 5"
    assert f"Final grade for <code>later</code> {what}, because other late days are left for it" in page
    assert "Yes, lower 1 final grade" in page
    refused = served.client("ira").post(f"{API}/{id}/confirm", json={})
    assert (refused.status_code, "1 grade would drop" in refused.json()["detail"]) == (409, True)
    portal.close()


# ---- what the student is told


def grade_next(served: TestPortal, points: float, **fields: Any) -> None:
    """Grade by hand what was queued again."""
    claimed = served.portal.queue.claim("test", 60, ["tiny"])
    assert claimed and claimed.shadow_of is None
    person = served.portal.roster.get(claimed.person)
    assert person
    report = msgspec.structs.replace(served.a_report(person.id, points), digest=claimed.digest, **fields)
    run = served.portal.book.new_run(served.portal.courses["tiny"].dispatcher.basis, 1)
    ending: Ending = "review" if report.needs_review else "graded"
    assert served.portal.queue.finish(claimed, "test", run, report, "", ending)


def told(served: TestPortal, who: str, attempt: Attempt) -> list[str]:
    """Return what the page of a submission says about regrades; ada's own list says the last of it, too."""
    found = notices(served, who, f"/submissions/{attempt.public_id}")
    if who == "ada":
        listed = notices(served, who, "/assignments/tiny")
        assert [one.partition(": ")[2] for one in listed] == [one.partition(": ")[2] for one in found[-1:]]
    return found


def notices(served: TestPortal, who: str, page: str) -> list[str]:
    text = BeautifulSoup(served.client(who).get(page).content, "html.parser")
    return [one.get_text() for one in text.select("p.notice") if "graded again" in one.get_text()]


def confirmed(served: TestPortal, id: str, **wanted: str) -> str:
    """Confirm a preview, and return when that was."""
    assert served.client("ira").post(f"{API}/{id}/confirm", json={"lower": True, **wanted}).status_code == 200
    ended: str = diff(served, id)["ended"]
    return ended[:19].replace("T", " ")


def test_a_student_reads_what_a_regrade_did_to_a_score(served: TestPortal) -> None:
    """The score before and after, and when, of each submission that changed; nothing before it counts."""
    ada, otto = served.graded("ada", 2.0), served.graded("otto", 3.0)
    id = preview(served)
    grade_shadow(served, 1.0)
    grade_shadow(served, 3.0)
    assert told(served, "ada", ada) == []
    when = confirmed(served, id)
    sentence = f"It was graded again, {when} UTC: 2 of 5 before, 1 of 5 since then."
    assert told(served, "ada", ada) == told(served, "ira", ada) == [sentence]
    (listed,) = notices(served, "ada", "/assignments/tiny")
    received = ada.received[:19].replace("T", " ")
    assert listed.startswith(f"Your submission of {received} UTC was graded again, {when} UTC: 2 of 5 before, 1 of 5")
    assert told(served, "otto", otto) == []


def test_a_student_reads_why(served: TestPortal) -> None:
    """What the instructor wrote, as text: on the page or by a program. A text without an end is refused."""
    ada = served.graded("ada", 2.0)
    id = preview(served)
    grade_shadow(served, 1.0)
    assert (
        served.client("ira").post(f"{API}/{id}/confirm", json={"lower": True, "reason": "x" * 2001}).status_code == 422
    )
    confirmed(served, id, reason=" A case was <b>wrong</b>. ")
    assert told(served, "ada", ada)[0].endswith("1 of 5 since then. The course says: A case was <b>wrong</b>.")
    assert diff(served, id)["reason"] == "A case was <b>wrong</b>."
    browser = served.browser("ira")
    id = preview(served)
    grade_shadow(served, 3.0)
    form = BeautifulSoup(browser.get(page := f"/assignments/tiny/regrades/{id}").content, "html.parser")
    csrf = form.select_one("form[action$=confirm] input[name=csrf]")
    assert csrf and form.select_one("form[action$=confirm] textarea[name=reason]")
    filled = {"csrf": csrf["value"], "reason": "It was right."}
    assert browser.post(f"{page}/confirm", data={**filled, "reason": "x" * 2001}).status_code == 422
    assert browser.post(f"{page}/confirm", data=filled).status_code == 303
    assert told(served, "ada", ada)[1].endswith("3 of 5 since then. The course says: It was right.")
    assert "Students whose score has changed read: <bdi>It was right.</bdi>" in browser.get(page).text


def test_each_regrade_is_told_with_its_own_scores(served: TestPortal) -> None:
    """Without a preview the scores are those before it and before the next; one that changes nothing isn't told."""
    ada = served.graded("ada", 2.0)
    for points in (4.0, 4.0):
        before = told(served, "ada", ada)
        preview(served, preview=False)
        assert told(served, "ada", ada) == before
        grade_next(served, points)
    id = preview(served)
    grade_shadow(served, 3.0)
    confirmed(served, id)
    assert [one.partition(" UTC: ")[2] for one in told(served, "ada", ada)] == [
        "2 of 5 before, 4 of 5 since then.",
        "4 of 5 before, 3 of 5 since then.",
    ]


def test_a_score_that_is_not_shown_changes_unseen(served: TestPortal) -> None:
    """After a grader error, students see no score; the next change is from the one that they saw."""
    ada = served.graded("ada", 2.0)
    preview(served, preview=False)
    grade_next(served, 0.0, needs_review=True)
    assert told(served, "ada", ada) == []
    preview(served, preview=False)
    grade_next(served, 4.0)
    (sentence,) = told(served, "ada", ada)
    assert sentence.endswith("2 of 5 before, 4 of 5 since then.")


def test_a_change_is_told_when_results_are_released(tmp_path: Path) -> None:
    """Not before: neither the score nor that it changed."""
    served = TestPortal(tmp_path, 'visible = "on release"')
    ada = served.graded("ada", 2.0)
    preview(served, preview=False)
    grade_next(served, 4.0)
    assert told(served, "ada", ada) == []
    assert len(told(served, "ira", ada)) == 1
    assert served.client("ira").post("/api/v1/assignments/tiny/releases", json={}).status_code in (200, 201)
    assert len(told(served, "ada", ada)) == 1
    served.portal.close()
