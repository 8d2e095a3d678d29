"""Pages of the portal, from templates. Styles and scripts are files of the portal: the policy allows nothing inline."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import jinja2
from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from grader._util.escaping import one_line
from grader._util.wording import format_megabytes, format_number
from grader.gradebook.attempts import State
from grader.reports.html import TEMPLATES as REPORT_TEMPLATES
from grader.server.auth import Viewer
from grader.server.visible import is_staff

HERE = Path(__file__).parent
STATIC = {  # name -> file
    "base.css": REPORT_TEMPLATES / "base.css",
    "portal.css": HERE / "static" / "portal.css",
    "portal.js": HERE / "static" / "portal.js",
    "lti.js": HERE / "static" / "lti.js",
}
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
STATES: dict[State, tuple[str, str]] = {  # state -> text, tone
    "queued": ("waits to be graded", "wait"),
    "grading": ("is being graded", "wait"),
    "graded": ("graded", "right"),
    "rejected": ("can't be graded", "wrong"),
    "review": ("a person will look at it", "wait"),
}


Before = Annotated[int | None, Query(ge=0, le=2**53)]  # number of the last attempt on the page before


class Asset(NamedTuple):
    """Style or script of the portal."""

    content: bytes
    type: str
    version: str  # digest, in its address: a new version has another address


@cache
def asset(name: str) -> Asset:
    """Return a style or script by its name. Raises KeyError if there is none."""
    path = STATIC[name]
    content = path.read_bytes()
    return Asset(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16])


def asset_url(name: str) -> str:
    """Return the address of a style or script."""
    return f"/static/{name}?v={asset(name).version}"


@cache
def portal_templates() -> jinja2.Environment:
    """Return the environment of the portal's templates. Every value is escaped."""
    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals.update(asset_url=asset_url, states=STATES, is_staff=is_staff)
    jinja.filters |= {
        "one_line": one_line,
        "number": format_number,
        "megabytes": format_megabytes,
        "moment": moment,
        "local": local,
        "duration": duration,
    }
    return jinja


def render(request: Request, template: str, viewer: Viewer | None, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Return a page for a viewer, None for somebody unknown."""
    page = portal_templates().get_template(template).render(viewer=viewer, path=request.url.path, **values)
    return HTMLResponse(page.encode("utf-8", "backslashreplace"), status)


def moment(stamp: str, zone: str = "") -> str:
    """Return a time of the store for people, in UTC or in a zone: 2026-11-29 19:49:07 CET."""
    local = datetime.fromisoformat(stamp).astimezone(ZoneInfo(zone or "UTC"))
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"


def local(time: datetime, zone: str) -> datetime:
    """Return a time by the clock of a zone; of UTC without one."""
    return time.astimezone(ZoneInfo(zone or "UTC"))


def duration(seconds: float) -> str:
    """Return seconds for people: less than a second, 12 seconds, 3 minutes."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return "1 second" if round(seconds) == 1 else f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"
