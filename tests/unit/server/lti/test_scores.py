"""Scores on their way: what platforms are sent, when, and what becomes of an answer. Tests name the bug they are of."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from grader.gradebook.current_policy import store_policy
from grader.gradebook.lti_platforms import LearningPlatform
from grader.gradebook.outbox import OutboxRow
from grader.policies import Adjustment, Policy
from grader.policies.release import EVERYTHING
from grader.server.lti.sender import CANVAS_SUBMISSION, score_message
from grader.server.lti.services import MEMBERS, scores_address
from tests.helpers.fake_platform import AGS, LEARNER, PORTAL, FakePlatform, moment
from tests.helpers.lti import TestLti

HOUR = 3600.0


def test_a_score_arrives_with_its_maximum_and_a_link(lti: TestLti) -> None:
    """And the platform has a column for it, made once, with the assignment's maximum."""
    person = lti.arrive()
    attempt = lti.grade(person, 3.0)
    assert lti.send_all() == 1 and lti.states() == ["sent"]
    (score,) = lti.platform.scores
    assert (score["userId"], score["scoreGiven"], score["scoreMaximum"]) == ("7", 3.0, 5.0)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")
    assert score["comment"] == f"Report: {PORTAL}/submissions/{attempt.public_id}"
    assert moment(score["submission"]["submittedAt"]) == pytest.approx(moment(attempt.received))
    assert CANVAS_SUBMISSION not in score
    (item,) = lti.platform.line_items
    assert (item["resourceId"], item["scoreMaximum"]) == ("tiny", 5.0)


def test_nothing_is_sent_twice_and_nothing_that_did_not_change(lti: TestLti) -> None:
    """A regrade with the same result, and another launch, add nothing."""
    person = lti.arrive()
    attempt = lti.grade(person, 3.0)
    lti.send_all()
    lti.portal.queue.regrade([attempt.number], "ira")
    lti.finish(person, 3.0)
    lti.arrive()
    lti.arrive("9")
    assert lti.send_all() == 0 and len(lti.platform.scores) == 1
    lti.portal.queue.regrade([attempt.number], "ira")
    lti.finish(person, 2.0)
    assert lti.send_all() == 1
    assert [score["scoreGiven"] for score in lti.platform.scores] == [3.0, 2.0]


def test_artemis_12968_points_are_no_percentage(lti: TestLti) -> None:
    """ls1intum/Artemis #12968: a percentage with the maximum 100 was sent in place of points."""
    lti.grade(lti.arrive(), 2.5)
    lti.send_all()
    assert (lti.platform.scores[0]["scoreGiven"], lti.platform.scores[0]["scoreMaximum"]) == (2.5, 5.0)


def test_prairielearn_15643_a_column_is_found_before_one_is_made(lti: TestLti) -> None:
    """PrairieLearn/PrairieLearn #15643: each request to create a line item makes another one."""
    lti.platform.add_line_item(label="Other", resourceId="other", scoreMaximum=1)
    mine = lti.platform.add_line_item(label="Tiny", resourceId="tiny", scoreMaximum=5)
    lti.platform.add_line_item(label="Tiny", resourceId="tiny", scoreMaximum=5)
    lti.grade(lti.arrive(), 3.0)
    lti.grade(lti.arrive("8"), 4.0)
    lti.send_all()
    assert len(lti.platform.line_items) == 3 and lti.states() == ["sent", "sent"]
    known = lti.tool.courses.line_item(1, "tiny")
    assert known and known.url == mine["id"]


def test_prairielearn_15643_a_lost_answer_makes_no_second_column(lti: TestLti) -> None:
    """The column was made, and the answer didn't come: the next try finds it."""
    lost: list[int] = []

    def before(request: httpx2.Request) -> httpx2.Response | None:
        if request.method == "POST" and request.url.path == "/api/items" and not lost:
            lost.append(1)
            lti.platform.add_line_item(**json.loads(request.content))
            raise httpx2.ReadTimeout("lost")
        return None

    lti.platform.before = before
    lti.grade(lti.arrive(), 3.0)
    assert lti.send_all() == 1 and lti.states() == ["waiting"]
    lti.wait(60)
    lti.send_all()
    assert len(lti.platform.line_items) == 1 and lti.states() == ["sent"]


def test_the_column_of_the_link_is_used(lti: TestLti) -> None:
    """Where the platform names it at the launch, none is looked for or made."""
    lti.platform.link_line_item = "https://lms.test/api/items/77/lineitem?type_id=3"
    lti.grade(lti.arrive(), 3.0)
    lti.send_all()
    assert lti.states() == ["sent"] and lti.platform.line_items == []
    assert not any(request.url.path == "/api/items" for request in lti.platform.requests)


@pytest.mark.parametrize(
    ("line_item", "scores"),
    [
        ("https://a.test/1/lineitem?type_id=3", "https://a.test/1/lineitem/scores?type_id=3"),
        ("https://a.test/1", "https://a.test/1/scores"),
        ("https://a.test/1/", "https://a.test/1/scores"),
    ],
)
def test_hypothesis_3913_scores_go_behind_the_path(line_item: str, scores: str) -> None:
    """hypothesis/lms #3913: Moodle's addresses have a query, behind which /scores leads nowhere."""
    assert scores_address(line_item) == scores


def test_moodle_400_of_a_user_who_is_not_gradable_is_parked(lti: TestLti) -> None:
    """Cvmcosta/ltijs #65, celtic-project/Rating-PHP #1: the answer is final; the platform's words are kept.

    Others' scores, and the student's later ones, aren't held up.
    """
    lti.platform.gradable = {"8"}
    first, second = lti.arrive("7"), lti.arrive("8")
    lti.grade(first, 3.0)
    lti.grade(second, 4.0)
    lti.send_all()
    assert lti.states() == ["parked", "sent"]
    (row,) = lti.tool.outbox.rows(10, ("parked",))
    assert "400" in row.problem and "Incorrect score received" in row.problem
    assert "scoreGiven" not in row.problem, "Moodle repeats what it was sent"
    page = lti.signed_in("ira").get("/lti").text
    assert "Incorrect score received" in page and "1 parked" in page
    lti.platform.gradable = {"7", "8"}
    lti.grade(first, 5.0)
    lti.send_all()
    assert lti.states() == ["parked", "sent", "sent"]
    assert lti.tool.outbox.retry(row.number, "ira") and not lti.tool.outbox.retry(row.number, "ira")


def test_ltijs_65_all_fields_that_moodle_asks_for_are_there(lti: TestLti) -> None:
    """Cvmcosta/ltijs #65: user, timestamp, both kinds of progress, and the maximum beside the score."""
    lti.grade(lti.arrive(), 3.0)
    lti.send_all()
    wanted = {"userId", "timestamp", "gradingProgress", "activityProgress", "scoreGiven", "scoreMaximum"}
    assert wanted <= lti.platform.scores[0].keys()


def test_moodle_409_timestamps_are_strictly_newer(lti: TestLti) -> None:
    """Moodle compares whole seconds, and refuses what isn't later: three scores in one second arrive all the same."""
    person = lti.arrive()
    for points in (1.0, 2.0, 3.0):
        lti.grade(person, points)
    lti.send_all()
    assert [score["scoreGiven"] for score in lti.platform.scores] == [1.0, 2.0, 3.0]
    stamps = [int(moment(score["timestamp"])) for score in lti.platform.scores]
    assert stamps == sorted(set(stamps)) and lti.platform.refused == []


def test_moodle_409_a_clock_that_is_ahead_is_overtaken(lti: TestLti) -> None:
    """The platform has a newer mark: the score is sent again with a newer timestamp, until that of the mark is past."""
    person = lti.arrive()
    lti.platform.add_line_item(label="Tiny", resourceId="tiny", scoreMaximum=5)
    ahead = datetime.fromtimestamp(lti.time + 30, UTC).isoformat()
    lti.platform.scores.append({"userId": "7", "timestamp": ahead})
    lti.grade(person, 3.0)
    lti.send_all()
    assert lti.states() == ["waiting"] and lti.platform.refused[0][0] == 409
    lti.wait(60)
    lti.send_all()
    assert lti.states() == ["sent"]
    first, second = lti.platform.refused[0][1], lti.platform.scores[-1]
    assert moment(second["timestamp"]) > moment(first["timestamp"])


def test_moodle_409_after_a_lost_answer_means_that_it_has_arrived(
    lti: TestLti, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same timestamp is sent again, and the platform refuses it as known: it isn't written twice."""
    lost: list[int] = []
    handle = lti.platform.handle

    def lose(request: httpx2.Request) -> httpx2.Response:
        answer = handle(request)
        if request.url.path.endswith("/scores") and not lost:
            lost.append(1)
            raise httpx2.ReadTimeout("lost")
        return answer

    monkeypatch.setattr(lti.platform, "handle", lose)
    lti.grade(lti.arrive(), 3.0)
    lti.send_all()
    assert lti.states() == ["waiting"]
    lti.wait(60)
    lti.send_all()
    assert lti.states() == ["sent"] and len(lti.platform.scores) == 1


def test_canvas_1799_a_regrade_keeps_the_time_of_the_submission(canvas: TestLti) -> None:
    """instructure/canvas-lms #1799: without the extension, a score after the due date makes the submission late."""
    person = canvas.arrive()
    attempt = canvas.grade(person, 3.0)
    canvas.send_all()
    canvas.wait(HOUR)
    canvas.portal.queue.regrade([attempt.number], "ira")
    canvas.finish(person, 4.0)
    canvas.send_all()
    first, second = (score[CANVAS_SUBMISSION] for score in canvas.platform.scores)
    assert first["submitted_at"] == second["submitted_at"]
    assert moment(first["submitted_at"]) == pytest.approx(moment(attempt.received))
    assert (first["new_submission"], second["new_submission"]) == (True, False)
    assert first["submission_data"] == f"{PORTAL}/submissions/{attempt.public_id}"
    assert canvas.platform.scores[0]["timestamp"] < canvas.platform.scores[1]["timestamp"]


def test_canvas_422_of_a_user_who_is_no_student_is_parked(canvas: TestLti) -> None:
    """With the platform's words."""
    canvas.platform.gradable = set()
    canvas.grade(canvas.arrive(), 3.0)
    canvas.send_all()
    (row,) = canvas.tool.outbox.rows(10)
    assert row.state == "parked" and "not a student" in row.problem


def test_what_a_person_has_to_look_at_is_pending_and_never_zero(lti: TestLti) -> None:
    """No points are sent, not even 0; the score follows when it is there."""
    person = lti.arrive()
    attempt = lti.grade(person, 0.0, needs_review=True)
    lti.send_all()
    (score,) = lti.platform.scores
    assert (score["activityProgress"], score["gradingProgress"]) == ("Submitted", "PendingManual")
    assert "scoreGiven" not in score and "scoreMaximum" not in score
    lti.portal.queue.regrade([attempt.number], "ira")
    lti.finish(person, 4.0)
    lti.send_all()
    assert lti.platform.scores[1]["scoreGiven"] == 4.0


def test_what_could_not_be_graded_takes_no_score_away(lti: TestLti) -> None:
    """A later file that is none leaves the platform's score as it is."""
    person = lti.arrive()
    lti.grade(person, 3.0)
    lti.grade(person, 0.0, status="rejected")
    lti.send_all()
    assert [score["scoreGiven"] for score in lti.platform.scores] == [3.0]


def test_scores_of_instructors_stay_here(lti: TestLti) -> None:
    """They try the assignment; the platform would refuse their scores."""
    lti.grade(lti.arrive("9"), 5.0)
    assert lti.states() == []


def test_a_grade_from_before_the_link_is_sent_when_there_is_one(lti: TestLti) -> None:
    """A student's work doesn't wait for the instructor to make a link."""
    lti.portal.courses["second"] = lti.portal.courses["tiny"]  # so that an address without assignment names none
    person = lti.arrive()
    lti.grade(person, 3.0)
    assert lti.states() == []
    lti.arrive("9", target=f"{PORTAL}/assignments/tiny")
    assert lti.states() == ["waiting"] and lti.send_all() == 1


def test_an_outage_of_an_hour_loses_and_repeats_nothing(lti: TestLti) -> None:
    """Every score arrives once, each student's in order; meanwhile the platform isn't asked all the time."""
    people = [lti.arrive("7"), lti.arrive("8")]
    lti.platform.add_line_item(label="Tiny", resourceId="tiny", scoreMaximum=5)
    lti.network.down = True
    begin, tries, points = lti.time, 0, {"7": [1.0, 2.0, 4.0], "8": [3.0, 2.0, 5.0]}
    while lti.time < begin + HOUR:
        if lti.time in (begin, begin + 600, begin + 1800):
            index = (begin, begin + 600, begin + 1800).index(lti.time)
            for person, scores in zip(people, points.values(), strict=True):
                lti.grade(person, scores[index])
        tries += lti.send_all()
        lti.wait(10)
    assert 5 <= tries <= 40 and lti.platform.scores == []
    lti.network.down = False
    for _ in range(200):
        lti.send_all()
        lti.wait(10)
    assert set(lti.states()) == {"sent"}
    for user, scores in points.items():
        assert [score["scoreGiven"] for score in lti.platform.scores if score["userId"] == user] == scores
    assert lti.platform.refused == []


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_platform_is_asked_later(lti: TestLti, status: int) -> None:
    """After the time that it names, or one that doubles."""
    lti.platform.add_line_item(label="Tiny", resourceId="tiny", scoreMaximum=5)
    lti.platform.before = lambda request: (
        httpx2.Response(status, headers={"Retry-After": "120"}) if request.url.path.endswith("/scores") else None
    )
    lti.grade(lti.arrive(), 3.0)
    assert lti.send_all() == 1
    lti.wait(119)
    assert lti.send_all() == 0
    lti.platform.before = lambda request: None
    lti.wait(1)
    assert lti.send_all() == 1 and lti.states() == ["sent"]


def test_canvas_403_of_its_rate_limit_is_no_refusal(canvas: TestLti) -> None:
    """Canvas answers 403 with these words when it is asked too often."""
    canvas.platform.before = lambda request: (
        httpx2.Response(403, text="403 Forbidden (Rate Limit Exceeded)") if request.url.path == "/api/items" else None
    )
    canvas.grade(canvas.arrive(), 3.0)
    canvas.send_all()
    assert canvas.states() == ["waiting"]


def test_after_two_weeks_a_score_is_left_to_a_person(lti: TestLti) -> None:
    """It stays visible, with the reason."""
    lti.grade(lti.arrive(), 3.0)
    lti.network.down = True
    lti.wait(15 * 24 * HOUR)
    lti.send_all()
    (row,) = lti.tool.outbox.rows(10)
    assert row.state == "parked" and "given up after 14 days" in row.problem


def test_an_access_token_that_was_withdrawn_is_replaced(lti: TestLti) -> None:
    """Once, without a wait; and one that is valid is used again."""
    person = lti.arrive()
    lti.grade(person, 1.0)
    lti.send_all()
    lti.grade(person, 2.0)
    lti.send_all()
    tokens = [request for request in lti.platform.requests if request.url.path == "/token"]
    lti.platform.tokens.clear()
    lti.grade(person, 3.0)
    lti.send_all()
    again = [request for request in lti.platform.requests if request.url.path == "/token"]
    assert (len(again) - len(tokens), lti.states()) == (1, ["sent"] * 3)


def test_moodle_refuses_assertions_of_the_future(lti: TestLti) -> None:
    """Its JWT library allows clocks no difference: one that is half a minute behind must not stop all scores."""
    lti.platform.behind = 30
    lti.grade(lti.arrive(), 1.0)
    assert lti.send_all() == 1 and lti.states() == ["sent"]


def test_scores_wait_while_the_platform_gives_no_access_token(lti: TestLti) -> None:
    """As Moodle while a service is switched off: that isn't final, and says nothing about the scores."""
    lti.platform.refuses_tokens = "invalid_scope"
    for user in ("7", "8"):
        lti.grade(lti.arrive(user), 3.0)
    assert lti.send_all() == 1 and lti.states() == ["waiting", "waiting"], "one try for the platform"
    assert "no access token: Bad Request" in lti.tool.outbox.rows(1)[0].problem
    assert "invalid_scope" in lti.tool.outbox.rows(1)[0].problem
    lti.platform.refuses_tokens = ""
    lti.wait(60)
    lti.send_all()
    assert lti.states() == ["sent", "sent"]


def test_a_column_that_is_gone_is_looked_for_again(lti: TestLti) -> None:
    """Somebody deleted it in the platform, or copied the course."""
    person = lti.arrive()
    lti.grade(person, 1.0)
    lti.send_all()
    lti.platform.line_items.clear()
    lti.grade(person, 2.0)
    lti.send_all()
    assert lti.states() == ["sent", "waiting"]
    lti.wait(60)
    lti.send_all()
    assert lti.states() == ["sent", "sent"] and len(lti.platform.line_items) == 1


@pytest.mark.parametrize("linked", [True, False])
def test_a_new_column_gets_the_scores_that_the_old_one_had(lti: TestLti, linked: bool) -> None:
    """In Moodle somebody deleted the activity and added it again: the scores of the whole class are sent again."""
    if linked:
        lti.platform.link_line_item = "https://lms.test/api/items/77/lineitem?type_id=3"
    first, second = lti.arrive("7"), lti.arrive("8")
    lti.grade(first, 1.0)
    lti.grade(second, 4.0)
    lti.send_all()
    lti.platform.line_items.clear()
    lti.platform.scores.clear()
    lti.platform.link_line_item = lti.platform.link_line_item.replace("77", "78")
    lti.grade(first, 2.0)
    lti.send_all()
    lti.wait(60)
    lti.send_all()
    lti.arrive("7")
    lti.send_all()
    assert {score["userId"]: score["scoreGiven"] for score in lti.platform.scores} == {"7": 2.0, "8": 4.0}
    assert len(lti.platform.scores) == 2 and set(lti.states()) == {"sent"}


def test_a_platform_without_columns_is_told(lti: TestLti) -> None:
    """The score is parked with a sentence, and goes when a link with a column is opened."""
    lti.platform.scopes = [f"{AGS}score"]
    person = lti.arrive()
    lti.grade(person, 3.0)
    lti.send_all()
    (row,) = lti.tool.outbox.rows(10)
    assert row.state == "parked" and "no line item" in row.problem
    lti.platform.link_line_item = "https://lms.test/api/items/77/lineitem?type_id=3"
    lti.arrive("8")
    lti.send_all()
    assert lti.states() == ["sent"]


def test_a_removed_platform_is_sent_nothing(lti: TestLti) -> None:
    """Nor one whose course was refused."""
    lti.grade(lti.arrive(), 3.0)
    lti.tool.courses.accept(1, "ira", accepted=False)
    assert lti.send_all() == 0
    lti.tool.courses.accept(1, "ira")
    lti.tool.platforms.remove(1, "ira")
    assert lti.send_all() == 0 and lti.states() == ["waiting"]


def test_a_server_that_dies_while_it_sends_leaves_the_row_to_another(lti: TestLti) -> None:
    """With the timestamp that may have arrived."""
    lti.grade(lti.arrive(), 3.0)
    first = lti.tool.outbox.claim(60)
    assert first and lti.tool.outbox.claim(60) is None
    lti.wait(61)
    second = lti.tool.outbox.claim(60)
    assert second and (second.number, second.stamp, second.unsure) == (first.number, first.stamp, True)


def test_the_roster_comes_from_the_platform(lti: TestLti) -> None:
    """Page by page; ids stay, and nobody is deleted, nor what they handed in."""
    person = lti.arrive()
    lti.grade(person, 3.0)
    client = lti.browser()
    lti.platform.launch(client)
    context = lti.tool.courses.context(1)
    assert context
    assert lti.tool.load_roster(context, "ira") == 3
    people = {one.id: one.role for one in lti.portal.roster.people() if one.id.startswith("lti1-")}
    assert people == {"lti1-7": "student", "lti1-8": "student", "lti1-9": "instructor"}
    del lti.platform.people["7"]
    lti.platform.people["10"] = ("Cleo Learner", [LEARNER])
    assert lti.tool.load_roster(context, "ira") == 3
    assert lti.portal.roster.find("lti1-7") == person
    assert lti.portal.queue.newest("tiny", 1)[0].person == person.number
    assert client.get("/assignments/tiny").status_code == 401
    pages = [request for request in lti.platform.requests if request.url.path == "/api/members"]
    assert len(pages) == 4 and all(request.headers["accept"].startswith("application/vnd.ims") for request in pages)
    assert any(MEMBERS in scopes for scopes in lti.platform.tokens.values())


def test_names_of_moodles_list_are_html(lti: TestLti) -> None:
    """`format_string` makes them so; a launch has them plain."""
    lti.platform.people["7"] = ("Ada O'Neill & Co", [LEARNER])
    before = lti.arrive()
    context = lti.tool.courses.context(1)
    assert context and lti.tool.load_roster(context, "ira") == 3
    assert lti.portal.roster.find("lti1-7") == before and before.name == "Ada O'Neill & Co"


def test_moodle_lists_teachers_without_editing_rights_as_learners(lti: TestLti) -> None:
    """A launch makes them instructors: a list takes that from nobody, until they launch as something else."""
    lti.platform.tutors = {"9"}
    assert lti.arrive("9").role == "instructor"
    context = lti.tool.courses.context(1)
    assert context and lti.tool.load_roster(context, "ira") == 3
    tutor = lti.portal.roster.find("lti1-9")
    assert tutor and tutor.role == "instructor"
    lti.platform.people["9"] = ("Ira Teacher", [LEARNER])
    assert lti.arrive("9").role == "student"


def test_canvas_list_is_believed(canvas: TestLti) -> None:
    """It says of everybody what they are: who no longer teaches is a student."""
    assert canvas.arrive("9").role == "instructor"
    canvas.platform.people["9"] = ("Ira Teacher", [LEARNER])
    context = canvas.tool.courses.context(1)
    assert context and canvas.tool.load_roster(context, "ira") == 3
    found = canvas.portal.roster.find("lti1-9")
    assert found and found.role == "student"


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("<https://evil.test/steal>", "at another place"),
        ("<https://lms.test/api/members?from=0>", "more than 200 pages"),
        ("<http://lms.test/api/members>", "at another place"),
    ],
)
def test_pages_that_never_end_or_lead_elsewhere_are_refused(lti: TestLti, link: str, why: str) -> None:
    """The access token goes to no other place, and the roster stays as it was."""
    members = {"members": [{"user_id": "7", "roles": [LEARNER]}]}
    lti.platform.before = lambda request: (
        httpx2.Response(200, json=members, headers={"Link": f'{link}; rel="next"'})
        if request.url.path == "/api/members"
        else None
    )
    page = lti.signed_in("ira").get("/lti").text
    token = page.partition('name="csrf" value="')[2][:64]
    answer = lti.signed_in("ira").post("/lti/courses/1/roster", data={"csrf": token})
    assert answer.status_code == 403, "the token is of another session"
    client = lti.signed_in("ira")
    token = client.get("/lti").text.partition('name="csrf" value="')[2][:64]
    answer = client.post("/lti/courses/1/roster", data={"csrf": token})
    assert answer.status_code == 503 and why in answer.text
    assert lti.portal.roster.find("lti1-7") is None


def test_what_is_sent_is_plain_data() -> None:
    """A pure function of the row."""
    row = OutboxRow(
        *(1, 1, 1, "tiny", "abc", "2026-11-30T08:00:00+00:00", True, None, None, "", "waiting", 1, 0.0),
        *("2026-11-30T09:00:00.000+00:00", False, "", "", 1, "7", "lti1-7", "Course"),
    )
    message: dict[str, Any] = score_message(row, LearningPlatform(1, FakePlatform().entry(), ()), PORTAL)
    assert message["gradingProgress"] == "PendingManual" and "scoreGiven" not in message
    assert message["submission"] == {"submittedAt": "2026-11-30T08:00:00.000+00:00"}


def test_what_a_person_decides_arrives_without_a_regrade(lti: TestLti) -> None:
    """An adjustment, and its withdrawal: the platform has the final grade, and nothing is sent twice."""
    person = lti.arrive()
    lti.grade(person, 3.0)
    lti.send_all()
    given = Adjustment(0, "ira", datetime.now(UTC), points=-0.5, comment="style", reason="as announced")
    made = lti.portal.adjustments.add("tiny", person.id, given)
    lti.tool.sender.catch_up()
    assert lti.send_all() == 1
    lti.portal.adjustments.withdraw("tiny", made.number, "ira", "a mistake")
    lti.tool.sender.catch_up()
    lti.tool.sender.catch_up()
    assert lti.send_all() == 1
    assert [score["scoreGiven"] for score in lti.platform.scores] == [3.0, 2.5, 3.0]


def test_points_of_somebody_who_handed_in_nothing_are_a_final_grade(lti: TestLti) -> None:
    """Also if nobody has a result yet; they are forgotten if they are taken back, and a submission replaces them."""
    person = lti.arrive()
    lti.tool.sender.catch_up()
    assert lti.send_all() == 0
    made = lti.portal.adjustments.add("tiny", person.id, by_hand(4.0))
    lti.tool.sender.catch_up()
    assert lti.send_all() == 1
    lti.portal.adjustments.withdraw("tiny", made.number, "ira", "a mistake")
    lti.tool.sender.catch_up()
    lti.tool.sender.catch_up()
    assert lti.send_all() == 1
    lti.grade(person, 3.0)
    assert lti.send_all() == 1
    first, second, third = lti.platform.scores
    assert (first["scoreGiven"], first["scoreMaximum"], first["gradingProgress"]) == (4.0, 5.0, "FullyGraded")
    assert first["comment"].endswith(f": {PORTAL}/assignments/tiny") and "submission" not in first
    assert second["gradingProgress"] == "NotReady" and "scoreGiven" not in second
    assert third["scoreGiven"] == 3.0 and "submission" in third


def test_points_without_a_submission_leave_when_they_are_released(lti: TestLti) -> None:
    """As all grades."""
    store_policy(lti.portal.book, "tiny", Policy(visible="on release"), "ira")
    lti.portal.adjustments.add("tiny", lti.arrive().id, by_hand(4.0))
    lti.tool.sender.catch_up()
    assert lti.send_all() == 0
    lti.portal.releases.add("tiny", EVERYTHING, "ira")
    lti.tool.sender.catch_up()
    assert lti.send_all() == 1


def test_canvas_makes_no_submission_of_points_without_one(canvas: TestLti) -> None:
    """Its extension says so; by default it makes one."""
    canvas.portal.adjustments.add("tiny", canvas.arrive().id, by_hand(4.0))
    canvas.tool.sender.catch_up()
    assert canvas.send_all() == 1
    assert canvas.platform.scores[0][CANVAS_SUBMISSION] == {"new_submission": False, "submission_type": "none"}


def by_hand(points: float) -> Adjustment:
    return Adjustment(0, "ira", datetime.now(UTC), points=points, absolute=True, comment="oral", reason="ill")


@pytest.mark.parametrize("question", [EVERYTHING, "double"])
def test_a_grade_leaves_when_all_of_it_is_released(lti: TestLti, question: str) -> None:
    """Not before, whatever happens to it; by a release of everything, or of each question."""
    store_policy(lti.portal.book, "tiny", Policy(visible="on release"), "ira")
    person = lti.arrive()
    lti.grade(person, 3.0)
    lti.arrive()
    lti.tool.sender.catch_up()
    assert lti.send_all() == 0 and lti.platform.scores == []
    lti.portal.releases.add("tiny", "another", "ira")
    lti.tool.sender.catch_up()
    assert lti.send_all() == 0
    lti.portal.releases.add("tiny", question, "ira")
    lti.tool.sender.catch_up()
    assert lti.send_all() == 1 and lti.platform.scores[0]["scoreGiven"] == 3.0
