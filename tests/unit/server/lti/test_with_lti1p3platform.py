"""A platform's side that others wrote, lti1p3platform with PyJWT and jwcrypto: it accepts what the portal signs."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService

from grader.gradebook.lti_platforms import PlatformEntry
from tests.helpers.fake_platform import INSTRUCTOR, LEARNER, PORTAL, key_of
from tests.helpers.lti import TestLti, refusal

ISSUER = "https://theirs.test"
LINE_ITEMS = f"{ISSUER}/items"


class Configuration(LTI1P3PlatformConfAbstract):
    """Their platform, with one tool: the portal."""

    jwks: Any = None

    def init_platform_config(self, **kwargs: Any) -> None:
        key = key_of("theirs.test")
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        made = (
            Registration().set_iss(ISSUER).set_client_id("grader").set_deployment_id("d").set_launch_url(f"{PORTAL}/")
        )
        made.set_oidc_login_url(f"{PORTAL}/lti/login").set_deeplink_launch_url(f"{PORTAL}/")
        self._registration = made.set_platform_private_key(private).set_platform_public_key(public)

    def get_registration_by_params(self, **kwargs: Any) -> Registration:
        assert self._registration
        return self._registration


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **kwargs: Any) -> None:
        self._lti_message_hint = "hint"

    def get_redirect(self, url: str) -> str:
        return url


class Launch(LTIAdvantageMessageLaunchAbstract):
    """Their launch of one person."""

    roles: list[str]
    preflight: dict[str, str]

    def get_preflight_response(self) -> dict[str, str]:
        return self.preflight

    def prepare_launch(self, preflight_response: Any, **kwargs: Any) -> None:
        self.set_user_data("77", self.roles, full_name="Theirs")
        self.set_resource_link_claim("link")
        self.set_launch_context_claim("their-course", context_title="Theirs")
        self.set_ags(LINE_ITEMS, f"{LINE_ITEMS}/1")

    def render_launch_form(self, launch_data: Any, **kwargs: Any) -> Any:
        return launch_data


class Posted(Request):
    """A request of the portal for a score, as their service reads it."""

    def build_metadata(self, request: httpx2.Request) -> Any:
        return {
            "method": request.method,
            "headers": {"Authorization": request.headers["authorization"]},
            "json": json.loads(request.content),
            "path": request.url.path,
            "content_type": request.headers["content-type"],
            "form_data": {},
            "get_data": {},
        }


class Theirs(NamedTuple):
    """Their platform, and the scores that it has accepted."""

    configuration: Configuration
    received: list[Any]


@pytest.fixture
def theirs(lti: TestLti) -> Theirs:
    """Their platform, registered at the portal, with the portal's public keys. Somebody has launched it."""
    configuration, handle = Configuration(), lti.network.handle
    received: list[Any] = []
    configuration.get_registration().set_tool_key_set(lti.browser().get("/lti/jwks").json())
    entry = PlatformEntry(ISSUER, "grader", f"{ISSUER}/auth", f"{ISSUER}/token", f"{ISSUER}/jwks")
    lti.tool.platforms.add(entry, ("d",), "test")

    def route(request: httpx2.Request) -> httpx2.Response:
        mine = request.url.host == "theirs.test"
        return answer_of(configuration, request, received) if mine else handle(request)

    lti.tool.client._client = httpx2.Client(transport=httpx2.MockTransport(route))
    assert "isn't connected yet" in refusal(launched(lti, configuration, [INSTRUCTOR])[0])
    return Theirs(configuration, received)


def launched(lti: TestLti, theirs: Configuration, roles: list[str], *, deep: bool = False) -> tuple[Any, Any]:
    """Return the portal's answer to their launch, and the browser."""
    client = lti.browser()
    login = Login(None, theirs)
    login.set_lti_message_hint()
    window = {"Sec-Fetch-Dest": "document"}
    asked = client.get(login.prepare_preflight_url("77").removeprefix(PORTAL), headers=window).headers["location"]
    launch = Launch(None, theirs)
    launch.roles, launch.preflight = roles, dict(httpx2.URL(asked).params)
    if deep:
        launch.set_dl(f"{ISSUER}/deep", accept_types={"ltiResourceLink"})
    data = launch.lti_launch()
    assert data["launch_url"] == f"{PORTAL}/lti/launch"
    form = {"id_token": data["id_token"], "state": data["state"]}
    return client.post("/lti/launch", data=form), client


class Scores(AssignmentsGradesService):
    """Their grade service, with one line item. It keeps what it accepts."""

    def __init__(self, *arguments: Any, received: list[Any]) -> None:
        super().__init__(*arguments)
        self.received = received

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        self.received.append((line_item_id, score))
        return UpdateScoreStatus.SUCCESS

    def find_lineitems(self, *arguments: Any, **options: Any) -> Any:
        raise NotImplementedError

    find_lineitem = create_lineitem = update_lineitem = delete_lineitem = get_results = find_lineitems


def answer_of(theirs: Configuration, request: httpx2.Request, received: list[Any]) -> httpx2.Response:
    """Return the answer of their platform to a request of the portal, by their own code."""
    if request.url.path == "/jwks":
        kid = theirs.get_registration().get_kid()
        return httpx2.Response(200, json={"keys": [{**key, "kid": kid} for key in theirs.get_jwks()["keys"]]})
    if request.url.path == "/token":
        return httpx2.Response(200, json=theirs.get_access_token(dict(httpx2.QueryParams(request.content.decode()))))
    service = Scores(Posted(request), theirs, LINE_ITEMS, f"{LINE_ITEMS}/1", received=received)
    item = request.url.path.removesuffix("/scores").rpartition("/")[2]
    answer = service.handle_resp(service.handle_update_score, line_item_id=item)
    return httpx2.Response(answer.code, json=answer.result)


def test_their_student_gets_in_and_their_service_gets_the_score(lti: TestLti, theirs: Theirs) -> None:
    """Launch, assertion for a token, and score, each read by their code."""
    lti.tool.courses.accept(2, "ira")
    answer, client = launched(lti, theirs.configuration, [LEARNER])
    assert answer.status_code == 303 and client.get("/assignments/tiny").status_code == 200
    person = lti.portal.roster.find("lti2-77")
    assert person and person.name == "Theirs"
    lti.grade(person, 3.0)
    assert lti.send_all() == 1 and lti.states() == ["sent"]
    ((item, score),) = theirs.received
    assert (item, score["userId"], score["scoreGiven"], score["scoreMaximum"]) == ("1", "77", 3.0, 5.0)


def test_their_instructor_chooses_an_assignment(lti: TestLti, theirs: Theirs) -> None:
    """They accept the signed choice."""
    lti.tool.courses.accept(2, "ira")
    answer, client = launched(lti, theirs.configuration, [INSTRUCTOR], deep=True)
    location = answer.headers["location"]
    token = client.get(location).text.partition('name="csrf" value="')[2][:64]
    page = client.post(location, data={"assignment": "tiny", "csrf": token}).text
    signed = page.partition('name="JWT" value="')[2].partition('"')[0]
    (item,) = theirs.configuration.validate_deeplinking_resp({"JWT": signed})
    assert item["url"] == f"{PORTAL}/assignments/tiny"
