"""Sessions: a link gives a cookie and an address without the token; forms need the session's own token."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from grader.gradebook.roster import RosterEntry
from grader.server import pages
from tests.helpers.portals import ADA_FILE, COOKIE, TestPortal
from tests.helpers.processes import until


def test_a_link_gives_a_cookie_and_leaves_the_address(served: TestPortal) -> None:
    """The browser is sent on, without referrer; the cookie is for HTTP alone and for this site."""
    answer = served.client().get(f"/link/{served.tokens['ada']}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    assert served.tokens["ada"].lower() not in cookie


def test_the_cookie_is_secure_over_https(served: TestPortal) -> None:
    """Its name makes browsers refuse it from anywhere else."""
    client = served.client()
    client.base_url = "https://127.0.0.1:8000"
    cookie = client.get(f"/link/{served.tokens['ada']}").headers["set-cookie"]
    assert cookie.startswith("__Host-") and "; secure" in cookie.lower()


def test_a_link_starts_a_new_session_each_time(served: TestPortal) -> None:
    """A token that an attacker put into the browser is no session afterwards, and the one before ends."""
    client = served.browser("ada")
    before = client.cookies[COOKIE]
    client.get(f"/link/{served.tokens['ada']}")
    assert client.cookies[COOKIE] != before
    other = served.client()
    other.cookies.set(COOKIE, before)
    assert other.get("/assignments/tiny").status_code == 401


def test_two_courses_on_one_host_have_a_session_each(served: TestPortal, tmp_path: Path) -> None:
    """A browser sends the cookies of a host to all its ports: the second link ends no session of the first."""
    other = TestPortal(tmp_path / "other", url="http://127.0.0.1:8001")
    browser = served.browser("ada")
    second = other.client(cookies=browser.cookies)
    second.get(f"/link/{other.tokens['otto']}")
    browser.cookies.update(second.cookies)
    assert "Ada Adamant" in browser.get("/assignments/tiny").text
    assert "Otto Otherwise" in second.get("/assignments/tiny").text
    other.portal.close()


def test_a_session_ends_when_access_is_revoked(served: TestPortal) -> None:
    """At the next request, and so does the token."""
    client = served.browser("ada")
    assert client.get("/assignments/tiny").status_code == 200
    served.portal.roster.revoke("ada", "test")
    assert client.get("/assignments/tiny").status_code == 401
    assert served.client("ada").get("/assignments/tiny").status_code == 401


@pytest.mark.parametrize("how", ["renew", "sign out"])
def test_an_open_page_is_told_that_its_session_has_ended(
    served: TestPortal, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Its stream ends soon, as it does when access is revoked: the page loads again, and says who can read it."""
    monkeypatch.setattr(pages, "STREAM_POLL_SECONDS", 0.05)
    attempt, client = served.hand_in("ada"), served.browser("ada")
    csrf = token_of(client.get("/assignments/tiny").text)
    with ThreadPoolExecutor(1) as reader:
        stream = reader.submit(client.get, f"/submissions/{attempt.public_id}/events")
        until(lambda: served.portal.live._streams[attempt.person] == 1)
        if how == "renew":
            served.portal.roster.renew("ada", "test")
        else:
            served.client(cookies=client.cookies).post("/logout", data={"csrf": csrf})
        try:
            until(stream.done)
        finally:
            served.portal.live.close()
        assert stream.result().text.endswith("data: gone\n\n")


def test_signing_out_ends_the_session(served: TestPortal) -> None:
    """The cookie is of no use any more, even if it was copied."""
    client = served.browser("ada")
    session = client.cookies[COOKIE]
    assert client.post("/logout", data={"csrf": token_of(client.get("/assignments/tiny").text)}).status_code == 303
    copied = served.client()
    copied.cookies.set(COOKIE, session)
    assert copied.get("/assignments/tiny").status_code == 401


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/assignments/tiny/submissions", "ada"),
        ("/api/v1/assignments/tiny/submissions", "ada"),
        ("/logout", "ada"),
        ("/assignments/tiny/pause", "ira"),
        ("/assignments/tiny/resume", "ira"),
        ("/assignments/tiny/regrades", "ira"),
        ("/assignments/tiny/class-upload", "ira"),
    ],
)
@pytest.mark.parametrize("given", ["", "0" * 64])
def test_a_form_of_another_site_is_refused(served: TestPortal, path: str, who: str, given: str) -> None:
    """With the cookie alone, or with a wrong token, nothing is done."""
    client = served.browser(who)
    answer = client.post(path, data={"csrf": given}, files={"file": ("tiny.py", ADA_FILE)})
    assert answer.status_code == 403
    assert served.portal.queue.newest("tiny", 1) == []
    assert not served.portal.paused


def test_a_regrade_by_json_needs_the_token_in_a_header(served: TestPortal) -> None:
    """A cookie alone isn't enough, a Bearer token is."""
    path, wanted = "/api/v1/assignments/tiny/regrades", {"preview": False}
    browser = served.browser("ira")
    assert browser.post(path, json=wanted).status_code == 403
    token = token_of(browser.get("/assignments/tiny").text)
    assert browser.post(path, json=wanted, headers={"X-CSRF-Token": token}).status_code == 202
    assert served.client("ira").post(path, json=wanted).status_code == 202


def test_a_form_of_a_page_is_accepted(served: TestPortal) -> None:
    """The token is in the form, and the answer leads to the submission."""
    client = served.browser("ada")
    token = token_of(client.get("/assignments/tiny").text)
    file = {"file": ("tiny.py", ADA_FILE)}
    answer = client.post("/assignments/tiny/submissions", data={"csrf": token}, files=file)
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200


HEADER = "X-Remote-User"


@pytest.fixture
def behind_proxy(served: TestPortal) -> TestPortal:
    """A portal that trusts a proxy, which says who has logged in."""
    served.portal.settings = replace(served.portal.settings, login_header=HEADER)
    return served


@pytest.mark.parametrize("login", ["ada", "ADA@example.org"])
def test_a_login_at_the_proxy_starts_a_session(behind_proxy: TestPortal, login: str) -> None:
    """By id or e-mail address; pages lead to it, and forms need the session's token as ever."""
    client = behind_proxy.client()
    asked = client.get("/assignments/tiny", headers={HEADER: login})
    assert (asked.status_code, asked.headers["location"]) == (303, "/login")
    answer = client.get("/login", headers={HEADER: login})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = client.get("/assignments/tiny", headers={HEADER: login})
    assert page.status_code == 200 and "Ada Adamant" in page.text
    assert client.post("/assignments/tiny/submissions", files={"file": ("tiny.py", ADA_FILE)}).status_code == 403


@pytest.mark.parametrize("authorization", ["Basic YWRhOnNlY3JldA==", "Bearer of-the-proxy"])
def test_what_a_browser_tells_the_proxy_is_no_token(behind_proxy: TestPortal, authorization: str) -> None:
    """A proxy may pass on the header by which people have logged in there."""
    client, headers = behind_proxy.client(), {HEADER: "ada", "Authorization": authorization}
    assert client.get("/login", headers=headers).status_code == 303
    assert client.get("/assignments/tiny", headers=headers).status_code == 200
    page = client.get("/assignments/tiny", headers=headers).text
    file = {"file": ("tiny.py", ADA_FILE)}
    assert client.post("/assignments/tiny/submissions", headers=headers, files=file).status_code == 403
    csrf = {"csrf": token_of(page)}
    assert client.post("/assignments/tiny/submissions", headers=headers, files=file, data=csrf).status_code == 303


def test_another_login_at_the_proxy_ends_the_session(behind_proxy: TestPortal) -> None:
    """The next user of a browser isn't the one before, and the header alone is no session."""
    client = behind_proxy.client()
    client.get("/login", headers={HEADER: "ada"})
    assert client.get("/assignments/tiny", headers={HEADER: "otto"}).headers["location"] == "/login"
    client.get("/login", headers={HEADER: "otto"})
    assert "Otto Otherwise" in client.get("/assignments/tiny", headers={HEADER: "otto"}).text
    api = behind_proxy.client().get("/api/v1/assignments/tiny/grades", headers={HEADER: "ira"})
    assert api.status_code == 401


@pytest.mark.parametrize("login", ["nobody", "rex", "", "ada, otto", "x" * 10_000])
def test_a_login_that_the_roster_lacks_is_told(behind_proxy: TestPortal, login: str) -> None:
    """Also one whose access was revoked. Nobody gets a session."""
    answer = behind_proxy.client().get("/login", headers={HEADER: login})
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert ("Ask your instructor" in answer.text) == bool(login)


def test_two_people_with_one_address_log_in_by_their_ids(behind_proxy: TestPortal) -> None:
    """The address alone could be either."""
    behind_proxy.portal.roster.load([RosterEntry("Ada Two", "ada@example.org", "ada2")], "test")
    assert behind_proxy.client().get("/login", headers={HEADER: "ada@example.org"}).status_code == 401
    assert behind_proxy.client().get("/login", headers={HEADER: "ada2"}).status_code == 303


def test_an_address_is_that_of_the_person_who_has_access(behind_proxy: TestPortal) -> None:
    """A student got another id: the one before is revoked, and its address leads to the new one."""
    behind_proxy.portal.roster.load([RosterEntry("Rex Renumbered", "rex@example.org", "rex2")], "test")
    assert behind_proxy.client().get("/login", headers={HEADER: "rex"}).status_code == 401
    client = behind_proxy.client()
    assert client.get("/login", headers={HEADER: "rex@example.org"}).status_code == 303
    assert "Rex Renumbered" in client.get("/assignments/tiny", headers={HEADER: "rex@example.org"}).text


def test_without_the_option_the_header_is_nothing(served: TestPortal) -> None:
    """Anybody could send it."""
    assert served.client().get("/login", headers={HEADER: "ada"}).status_code == 401
    assert served.client().get("/assignments/tiny", headers={HEADER: "ada"}).status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("evil.example.org", 421),
        ("127.0.0.1.evil.example.org", 421),
        ("localhost@evil.example.org", 421),
        ("", 421),
    ],
)
def test_only_this_servers_names_are_answered(served: TestPortal, host: str, status: int) -> None:
    """Another site can't make a browser take its name for this server."""
    assert served.client().get("/healthz", headers={"Host": host}).status_code == status


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]
