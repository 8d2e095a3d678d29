"""Rules of a launch: which one is accepted, as whom, and where it leads."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import msgspec

from grader.errors import UserError
from grader.gradebook.lti_courses import ContextEntry, MemberEntry
from grader.gradebook.lti_platforms import LearningPlatform
from grader.gradebook.roster import Role
from grader.server.lti.claims import DEEP_LINK, RESOURCE_LINK, LaunchClaims
from grader.server.lti.limits import CLOCK_SECONDS, MAX_AGE_SECONDS, MAX_PARAMETER
from grader.server.lti.platform_client import is_safe_url

LAUNCH_PATH = "/lti/launch"
PARAMETERS = ("iss", "login_hint", "target_link_uri", "client_id", "lti_deployment_id", "lti_message_hint")
STORAGE = "lti_storage_target"  # frame of the platform that keeps data for tools
FRAME = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)
TARGET = re.compile(r"/(assignments|submissions)/([^/]+)/?")
CUSTOM_ASSIGNMENT = "assignment"  # custom parameter that names the assignment, too


class LaunchRefused(UserError):
    """A launch that isn't accepted. The text is a sentence for people and the log, without anything secret."""


class Login(msgspec.Struct, frozen=True):
    """A login that began here and goes on at the platform."""

    platform: int
    nonce: str
    binding: str  # digest of the secret that the browser holds
    parameters: dict[str, str]  # with which the platform began it
    storage: str = ""  # frame of the platform that holds the secret, too; empty if it has none


class Verified(msgspec.Struct, frozen=True):
    """A launch whose token was checked, and whose browser wasn't yet."""

    login: Login
    claims: dict[str, Any]


def read_login(given: dict[str, str], url: str) -> dict[str, str]:
    """Return the parameters of a login. Raises LaunchRefused if one is missing or too long, or leads elsewhere.

    :param url: address of the portal
    """
    found = {name: given[name] for name in PARAMETERS if given.get(name)}
    if long := [name for name, value in found.items() if len(value) > MAX_PARAMETER]:
        raise LaunchRefused(f"the platform's login has too long a {long[0]}")
    if missing := [name for name in PARAMETERS[:3] if name not in found]:
        raise LaunchRefused(f"the platform's login has no {missing[0]}")
    check_target(found["target_link_uri"], url)
    return found


def storage_frame(given: dict[str, str]) -> str:
    """Return the frame of the platform that keeps data for tools; empty if there is none."""
    frame = given.get(STORAGE, "")
    return frame if FRAME.fullmatch(frame) else ""


def find_platform(found: list[LearningPlatform], parameters: dict[str, str]) -> LearningPlatform:
    """Return the platform of a login. Raises LaunchRefused if it isn't registered, or its deployment isn't."""
    if not found:
        raise LaunchRefused("no platform with this issuer and client id is registered")
    if len(found) > 1:
        raise LaunchRefused("several platforms have this issuer, and the login has no client_id that tells which")
    deployment = parameters.get("lti_deployment_id")
    if deployment and deployment not in found[0].deployments:
        raise LaunchRefused(unknown_deployment(found[0]))
    return found[0]


def unknown_deployment(platform: LearningPlatform) -> str:
    """Return what to do about a deployment that isn't registered."""
    return (
        "the platform launches by a deployment that isn't registered; "
        f"`grader lti platform deployment {platform.number} ID` adds it"
    )


def login_address(platform: LearningPlatform, login: Login, state: str, url: str) -> str:
    """Return where the browser goes on: the platform's authentication request."""
    base, _, query = platform.entry.auth_url.partition("?")
    asked = dict(parse_qsl(query, keep_blank_values=True))
    asked |= {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
    asked |= {"client_id": platform.entry.client_id, "redirect_uri": f"{url}{LAUNCH_PATH}"}
    asked |= {"login_hint": login.parameters["login_hint"], "state": state, "nonce": login.nonce}
    if hint := login.parameters.get("lti_message_hint"):
        asked["lti_message_hint"] = hint
    return f"{base}?{urlencode(asked)}"


def binding_digest(secret: str) -> str:
    """Return what the gradebook holds of the secret of a browser."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_bound(login: Login, secret: str) -> bool:
    """Return whether a browser holds the secret of a login."""
    return hmac.compare_digest(login.binding, binding_digest(secret))


def check_launch(platform: LearningPlatform, login: Login, claims: LaunchClaims, url: str, now: float) -> None:
    """Raise LaunchRefused if the claims of a verified token aren't those of this login.

    :param now: seconds since 1970
    """
    audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    client = platform.entry.client_id
    rules = (
        (claims.iss == platform.entry.issuer, "the token is of another issuer"),
        (client in audience, "the token is for another tool"),
        (claims.azp == client or (claims.azp is None and len(audience) == 1), "the token is for another party"),
        (claims.exp > now - CLOCK_SECONDS, "the token has expired"),
        (claims.iat <= now + CLOCK_SECONDS and claims.nbf <= now + CLOCK_SECONDS, "the token is of the future"),
        (claims.iat > now - MAX_AGE_SECONDS, "the token is too old"),
        (hmac.compare_digest(claims.nonce.encode(), login.nonce.encode()), "the token is of another login"),
        (claims.deployment in platform.deployments, unknown_deployment(platform)),
        (claims.version == "1.3.0", "the token is of another version of LTI"),
        (claims.message_type in (RESOURCE_LINK, DEEP_LINK), "the token is of another kind of message"),
        (bool(claims.sub), "the launch is anonymous"),
        (claims.context is not None and bool(claims.context.id), "the launch isn't from a course"),
    )
    for holds, why in rules:
        if not holds:
            raise LaunchRefused(why)
    if claims.message_type == RESOURCE_LINK and not (claims.resource_link and claims.resource_link.id):
        raise LaunchRefused("the launch names no link")
    if claims.message_type == DEEP_LINK and not claims.deep_linking:
        raise LaunchRefused("the launch says nothing of where the choice goes")
    if claims.message_type == RESOURCE_LINK or claims.target:
        check_target(claims.target, url)


def check_target(target: str, url: str) -> None:
    """Raise LaunchRefused if an address isn't one of the portal's."""
    mine, given = urlsplit(url), urlsplit(target)
    if not is_safe_url(target, loopback=True) or (mine.scheme, mine.netloc) != (given.scheme, given.netloc.lower()):
        raise LaunchRefused("the launch leads to an address that isn't the portal's")


def assignment_of(claims: LaunchClaims, assignments: list[str]) -> str:
    """Return the assignment of a link: by its address, by the custom parameter, or because there is one alone.

    Empty if the link names none that the portal has.
    """
    path = TARGET.fullmatch(urlsplit(claims.target).path)
    named = unquote(path[2]) if path and path[1] == "assignments" else claims.custom.get(CUSTOM_ASSIGNMENT)
    if named is not None:
        return named if named in assignments else ""
    return assignments[0] if len(assignments) == 1 else ""


def destination(claims: LaunchClaims, assignment: str) -> str:
    """Return the path in the portal to which a launch leads."""
    path = TARGET.fullmatch(urlsplit(claims.target).path)
    if path and path[1] == "submissions":
        return f"/submissions/{quote(unquote(path[2]), safe='')}"
    return f"/assignments/{quote(assignment, safe='')}" if assignment else "/"


def context_entry(claims: LaunchClaims, loopback: bool) -> ContextEntry:
    """Return the course of a launch. Addresses of services that can't be the platform's are left out.

    :param loopback: whether addresses of this machine are allowed
    """
    assert claims.context
    line_items, memberships = (
        address if is_safe_url(address, loopback) else ""
        for address in (claims.ags.lineitems, claims.nrps.context_memberships_url)
    )
    title = claims.context.title or claims.context.label or claims.context.id
    scopes = tuple(sorted(scope for scope in claims.ags.scope if scope and " " not in scope))
    return ContextEntry(claims.context.id, title, line_items, memberships, scopes)


def member_entry(claims: LaunchClaims, role: Role) -> MemberEntry:
    """Return the person of a launch."""
    return MemberEntry(claims.sub, claims.person_name, claims.person_email, role)
