"""Claims of a launch: what a platform says of the person, the course, the link and its services."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import field

from grader._util.escaping import one_line
from grader.gradebook.roster import MAX_EMAIL, MAX_NAME, Role
from grader.server.lti.tokens import InvalidToken

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINK = "LtiDeepLinkingRequest"
MAX_TEXT = 2000  # characters of an id or address
MAX_DATA = 1 << 16  # characters of what a platform wants back
MAX_ROLES = 100

ROLES: dict[str, Role] = {"Learner": "student", "Instructor": "instructor", "Administrator": "instructor"}
ASSISTANT = "Instructor#TeachingAssistant"


class ContextClaim(msgspec.Struct, frozen=True):
    """Course of the platform."""

    id: str
    title: str = ""
    label: str = ""


class ResourceLinkClaim(msgspec.Struct, frozen=True):
    """Link in the course."""

    id: str
    title: str = ""


class AgsClaim(msgspec.Struct, frozen=True):
    """Assignment and Grade Services."""

    scope: list[str] = []
    lineitems: str = ""
    lineitem: str = ""


class NrpsClaim(msgspec.Struct, frozen=True):
    """Names and Role Provisioning Services."""

    context_memberships_url: str = ""


class DeepLinkingSettings(msgspec.Struct, frozen=True):
    """Where the choice of an instructor goes."""

    deep_link_return_url: str
    accept_types: list[str] = []
    data: str = ""


class PlatformClaim(msgspec.Struct, frozen=True):
    """Product of the platform."""

    product_family_code: str = ""


class PresentationClaim(msgspec.Struct, frozen=True):
    """Where the platform shows the tool."""

    document_target: str = ""


class LaunchClaims(msgspec.Struct, frozen=True):
    """Claims of a launch, by their types alone; `launch.check_launch` says whether they fit."""

    iss: str
    aud: str | list[str]
    exp: float
    iat: float
    nonce: str
    message_type: str = field(name=f"{LTI}message_type")
    version: str = field(name=f"{LTI}version")
    deployment: str = field(name=f"{LTI}deployment_id")
    sub: str = ""
    azp: str | None = None
    nbf: float = 0.0
    target: str = field(name=f"{LTI}target_link_uri", default="")
    roles: list[str] = field(name=f"{LTI}roles", default_factory=list)
    context: ContextClaim | None = field(name=f"{LTI}context", default=None)
    resource_link: ResourceLinkClaim | None = field(name=f"{LTI}resource_link", default=None)
    custom: dict[str, Any] = field(name=f"{LTI}custom", default_factory=dict)
    platform: PlatformClaim = field(name=f"{LTI}tool_platform", default=PlatformClaim())
    presentation: PresentationClaim = field(name=f"{LTI}launch_presentation", default=PresentationClaim())
    ags: AgsClaim = field(name=AGS_CLAIM, default=AgsClaim())
    nrps: NrpsClaim = field(name=NRPS_CLAIM, default=NrpsClaim())
    deep_linking: DeepLinkingSettings | None = field(name=f"{DEEP_LINKING}deep_linking_settings", default=None)
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""

    @property
    def person_name(self) -> str:
        """Return the name of the person; empty if the platform keeps it to itself."""
        return one_line(self.name or f"{self.given_name} {self.family_name}", MAX_NAME)

    @property
    def person_email(self) -> str:
        """Return the address of the person; empty if the platform keeps it to itself."""
        return self.email if len(self.email) <= MAX_EMAIL and self.email.isprintable() else ""


def read_claims(claims: dict[str, Any]) -> LaunchClaims:
    """Return the claims of a verified token. Raises InvalidToken if one is missing, or of another type or size."""
    given = {name: value for name, value in claims.items() if value is not None}
    try:
        read = msgspec.convert(given, LaunchClaims)
    except msgspec.ValidationError as problem:
        raise InvalidToken(f"a claim of the token isn't valid: {one_line(str(problem), 200)}") from None
    context, link = read.context or ContextClaim(""), read.resource_link or ResourceLinkClaim("")
    texts = (read.deployment, read.target, context.id, link.id, read.ags.lineitem, read.ags.lineitems)
    if max(map(len, (*texts, read.nrps.context_memberships_url, *read.ags.scope, ""))) > MAX_TEXT:
        raise InvalidToken(f"a claim of the token has more than {MAX_TEXT} characters")
    if len(read.roles) > MAX_ROLES or len(read.ags.scope) > MAX_ROLES:
        raise InvalidToken(f"a claim of the token has more than {MAX_ROLES} entries")
    if read.deep_linking and len(read.deep_linking.data) > MAX_DATA:
        raise InvalidToken(f"the data of the token has more than {MAX_DATA} characters")
    return read


def role_of(roles: list[str]) -> Role | None:
    """Return the role of a person in the course; None if they have none that may use the portal.

    Only roles in the course count: an administrator of the institution isn't an instructor. A teaching assistant has
    the role of an instructor beside it, in the standard.
    """
    short = {role.removeprefix(f"{MEMBERSHIP}#") for role in roles}
    sub = {role.removeprefix(f"{MEMBERSHIP}/") for role in roles}
    found = {ROLES[role] for role in short if role in ROLES}
    if ASSISTANT in sub and "Administrator" not in short:
        return "assistant"
    return next((role for role in ("instructor", "student") if role in found), None)
