"""What students and authors wrote, as HTML: messages, printed text, Markdown without its dangers.

Everything here gives Markup, and everything in it is escaped, or was cleaned by nh3. What comes often, such as the
text of an assignment that every student hands back, is made once.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from functools import lru_cache
from typing import Any

import mistune
import nh3
from markupsafe import Markup, escape

from grader.pages.student_tex import formula
from grader.text import one_line, plain

MAX_MARKDOWN = 20_000  # characters of a cell that is read as Markdown; a longer one is shown as it is
MAX_MESSAGE = 2000
MAX_KEPT = 5000  # characters of a text whose HTML is kept for the next page that has it
MAX_IMAGE = 4000  # pixels of a side
PNG = b"\x89PNG\r\n\x1a\n"

_CODE = re.compile(r"`([^`]+)`")
_ANSI = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]")

_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
    ),
    *(
        "del",
        "sub",
        "sup",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
        "details",
        "summary",
        "img",
    ),
    *("b", "i", "u", "kbd", "dl", "dt", "dd"),
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_SCHEMES = {"a": ("http:", "https:", "mailto:"), "img": ("attachment:",)}
_IMAGE = re.compile(r'<img(?=[ >])(?:[^>"]|"[^"]*")*>')
_ATTRIBUTE = re.compile(r'(src|alt)="([^"]*)"')
_MATH = re.compile(r'<(span|div) class="math">(?:\\\(|\$\$)\s*(.*?)\s*(?:\\\)|\$\$)</\1>', re.DOTALL)
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)


@lru_cache(maxsize=2000)
def prose(text: str) -> Markup:
    """A message as one line, in which `names` are code."""
    shown = one_line(text, MAX_MESSAGE)
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(shown))))  # escaped before


def printed(text: str, most: int) -> str:
    """What code printed, without the colours of terminals."""
    return plain(_ANSI.sub("", text[: 2 * most]), most)


def markdown(text: str, attachments: Any = None) -> Markup:
    """A cell of Markdown. Images come from its attachments alone; of others the words that stand for them."""
    if len(text) > MAX_MARKDOWN:
        return Markup("<pre>{}</pre>").format(plain(text, MAX_MARKDOWN))
    clean = _clean(text) if len(text) <= MAX_KEPT else _clean.__wrapped__(text)
    return _illustrated(clean, attachments if isinstance(attachments, dict) else {})


@lru_cache(maxsize=500)
def _clean(text: str) -> str:
    """HTML of which nothing acts: no script, style, form, frame, handler, or address of another kind than the web's."""
    cleaned = nh3.clean(
        str(_render(plain(text, MAX_MARKDOWN))),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        allowed_classes={"span": {"math"}, "div": {"math"}},
        url_schemes={"http", "https", "mailto", "attachment"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    cleaned = _MATH.sub(_formula, cleaned)
    return _HEADING.sub(_lowered, cleaned).replace("<th></th>", "<td></td>")


def _formula(math: re.Match[str]) -> str:
    """A formula, drawn where that can be done, and as it was typed elsewhere."""
    name, tex = math[1], Markup(math[2]).unescape()
    return str(Markup(f'<{name} class="math">{{}}</{name}>').format(formula(tex, block=name == "div") or tex))


def _attribute(tag: str, name: str, value: str) -> str | None:
    allowed = _SCHEMES.get(tag) if name in ("href", "src") else None
    return value if allowed is None or value.strip().lower().startswith(allowed) else None


def _lowered(heading: re.Match[str]) -> str:
    """A heading below those of the page. All are of one level, since nobody knows how a student counts them."""
    return f'<h3 class="level-{heading[1]}">{heading[2]}</h3>' if heading[2].strip() else ""


def _illustrated(html: str, attachments: dict[Any, Any]) -> Markup:
    """Attached pictures in their places."""

    def picture(match: re.Match[str]) -> str:
        given = dict(_ATTRIBUTE.findall(match[0]))
        name, alt = (Markup(given.get(part, "")).unescape() for part in ("src", "alt"))
        held = attachments.get(name.removeprefix("attachment:")) if name else None
        if data := png(held.get("image/png")) if isinstance(held, dict) else None:
            return str(Markup('<img src="{}" alt="{}">').format(data, alt or "attached picture"))
        return str(Markup('<span class="faint">[picture: {}]</span>').format(alt or "without words"))

    return Markup(_IMAGE.sub(picture, html))  # nh3 made it: its output has these forms alone


_render = mistune.create_markdown(
    renderer=mistune.HTMLRenderer(escape=False, allow_harmful_protocols=["attachment:"]),
    plugins=["table", "math", "strikethrough"],
)


def png(value: Any) -> str | None:
    """A PNG as an address that holds it; None for what isn't one, or is too large to look at."""
    text = "".join(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else value
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
        if data[:8] != PNG or data[12:16] != b"IHDR" or max(struct.unpack(">II", data[16:24])) > MAX_IMAGE:
            return None
    except (binascii.Error, ValueError, struct.error):
        return None
    return "data:image/png;base64," + base64.b64encode(data).decode()
