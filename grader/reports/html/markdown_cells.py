"""Markdown cells as sanitised HTML.

mistune renders a cell, with our own headings, formulas and pictures. nh3 sanitises the result. This is the last step:
code that changed sanitised HTML by a pattern could mistake an attribute for a tag.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote

import mistune
import nh3
from markupsafe import Markup
from mistune.util import striptags

from grader._util.escaping import plain
from grader.reports.html.limits import (
    CACHED_TEXTS,
    MAX_CACHED_TEXT,
    MAX_FORMULAS,
    MAX_MARKDOWN_CELL,
    MAX_MARKDOWN_CELL_SECONDS,
)
from grader.reports.html.math import ELEMENTS, formula
from grader.reports.html.page_room import Room, cpu_time_limit
from grader.reports.html.pictures import EmbeddedPicture, embed_png

AS_TYPED = Markup('<p class="faint">Too much to draw, so this is shown as it was typed:</p>\n<pre>{}</pre>')

ATTACHED = "attachment:"
SCHEMES = {"a": ("http:", "https:", "mailto:"), "img": (ATTACHED,)}
TEXT_TAGS = """
    p br hr h3 ul ol li blockquote pre code em strong del sub sup a table thead tbody tr th td div span details summary
    img b i u kbd dl dt dd
"""
TAGS = {*TEXT_TAGS.split(), *ELEMENTS}
ATTRIBUTES = {"*": set[str](), "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}  # "*": drops nh3's defaults
VALUES = ELEMENTS
CLASSES = {"span": {"math", "faint"}, "div": {"math"}, "h3": {f"level-{level}" for level in range(1, 7)}}

# For a student's own HTML, before it is sanitised: a false match, or a missed one, does no harm.
_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s/>])", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)""", re.IGNORECASE)
# Start tags that HTML opens again in each paragraph until they are closed: three of a kind at most, but two tags with
# different attributes are of two kinds, so that 20 kB became 24 MB. nh3 drops their attributes anyway. A `>` in an
# attribute is a false match.
_FORMATTING = re.compile(
    r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])[^>]*(?:>|\Z)", re.IGNORECASE
)
# Any dollar sign ends a formula or proves that it is none: so the search takes linear time.
_BLOCK = r"^ {0,3}\$\$(?P<block_tex>[^$]+)\$\$[ \t]*(?:\n|$)"
_INLINE = (
    r"\$\$(?P<display_tex>(?:[^$\\]|\\.)+)\$\$"
    r"|\$(?![$\s])(?P<inline_tex>(?:[^$\\\n]|\\.)+)\$(?!\d)"
)


def markdown(text: str, attachments: Any = None, room: Room | None = None) -> Markup:
    """Return a cell as HTML. Pictures from its attachments are embedded; any other is replaced by its alternative text.

    A cell that is too long, too slow to render, or too large as HTML is shown as it was typed.
    """
    room = room or Room()
    pictures = AttachedPictures(attachments, room)
    begin = time.process_time()
    html = None
    if len(text) <= MAX_MARKDOWN_CELL and room.seconds > 0:
        try:
            html = (
                _render_cached(text)
                if not pictures.names and len(text) <= MAX_CACHED_TEXT
                else _render_sanitised(text, pictures)
            )
        except Exception:  # any error of a library, or CpuTimeExceeded
            html = None
    room.seconds -= time.process_time() - begin
    if html is None or len(html) - pictures.size > room.html:
        return AS_TYPED.format(plain(text, MAX_MARKDOWN_CELL))
    room.html -= len(html) - pictures.size
    return Markup(html)  # sanitised


class AttachedPictures:
    """Pictures that are attached to a cell, by name. They are embedded as long as the page has room."""

    def __init__(self, attachments: Any, room: Room) -> None:
        self.names: Mapping[Any, Any] = attachments if isinstance(attachments, dict) else {}
        self.size = 0  # characters of the embedded pictures
        self._room = room
        self._made: dict[str, EmbeddedPicture | None] = {}

    def find(self, address: str) -> str:
        """Return the name of the attached picture with an address; empty if there is none."""
        name = address.removeprefix(ATTACHED) if address.startswith(ATTACHED) else ""
        return next((one for one in (name, unquote(name)) if self._picture(one)), "")

    def embed(self, address: str) -> str | None:
        """Return the picture with an address as a data URL, and subtract it from the room; None if it doesn't fit."""
        made = self._picture(address.removeprefix(ATTACHED)) if address.startswith(ATTACHED) else None
        if not made or not self._room.take(made.address, made.pixels):
            return None
        self.size += len(made.address)
        return made.address

    def _picture(self, name: str) -> EmbeddedPicture | None:
        if name not in self._made:
            attached = self.names.get(name)
            self._made[name] = embed_png(attached.get("image/png")) if isinstance(attached, dict) else None
        return self._made[name]


@lru_cache(maxsize=CACHED_TEXTS)
def _render_cached(text: str) -> str:
    return _render_sanitised(text, AttachedPictures(None, Room()))


def _render_sanitised(text: str, pictures: AttachedPictures) -> str:
    """Return HTML without scripts, styles, forms, frames, event handlers, and URLs other than http and mailto."""
    with cpu_time_limit(MAX_MARKDOWN_CELL_SECONDS):
        made = mistune.create_markdown(
            renderer=MarkdownRenderer(pictures), plugins=["table", "strikethrough", math_plugin]
        )(plain(text, MAX_MARKDOWN_CELL))
    return _sanitised(str(made), pictures)


def _sanitised(html: str, pictures: AttachedPictures) -> str:
    """Return HTML that is safe, in linear time."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return pictures.embed(value)
        if name == "href":
            return value if value.strip().lower().startswith(SCHEMES["a"]) else None
        return value

    return nh3.clean(
        _FORMATTING.sub(r"<\1>", html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        tag_attribute_values=VALUES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto", "attachment"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def math_plugin(md: mistune.Markdown) -> None:
    """Register TeX between dollar signs. mistune's own plugin takes more than quadratic time for some texts."""
    md.block.register("block_math", _BLOCK, _block_formula, before="list")
    md.inline.register("inline_math", _INLINE, _inline_formula, before="codespan", start_chars="$")


def _block_formula(parser: Any, match: re.Match[str], state: Any) -> int:
    state.append_token({"type": "block_math", "raw": match["block_tex"].strip()})
    return match.end()


def _inline_formula(parser: Any, match: re.Match[str], state: Any) -> int:
    kind, tex = ("block_math", match["display_tex"]) if match["display_tex"] else ("inline_math", match["inline_tex"])
    state.append_token({"type": kind, "raw": tex.strip()})
    return match.end()


class MarkdownRenderer(mistune.HTMLRenderer):
    """Renderer of HTML that isn't sanitised yet."""

    def __init__(self, pictures: AttachedPictures) -> None:
        super().__init__(escape=False, allow_harmful_protocols=[ATTACHED])
        self._pictures = pictures
        self._formulas = 0  # of this cell

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Return a heading of level 3, below those of the page. Its own level is a CSS class."""
        return f'<h3 class="level-{level}">{text}</h3>\n' if text.strip() else ""

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell; an empty head cell is a td, as screen readers expect."""
        name = "th" if head and text.strip() else "td"
        return f"<{name}>{text}</{name}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return an attached picture, or its alternative text."""
        return self._image(url, unescape(striptags(text)))

    def inline_html(self, html: str) -> str:
        """Return a student's own inline HTML."""
        return self._student_html(html)

    def block_html(self, html: str) -> str:
        """Return a student's own block of HTML."""
        return self._student_html(html) + "\n"

    def inline_math(self, tex: str) -> str:
        """Return an inline formula as MathML, or its TeX if that can't be converted."""
        return Markup('<span class="math">{}</span>').format(self._formula(tex, block=False))

    def block_math(self, tex: str) -> str:
        """Return a display formula as MathML, or its TeX if that can't be converted."""
        return Markup('<div class="math">{}</div>\n').format(self._formula(tex, block=True))

    def _formula(self, tex: str, *, block: bool) -> Markup:
        """Return a formula as MathML, or its TeX as code."""
        self._formulas += 1
        made = formula(tex, block=block) if self._formulas <= MAX_FORMULAS else None
        return Markup("<code>{}</code>").format(tex) if made is None else made

    def _student_html(self, html: str) -> str:
        """Return a student's own HTML with its headings and pictures changed like those of Markdown."""
        lowered = _HEADING.sub(lambda found: "</h3" if found[1] else f'<h3 class="level-{found[2]}"', html)
        return _IMAGE.sub(self._student_image, lowered).replace("<th></th>", "<td></td>")

    def _student_image(self, found: re.Match[str]) -> str:
        given = {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(found[0])}
        return self._image(given.get("src", ""), given.get("alt", ""))

    def _image(self, address: str, alt: str) -> str:
        if name := self._pictures.find(address):
            return Markup('<img src="{}{}" alt="{}">').format(ATTACHED, name, alt or "attached picture")
        return Markup('<span class="faint">[picture: {}]</span>').format(alt or "without description")
