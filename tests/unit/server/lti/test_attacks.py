"""Forged, stolen and stale launches: each is refused, with a sentence in the log that holds nothing of the token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from grader.gradebook.lti_platforms import MAX_TICKETS
from grader.server.lti import platform_client
from grader.server.lti.claims import LTI, MEMBERSHIP
from grader.server.lti.launch import LaunchRefused, check_target
from grader.server.lti.limits import MAX_ANSWER
from tests.helpers.fake_platform import DEPLOYMENT, INSTRUCTOR, PORTAL, FakePlatform, key_of
from tests.helpers.lti import TestLti, refusal

Claims = dict[str, Any]


def launched_with(lti: TestLti, token: str, asked: dict[str, str], client: Any) -> str:
    answer = client.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    return refusal(answer)


def unsigned(claims: Claims) -> str:
    parts = [json.dumps({"alg": "none", "typ": "JWT", "kid": "key-1"}), json.dumps(claims)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts) + "."


def signed_with_the_public_key(platform: FakePlatform, claims: Claims) -> str:
    """HS256 with the platform's public key as the secret, which everybody knows."""
    public = platform.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "key-1"}).encode()).rstrip(b"=")
    body = head + b"." + base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")

    code = base64.urlsafe_b64encode(hmac.digest(public, body, hashlib.sha256)).rstrip(b"=")
    return (body + b"." + code).decode()


class In(int):
    """Seconds from now, where now is when a test runs: minutes after it was collected."""

    @property
    def time(self) -> int:
        return int(time.time()) + self


CHANGED: dict[str, tuple[dict[str, Any], str]] = {
    "another tool": ({"aud": "tool-of-others"}, "for another tool"),
    "no audience of ours": ({"aud": ["a", "b"]}, "for another tool"),
    "two audiences without azp": ({"aud": ["tool-of-lms.test", "b"]}, "for another party"),
    "another azp": ({"azp": "tool-of-others"}, "for another party"),
    "another issuer": ({"iss": "https://other.test"}, "of another issuer"),
    "another nonce": ({"nonce": "n" * 43}, "of another login"),
    "a nonce that is none": ({"nonce": 7}, "a claim of the token isn't valid"),
    "another deployment": ({f"{LTI}deployment_id": "deployment-2"}, "by a deployment that isn't registered"),
    "expired": ({"exp": In(-61), "iat": In(-300)}, "has expired"),
    "from the future": ({"iat": In(600), "exp": In(900)}, "is of the future"),
    "not valid yet": ({"nbf": In(600)}, "is of the future"),
    "old": ({"iat": In(-601)}, "is too old"),
    "another version": ({f"{LTI}version": "1.1"}, "of another version"),
    "another message": ({f"{LTI}message_type": "LtiSubmissionReviewRequest"}, "another kind of message"),
    "nobody": ({"sub": ""}, "is anonymous"),
    "no course": ({f"{LTI}context": None}, "isn't from a course"),
    "no link": ({f"{LTI}resource_link": None}, "names no link"),
    "a target elsewhere": ({f"{LTI}target_link_uri": "https://evil.test/"}, "isn't the portal's"),
    "no time": ({"exp": None}, "a claim of the token isn't valid"),
    "a long id of a course": ({f"{LTI}context": {"id": "x" * 2001}}, "more than 2000 characters"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_claim_that_does_not_fit_is_refused(shared: TestLti, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """Though the platform has signed it."""
    changed, why = CHANGED[name]
    changed = {claim: each.time if isinstance(each, In) else each for claim, each in changed.items()}
    client = shared.browser()
    asked = shared.platform.begin(client)
    token = shared.platform.sign(shared.platform.claims(**{"nonce": asked["nonce"], **changed}))
    with caplog.at_level(logging.INFO, "grader"):
        assert why in launched_with(shared, token, asked, client)
    assert why in caplog.text and "launch refused" in caplog.text
    assert not any(part in caplog.text for part in token.split("."))
    assert shared.portal.roster.find("lti1-7") is None


FORGERIES: dict[str, tuple[Callable[[FakePlatform, Claims], str], str]] = {
    "alg none": (lambda platform, claims: unsigned(claims), "isn't signed by RS256"),
    "HS256 with the public key": (signed_with_the_public_key, "isn't signed by RS256"),
    "another key": (lambda platform, claims: jwt.encode(claims, key_of("x"), "RS256", {"kid": "key-1"}), "signature"),
    "an unknown key": (lambda platform, claims: platform.sign(claims, kid="key-2"), "has no such key"),
    "no name of a key": (lambda platform, claims: jwt.encode(claims, platform.key, "RS256"), "has no such key"),
    "a key of its own": (
        lambda platform, claims: jwt.encode(claims, key_of("x"), "RS256", {"kid": "key-1", "jwk": {"kty": "RSA"}}),
        "signature",
    ),
    "PS256": (lambda platform, claims: jwt.encode(claims, platform.key, "PS256", {"kid": "key-1"}), "isn't signed by"),
    "no token": (lambda platform, claims: "", "no signed JWT"),
    "two dots": (lambda platform, claims: "..", "no signed JWT"),
    "no ASCII": (lambda platform, claims: "é.é.é", "no signed JWT"),
    "a huge token": (lambda platform, claims: "a" * 70_000, "too large"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(shared: TestLti, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """A student who says in it that they are an instructor gets nothing."""
    forge, why = FORGERIES[name]
    client = shared.browser()
    asked = shared.platform.begin(client)
    token = forge(shared.platform, shared.platform.claims(nonce=asked["nonce"]) | {f"{LTI}roles": [INSTRUCTOR]})
    with caplog.at_level(logging.INFO, "grader"):
        assert why in launched_with(shared, token, asked, client)
    parts = [part for part in token.split(".") if part]
    assert why in caplog.text and not any(part in caplog.text for part in parts)


def test_a_changed_token_is_refused(lti: TestLti) -> None:
    """A student exchanges the middle part, with other roles, and keeps the signature."""
    client = lti.browser()
    asked = lti.platform.begin(client)
    claims = lti.platform.claims(nonce=asked["nonce"])
    head, _, signature = lti.platform.sign(claims).split(".")
    claims[f"{LTI}roles"] = [f"{MEMBERSHIP}#Instructor"]
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert "signature" in launched_with(lti, f"{head}.{body}.{signature}", asked, client)


def test_a_token_is_used_once(lti: TestLti) -> None:
    """Also with the state and the cookie that belong to it, and in another login."""
    client = lti.browser()
    asked = lti.platform.begin(client)
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    assert client.post("/lti/launch", data={"id_token": token, "state": asked["state"]}).status_code == 303
    assert "used before" in launched_with(lti, token, asked, lti.browser())
    again = lti.platform.begin(client)
    answer = client.post("/lti/launch", data={"id_token": token, "state": again["state"]})
    assert answer.status_code == 403 and "of another login" in answer.text


def test_a_state_is_used_once_even_if_the_token_fails(lti: TestLti) -> None:
    """So that nobody tries tokens against it."""
    client = lti.browser()
    asked = lti.platform.begin(client)
    assert "no signed JWT" in launched_with(lti, "x", asked, client)
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    assert "used before" in launched_with(lti, token, asked, client)


@pytest.mark.parametrize("state", ["", "x", "A" * 10_000])
def test_an_unknown_state_is_refused(lti: TestLti, state: str) -> None:
    """And one that is too old."""
    client = lti.browser()
    asked = lti.platform.begin(client)
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    assert "no login that began here" in launched_with(lti, token, {"state": state}, client)
    lti.tool.tickets._now = lambda: time.time() + 601
    assert "took too long" in launched_with(lti, token, asked, client)


def test_a_login_that_another_browser_began_lets_nobody_in(lti: TestLti) -> None:
    """An attacker who sends their own launch to a victim's browser doesn't sign the victim in."""
    asked = lti.platform.begin(lti.browser())
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    victim = lti.browser()
    answer = victim.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    assert "set-cookie" not in answer.headers and victim.get("/assignments/tiny").status_code == 401


def test_a_token_of_another_platform_is_refused(lti: TestLti) -> None:
    """Each login belongs to one platform, whose keys alone count."""
    other = lti.add_platform(FakePlatform("other.test"))
    client = lti.browser()
    asked = lti.platform.begin(client)
    claims = lti.platform.claims(nonce=asked["nonce"])
    assert "has no such key" in launched_with(lti, other.sign(claims, kid="other"), asked, client)
    asked = lti.platform.begin(client)
    assert "signature" in launched_with(lti, other.sign(claims | {"nonce": asked["nonce"]}), asked, client)
    asked = other.begin(client)
    assert "of another issuer" in launched_with(
        lti, other.sign(lti.platform.claims(nonce=asked["nonce"])), asked, client
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://unknown.test"}, "no platform with this issuer"),
        ({"client_id": "another"}, "no platform with this issuer"),
        ({"target_link_uri": "https://evil.test/"}, "isn't the portal's"),
        ({"target_link_uri": "https://grader.test.evil.test/"}, "isn't the portal's"),
        ({"target_link_uri": "https://grader.test@evil.test/"}, "isn't the portal's"),
        ({"target_link_uri": "//evil.test/"}, "isn't the portal's"),
        ({"target_link_uri": "http://grader.test/"}, "isn't the portal's"),
        ({"lti_deployment_id": "deployment-2"}, "by a deployment that isn't registered"),
        ({"login_hint": ""}, "has no login_hint"),
        ({"lti_message_hint": "x" * 8001}, "too long a lti_message_hint"),
    ],
)
def test_a_login_that_does_not_fit_is_refused(shared: TestLti, changed: dict[str, str], why: str) -> None:
    """The browser isn't sent anywhere."""
    answer = shared.browser().get("/lti/login", params=shared.platform.login_parameters(**changed))
    assert why in refusal(answer) and "location" not in answer.headers


@pytest.mark.parametrize("target", ["https://grader.test", "https://GRADER.test/assignments/tiny", f"{PORTAL}/x?y=z"])
def test_addresses_of_the_portal_are_accepted(target: str) -> None:
    """Whatever their path; the host is compared without case."""
    check_target(target, PORTAL)
    with pytest.raises(LaunchRefused):
        check_target(target.replace("grader", "grader2").replace("GRADER", "x"), PORTAL)


def test_the_error_of_a_platform_is_shown(lti: TestLti) -> None:
    """In its words, escaped."""
    client = lti.browser()
    asked = lti.platform.begin(client)
    form = {"error": "login_required", "error_description": "<b>Sign in</b>", "state": asked["state"]}
    answer = client.post("/lti/launch", data=form)
    assert answer.status_code == 403 and "login_required &lt;b&gt;Sign in" in answer.text


def test_two_clients_of_one_issuer_are_told_apart(lti: TestLti) -> None:
    """Canvas has one issuer for all schools; without a client id the login is ambiguous."""
    lti.tool.platforms.add(lti.platform.entry(client_id="second"), (DEPLOYMENT,), "test")
    assert lti.platform.launch(lti.browser()).status_code == 303
    answer = lti.browser().get("/lti/login", params=lti.platform.login_parameters(client_id=""))
    assert "several platforms" in refusal(answer)


def test_an_unknown_key_is_looked_up_once(lti: TestLti) -> None:
    """A platform that has changed its key gets in; tokens with invented names of keys don't cause requests."""
    lti.arrive()
    lti.tool.platform_keys._now = lambda: time.monotonic() + 20
    lti.platform.kid = "key-2"
    lti.arrive()
    before = sum(request.url.path == "/jwks" for request in lti.platform.requests)
    for number in range(3):
        client = lti.browser()
        asked = lti.platform.begin(client)
        token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]), kid=f"invented-{number}")
        assert "has no such key" in launched_with(lti, token, asked, client)
    assert sum(request.url.path == "/jwks" for request in lti.platform.requests) == before


class Drip(httpx2.SyncByteStream):
    """Body that never ends: pieces of a size, each after a time."""

    def __init__(self, clock: list[float], size: int, seconds: float) -> None:
        self.clock, self.size, self.seconds, self.pieces = clock, size, seconds, 0

    def __iter__(self) -> Any:
        while True:
            self.pieces += 1
            self.clock[0] += self.seconds
            yield b" " * self.size


@pytest.mark.parametrize(("size", "seconds"), [(1 << 20, 0.0), (1, 1.0)])
def test_keys_that_never_end_are_cut(lti: TestLti, monkeypatch: pytest.MonkeyPatch, size: int, seconds: float) -> None:
    """A huge JWKS, and one that comes byte by byte; the failure is remembered, so that others don't wait for it."""
    clock = [0.0]
    body = Drip(clock, size, seconds)
    monkeypatch.setattr("grader.server.lti.platform_client.time.monotonic", lambda: clock[0])
    read = platform_client._read
    monkeypatch.setattr(platform_client, "_read", lambda response, end: read(response, end, lambda: clock[0]))
    lti.tool.platform_keys._sets.clear()
    asked_for = []

    def before(request: httpx2.Request) -> httpx2.Response | None:
        asked_for.append(request.url.path)
        return httpx2.Response(200, stream=body) if request.url.path == "/jwks" else None

    lti.platform.before = before
    for _ in range(2):
        client = lti.browser()
        asked = lti.platform.begin(client)
        token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
        assert "the answer of lms.test" in launched_with(lti, token, asked, client)
    assert asked_for == ["/jwks"] and body.pieces <= MAX_ANSWER // (1 << 20) + 20


def test_a_platform_that_does_not_answer_is_told(lti: TestLti) -> None:
    """And so is a redirect, which isn't followed."""
    lti.tool.platform_keys._sets.clear()
    lti.network.down = True
    client = lti.browser()
    asked = lti.platform.begin(client)
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    assert "lms.test didn't answer" in launched_with(lti, token, asked, client)
    lti.network.down = False
    lti.tool.platform_keys._sets.clear()
    lti.platform.before = lambda request: httpx2.Response(302, headers={"Location": "http://127.0.0.1/"})
    asked = lti.platform.begin(client)
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    assert "it answered 302" in launched_with(lti, token, asked, client)


@pytest.mark.parametrize(
    "keys",
    [
        [],
        "none",
        [{"kty": "RSA", "kid": "key-1", "n": "AQAB", "e": "AQAB"}],
        [{"kty": "oct", "kid": "key-1", "k": "AAAA"}],
        [{"kty": "RSA", "kid": "key-1", "n": "A" * 5000, "e": "AQAB"}],
        [{"kid": "key-1"}],
        [{"kty": ["RSA"], "kid": {"a": 1}, "n": 7}],
    ],
)
def test_keys_that_are_none_are_left_out(lti: TestLti, keys: Any) -> None:
    """Short ones, secrets, huge ones, and what is no key at all."""
    lti.tool.platform_keys._sets.clear()
    lti.platform.before = lambda request: httpx2.Response(200, json={"keys": keys})
    client = lti.browser()
    asked = lti.platform.begin(client)
    token = lti.platform.sign(lti.platform.claims(nonce=asked["nonce"]))
    assert launched_with(lti, token, asked, client)


def test_logins_are_bounded(lti: TestLti, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that never go on are forgotten, the oldest first."""
    monkeypatch.setattr("grader.gradebook.lti_platforms.MAX_TICKETS", 5)
    clients = [lti.browser() for _ in range(7)]
    asked = [lti.platform.begin(client) for client in clients]
    answers = [
        client.post(
            "/lti/launch",
            data={"id_token": lti.platform.sign(lti.platform.claims(nonce=one["nonce"])), "state": one["state"]},
        ).status_code
        for client, one in zip(clients, asked, strict=True)
    ]
    assert answers == [403, 403, 303, 303, 303, 303, 303]
    assert MAX_TICKETS == 20_000


def test_a_short_key_signs_nothing(lti: TestLti) -> None:
    """Keys of less than 2048 bits are no longer safe."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    numbers = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(short.public_key()))
    lti.tool.platform_keys._sets.clear()
    lti.platform.before = lambda request: httpx2.Response(200, json={"keys": [{**numbers, "kid": "key-1"}]})
    client = lti.browser()
    asked = lti.platform.begin(client)
    token = jwt.encode(lti.platform.claims(nonce=asked["nonce"]), short, "RS256", {"kid": "key-1"})
    assert "has no such key" in launched_with(lti, token, asked, client)
