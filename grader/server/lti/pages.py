"""Addresses that platforms and browsers use at a launch: login, launch, choice of an assignment, registration, keys."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from grader._util import logs
from grader._util.escaping import one_line
from grader.errors import UserError
from grader.gradebook.lti_platforms import LearningPlatform
from grader.gradebook.roster import Person
from grader.gradebook.sessions import LIFETIME
from grader.server.access_log import POLICY
from grader.server.auth import TheInstructor, ThePortal, check_csrf, set_cookie, viewer_of
from grader.server.lti.claims import DEEP_LINK, LaunchClaims, read_claims, role_of
from grader.server.lti.content_items import Choice, signed_choice
from grader.server.lti.cookies import FRAME_COOKIE, login_cookie, set_frame_cookie
from grader.server.lti.launch import (
    LaunchRefused,
    Login,
    Verified,
    assignment_of,
    binding_digest,
    check_launch,
    context_entry,
    destination,
    find_platform,
    is_bound,
    login_address,
    member_entry,
    read_login,
    storage_frame,
)
from grader.server.lti.limits import CHOICE_SECONDS, LOGIN_SECONDS, MAX_WORDS, WINDOW_SECONDS
from grader.server.lti.platform_client import is_safe_url, origin_of, without_query
from grader.server.lti.registration import register
from grader.server.lti.services import SCORE
from grader.server.portal import Portal
from grader.server.templating import render

LOG = logging.getLogger("grader.server.lti")
SEE_OTHER = 303
MAX_TICKET = 100  # characters
MAX_FORM_FIELDS = 50
FRAMES = ("iframe", "frame")
WHO = "LTI"  # in the audit log


class Window(msgspec.Struct, frozen=True):
    """Who opens a window after a launch, and where it leads."""

    person: int
    path: str


def open_to_platforms(request: Request, portal: ThePortal) -> None:
    """Let the pages of registered platforms show the response in a frame."""
    request.state.frame_origins = portal.lti.origins()


router = APIRouter(include_in_schema=False, prefix="/lti", dependencies=[Depends(open_to_platforms)])


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, of each the last."""
    form = await request.form(max_files=0, max_fields=MAX_FORM_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


TheForm = Annotated[dict[str, str], Depends(form_of)]


@contextmanager
def refusing(what: str, issuer: str = "") -> Iterator[None]:
    """Answer 403 with a sentence, and log it, if something isn't accepted."""
    try:
        yield
    except UserError as problem:
        logs.event(LOG, logging.WARNING, f"{what} refused", platform=one_line(issuer, 200), why=str(problem))
        sentence = f"This {what} isn't accepted: {problem}. Open the link in the platform again. "
        raise HTTPException(403, f"{sentence}If that doesn't help, show this to your instructor.") from None


@router.get("/jwks")
def jwks(portal: ThePortal) -> JSONResponse:
    """Return the public keys of the tool."""
    return JSONResponse(portal.lti.keys.jwks())


@router.get("/login")
def begin_login(request: Request, portal: ThePortal) -> Response:
    """Begin a login that a platform asks for, and send the browser to the platform's authentication."""
    return _begin(request, portal, dict(request.query_params))


@router.post("/login")
def begin_login_by_form(request: Request, portal: ThePortal, form: TheForm) -> Response:
    """Begin a login that a platform asks for, and send the browser to the platform's authentication."""
    return _begin(request, portal, form)


def _begin(request: Request, portal: Portal, given: dict[str, str]) -> Response:
    tool = portal.lti
    with refusing("login", given.get("iss", "")):
        parameters = read_login(given, tool.url)
        platform = find_platform(
            tool.platforms.of_issuer(parameters["iss"], parameters.get("client_id", "")), parameters
        )
        secret, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        login = Login(platform.number, nonce, binding_digest(secret), parameters, storage_frame(given))
        state = tool.tickets.issue("login", login, LOGIN_SECONDS)
        address = login_address(platform, login, state, tool.url)
    check = f"/lti/login/cookie?{urlencode({'state': state})}"
    in_window = request.headers.get("sec-fetch-dest") == "document"
    response: Response = RedirectResponse(address if in_window else check, SEE_OTHER)
    if login.storage:
        step = {"put": login_cookie(state), "value": secret, "next": address, "check": check}
        response = _storage_step(request, platform, login, step)
    set_frame_cookie(response, login_cookie(state), secret, int(LOGIN_SECONDS))
    return response


@router.get("/login/cookie")
def go_on_with_login(request: Request, portal: ThePortal, state: str = "") -> Response:
    """Go on to the platform if the browser has kept the cookie of the login; else offer a window of its own.

    That is found out before the platform sees the login, because Moodle and Canvas answer to one login once.
    """
    tool = portal.lti
    login = tool.tickets.look("login", state[:MAX_TICKET], Login)
    platform = tool.platforms.get(login.platform) if login else None
    with refusing("login", platform.entry.issuer if platform else ""):
        if login is None or platform is None:
            raise LaunchRefused("it took too long")
    if is_bound(login, request.cookies.get(login_cookie(state), "")):
        return RedirectResponse(login_address(platform, login, state, tool.url), SEE_OTHER)
    logs.event(LOG, logging.INFO, "login without cookie", platform=platform.entry.issuer)
    return _step(request, {"window": _again(login)})


def _storage_step(request: Request, platform: LearningPlatform, login: Login, step: dict[str, str]) -> HTMLResponse:
    """Return a page that puts something into the platform's storage, or asks for it."""
    origin = origin_of(platform.entry.auth_url)
    return _step(request, {"frame": login.storage, "origin": origin, "window": _again(login), **step})


def _step(request: Request, values: dict[str, str]) -> HTMLResponse:
    """Return a page between two steps of a launch. With a `window` alone, it offers to open that."""
    names = ("frame", "origin", "put", "value", "next", "check", "get", "ticket", "window")
    return render(request, "lti_step.html", None, **{name: values.get(name, "") for name in names})


def _again(login: Login) -> str:
    """Return the address that begins a login once more, in a window of its own."""
    return f"/lti/login?{urlencode(login.parameters)}"


@router.post("/launch")
def launch(request: Request, portal: ThePortal, form: TheForm) -> Response:
    """Accept a launch that a platform has signed."""
    tool, state = portal.lti, form.get("state", "")
    login = tool.tickets.take("login", state[:MAX_TICKET], Login)
    platform = tool.platforms.get(login.platform) if login else None
    with refusing("launch", platform.entry.issuer if platform else ""):
        if login is None or platform is None:
            raise LaunchRefused("it belongs to no login that began here, or was used before, or took too long")
        if error := form.get("error"):
            words = one_line(f"{error} {form.get('error_description', '')}", MAX_WORDS)
            raise LaunchRefused(f"the platform says {words}")
        claims = tool.platform_keys.verify(platform, form.get("id_token", ""))
        check_launch(platform, login, read_claims(claims), tool.url, tool.now())
        bound = is_bound(login, request.cookies.get(login_cookie(state), ""))
        if not bound and not login.storage:
            raise LaunchRefused("this browser didn't begin it, or has lost the cookie of the login")
    if not bound:
        ticket = tool.tickets.issue("launch", Verified(login, claims), WINDOW_SECONDS)
        return _storage_step(request, platform, login, {"get": login_cookie(state), "ticket": ticket})
    response = _complete(request, portal, platform, read_claims(claims))
    set_frame_cookie(response, login_cookie(state), "", 0)
    return response


@router.post("/launch/continue")
def continue_launch(
    request: Request,
    portal: ThePortal,
    ticket: Annotated[str, Form()] = "",
    binding: Annotated[str, Form()] = "",
) -> Response:
    """Go on with a launch whose browser has shown, by the platform's storage, that it began the login."""
    tool = portal.lti
    verified = tool.tickets.take("launch", ticket[:MAX_TICKET], Verified)
    platform = tool.platforms.get(verified.login.platform) if verified else None
    with refusing("launch", platform.entry.issuer if platform else ""):
        if verified is None or platform is None or not is_bound(verified.login, binding):
            raise LaunchRefused("this browser didn't begin it, or it took too long")
    return _complete(request, portal, platform, read_claims(verified.claims))


def _complete(request: Request, portal: Portal, platform: LearningPlatform, claims: LaunchClaims) -> Response:
    """Let the person of a launch in."""
    tool = portal.lti
    with refusing("launch", platform.entry.issuer):
        role = role_of(claims.roles)
        if role is None or (claims.message_type == DEEP_LINK and role != "instructor"):
            raise LaunchRefused("you have no role in the course that may do this")
        tool.platforms.learn_product(platform, claims.platform.product_family_code.lower())
        context = tool.courses.arrive(platform.number, context_entry(claims, tool.loopback))
        if not context.accepted:
            raise LaunchRefused(
                f"the course {one_line(context.entry.title, 100)} isn't connected yet; an instructor of the portal "
                f"accepts it at {tool.url}/lti"
            )
        person = tool.courses.enter(context, member_entry(claims, role), f"{WHO} {platform.number}")
        if person.revoked:
            raise LaunchRefused("your access was revoked")
        assignment = assignment_of(claims, list(portal.courses))
        if claims.message_type == DEEP_LINK:
            path = _choice_path(portal, platform, claims, person)
        else:
            path = destination(claims, assignment)
            line_item = claims.ags.lineitem if is_safe_url(claims.ags.lineitem, tool.loopback) else ""
            if assignment and SCORE in claims.ags.scope and claims.resource_link:
                tool.courses.bind(context.number, assignment, claims.resource_link.id, line_item)
    logs.event(LOG, logging.INFO, "launch", platform=platform.entry.issuer, person=person.id, role=person.role)
    return _enter(request, portal, person, path, framed=_is_framed(request, claims))


def _is_framed(request: Request, claims: LaunchClaims) -> bool:
    """Return whether the launch is in a frame of the platform's page."""
    where = request.headers.get("sec-fetch-dest") or claims.presentation.document_target
    return where in FRAMES


def _enter(request: Request, portal: Portal, person: Person, path: str, *, framed: bool) -> Response:
    """Start a session and go to a page. In a frame, look first whether the browser keeps the cookie."""
    session = portal.sessions.start(person.number, datetime.now(UTC))
    if not framed:
        response = RedirectResponse(path, SEE_OTHER)
        set_cookie(request, response, session)
        return response
    ticket = portal.lti.tickets.issue("window", Window(person.number, path), WINDOW_SECONDS)
    response = RedirectResponse(f"/lti/arrived/{ticket}", SEE_OTHER)
    set_frame_cookie(response, FRAME_COOKIE, session, int(LIFETIME.total_seconds()))
    return response


@router.get("/arrived/{ticket}")
def arrived(ticket: str, request: Request, portal: ThePortal) -> Response:
    """Go on to the page of a launch; offer a window of its own if the browser keeps no cookie in the frame."""
    window = portal.lti.tickets.look("window", ticket[:MAX_TICKET], Window)
    if window is None:
        raise HTTPException(403, "This page was open for too long. Open the link in the platform again.")
    try:
        if viewer_of(request).person.number == window.person:
            portal.lti.tickets.take("window", ticket, Window)
            return RedirectResponse(window.path, SEE_OTHER)
    except HTTPException:
        pass
    return _step(request, {"window": f"/lti/open/{ticket}"})


@router.get("/open/{ticket}")
def open_window(ticket: str, request: Request, portal: ThePortal) -> Response:
    """Start a session in a window of its own, once."""
    window = portal.lti.tickets.take("window", ticket[:MAX_TICKET], Window)
    person = portal.roster.get(window.person) if window else None
    if window is None or person is None or person.revoked:
        raise HTTPException(403, "This address works once, and for a few minutes. Open the link in the platform again.")
    return _enter(request, portal, person, window.path, framed=False)


def _choice_path(portal: Portal, platform: LearningPlatform, claims: LaunchClaims, person: Person) -> str:
    """Return the page where an instructor chooses an assignment for a link. Raises LaunchRefused."""
    settings = claims.deep_linking
    assert settings
    if not is_safe_url(settings.deep_link_return_url, portal.lti.loopback):
        raise LaunchRefused("the choice would go to an address that isn't the platform's")
    if settings.accept_types and "ltiResourceLink" not in settings.accept_types:
        raise LaunchRefused("the platform accepts no links here")
    choice = Choice(platform.number, person.number, claims.deployment, settings.deep_link_return_url, settings.data)
    return f"/lti/choose/{portal.lti.tickets.issue('choice', choice, CHOICE_SECONDS)}"


@router.get("/choose/{ticket}")
def choose_by_form(ticket: str, request: Request, portal: ThePortal, viewer: TheInstructor) -> Response:
    """Show the assignments that a link may lead to."""
    if portal.lti.tickets.look("choice", ticket[:MAX_TICKET], Choice) is None:
        raise HTTPException(404, "This choice was made already, or was open for too long.")
    courses = list(portal.courses.values())
    return render(request, "lti_choose.html", viewer, courses=courses, ticket=ticket)


@router.post("/choose/{ticket}")
def chosen(
    ticket: str,
    request: Request,
    portal: ThePortal,
    viewer: TheInstructor,
    assignment: Annotated[str, Form()] = "",
    csrf: Annotated[str, Form()] = "",
) -> Response:
    """Send the choice to the platform, signed."""
    check_csrf(request, viewer, csrf)
    course = portal.courses.get(assignment)
    if course is None:
        raise HTTPException(404, "There is no such assignment.")
    choice = portal.lti.tickets.take("choice", ticket[:MAX_TICKET], Choice)
    platform = portal.lti.platforms.get(choice.platform) if choice else None
    if choice is None or platform is None or choice.person != viewer.person.number:
        raise HTTPException(404, "This choice was made already, or was open for too long.")
    token = signed_choice(portal.lti.keys, platform, choice, course.assignment, portal.lti.url)
    page = render(request, "lti_return.html", viewer, address=choice.return_url, token=token)
    schemes = "https: http:" if portal.lti.loopback else "https:"  # a platform may redirect to another host of its own
    page.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action {schemes}")
    return page


@router.get("/register/{code}")
def register_platform(
    code: str,
    request: Request,
    portal: ThePortal,
    openid_configuration: str = "",
    registration_token: str = "",
) -> Response:
    """Register the portal at a platform whose administrator has opened a registration link.

    Platforms show the page in a frame (Moodle) or in a window (Brightspace), and wait until it says that it has ended.
    """
    tool = portal.lti
    if is_safe_url(openid_configuration, tool.loopback):
        request.state.frame_origins = f"{tool.origins()} {origin_of(openid_configuration)}".strip()
    if not openid_configuration:
        raise HTTPException(400, "This address is for a platform's tool registration; paste it there.")
    who = tool.tickets.take("registration", code[:MAX_TICKET], str)
    with refusing("registration", without_query(openid_configuration)):  # which may hold a token
        if who is None:
            raise LaunchRefused("the registration link was used before, or is too old")
        entry, deployments = register(tool.client, openid_configuration, registration_token, tool.url)
        platform = tool.platforms.add(entry, deployments, who)
    logs.event(LOG, logging.INFO, "platform registered", platform=entry.issuer, client=entry.client_id)
    hint = "" if deployments else f" Add its deployment: grader lti platform deployment {platform.number} ID."
    page = render(request, "lti_registered.html", None, title="Registered", hint=hint)
    page.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"  # else it doesn't know the window that opened it
    return page
