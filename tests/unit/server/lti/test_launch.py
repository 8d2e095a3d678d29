"""Launches: who comes in, as whom, where to, and with which cookies."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from grader.server.lti.claims import DEEP_LINKING, LTI
from grader.server.lti.cookies import FRAME_COOKIE, login_cookie
from tests.helpers.fake_platform import ASSISTANT, INSTRUCTOR, LEARNER, PORTAL, FakePlatform
from tests.helpers.lti import TestLti, refusal


def test_a_student_comes_in_and_hands_in(lti: TestLti) -> None:
    """By the link of an assignment; the page has the forms of the portal."""
    client = lti.browser()
    answer = lti.platform.launch(client, target=f"{PORTAL}/assignments/tiny")
    assert (answer.status_code, answer.headers["location"]) == (303, "/assignments/tiny")
    page = client.get("/assignments/tiny")
    assert page.status_code == 200 and "Ada Learner" in page.text
    person = lti.portal.roster.find("lti1-7")
    assert person and (person.role, person.email) == ("student", "7@lms.test")
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert token
    sent = client.post("/assignments/tiny/submissions", data={"csrf": token[1]}, files={"file": ("tiny.py", b"x = 1")})
    assert sent.status_code == 303
    assert lti.portal.queue.newest("tiny", 1)[0].person == person.number


def test_a_login_by_a_form_is_one_too(lti: TestLti) -> None:
    """Platforms use either."""
    window = {"Sec-Fetch-Dest": "document"}
    answer = lti.browser().post("/lti/login", data=lti.platform.login_parameters(), headers=window)
    assert answer.status_code == 303 and answer.headers["location"].startswith("https://lms.test/auth?tenant=1&")


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([LEARNER], "student"),
        (["Learner"], "student"),
        ([INSTRUCTOR], "instructor"),
        ([INSTRUCTOR, ASSISTANT], "assistant"),
        ([LEARNER, ASSISTANT], "assistant"),
        ([LEARNER, "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"], "student"),
        ([LEARNER, "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], "student"),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], None),
        (["http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"], None),
        ([], None),
    ],
)
def test_only_roles_in_the_course_count(lti: TestLti, roles: list[str], role: str | None) -> None:
    """An instructor of the institution is none of the course."""
    lti.platform.people["7"] = ("Ada Learner", roles)
    if role is None:
        assert "no role in the course" in refusal(lti.platform.launch(lti.browser()))
        assert lti.portal.roster.find("lti1-7") is None
    else:
        assert lti.arrive().role == role


def test_a_course_waits_until_an_instructor_accepts_it(tmp_path: Path) -> None:
    """A teacher of the platform who isn't one of ours doesn't become one, and their students don't come in."""
    lti = TestLti(tmp_path, accepted=False)
    for user in ("9", "7"):
        assert "isn't connected yet" in refusal(lti.platform.launch(lti.browser(), user))
        assert lti.portal.roster.find(f"lti1-{user}") is None
    ira = lti.signed_in("ira")
    page = ira.get("/lti").text
    assert "Neural Networks" in page and "https://grader.test/lti/jwks" in page
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert token and ira.post("/lti/courses/1/accept", data={"csrf": token[1]}).status_code == 303
    assert lti.arrive("9").role == "instructor"
    assert ira.post("/lti/courses/1/refuse", data={"csrf": token[1]}).status_code == 303
    assert "isn't connected yet" in refusal(lti.platform.launch(lti.browser(), "9"))
    lti.close()


def test_refusing_a_course_ends_the_sessions_of_its_people(lti: TestLti) -> None:
    """At once; what they handed in stays."""
    client = lti.browser()
    lti.platform.launch(client)
    assert client.get("/assignments/tiny").status_code == 200
    lti.tool.courses.accept(1, "ira", accepted=False)
    assert client.get("/assignments/tiny").status_code == 401


def test_people_of_two_platforms_are_never_one(lti: TestLti) -> None:
    """With one id and one address; and a context of one is none of the other, though it has its id."""
    other = lti.add_platform(FakePlatform("other.test"))
    assert "isn't connected yet" in refusal(other.launch(lti.browser(), "9"))
    lti.tool.courses.accept(2, "ira")
    first, second = lti.arrive("7"), lti.arrive("7", other)
    assert first.number != second.number and (first.id, second.id) == ("lti1-7", "lti2-7")
    assert lti.served.person("ada").number not in (first.number, second.number)


@pytest.mark.parametrize("user", ["Ünï/../x", "A" * 200, "UPPER", "a--b", ".hidden", "con"])
def test_ids_of_platforms_become_safe_names(lti: TestLti, user: str) -> None:
    """Whatever a platform calls its people; and the next launch finds them again."""
    lti.platform.people[user] = ("Odd One", [LEARNER])
    for _ in range(2):
        assert lti.platform.launch(lti.browser(), user).status_code == 303
    found = [person for person in lti.portal.roster.people() if person.name == "Odd One"]
    assert len(found) == 1 and re.fullmatch(r"lti1-[a-z0-9]+", found[0].id)


def test_an_id_of_the_roster_is_never_taken_over(lti: TestLti) -> None:
    """Somebody whom the instructor named like a person of the platform stays who they are."""
    from grader.gradebook.roster import RosterEntry

    lti.portal.roster.load([RosterEntry("Somebody Else", "", "lti1-7", "instructor")], "test")
    assert lti.platform.launch(lti.browser()).status_code == 303
    ada = next(person for person in lti.portal.roster.people() if person.name == "Ada Learner")
    assert ada.id != "lti1-7" and ada.role == "student"


def test_revoked_access_stays_revoked(lti: TestLti) -> None:
    """The platform can't give it back."""
    person = lti.arrive()
    lti.portal.roster.revoke(person.id, "ira")
    assert "your access was revoked" in refusal(lti.platform.launch(lti.browser()))


def test_a_link_leads_to_a_submission(lti: TestLti) -> None:
    """As Canvas' SpeedGrader opens one; who may not see it doesn't."""
    answer = lti.platform.launch(lti.browser(), target=f"{PORTAL}/submissions/abc")
    assert answer.headers["location"] == "/submissions/abc"


def test_a_frame_gets_a_cookie_of_its_own(lti: TestLti) -> None:
    """Partitioned, for the platform's site alone; pages may be framed by the platform's origin, and by no other."""
    client = lti.browser()
    answer = lti.platform.launch(client, framed=True)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(FRAME_COOKIE))
    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= set(cookie.split("; "))
    page = client.get(answer.headers["location"])
    assert (page.status_code, page.headers["location"]) == (303, "/assignments/tiny")
    shown = client.get("/assignments/tiny")
    assert "frame-ancestors https://lms.test" in shown.headers["content-security-policy"]
    assert "x-frame-options" not in shown.headers
    assert client.post("/assignments/tiny/submissions", files={"file": ("tiny.py", b"x = 1")}).status_code == 403
    outside = lti.signed_in("ada").get("/assignments/tiny")
    assert "frame-ancestors 'none'" in outside.headers["content-security-policy"]
    assert outside.headers["x-frame-options"] == "DENY"


def test_a_browser_without_cookies_in_frames_opens_a_window(lti: TestLti) -> None:
    """The address works once, and needs no cookie of the frame."""
    client = lti.browser()
    location = lti.platform.launch(client, framed=True).headers["location"]
    page = lti.browser().get(location)
    found = re.search(r'href="(/lti/open/[^"]+)" target="_blank"', page.text)
    assert page.status_code == 200 and found
    window = lti.browser()
    assert window.get(found[1]).headers["location"] == "/assignments/tiny"
    assert window.get("/assignments/tiny").status_code == 200
    assert lti.browser().get(found[1]).status_code == 403


def test_pylti13_119_platform_storage_replaces_cookies(lti: TestLti) -> None:
    """dmitry-viskov/pylti1.3 #119: where cookies are blocked, the platform keeps the secret of the login."""
    client = lti.browser()
    page = client.get("/lti/login", params=lti.platform.login_parameters(lti_storage_target="_parent"))
    put = dict(re.findall(r'data-(\w+)="([^"]*)"', page.text))
    assert (put["storage"], put["frame"], put["origin"]) == ("put", "_parent", "https://lms.test")
    assert put["check"].startswith("/lti/login/cookie?state="), "for a platform that doesn't answer"
    asked = dict(re.findall(r"(\w+)=([^&]*)", urlsplit(put["next"].replace("&amp;", "&")).query))
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    blocked = lti.browser()
    step = blocked.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    get = dict(re.findall(r'data-(\w+)="([^"]*)"', step.text))
    assert (get["storage"], get["key"]) == ("get", put["key"])
    assert (
        put["value"] not in step.text and "frame-ancestors https://lms.test" in step.headers["content-security-policy"]
    )
    ticket = re.search(r'name="ticket" value="([^"]+)"', step.text)
    assert ticket
    data = {"ticket": ticket[1], "binding": put["value"]}
    answer = blocked.post("/lti/launch/continue", data=data, headers={"Sec-Fetch-Dest": "iframe"})
    assert answer.status_code == 303 and answer.headers["location"].startswith("/lti/arrived/")
    assert "this browser didn't begin it" in refusal(blocked.post("/lti/launch/continue", data=data))


def test_another_secret_of_the_storage_is_refused(lti: TestLti) -> None:
    """A launch that somebody else began isn't completed in this browser."""
    params = lti.platform.login_parameters(lti_storage_target="_parent")
    page = lti.browser().get("/lti/login", params=params)
    put = dict(re.findall(r'data-(\w+)="([^"]*)"', page.text))
    asked = dict(re.findall(r"(\w+)=([^&]*)", urlsplit(put["next"].replace("&amp;", "&")).query))
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    step = lti.browser().post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    ticket = re.search(r'name="ticket" value="([^"]+)"', step.text)
    assert ticket
    answer = lti.browser().post("/lti/launch/continue", data={"ticket": ticket[1], "binding": "guessed"})
    assert "this browser didn't begin it" in refusal(answer)


def test_laravel_celtic_lti_33_a_window_opens_before_the_platform_has_seen_the_login(lti: TestLti) -> None:
    """longhornopen/laravel-celtic-lti #33: a platform answers to one login once, so it can't begin again afterwards.

    In Moodle, `unset($SESSION->$launchid)` of mod/lti/auth.php sees to that.
    """
    begun = lti.browser().get(
        "/lti/login", params=lti.platform.login_parameters(), headers={"Sec-Fetch-Dest": "iframe"}
    )
    assert begun.headers["location"].startswith("/lti/login/cookie?state=")
    page = lti.browser().get(begun.headers["location"])
    again = re.search(r'href="(/lti/login\?[^"]+)" target="_blank"', page.text)
    assert page.status_code == 200 and again
    address = again[1].replace("&amp;", "&")
    location = lti.browser().get(address, headers={"Sec-Fetch-Dest": "document"}).headers["location"]
    assert location.startswith("https://lms.test/auth") and "message-1" in location
    assert "it took too long" in refusal(lti.browser().get("/lti/login/cookie?state=unknown"))


def test_pylti13_123_a_launch_that_lost_its_cookie_says_what_to_do(lti: TestLti) -> None:
    """dmitry-viskov/pylti1.3 #123: a cookie is missing now and then, in any browser; opening the link again helps."""
    asked = lti.platform.begin(lti.browser())
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    answer = lti.browser().post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    assert "has lost the cookie" in refusal(answer) and "Open the link in the platform again" in answer.text
    assert lti.portal.roster.find("lti1-7") is None


def test_an_instructor_chooses_an_assignment(lti: TestLti) -> None:
    """Deep linking: the answer is signed, goes to the platform, and its data goes with it."""
    client = lti.browser()
    location = lti.platform.launch(client, "9", **lti.platform.deep_linking()).headers["location"]
    assert location.startswith("/lti/choose/")
    page = client.get(location).text
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert token and 'value="tiny"' in page
    assert client.post(location, data={"assignment": "tiny"}).status_code == 403
    sent = client.post(location, data={"assignment": "tiny", "csrf": token[1]})
    form = re.search(r'action="([^"]+)" data-submit>\s*<input type="hidden" name="JWT" value="([^"]+)"', sent.text)
    assert form and form[1] == "https://lms.test/deep"
    assert "form-action https:;" in sent.headers["content-security-policy"]
    claims = lti.platform.verified(form[2], lti.platform.issuer)
    assert claims["iss"] == lti.platform.client_id and claims[f"{DEEP_LINKING}data"] == "d-1"
    assert claims[f"{LTI}deployment_id"] == "deployment-1"
    (item,) = claims[f"{DEEP_LINKING}content_items"]
    assert (item["type"], item["url"]) == ("ltiResourceLink", f"{PORTAL}/assignments/tiny")
    assert (item["lineItem"]["scoreMaximum"], item["lineItem"]["resourceId"]) == (5.0, "tiny")
    assert client.post(location, data={"assignment": "tiny", "csrf": token[1]}).status_code == 404


@pytest.mark.parametrize("user", ["7"])
def test_a_student_chooses_nothing(lti: TestLti, user: str) -> None:
    """Nor does anybody else's ticket help."""
    answer = lti.platform.launch(lti.browser(), user, **lti.platform.deep_linking())
    assert "no role in the course" in refusal(answer)


def test_the_choice_goes_only_to_an_address_by_https(lti: TestLti) -> None:
    """Whatever the platform says."""
    answer = lti.platform.launch(lti.browser(), "9", **lti.platform.deep_linking(deep_link_return_url="javascript:x"))
    assert "isn't the platform's" in refusal(answer)


def test_signing_out_forgets_the_frame(lti: TestLti) -> None:
    """The cookie is taken back, and the session has ended."""
    client = lti.browser()
    lti.platform.launch(client, framed=True)
    page = client.get("/assignments/tiny").text
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert token and client.post("/logout", data={"csrf": token[1]}).status_code == 303
    assert client.get("/assignments/tiny").status_code == 401


def test_a_personal_link_replaces_the_session_of_a_frame(lti: TestLti) -> None:
    """In a browser that knows no partitions, too: whoever opens it last is signed in."""
    client = lti.browser()
    lti.platform.launch(client, framed=True)
    client.get(f"/link/{lti.served.tokens['ada']}")
    assert "Ada Adamant" in client.get("/assignments/tiny").text


def test_the_cookie_of_a_login_is_named_by_its_state(lti: TestLti) -> None:
    """So that two links that are opened together don't disturb each other."""
    client = lti.browser()
    first, second = lti.platform.begin(client), lti.platform.begin(client)
    assert login_cookie(first["state"]) != login_cookie(second["state"])
    for asked in (first, second):
        token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
        assert client.post("/lti/launch", data={"id_token": token, "state": asked["state"]}).status_code == 303
