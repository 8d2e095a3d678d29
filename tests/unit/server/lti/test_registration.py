"""Dynamic registration, and by hand with `grader lti`."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from grader.cli.main import cli
from grader.gradebook.audit import AuditLog
from grader.gradebook.data_folder import LTI_KEYS, DataFolder
from grader.gradebook.errors import GradebookError
from tests.helpers.fake_platform import DEPLOYMENT, PORTAL, FakePlatform
from tests.helpers.lti import TestLti, refusal

CONFIGURATION = "https://new.test/.well-known/openid-configuration"
TOKEN = {"openid_configuration": CONFIGURATION, "registration_token": "register-me"}


@pytest.fixture
def new(lti: TestLti) -> FakePlatform:
    """A platform that the portal doesn't know."""
    platform = lti.network.add(FakePlatform("new.test", context="course-2"))
    platform.tool_jwks = lambda: lti.browser().get("/lti/jwks").json()
    return platform


def link(lti: TestLti) -> str:
    """A registration link, as an instructor makes it on the page."""
    client = lti.signed_in("ira")
    token = client.get("/lti").text.partition('name="csrf" value="')[2][:64]
    page = client.post("/lti/registrations", data={"csrf": token}).text
    return f"/lti/register/{page.partition('/lti/register/')[2].partition('<')[0]}"


def test_a_platform_registers_the_portal_and_launches_it(lti: TestLti, new: FakePlatform) -> None:
    """It gets every address; its frame may show the page that says so; its course waits like any other."""
    answer = lti.browser().get(link(lti), params=TOKEN)
    assert answer.status_code == 200 and "data-close" in answer.text
    (sent,) = new.registered
    assert sent["initiate_login_uri"] == f"{PORTAL}/lti/login" and sent["redirect_uris"] == [f"{PORTAL}/lti/launch"]
    assert sent["jwks_uri"] == f"{PORTAL}/lti/jwks" and sent["token_endpoint_auth_method"] == "private_key_jwt"
    (platform,) = lti.tool.platforms.of_issuer("https://new.test")
    assert (platform.deployments, platform.entry.product) == ((DEPLOYMENT,), "moodle")
    assert platform.entry.origins == ("https://new.test",)
    assert "isn't connected yet" in refusal(new.launch(lti.browser(), "9"))


@pytest.mark.parametrize("code", ["", "/lti/register/invented"])
def test_the_frame_of_a_platform_that_is_not_registered_yet_shows_what_became_of_it(
    lti: TestLti, new: FakePlatform, code: str
) -> None:
    """Moodle opens the link in a frame, and waits for the page to say that it has ended."""
    answer = lti.browser().get(code or link(lti), params=TOKEN)
    assert answer.status_code == (403 if code else 200)
    assert "frame-ancestors https://lms.test https://new.test" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    if not code:  # Brightspace opens a window, which has to know its opener
        assert answer.headers["cross-origin-opener-policy"] == "unsafe-none"


@pytest.mark.parametrize("host", ["x;script-src", "x,y", "*", "\u00fc.test", "x'y", 'x"y'])
def test_no_address_reaches_the_header_that_is_no_host(lti: TestLti, host: str) -> None:
    """It would add rules for the browser, or couldn't be sent at all."""
    answer = lti.browser().get(link(lti), params=TOKEN | {"openid_configuration": f"https://{host}/x"})
    assert "is no https:// address" in refusal(answer)
    assert "frame-ancestors https://lms.test" in answer.headers["content-security-policy"]
    assert host not in answer.headers["content-security-policy"]


def test_a_registration_link_works_once(lti: TestLti, new: FakePlatform) -> None:
    """Who finds it later registers nothing; and without one nobody does."""
    used = link(lti)
    assert lti.browser().get(used).status_code == 400, "a look at it doesn't use it up"
    assert lti.browser().get(used, params=TOKEN).status_code == 200
    for path in (used, "/lti/register/invented"):
        assert "used before" in refusal(lti.browser().get(path, params=TOKEN))
    assert len(new.registered) == 1


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"openid_configuration": "http://127.0.0.1:8000/readyz"}, "is no https:// address"),
        ({"openid_configuration": "file:///etc/passwd"}, "is no https:// address"),
        ({"registration_token": "wrong"}, "it answered 401"),
        ({"registration_token": "x" * 20_000}, "too large"),
        ({"openid_configuration": "https://evil.test/"}, "didn't answer"),
    ],
)
def test_a_registration_that_does_not_fit_is_refused(
    lti: TestLti, new: FakePlatform, parameters: dict[str, str], why: str
) -> None:
    """Nothing is registered."""
    assert why in refusal(lti.browser().get(link(lti), params=TOKEN | parameters))
    assert len(lti.tool.platforms.all()) == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"issuer": "https://bank.test"}, "an issuer with another host"),
        ({"jwks_uri": "http://10.0.0.1/"}, "is no https:// address"),
        ({"token_endpoint": 7}, "something else than was expected"),
        ({"registration_endpoint": "gopher://x"}, "is no https:// address"),
    ],
)
def test_a_configuration_that_lies_is_refused(
    lti: TestLti, new: FakePlatform, changed: dict[str, object], why: str
) -> None:
    """A platform can't register in the name of another one."""
    configuration = new.configuration() | changed
    new.before = lambda request: (
        httpx2.Response(200, json=configuration) if request.url.path.startswith("/.well-known") else None
    )
    assert why in refusal(lti.browser().get(link(lti), params=TOKEN))


def test_no_token_of_a_registration_is_logged(lti: TestLti, caplog: pytest.LogCaptureFixture) -> None:
    """Canvas puts it into the address of its configuration."""
    for place in ("http://10.0.0.1/x", "https://away.test/x"):
        with caplog.at_level("INFO", "grader"):
            answer = lti.browser().get(link(lti), params={"openid_configuration": f"{place}?registration_token=s3cret"})
        assert answer.status_code == 403 and "s3cret" not in answer.text
        assert "registration refused" in caplog.text and "s3cret" not in caplog.text


def test_students_register_nothing(lti: TestLti) -> None:
    """Nor accept courses, or send scores again."""
    client = lti.signed_in("ada")
    token = client.get("/assignments/tiny").text.partition('name="csrf" value="')[2][:64]
    for path in ("/lti/registrations", "/lti/courses/1/accept", "/lti/courses/1/roster", "/lti/outbox/1/retry"):
        assert client.post(path, data={"csrf": token}).status_code == 403


def test_the_key_is_private_and_rotates(lti: TestLti) -> None:
    """Mode 0600; the old public part stays for a while; no private part is ever published."""
    path = lti.portal.data.keys / LTI_KEYS
    before = lti.browser().get("/lti/jwks").json()["keys"]
    assert path.stat().st_mode & 0o777 == 0o600 and len(before) == 1
    lti.grade(lti.arrive(), 1.0)
    lti.send_all()
    lti.tool.keys.rotate()
    after = lti.browser().get("/lti/jwks").json()["keys"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert after[0]["kid"] != before[0]["kid"] and after[1:] == before
    assert all(key.keys() == {"kty", "n", "e", "kid", "use", "alg"} for key in (*before, *after))
    lti.platform.tokens.clear()
    lti.tool.services._tokens.clear()
    lti.grade(lti.arrive(), 2.0)
    lti.send_all()
    assert lti.states() == ["sent", "sent"], "the platform has verified an assertion with the new key"
    assert list(path.parent.glob(".lti*")) == []


def test_a_damaged_key_is_told(lti: TestLti) -> None:
    """In a sentence, without its content."""
    path = lti.portal.data.keys / LTI_KEYS
    lti.browser().get("/lti/jwks")
    path.write_text('[{"jwk": {"kty": "RSA", "d": "secret"}}]')
    answer = lti.browser().get("/lti/jwks")
    assert answer.status_code == 503 and "restore it from a backup" in answer.text and "secret" not in answer.text


def grader(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["lti", *map(str, arguments)])


def test_a_platform_is_added_by_hand(tmp_path: Path) -> None:
    """Listed, changed and removed again; the audit log has it."""
    data = ("--data", tmp_path / "course")
    urls = {"issuer": "https://moodle.test", "auth-url": "https://moodle.test/mod/lti/auth.php"}
    urls |= {"token-url": "https://moodle.test/mod/lti/token.php", "jwks-url": "https://moodle.test/mod/lti/certs.php"}
    options = [word for name, value in urls.items() for word in (f"--{name}", value)]
    added = grader("platform", "add", *options, "--client-id", "abc", "--deployment", "1", *data)
    assert (added.exit_code, added.output) == (0, "platform 1: https://moodle.test\n")
    assert grader("platform", "add", *options, "--client-id", "abc", "--deployment", "2", *data).exit_code == 0
    assert grader("platform", "deployment", "1", "3", *data).exit_code == 0
    assert "deployments: 1, 2, 3" in grader("platform", "list", *data).output
    assert "/lti/login" in grader("urls", *data).output
    assert grader("register", *data).output.startswith("http://127.0.0.1:8000/lti/register/")
    typo = ("--data", tmp_path / "coarse")
    for reads in (("platform", "list"), ("urls",), ("outbox",), ("course", "list"), ("rotate-key",), ("register",)):
        refused = grader(*reads, *typo)
        assert refused.exit_code == 2 and "is no data folder of a course" in refused.stderr
    assert not typo[1].exists(), "a name with a slip makes no course"
    assert "0 sent, 0 waiting, 0 parked" in grader("outbox", *data).output
    assert grader("course", "list", *data).output == ""
    assert grader("rotate-key", *data).output.startswith("new key ")
    assert grader("platform", "remove", "1", *data).exit_code == 0
    assert grader("platform", "list", *data).output == ""
    for wrong in (("platform", "remove", "1"), ("course", "accept", "5"), ("course", "roster", "5")):
        refused = grader(*wrong, *data)
        assert refused.exit_code == 2 and refused.stderr.startswith("grader: there is no ")
    assert "there is no parked score 9" in grader("outbox", "--retry", "9", *data).stderr
    from grader.gradebook.store import Gradebook

    with Gradebook.open(DataFolder.open(tmp_path / "course").gradebook) as book:
        done = [entry.what for entry in AuditLog(book).entries(10)]
    assert done == ["remove platform", "add deployment", "add platform", "add platform"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--auth-url", "http://moodle.test/"),
        ("--jwks-url", "ftp://moodle.test/"),
        ("--origin", "https://a.test/path"),
        ("--origin", "https://a.test; script-src *"),
        ("--deployment", ""),
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, wrong: tuple[str, str]) -> None:
    """Before anything is stored."""
    given = {"--issuer": "https://m.test", "--client-id": "a", "--deployment": "1"}
    given |= {f"--{name}-url": "https://m.test/x" for name in ("auth", "token", "jwks")}
    given |= dict([wrong])
    options = [word for pair in given.items() for word in pair]
    result = grader("platform", "add", *options, "--data", tmp_path)
    assert result.exit_code == 2 and result.stderr.startswith("grader: ")
    assert grader("platform", "list", "--data", tmp_path).output == ""


def test_platforms_are_bounded(lti: TestLti, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so are their fields."""
    monkeypatch.setattr("grader.gradebook.lti_platforms.MAX_PLATFORMS", 1)
    with pytest.raises(GradebookError, match="the limit"):
        lti.tool.platforms.add(lti.platform.entry(client_id="b"), (DEPLOYMENT,), "test")
    for fields in ({"name": "x" * 2001}, {"name": "a\nb"}, {"issuer": ""}):
        with pytest.raises(GradebookError, match="platform"):
            lti.tool.platforms.add(lti.platform.entry(**fields), (DEPLOYMENT,), "test")
