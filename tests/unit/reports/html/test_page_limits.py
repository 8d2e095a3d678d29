"""No submission makes its page large or slow: time is linear in what was handed in, and there is room for so much."""

from __future__ import annotations

import base64
import json
import re
import struct
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from grader.models import ScoreReport
from grader.reports import json as as_json
from grader.reports.html import student_page, submission_page, submission_view
from grader.reports.html.code_listing import TOKEN, lines
from grader.reports.html.limits import MAX_FORMULA, MAX_MARKDOWN_CELL, MAX_PAGE_REPLY, MAX_PICTURE_SIDE
from grader.reports.html.markdown_cells import AS_TYPED, markdown
from grader.reports.html.math import formula
from grader.reports.html.page_room import CpuTimeExceeded, Room, cpu_time_limit
from grader.reports.html.pictures import embed_png
from tests.factories import case, code_cell, notebook_of, question, report, text_cell
from tests.helpers.growth import LINEAR, factor
from tests.helpers.handed_in import both_pages, drawn, ordinary, png_chunk, white_png, whole

pytestmark = pytest.mark.thorough  # times each kind of text at two sizes
Text = Callable[[int], str]
TYPED = str(AS_TYPED).partition("{}")[0]


# Code


CODE: dict[str, Text] = {
    "a string without an end": lambda n: '"""' + "a" * n + "\\",
    "one of the other kind": lambda n: "'''" + "a'" * (n // 2) + "\\",
    "ends that are escaped": lambda n: '\\"""' * (n // 4) + "\\",
    "quotes": lambda n: '"' * n,
    "prefixes": lambda n: "rb" * (n // 2) + "'",
    "backslashes": lambda n: "'" + "\\" * n,
    "strings without an end": lambda n: "'a\\\n" * (n // 4),
    "blanks": lambda n: " " * n + "@a",
    "lines of blanks": lambda n: ("\t" * 50 + "\n") * (n // 51),
    "numbers": lambda n: "1." * (n // 2),
    "names": lambda n: "def " * (n // 4) + "if" * (n // 4),
}


@pytest.mark.parametrize("text", CODE.values(), ids=CODE)
def test_code_is_coloured_in_linear_time(text: Text) -> None:
    """The pattern took exponential time for a string that ends in a backslash."""
    assert factor(text, lambda code: sum(1 for _ in TOKEN.finditer(code)), 50_000) < LINEAR
    made = lines(text(1000))
    assert [str(Markup(re.sub("<[^>]*>", "", line)).unescape()) for line in made] == text(1000).split("\n")


# Markdown


MARKDOWN: dict[str, Text] = {
    "quotes": lambda n: ">" * n,
    "quotes in quotes": lambda n: "".join(">" * k + "a\n" for k in range(1, int((2 * n) ** 0.5))),
    "brackets": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "links without an end": lambda n: "[a](b" * (n // 5),
    "links in links": lambda n: "[" * (n // 20) + "a" + "](http://e.invalid)" * (n // 20),
    "pictures in pictures": lambda n: "![" * (n // 9) + "a" + "](x)" * (n // 9),
    "definitions": lambda n: "".join(f"[{k}]: /u\n" for k in range(n // 10)),
    "one definition, often used": lambda n: "[a]: /u\n\n" + "[a]" * (n // 3),
    "footnotes": lambda n: "".join(f"[^{k}]: a[^{k}]\n" for k in range(n // 15)),
    "emphasis": lambda n: "*a **a " * (n // 7),
    "emphasis of both kinds": lambda n: "*_" * (n // 4) + "a" + "_*" * (n // 4),
    "dollars": lambda n: "$" * n,
    "dollars and backslashes": lambda n: "$\\" * (n // 2),
    "escaped dollars": lambda n: "$" + "\\$" * (n // 2),
    "formulas": lambda n: "$a" * (n // 2),
    "formulas without an end": lambda n: "x $$a " * (n // 6),
    "formulas in ticks": lambda n: "$" + "`" * n,
    "formulas in more and more ticks": lambda n: "".join("$" + "`" * k + "a" for k in range(1, int((2 * n) ** 0.5))),
    "ticks": lambda n: "".join("`" * k + "a" for k in range(1, int((2 * n) ** 0.5))),
    "struck out": lambda n: "~~a" * (n // 3),
    "entities": lambda n: "&#x41;&" * (n // 7),
    "tags": lambda n: "<a " * (n // 3),
    "tags without an end": lambda n: "<" + "a b=" * (n // 4),
    "comments": lambda n: "a<!-- " * (n // 6),
    "instructions": lambda n: "a<? " * (n // 4),
    "character data": lambda n: "a<![CDATA[" * (n // 10),
    "tables": lambda n: "|a" * (n // 8) + "|\n" + "|-" * (n // 8) + "|\n" + "|\n" * (n // 2),
    "lists": lambda n: "- " * (n // 2),
    "lists in lists": lambda n: "".join("  " * k + "- a\n" for k in range(int(n**0.5))),
    "blanks": lambda n: "a" + " " * n + "b",
    "breaks": lambda n: "a  \n" * (n // 4),
    "headings": lambda n: "# a" + " #" * (n // 2),
    "pictures of their own": lambda n: "<img src=" * (n // 9) + ">",
    "attributes of a picture": lambda n: "<img " + "src = " * (n // 6) + ">",
    "headings of their own": lambda n: "<h1" * (n // 3),
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_is_drawn_in_linear_time(text: Text) -> None:
    """Formulas in backticks took cubic time, so that 5,000 characters cost 11 seconds, and 10,000 a hundred."""
    not_kept = {"x": None}  # a cell with attachments is drawn every time
    assert factor(text, lambda cell: markdown(cell, not_kept), MAX_MARKDOWN_CELL // 4) < LINEAR
    assert TYPED not in markdown(text(2000))


FORMATTING = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
SPELLINGS = ["<{} a{}>", "<{}\n{}>", "<{}/{}>", "<{} <{}>", "<{} a='{}'>"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_html_grows_by_a_factor_at_most(spelling: str) -> None:
    """Open tags are opened again in each paragraph, three of each kind: 20 kB became 24 MB, in two seconds."""
    tags = [spelling.format(name.upper() if k % 2 else name, k) for k in range(60) for name in FORMATTING]
    cell = f"<p>{''.join(tags)}<p>" + "x<p>" * 2000
    assert len(cell) < MAX_MARKDOWN_CELL
    made = markdown(cell)
    assert TYPED not in made
    assert len(made) < 60 * len(cell)


def test_tags_for_formatting_lose_nothing_but_attributes() -> None:
    """Whatever is written in those."""
    assert markdown("a <B class='x'>b</B> <code\nid=y>c</code> <i/>d</i> <br/> <s") == (
        "<p>a <b>b</b> <code>c</code> <i>d</i> <br> &lt;s</p>\n"
    )


def test_markdown_has_a_budget_for_each_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of characters and of time. What comes after that is shown as it was typed, and the rest of the page is whole."""
    monkeypatch.setattr(submission_page, "Room", partial(Room, seconds=0.3))
    cells = [text_cell("$x$ " * 4900 + str(n)) for n in range(15)]
    _, page = both_pages(notebook_of(code_cell("first"), *cells, code_cell("last")))
    assert 0 < page.count("cell markdown") - page.count(TYPED) < 15
    assert 'id="cell-2"' in page
    assert markdown("**x**", room=Room(seconds=0.0)).startswith(TYPED)
    assert markdown("**x**", room=Room(html=5)).startswith(TYPED)
    assert markdown("**x**", room=Room()) == "<p><strong>x</strong></p>\n"


def test_what_takes_too_long_is_ended() -> None:
    """Also within a pattern that never ends; the time is the processor's, and the one before is kept."""
    with pytest.raises(CpuTimeExceeded), cpu_time_limit(0.2):
        re.match("(a|a)*b", "a" * 64)
    begin = time.process_time()
    with cpu_time_limit(0.05):
        time.sleep(0.2)  # costs the processor nothing
    assert time.process_time() - begin < 0.05


@pytest.mark.parametrize("text", [r"\hat" * 480, r"\frac" * 300, "{" * 600, "^" * 900, r"\left(" * 200, "x^{" * 300])
def test_a_formula_may_be_as_deep_as_it_likes(text: str) -> None:
    """Accents of accents were beyond what Python's stack holds, and cost the page all of the student's work."""
    assert formula(text) is None
    _, page = both_pages(notebook_of(text_cell(f"${text} x$")))
    assert "Markup" not in page and text[:50] in page


def cut(part: str, size: int) -> str:
    return (part * size)[:size]


def test_formulas_are_read_in_linear_time() -> None:
    """Whatever they are made of, as long as they may be."""
    for text in (r"\text{", "\\", "{}", "x_", "'", r"\begin{cases}", "1", r"\\", "&"):
        assert factor(partial(cut, text), formula, MAX_FORMULA // 4) < LINEAR, text


# Pictures and other outputs


def test_of_a_picture_only_what_is_drawn_is_kept() -> None:
    """No text, no profile that unpacks to a gigabyte, no frames that go on for ever; nothing behind the end."""
    bomb = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1 << 20)))
    frames = (
        png_chunk(b"acTL", struct.pack(">II", 2, 0)) + png_chunk(b"fcTL", bytes(26)) + png_chunk(b"fdAT", bytes(20))
    )
    shown = embed_png(white_png(9, 9, bomb, frames, png_chunk(b"tEXt", b"Comment\0<script>")))
    assert shown and shown.address == f"data:image/png;base64,{white_png(9, 9)}" and shown.pixels == 81
    behind = base64.b64encode(base64.b64decode(white_png(9, 9)) + b"<script>").decode()
    assert embed_png(behind) == shown
    assert embed_png([white_png(9, 9)[:50] + "\n", white_png(9, 9)[50:]]) == shown


@pytest.mark.parametrize(
    "data",
    [
        white_png(9, 9)[:-40],
        white_png(MAX_PICTURE_SIDE + 1, 1),
        white_png(1, MAX_PICTURE_SIDE + 1),
        white_png(9, 9).replace("A", "B"),
        white_png(9, 9, *[png_chunk(b"tEXt", b"")] * 6000),
        base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(),
        base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + b"\xff" * 8 + b"\xff" * 4).decode(),
        base64.b64encode(b"GIF89a" + bytes(50)).decode(),
        base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>").decode(),
        "A" * (30 << 20),
        "é",
        ["x", 5],
        {},
        None,
        f"data:image/png;base64,{white_png(9, 9)}",
    ],
)
def test_what_is_no_picture_is_none(data: Any) -> None:
    """Cut, too large a side, other formats, garbage, a megabyte of empty chunks."""
    assert embed_png(data) is None


def test_an_attached_picture_that_is_shown_a_thousand_times_takes_its_room(tmp_path: Path) -> None:
    """A notebook of 1 MB became a page of 300; where there is no more room the words stand alone."""
    noise = base64.b64encode(zlib.compress(bytes(range(256)) * 999))
    attached = {"a": {"image/png": white_png(500, 500, png_chunk(b"PLTE", noise[:750] * 40))}}
    for shown in (
        "![words](attachment:a) ",
        "<img src=attachment:a alt=words> ",
        "<image src=attachment:a alt=words> ",
    ):
        _, page = both_pages(notebook_of(*[text_cell(shown * 500, attachments=attached)] * 5))
        assert 10 < page.count("data:image/png") < 100
        assert len(page) < Room().characters + Room().html
        assert page.count('alt="words"') == 2500


@pytest.mark.parametrize(
    "outputs",
    [
        lambda n: [{}] * n,
        lambda n: [{"output_type": "display_data", "data": {f"a/{k}": 1}} for k in range(n)],
        lambda n: [{"output_type": "stream", "text": "\u200b" * 5_000}] * (n // 100),
        lambda n: [{"output_type": "stream", "text": "\x1b[" * 9000 + "1;" * 9000}] * (n // 100),
        lambda n: [{"output_type": "error", "traceback": ["x" * 250] * n}],
        lambda n: [drawn("iVBORw0KGgo" + "A" * 90_000)] * (n // 100),
    ],
    ids=["empty", "types", "invisible signs", "half of a colour", "lines", "half of a picture"],
)
def test_many_outputs_take_little(outputs: Callable[[int], list[Any]]) -> None:
    """Four times as many take no more than four times as long, and the page stays small."""
    sizes: list[int] = []

    def page(content: bytes) -> None:
        sizes.append(len(both_pages(content)[1]))

    assert factor(lambda n: notebook_of(code_cell("x", *outputs(n))), page, 2_500) < LINEAR
    assert len(sizes) >= 2 and max(sizes) < 1_500_000


# Whole pages


LARGE: dict[str, Callable[[], bytes]] = {
    "numbers": lambda: notebook_of(*[code_cell("1 " * 14_900)] * 20),
    "quotes": lambda: notebook_of(*[code_cell("''" * 14_900)] * 20),
    "ampersands": lambda: notebook_of(*[code_cell("x = '''" + "&" * 29_000)] * 20),
    "lines": lambda: notebook_of(*[code_cell("#\n" * 29_900)] * 20),
    "a module": lambda: b"x = 1\n" * (5 << 20),
    "one long line": lambda: b"x = '" + b"<" * (8 << 20) + b"'",
    "cells": lambda: notebook_of(*[code_cell("double = 1")] * 20_000),
    "cells of text": lambda: notebook_of(*[text_cell("<b>" * 6000)] * 50),
    "all that is escaped": lambda: notebook_of(code_cell("x", *[{"text": "'\"" * 9000}] * 60)),
    "lists": lambda: b'{"nbformat": 4, "metadata": {}, "cells": [' + b"[]," * 200_000 + b"[]]}",
    "an old notebook": lambda: json.dumps(
        {
            "nbformat": 3,
            "metadata": {},
            "worksheets": [{"cells": [{"cell_type": "code", "input": "a=1", "outputs": []}] * 2_000}],
        }
    ).encode(),
}


@pytest.mark.parametrize("content", LARGE.values(), ids=LARGE)
def test_whatever_was_handed_in_its_pages_stay_small(content: Callable[[], bytes]) -> None:
    """Both together are within what the process that makes them may give back, with room to spare."""
    pages = both_pages(content())
    assert sum(map(len, pages)) < MAX_PAGE_REPLY / 3


def test_one_line_that_answers_many_questions_is_not_shown_too_often() -> None:
    """A definition of twenty names, on lines as long as they are shown, beside each of twenty questions."""
    names = [f"name{n}" for n in range(20)]
    code = " = ".join(names) + " = '''" + ("<" * 3000 + "\n") * 90 + "'''"
    asked = [question(name, case("a", message="x", status=whole().questions[0].status)) for name in names]
    made = report(*asked, file="x.py")
    page = student_page.render(made, submission_view.read_view(code.encode(), "x.py"))
    assert len(page) < MAX_PAGE_REPLY / 2


def test_names_are_one_line_without_hidden_signs() -> None:
    """The name of a file may hold anything and be as long as a zip allows; it turns nothing around."""
    name = "\u202egpj.\x1b[2J<b>\n" * 20_000
    for page in both_pages(ordinary(), file=name, student=name):
        assert "\u202e" not in page and "\x1b" not in page and "<b>\n" not in page
        assert r"\u202egpj." in page
    assert max(map(len, both_pages(ordinary(), file=name))) < 100_000


def test_a_report_of_hostile_text_is_small() -> None:
    """Messages, notes and what was called are cut where they are shown, however long they are."""
    long = "<&'" * 100_000
    made: ScoreReport = report(
        question("double", *(case(f"c{n}", whole().questions[0].status, long, called=long) for n in range(30))),
        notes=(long,) * 50,
        file="x.py",
    )
    assert len(as_json.render(made)) > 10_000_000
    work = submission_view.read_view(b"", "x.py")
    assert len(student_page.render(made, work)) < 1_500_000
    assert len(submission_page.render(made, work)) < 1_500_000
