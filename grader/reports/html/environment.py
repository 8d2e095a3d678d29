"""Pages: self-contained HTML that asks nobody for anything, filled in from templates/.

Everything that is filled in is escaped, unless a template says that it is safe; what students wrote never is. Styles
and scripts stand in the page itself, and its Content-Security-Policy allows those by their digest and nothing else: no
request, no frame, no script of anyone's but ours, even where an escape were forgotten.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from grader._util.escaping import one_line, quote_text
from grader._util.wording import join_with_and
from grader.models import Status
from grader.reports.html import TEMPLATES
from grader.reports.html.exhibits import exhibit_view
from grader.reports.html.sanitize import prose
from grader.statuses import STATUSES


def render_template(template: str, /, **values: Any) -> bytes:
    """A page from a template that extends base.html. Text in `values` may hold anything."""
    return environment().get_template(template).render(values).encode("utf-8", "backslashreplace")


@cache
def environment() -> jinja2.Environment:
    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals.update(inline=inline, digest=digest)
    jinja.filters |= {
        "tone": tone,
        "prose": prose,
        "one_line": one_line,
        "quote_text": quote_text,
        "exhibit_view": exhibit_view,
        "listed_code": listed_code,
    }
    return jinja


def tone(status: str) -> str:
    """Return the class of a status in a style: right, wrong or wait."""
    return STATUSES[Status(status)].tone


def listed_code(names: Sequence[str]) -> Markup:
    """Return names as a list in words, each of them code."""
    return prose(join_with_and([f"`{name}`" for name in names]))


@cache
def inline(name: str) -> Markup:
    """A style or script of ours as it stands."""
    return Markup((TEMPLATES / name).read_text())  # a file of ours, not a value


@cache
def digest(name: str) -> str:
    """What the Content-Security-Policy allows it by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inline(name).encode()).digest()).decode()
