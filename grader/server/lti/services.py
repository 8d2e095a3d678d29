"""Services of a platform: access tokens, members of a course, line items and scores."""

from __future__ import annotations

import html
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from msgspec import field

from grader._util.escaping import one_line
from grader.gradebook.lti_courses import LtiContext, MemberEntry
from grader.gradebook.lti_platforms import LearningPlatform
from grader.gradebook.roster import MAX_EMAIL, MAX_NAME, MAX_PEOPLE
from grader.server.lti.claims import role_of
from grader.server.lti.limits import MAX_LINE_ITEMS, MAX_PAGES, TOKEN_MARGIN
from grader.server.lti.platform_client import PlatformAnswer, PlatformClient, PlatformRefused, TokenRefused, origin_of
from grader.server.lti.tool_keys import ToolKeys

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM, LINE_ITEM_READ, SCORE = f"{AGS}lineitem", f"{AGS}lineitem.readonly", f"{AGS}score"
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES = (LINE_ITEM, LINE_ITEM_READ, SCORE, MEMBERS)
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
FORM_TYPE = "application/x-www-form-urlencoded"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float = 3600.0


class _Member(msgspec.Struct):
    user_id: str
    roles: list[str] = []
    status: str = "Active"
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None


class _Members(msgspec.Struct):
    members: list[_Member]


class _LineItem(msgspec.Struct):
    id: str
    resource: str | None = field(name="resourceId", default=None)
    link: str | None = field(name="resourceLinkId", default=None)


class PlatformServices:
    """Services of platforms. Thread-safe. Methods raise PlatformUnreachable and PlatformRefused.

    :param now: returns seconds of a clock that is never set back
    """

    def __init__(self, client: PlatformClient, keys: ToolKeys, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._keys = keys
        self._now = now
        self._tokens: dict[tuple[int, str], tuple[str, float]] = {}  # (platform, scopes) -> token, when it ends
        self._lock = threading.Lock()

    def members(self, platform: LearningPlatform, context: LtiContext) -> list[MemberEntry]:
        """Return all members of a course, with a role here. Students whose membership has ended are inactive."""
        url = context.entry.memberships
        if not url:
            raise PlatformRefused(0, "the platform offers no list of members for this course")
        found: list[MemberEntry] = []
        for page in self._pages(platform, url, (MEMBERS,), MEMBERS_TYPE):
            found += _as_members(page.json(_Members).members)
            if len(found) > MAX_PEOPLE:
                raise PlatformRefused(200, f"more than {MAX_PEOPLE} members")
        return found

    def find_line_item(self, platform: LearningPlatform, context: LtiContext, assignment: str, link: str) -> str:
        """Return the address of the line item of an assignment: by its resourceId, else of its link; empty if none."""
        url = context.entry.line_items
        scope = LINE_ITEM if LINE_ITEM in context.entry.scopes else LINE_ITEM_READ
        if not url or scope not in context.entry.scopes:
            return ""
        items: list[_LineItem] = []
        # A platform may ignore the filter, so its answer is looked through.
        for page in self._pages(platform, with_query(url, {"resource_id": assignment}), (scope,), LINE_ITEMS_TYPE):
            items += page.json(list[_LineItem])
            if len(items) > MAX_LINE_ITEMS:
                raise PlatformRefused(200, f"more than {MAX_LINE_ITEMS} line items")
        if not any(item.resource == assignment for item in items) and link:
            for page in self._pages(platform, with_query(url, {"resource_link_id": link}), (scope,), LINE_ITEMS_TYPE):
                items += [item for item in page.json(list[_LineItem]) if not item.resource][:MAX_LINE_ITEMS]
        by_resource = (item.id for item in items if item.resource == assignment)
        by_link = (item.id for item in items if link and item.link == link and not item.resource)
        return next(by_resource, "") or next(by_link, "")

    def create_line_item(
        self, platform: LearningPlatform, context: LtiContext, assignment: str, label: str, max_score: float
    ) -> str:
        """Create the line item of an assignment and return its address; empty if the platform doesn't allow it.

        Call `find_line_item` first: a platform creates another one each time.
        """
        if LINE_ITEM not in context.entry.scopes or not context.entry.line_items:
            return ""
        wanted = {"scoreMaximum": max_score, "label": label, "resourceId": assignment}
        body = msgspec.json.encode(wanted)
        answer = self._send(platform, context.entry.line_items, (LINE_ITEM,), body, LINE_ITEM_TYPE)
        made: _LineItem = answer.json(_LineItem)
        return made.id

    def send_score(self, platform: LearningPlatform, line_item: str, score: Mapping[str, Any]) -> None:
        """Send a score to a line item."""
        self._send(platform, scores_address(line_item), (SCORE,), msgspec.json.encode(score), SCORE_TYPE)

    def _pages(
        self, platform: LearningPlatform, url: str, scopes: tuple[str, ...], kind: str
    ) -> Iterator[PlatformAnswer]:
        """Yield the pages of a list. They have to be at the place of the first one, which gets the access token."""
        first = origin_of(url)
        for _ in range(MAX_PAGES):
            answer = self._get(platform, url, scopes, kind)
            yield answer
            if not answer.next:
                return
            if origin_of(answer.next) != first:
                raise PlatformRefused(200, "the next page of a list is at another place")
            url = answer.next
        raise PlatformRefused(200, f"a list of more than {MAX_PAGES} pages")

    def _get(self, platform: LearningPlatform, url: str, scopes: tuple[str, ...], kind: str) -> PlatformAnswer:
        return self._authorized(platform, scopes, lambda headers: self._client.get(url, {**headers, "Accept": kind}))

    def _send(
        self, platform: LearningPlatform, url: str, scopes: tuple[str, ...], body: bytes, kind: str
    ) -> PlatformAnswer:
        return self._authorized(platform, scopes, lambda headers: self._client.post(url, body, kind, headers))

    def _authorized(
        self, platform: LearningPlatform, scopes: tuple[str, ...], send: Callable[[Mapping[str, str]], PlatformAnswer]
    ) -> PlatformAnswer:
        """Send a request with an access token; with a new one if the platform refuses the one that it gave before."""
        token, fresh = self._token(platform, scopes)
        try:
            return send({"Authorization": f"Bearer {token}"})
        except PlatformRefused as problem:
            if problem.status != 401 or fresh:
                raise
        self._forget(platform, scopes)
        token, _ = self._token(platform, scopes)
        return send({"Authorization": f"Bearer {token}"})

    def _token(self, platform: LearningPlatform, scopes: tuple[str, ...]) -> tuple[str, bool]:
        """Return an access token, and whether it is new."""
        key = (platform.number, " ".join(scopes))
        with self._lock:
            token, end = self._tokens.get(key, ("", 0.0))
        if token and self._now() < end:
            return token, False
        url, client = platform.entry.token_url, platform.entry.client_id
        claims = {"iss": client, "sub": client, "aud": platform.entry.audience or url}
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "scope": key[1]}
        body = urlencode({**form, "client_assertion": self._keys.sign(claims)}).encode()
        try:
            given: _Token = self._client.post(url, body, FORM_TYPE, {"Accept": "application/json"}).json(_Token)
        except PlatformRefused as problem:
            raise TokenRefused(problem.status, f"no access token: {problem.words}", problem.wait) from None
        with self._lock:
            self._tokens[key] = (given.access_token, self._now() + given.expires_in - TOKEN_MARGIN)
        return given.access_token, True

    def _forget(self, platform: LearningPlatform, scopes: tuple[str, ...]) -> None:
        with self._lock:
            self._tokens.pop((platform.number, " ".join(scopes)), None)


def scores_address(line_item: str) -> str:
    """Return where the scores of a line item go: /scores behind its path, before its query, which Moodle has."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))


def with_query(url: str, more: Mapping[str, str]) -> str:
    """Return an address with further parameters."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *more.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _as_members(members: list[_Member]) -> Iterator[MemberEntry]:
    """Yield members with a role here. Moodle's list has names and addresses as HTML, such as "A &amp; B"."""
    for member in members:
        role = role_of(member.roles)
        if role is None:
            continue
        name = html.unescape(member.name or f"{member.given_name or ''} {member.family_name or ''}")
        email = html.unescape(member.email or "")
        usable = len(email) <= MAX_EMAIL and email.isprintable()
        active = member.status.lower() == "active"
        yield MemberEntry(member.user_id, one_line(name, MAX_NAME), email if usable else "", role, active)
