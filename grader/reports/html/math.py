"""Formulas that notebooks write in TeX, as MathML, which browsers draw and screen readers read out.

latex2mathml turns a formula into a tree of elements. Only that tree is used: the library's own strings leave what a
student wrote unescaped, so `\\text{<script>}` would be a script. Here every text is escaped, and only the elements and
attributes of ELEMENTS are written. A formula that needs others, or that the library can't read, gives None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape
from types import MappingProxyType
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter
from markupsafe import Markup, escape

from grader.reports.html.limits import MAX_FORMULA, MAX_FORMULA_DEPTH
from grader.reports.html.page_room import CpuTimeExceeded

TRUTH = {"true", "false"}
ELEMENTS: dict[str, dict[str, set[str]]] = {  # each with its attributes and their values
    **{name: {} for name in ("mrow", "mn", "mtext", "msqrt", "mroot", "mtable", "mtr", "mtd")},
    **{name: {} for name in ("msub", "msup", "msubsup", "munder", "munderover")},
    "math": {"displaystyle": {"true"}},
    "mfrac": {"linethickness": {"0"}},
    "mi": {"mathvariant": {"normal"}},
    "mo": {"form": {"infix", "prefix", "postfix"}, "stretchy": TRUTH, "fence": TRUTH, "movablelimits": TRUTH},
    "mover": {"accent": {"true"}},
    "mspace": {"width": {"0.167em", "0.222em", "0.278em", "0.5em", "1em", "2em"}},
    "mstyle": {"displaystyle": TRUTH, "scriptlevel": {"0", "1"}},
}
AS_SPLIT = ("aligned", "alignedat", "gathered")  # environments that latex2mathml doesn't know
DOUBLES = "\\sideset"  # writes its argument twice: 100 in each other make 2**100 elements
BREAKS = frozenset("=<>+≈≤≥≠→⇒≡")  # operators before which a line may end
WIDE = ("1em", "2em")  # spaces before which it may
SIGNS = frozenset("+\u2212")
CLOSING = frozenset(")]}|!.\u2032")  # operators after which a minus subtracts; after others it is the sign of a number
WITH_LIMITS = frozenset(("max", "min", "sup", "inf", "lim", "argmax", "argmin"))  # with scripts above and below
UNDER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}


class Unknown(Exception):
    """A formula has something that isn't TeX to latex2mathml, or that a page doesn't allow."""


def formula(tex: str, *, block: bool = False) -> Markup | None:
    """Return a formula as MathML: several elements between which a line may end. None where it can't be drawn.

    :param block: whether the formula stands on lines of its own, where sums have their limits above and below
    :raises CpuTimeExceeded: when the caller's time is over (see cpu_time_limit)
    """
    if len(tex) > MAX_FORMULA or DOUBLES in tex:
        return None
    for name in AS_SPLIT:
        tex = tex.replace(f"{{{name}}}", "{split}")
    converter = Converter(display="block" if block else "inline")
    converter.macros = MappingProxyType({})  # type: ignore[assignment]  # a formula that defines macros fails
    try:
        row = converter.convert_to_element(tex)[0]
        pieces = [_row(piece) for piece in _pieces(row)]
    except CpuTimeExceeded:
        raise
    except Exception:  # the library raises a dozen of its own, and what its code trips over
        return None
    style = ' displaystyle="true"' if block else ""
    return Markup("".join(f"<math{style}><mrow>{piece}</mrow></math>" for piece in pieces))  # escaped by _written


def _pieces(row: Element) -> Iterator[list[Element]]:
    """Yield the elements of a row, cut where a line may end."""
    piece: list[Element] = []
    for element in row:
        is_break = element.tag == "mo" and _text(element) in BREAKS
        if piece and (is_break or element.get("width") in WIDE):
            yield piece
            piece = []
        if is_break:
            element.set("form", "infix")  # it stands first in its piece, where it would be taken for a sign
        piece.append(element)
    yield piece


def _row(elements: Iterable[Element], depth: int = 0) -> str:
    """Return elements that stand beside each other, written and escaped."""
    before = None
    for element in elements:
        is_after_operator = before is not None and before.tag == "mo" and _text(before) not in CLOSING
        if is_after_operator and element.tag == "mo" and _text(element) in SIGNS:
            element.set("form", "prefix")
        before = element
    return "".join([_written(element, depth) for element in elements])


def _written(element: Element, depth: int) -> str:
    allowed = ELEMENTS.get(element.tag)
    text = _text(element)
    is_left_over = element.tag == "mi" and (text.startswith("\\") or text in ("&", "{", "}", "$", "#"))
    if allowed is None or depth > MAX_FORMULA_DEPTH or is_left_over or "linebreak" in element.attrib:
        raise Unknown
    if element.tag in UNDER and "".join(_text(element[0]).split()) in WITH_LIMITS:
        element.tag = UNDER[element.tag]
    attributes = [f' {name}="{value}"' for name, value in element.items() if value in allowed.get(name, ())]
    inside = _row(element, depth + 1) if len(element) else ""
    return f"<{element.tag}{''.join(attributes)}>{escape(text)}{inside}</{element.tag}>"


def _text(element: Element) -> str:
    """Return the text of an element, in which the library writes signs as character references."""
    return unescape(element.text or "")
