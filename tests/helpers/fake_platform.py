"""A learning platform for tests: strict where real ones are. It signs with PyJWT, where the portal uses joserfc.

Its rules are those of Moodle's and Canvas' source, each with its place. `FakeNetwork` carries the portal's requests.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.testclient import TestClient
from jwt.algorithms import RSAAlgorithm
from jwt.types import Options

from grader.gradebook.lti_platforms import LearningPlatform, PlatformEntry
from grader.server.lti.claims import AGS_CLAIM, DEEP_LINKING, LTI, MEMBERSHIP, NRPS_CLAIM
from grader.server.lti.sender import CANVAS_SUBMISSION
from grader.server.lti.services import AGS, LINE_ITEM, SCORE, SCORE_TYPE

PORTAL = "https://grader.test"
LEARNER, INSTRUCTOR = f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Instructor"
ASSISTANT = f"{MEMBERSHIP}/Instructor#TeachingAssistant"
DEPLOYMENT = "deployment-1"
PEOPLE = {"7": ("Ada Learner", [LEARNER]), "8": ("Bob Learner", [LEARNER]), "9": ("Ira Teacher", [INSTRUCTOR])}
REGISTER_SCOPE = f"{AGS}lineitem {AGS}lineitem.readonly {AGS}score"


@cache
def key_of(host: str) -> rsa.RSAPrivateKey:
    """Return the key of a platform: making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakePlatform:
    """Platform with a course, people, keys and services.

    :param host: of its addresses
    :param product: `moodle` or `canvas`, whose rules it follows
    :param issuer: address; by HTTPS if empty
    """

    def __init__(
        self, host: str = "lms.test", product: str = "moodle", context: str = "course-1", issuer: str = ""
    ) -> None:
        self.host = host
        self.issuer = issuer or f"https://{host}"
        self.product = product
        self.context = context
        self.client_id = f"tool-of-{host}"
        self.key = key_of(host)
        self.kid = "key-1"
        self.people = dict(PEOPLE)
        self.gradable = {"7", "8"}
        self.tutors: set[str] = set()  # who teach, and are learners in Moodle's list all the same
        self.scopes = [LINE_ITEM, f"{AGS}lineitem.readonly", SCORE]
        self.line_items: list[dict[str, Any]] = []
        self.scores: list[dict[str, Any]] = []  # that it has accepted
        self.refused: list[tuple[int, dict[str, Any]]] = []
        self.requests: list[httpx2.Request] = []
        self.assertions: list[str] = []
        self.registered: list[dict[str, Any]] = []
        self.tokens: dict[str, set[str]] = {}  # access token -> scopes
        self.page_size = 2
        self.behind = 0.0  # seconds that its clock is behind
        self.refuses_tokens = ""  # why it gives no access token
        self.before: Callable[[httpx2.Request], httpx2.Response | None] = lambda request: None
        self.tool_jwks: Callable[[], dict[str, Any]] = lambda: {"keys": []}
        self.link_line_item = ""  # of the link, if the platform names one at launches

    def entry(self, **fields: Any) -> PlatformEntry:
        given = {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "auth_url": f"{self.issuer}/auth?tenant=1",
            "token_url": f"{self.issuer}/token",
            "jwks_url": f"{self.issuer}/jwks",
            "origins": (self.issuer,),
        }
        return PlatformEntry(**{**given, **fields})

    # ---- launches

    def claims(self, user: str = "7", nonce: str = "", target: str = f"{PORTAL}/", **more: Any) -> dict[str, Any]:
        """Return the claims of a launch. A claim given as None is left out."""
        name, roles = self.people[user]
        now = int(time.time())
        ags: dict[str, Any] = {"scope": self.scopes, "lineitems": f"{self.issuer}/api/items?type_id=3"}
        if self.link_line_item:
            ags["lineitem"] = self.link_line_item
        found = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": user,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "name": name,
            "email": f"{user}@{self.host}",
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": DEPLOYMENT,
            f"{LTI}target_link_uri": target,
            f"{LTI}roles": roles,
            f"{LTI}context": {"id": self.context, "title": "Neural Networks"},
            f"{LTI}resource_link": {"id": "link-1"},
            f"{LTI}tool_platform": {"guid": "g", "product_family_code": self.product},
            AGS_CLAIM: ags,
            NRPS_CLAIM: {"context_memberships_url": f"{self.issuer}/api/members", "service_versions": ["2.0"]},
        }
        return {name: value for name, value in {**found, **more}.items() if value is not None}

    def deep_linking(self, **settings: Any) -> dict[str, Any]:
        """Return the claims that make a launch the choice of an assignment."""
        given = {"deep_link_return_url": f"{self.issuer}/deep", "accept_types": ["ltiResourceLink"], "data": "d-1"}
        return {
            f"{LTI}message_type": "LtiDeepLinkingRequest",
            f"{LTI}resource_link": None,
            f"{DEEP_LINKING}deep_linking_settings": {**given, **settings},
        }

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.key, "RS256", headers={"kid": self.kid, **header})

    def login_parameters(self, target: str = f"{PORTAL}/", **more: str) -> dict[str, str]:
        given = {"iss": self.issuer, "login_hint": "hint-7", "target_link_uri": target, "client_id": self.client_id}
        return {**given, "lti_message_hint": "message-1", "lti_deployment_id": DEPLOYMENT, **more}

    def begin(self, client: TestClient, target: str = f"{PORTAL}/", **more: str) -> dict[str, str]:
        """Begin a login, and return what the portal asks the platform for."""
        answer = client.get("/lti/login", params=self.login_parameters(target, **more))
        assert answer.status_code == 303, answer.text
        answer = client.get(answer.headers["location"])  # where the cookie is looked for
        assert answer.headers["location"].startswith(f"{self.issuer}/auth?")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def launch(
        self, client: TestClient, user: str = "7", target: str = f"{PORTAL}/", framed: bool = False, **more: Any
    ) -> httpx2.Response:
        """Launch as a user, and return the portal's answer."""
        asked = self.begin(client, target)
        assert asked["response_mode"] == "form_post" and asked["redirect_uri"] == f"{PORTAL}/lti/launch"
        token = self.sign(self.claims(user, asked["nonce"], target, **more))
        headers = {"Sec-Fetch-Dest": "iframe" if framed else "document"}
        return client.post("/lti/launch", data={"id_token": token, "state": asked["state"]}, headers=headers)

    def verified(self, token: str, audience: str) -> dict[str, Any]:
        """Return the claims of what the portal signed, verified by PyJWT with the portal's JWKS."""
        kid = jwt.get_unverified_header(token)["kid"]
        key = next(jwk for jwk in self.tool_jwks()["keys"] if jwk["kid"] == kid)
        required: Options = {"require": ["iss", "aud", "iat", "exp", "jti"]}
        found: dict[str, Any] = jwt.decode(token, jwt.PyJWK(key), ["RS256"], audience=audience, options=required)
        return found

    # ---- services

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request of the portal."""
        self.requests.append(request)
        if (early := self.before(request)) is not None:
            return early
        path = request.url.path
        if path == "/jwks":
            jwk = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            return httpx2.Response(200, json={"keys": [{**jwk, "kid": self.kid, "alg": "RS256", "use": "sig"}]})
        if path == "/token":
            return self._token(request)
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self.configuration())
        if path == "/register":
            return self._register(request)
        scopes = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if scopes is None:
            return httpx2.Response(401, text="invalid token")
        if path == "/api/members":
            return self._members(request)
        if path == "/api/items":
            return self._items(request, scopes)
        if path.endswith("/scores"):
            return self._score(request, scopes)
        return httpx2.Response(404, text="Not Found: nothing is here")

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "registration_endpoint": f"{self.issuer}/register",
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {"product_family_code": self.product},
        }

    def _register(self, request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("authorization") != "Bearer register-me":
            return httpx2.Response(401)
        self.registered.append(json.loads(request.content))
        tool = {"deployment_id": DEPLOYMENT}
        answer = {"client_id": self.client_id, "https://purl.imsglobal.org/spec/lti-tool-configuration": tool}
        return httpx2.Response(200, json=answer)

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        assert form["grant_type"] == "client_credentials"
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        claims = self.verified(form["client_assertion"], f"{self.issuer}/token")
        future = claims["iat"] > time.time() - self.behind  # of firebase/php-jwt, without leeway
        if error := "Cannot handle token with iat prior to now" if future else self.refuses_tokens:
            return httpx2.Response(400, json={"error": error})
        assert claims["iss"] == claims["sub"] == self.client_id
        assert claims["jti"] not in self.assertions, "an assertion is used once"
        self.assertions.append(claims["jti"])
        token = secrets.token_urlsafe(16)
        self.tokens[token] = set(form["scope"].split())
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": form["scope"]}
        return httpx2.Response(200, json=answer)

    def _members(self, request: httpx2.Request) -> httpx2.Response:
        begin = int(request.url.params.get("from", 0))
        found = sorted(self.people)
        page = [self._member(user) for user in found[begin : begin + self.page_size]]
        following = f'<{self.issuer}/api/members?from={begin + self.page_size}>; rel="next"'
        headers = {"Link": following} if begin + self.page_size < len(found) else {}
        return httpx2.Response(200, json={"id": "x", "context": {"id": self.context}, "members": page}, headers=headers)

    def _member(self, user: str) -> dict[str, Any]:
        """Rules of mod/lti/service/memberships: names by format_string, roles by lti_get_ims_role without activity."""
        name, roles = self.people[user]
        if self.product == "moodle":
            name, roles = name.replace("&", "&amp;"), [LEARNER] if user in self.tutors else roles
        return {"user_id": user, "name": name, "roles": roles, "status": "Active"}

    def _items(self, request: httpx2.Request, scopes: set[str]) -> httpx2.Response:
        assert request.url.params["type_id"] == "3", "the query of the platform's address stays"
        if request.method == "POST":
            if LINE_ITEM not in scopes:
                return httpx2.Response(403, text="the scope doesn't allow this")
            made = json.loads(request.content)
            assert made["scoreMaximum"] > 0 and made["label"]
            return httpx2.Response(201, json=self.add_line_item(**made))
        wanted = request.url.params.get("resource_id")
        found = [item for item in self.line_items if wanted is None or item.get("resourceId") == wanted]
        return httpx2.Response(200, json=found)

    def add_line_item(self, **fields: Any) -> dict[str, Any]:
        """Add a column, as each request to create one does, even if there is one like it."""
        number = len(self.line_items) + 1
        item = {"id": f"{self.issuer}/api/items/{number}/lineitem?type_id=3", **fields}
        self.line_items.append(item)
        return item

    def _score(self, request: httpx2.Request, scopes: set[str]) -> httpx2.Response:
        score: dict[str, Any] = json.loads(request.content)
        assert request.headers["content-type"] == SCORE_TYPE and SCORE in scopes
        assert request.url.params["type_id"] == "3"
        known = {urlsplit(item["id"]).path for item in self.line_items}
        if self.link_line_item:
            known.add(urlsplit(self.link_line_item).path)
        status, words = 404, "Not Found: Grade item doesn't exist."
        if request.url.path.removesuffix("/scores") in known:
            status, words = self._canvas(score) if self.product == "canvas" else self._moodle(score)
        if status != 200:
            self.refused.append((status, score))
            if self.product == "canvas":
                return httpx2.Response(status, text=words)
            # \Exception('Incorrect score received' . $body): the reason of the status line
            reason = f"{words}{request.content.decode()}".encode()
            return httpx2.Response(status, json={"status": status}, extensions={"reason_phrase": reason})
        self.scores.append(score)
        return httpx2.Response(200, json=[])

    def _moodle(self, score: dict[str, Any]) -> tuple[int, str]:
        """Rules of mod/lti/service/gradebookservices/classes/local/resources/scores.php."""
        fields = all(score.get(name) for name in ("userId", "timestamp", "gradingProgress", "activityProgress"))
        numbers = all(isinstance(score.get(name, 0), int | float) for name in ("scoreGiven", "scoreMaximum"))
        if not fields or not numbers or score["userId"] not in self.gradable:
            return 400, "Incorrect score received"
        if ("scoreGiven" in score) != ("scoreMaximum" in score):
            return 400, "Incorrect score received"
        mine = [one for one in self.scores if one["userId"] == score["userId"]]
        if mine and int(moment(mine[-1]["timestamp"])) >= int(moment(score["timestamp"])):
            return 409, "Refusing score with an earlier timestamp for item 3"
        return 200, ""

    def _canvas(self, score: dict[str, Any]) -> tuple[int, str]:
        """Rules of app/controllers/lti/ims/scores_controller.rb."""
        if score["userId"] not in self.gradable:
            return 422, "User not found in course or is not a student"
        if "scoreGiven" in score and "scoreMaximum" not in score:
            return 422, "ScoreMaximum not supplied when ScoreGiven present."
        mine = [one for one in self.scores if one["userId"] == score["userId"]]
        if mine and moment(mine[-1]["timestamp"]) > moment(score["timestamp"]):
            return 400, "Provided timestamp before last updated timestamp"
        submitted = score[CANVAS_SUBMISSION].get("submitted_at")
        if submitted and moment(submitted) > time.time() + 60:
            return 400, "Provided submitted_at timestamp in the future"
        return 200, ""


class FakeNetwork:
    """Carries requests to platforms by their hosts."""

    def __init__(self) -> None:
        self.platforms: dict[str, FakePlatform] = {}
        self.down = False

    def add(self, platform: FakePlatform) -> FakePlatform:
        self.platforms[platform.host] = platform
        return platform

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        if self.down or request.url.host not in self.platforms:
            raise httpx2.ConnectError("no route")
        return self.platforms[request.url.host].handle(request)

    def transport(self) -> httpx2.BaseTransport:
        return httpx2.MockTransport(self.handle)


def moment(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()


def registered(
    platform: FakePlatform, add: Callable[..., LearningPlatform], *, deployment: str = DEPLOYMENT
) -> LearningPlatform:
    """Register a platform at a portal."""
    return add(platform.entry(), (deployment,), "test")
