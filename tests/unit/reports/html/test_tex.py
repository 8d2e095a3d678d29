"""Formulas that notebooks write in TeX, as MathML."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.reports.html.markdown_cells import markdown
from grader.reports.html.tex import formula
from tests.factories import ROOT
from tests.helpers.effort import examples

PIECES = r"\frac \left( \right) \begin{pmatrix} \end{cases} \\ & { } ^ _ \text{<b>} \foo ' x 1 - < = $ \ "


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
        (r"\sum_i x", "<munder><mo>∑</mo><mi>i</mi></munder><mi>x</mi>"),
        (r"\hat y", '<mover accent="true"><mi>y</mi><mo>^</mo></mover>'),
        (r"(-1", '<mo stretchy="false">(</mo><mo form="prefix">\u2212</mo><mn>1</mn>'),
        (r"a-1", "<mi>a</mi><mo>\u2212</mo><mn>1</mn>"),
        (r"\begin{cases} 1 & 2 \\ 3 \end{cases}", "<mo>{</mo><mtable><mtr><mtd><mrow><mn>1</mn></mrow></mtd>"),
        (r"\left[ x \right.", "<mo>[</mo><mrow><mi>x</mi></mrow><mo></mo>"),
        (r"\text{a <b>}", "<mtext>a\u00a0&lt;b&gt;</mtext>"),
    ],
)
def test_what_is_known_is_drawn(tex: str, drawn: str) -> None:
    """Letters, numbers, scripts, fractions, matrices, words."""
    assert drawn in str(formula(tex))


@pytest.mark.parametrize("tex", ["{" * 500, "^", "a^", r"\foo", r"\left(", r"\begin{pmatrix} 1", "a}", "&", "x" * 5000])
def test_the_rest_is_shown_as_it_was_typed(tex: str) -> None:
    """Commands that aren't known, formulas without an end, too deep or too long ones."""
    assert formula(tex) is None
    assert "<math" not in markdown(f"${tex}$")


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=12))
def test_nothing_in_a_formula_becomes_markup(pieces: list[str]) -> None:
    """Whatever is in it: elements are opened and closed in order, and are MathML's."""
    made = formula(" ".join(pieces))
    stack: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", str(made or "")):
        assert name.startswith("m")
        if closing:
            assert stack.pop() == name
        else:
            stack.append(name)
    assert stack == []


def test_a_line_may_end_before_a_sign() -> None:
    """A long formula is several short ones to a browser, which doesn't break them."""
    assert str(formula("a = b + c", block=True)).count('<math displaystyle="true">') == 3
