"""Formulas that notebooks write in TeX, as MathML."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latex2mathml.converter import Converter
from markupsafe import escape

from grader.reports.html.limits import MAX_FORMULAS
from grader.reports.html.markdown_cells import markdown
from grader.reports.html.math import ELEMENTS, formula
from grader.reports.html.page_room import CpuTimeExceeded
from tests.factories import ROOT
from tests.helpers.effort import examples

PIECES = (
    r"\frac \left( \right) \begin{pmatrix} \end{pmatrix} \\ & { } ^ _ \text{<b>} \hbox{<i>$<u>$} \foo ' x 1 - < = $ \ "
    r"\style{<b>} \class{'\"} \color{\"<} \href{<a>}{x} &lt;b&gt; &#60; \unicode{3c} \verb|<b>| \operatorname{a} \rule"
)


def test_every_formula_of_the_assignments_can_be_drawn() -> None:
    """All that a student meets in the notebooks of this repository."""
    found = 0
    for path in (ROOT / "solutions").glob("*/*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
            for block, inline in re.findall(r"\$\$(.*?)\$\$|\$([^$\n]+)\$", text, re.DOTALL):
                found += 1
                assert formula(block or inline), (block, inline)
    assert found > 100


@pytest.mark.parametrize(
    ("tex", "drawn"),
    [
        ("x", "<mi>x</mi>"),
        (r"\alpha_1^2", "<msubsup><mi>α</mi><mn>1</mn><mn>2</mn></msubsup>"),  # noqa: RUF001 - Greek is meant
        (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\frac{1}{m}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>m</mi></mrow></mfrac>"),
        (r"\sum_i x", "<msub><mo>∑</mo><mi>i</mi></msub><mi>x</mi>"),
        (r"\max_i x", "<munder><mo>max</mo><mi>i</mi></munder><mi>x</mi>"),
        (r"\operatorname{arg max}_i x", "<munder><mo>argmax</mo><mi>i</mi></munder><mi>x</mi>"),
        (r"\hat y", '<mover accent="true"><mi>y</mi><mo>^</mo></mover>'),
        (r"(-1", '<mo stretchy="false">(</mo><mo form="prefix">\u2212</mo><mn>1</mn>'),
        (r"a = -1", '<mo form="infix">=</mo><mo form="prefix">\u2212</mo><mn>1</mn>'),
        (r"a-1", "<mi>a</mi><mo>\u2212</mo><mn>1</mn>"),
        (r"(a)-1", '<mo stretchy="false">)</mo><mo>\u2212</mo><mn>1</mn>'),
        (r"\begin{cases} 1 & 2 \\ 3 \end{cases}", "{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd>"),
        (r"\begin{aligned} a &= b \end{aligned}", "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi></mi><mo>=</mo>"),
        (r"\left[ x \right.", "[</mo><mi>x</mi>"),
        (r"\mathbb{R} \mathbf{W}", "<mi>\u211d</mi><mi>\U0001d416</mi>"),
        (r"\text{a <b>}", "<mtext>a\u00a0&lt;b&gt;</mtext>"),
    ],
)
def test_what_is_known_is_drawn(tex: str, drawn: str) -> None:
    """Letters, numbers, scripts, fractions, matrices, words."""
    assert drawn in str(formula(tex))


UNKNOWN = ["{" * 500, "^", "a^", r"\foo", r"\left(", r"\begin{pmatrix} 1", "a}", "&", "x" * 5000, "", r"a \\ b"]
DEFINING = [r"\def\a{b}\a", r"\newcommand{\a}{b}\a", r"\DeclareMathOperator{\a}{b}", r"\newenvironment{a}{b}{c}"]
DOUBLING = r"\sideset{}{}{" * 100 + "x" + "}" * 100


@pytest.mark.parametrize("tex", [*UNKNOWN, *DEFINING, DOUBLING, r"\phantom{x}", r"\fbox{x}"])
def test_the_rest_is_shown_as_it_was_typed(tex: str) -> None:
    """Commands that aren't known, formulas without an end, too deep or too long ones; no command is defined anew."""
    assert formula(tex) is None
    made = markdown(f"${tex}$")
    assert "<math" not in made
    assert not tex.strip() or f"<code>{escape(tex)}</code>" in made


def test_a_cell_has_so_many_formulas() -> None:
    """The source of the rest is shown."""
    made = markdown("$x$ " * (MAX_FORMULAS + 3))
    assert (made.count("<math"), made.count("<code>x</code>")) == (MAX_FORMULAS, 3)


def test_the_time_of_a_page_ends_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """CpuTimeExceeded is none of the exceptions of the library, after which the next formula is tried."""

    def over(*_: object) -> None:
        raise CpuTimeExceeded

    monkeypatch.setattr(Converter, "convert_to_element", over)
    with pytest.raises(CpuTimeExceeded):
        formula("x")


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=12))
def test_nothing_in_a_formula_becomes_markup(pieces: list[str]) -> None:
    """Whatever is in it: elements are opened and closed in order, and are MathML's."""
    made = formula(" ".join(pieces))
    stack: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", str(made or "")):
        assert name in ELEMENTS
        if closing:
            assert stack.pop() == name
        else:
            stack.append(name)
    assert stack == []


def test_a_line_may_end_before_a_sign() -> None:
    """A long formula is several short ones to a browser, which doesn't break them."""
    assert str(formula("a = b + c", block=True)).count('<math displaystyle="true">') == 3
