"""Jinja environment of the pages, which are self-contained HTML without requests.

Jinja escapes every value. Only values of type Markup are exempt, and they were escaped or sanitised before. Styles and
scripts are inline. The Content-Security-Policy allows only them, by digest: so a forgotten escape could run no script,
load no frame and send no request.
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
    """Return a page in UTF-8 from a template that extends base.html. Text in `values` is escaped."""
    return environment().get_template(template).render(values).encode("utf-8", "backslashreplace")


@cache
def environment() -> jinja2.Environment:
    """Return the environment with the functions and filters that templates use."""
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
    """Return the CSS class of a status: right, wrong or wait."""
    return STATUSES[Status(status)].tone


def listed_code(names: Sequence[str]) -> Markup:
    """Return names as code, joined by commas and "and"."""
    return prose(join_with_and([f"`{name}`" for name in names]))


@cache
def inline(name: str) -> Markup:
    """Return a style or script of templates/, unescaped."""
    return Markup((TEMPLATES / name).read_text())  # a file of this package, no value


@cache
def digest(name: str) -> str:
    """Return the digest of a style or script for the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inline(name).encode()).digest()).decode()
