"""A student's page, and the work handed back with the feedback beside it."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Callable

import msgspec
import pytest
from markupsafe import Markup

from grader.models import CaseResult, Curve, Flow, GrayImage, ScoreReport, Status
from grader.reports import json as as_json
from grader.reports.html import code_listing, student_page, submission_page, submission_view
from grader.reports.html import exhibits as student_exhibits
from grader.reports.html.limits import MAX_LISTING_LINES, MAX_SHOWN_CELLS
from grader.reports.html.markdown_cells import markdown
from grader.reports.html.page_room import Room
from grader.reports.html.pictures import PNG, embed_png
from tests.factories import case, code_cell, notebook_of, question, report, text_cell
from tests.helpers.handed_in import BOMB, CODE, HELPER, exhibits, hostile, ordinary, whole

RAISED = "`double` raised NameError: “x” (cell 2, line 3: “y = x + x”)"


def page(one: ScoreReport, content: bytes) -> str:
    return student_page.render(one, submission_view.read_view(content, one.file)).decode()


def handed_back(one: ScoreReport, content: bytes) -> str:
    return submission_page.render(one, submission_view.read_view(content, one.file)).decode()


def text_of(html: str) -> str:
    """What there is to read, on one line."""
    apart = re.sub(r"</(?:h\d|p|li|pre|figcaption|summary)>", r"\g<0> ", html.partition("<body>")[2])
    return str(Markup(apart).striptags())


def marked(html: str) -> list[str]:
    """The lines that are marked, with their numbers."""
    return [text_of("<body>" + line) for line in re.findall(r'<span class="line raised">(.*)', html)]


def test_it_tells_what_was_asked_what_came_and_what_to_think_about() -> None:
    """The score, each question, the hint, the messages, what was lent, the notes."""
    told = text_of(page(whole(), ordinary()))
    for words in (
        *("6 of 16 points", "double 2 of 8", "triple 4 of 4", "absent 0 of 4", "stopped with an error"),
        *("The number is right.", "NameError: “name 'nothing' is not defined”", "Called with x (3,)"),
        *("Hint. What is twice x?", "Graded with a correct triple", "None of the 2 requirements could be checked"),
        *("another note", "Protections in force: own process, no network."),
    ):
        assert words in told, words


def test_a_rejected_submission_says_why() -> None:
    """Without a score, with the reason."""
    told = text_of(page(report(status="rejected", notes=("it isn't a notebook",), sandbox=()), b""))
    assert "This submission could not be graded." in told
    assert "it isn't a notebook" in told
    assert "points" not in told


@pytest.mark.parametrize("make", [page, handed_back])
def test_every_page_is_closed(make: Callable[[ScoreReport, bytes], str]) -> None:
    """The policy allows our own styles and nothing else; there is no script, and no text of a student's acts."""
    one, content = hostile()
    html = make(one, content)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith(
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    )
    assert policy.endswith("script-src 'none'")
    assert "<script" not in html
    assert not re.search(r"<[^>]* on\w+=(?!&)['\"]", html)
    assert BOMB not in html


def test_the_line_that_raised_is_marked_in_the_student_s_own_function() -> None:
    """With the numbers that the messages use."""
    html = page(report(question("double", case("number", Status.ERROR, RAISED))), ordinary())
    assert "Your double: cell 2, lines 1 to 4" in text_of(html)
    assert marked(html) == ["3 y = x + x it went wrong here"]


def test_what_raised_elsewhere_is_shown_too() -> None:
    """The helper that the function called."""
    html = page(whole(), ordinary())
    assert "Where it went wrong: cell 1, lines 4 to 5" in text_of(html)
    assert marked(html) == ["5 return y / nothing it went wrong here"]


def test_a_module_is_marked_by_its_own_lines() -> None:
    """`digits.py, line 3` and a note's `line 3` mean the same."""
    source = f"import os\n\n{CODE}\n"
    for place in ("(tiny.py, line 5: “y = x + x”)", "isn't there: “line 5: SyntaxError: invalid syntax”"):
        one = report(question("double", case("number", Status.ERROR, place)), file="tiny.py")
        html = page(one, source.encode())
        assert "Your double: lines 3 to 6" in text_of(html)
        assert marked(html) == ["5 y = x + x it went wrong here"]


def test_a_message_can_not_mark_what_is_not_there() -> None:
    """Numbers beyond the submission, or too long to be any."""
    for place in (
        "(cell 99, line 1: x)",
        "(cell 2, line 999: x)",
        f"(cell {'9' * 5000}, line {'9' * 5000}: x)",
        "line 0:",
    ):
        assert marked(page(report(question("double", case("number", Status.ERROR, place))), ordinary())) == []


def test_of_several_definitions_the_last_counts() -> None:
    """As when the notebook is run; also where the cell doesn't parse, or has magics in it."""
    content = notebook_of(
        code_cell("def double(x): return 1"), code_cell("%matplotlib inline\n\n" + CODE), code_cell("x = (")
    )
    assert "Your double: cell 2, lines 3 to 6" in text_of(page(whole(), content))
    broken = notebook_of(code_cell("a = 1\n" + CODE.replace("x + x", "(x + x") + "\n\nb = 2"))
    assert "Your double: cell 1, lines 2 to 5" in text_of(page(whole(), broken))


def test_a_long_function_is_shown_around_the_line_that_raised() -> None:
    """And the page says how much more there is."""
    body = "".join(f"    x += {number}\n" for number in range(300))
    one = report(question("double", case("number", Status.ERROR, "(cell 1, line 100: x)")))
    html = page(one, notebook_of(code_cell(f"def double(x):\n{body}    return x")))
    assert marked(html) == ["100 x += 98 it went wrong here"]
    assert html.count('<span class="line') == MAX_LISTING_LINES
    assert f"{302 - MAX_LISTING_LINES} more lines" in text_of(html)


def test_exhibits_are_drawn() -> None:
    """The wrong step, the course of a curve and its NaN in words, pictures with what they were taken for."""
    html = page(whole(), ordinary())
    told = text_of(html)
    assert re.search(r'<li class="right"><span class="label">X</span> <code>\(3, 2\)</code></li>', html)
    assert "A1 (2,) ✗ expected (2, 2)" in told
    assert "Yours: rises, from 0.9 to 1.5 and 1 of 4 values are NaN or infinite" in told.replace(
        "rises all the way", "rises"
    )
    assert "Expected curve: falls all the way" in told
    assert len(re.findall(r'class="chart yours"[^§]*?</svg>', html)[0].split("<polyline")) == 3  # NaN breaks the line
    assert html.count('alt="A picture, your answer: 1"') == 8
    assert "And 1 more." in told
    assert "0.2" not in re.sub(r"<svg[^§]*?</svg>", "", html).partition("The cost")[2][:2000]  # of the form no height


def test_a_picture_is_a_png_of_its_pixels() -> None:
    """Row by row, in shades of gray."""
    data = base64.b64decode(student_exhibits.png(GrayImage(2, bytes([0, 255, 128, 7]), "")).partition(",")[2])
    assert struct.unpack(">II", data[16:24]) == (2, 2)
    length = struct.unpack(">I", data[33:37])[0]
    assert zlib.decompress(data[41 : 41 + length]) == bytes([0, 0, 255, 0, 128, 7])


@pytest.mark.parametrize("values", [(1e308, -1e308), (None,), (), (1.0,), (0.0, 0.0), (5e-324, 0.0), (None, 1.0, None)])
def test_any_curve_can_be_drawn(values: tuple[float | None, ...]) -> None:
    """Within its frame, in plain numbers."""
    made = student_exhibits.exhibit_view(Curve(values, (0.5,), "t"))
    numbers = [float(number) for line in made["lines"] for number in re.split("[ ,]", line)]
    assert all(0 <= number <= student_exhibits.WIDTH for number in numbers)


@pytest.mark.parametrize(
    ("source", "shown", "gone"),
    [
        ("[a](javascript:alert(1))", "a", "javascript"),
        (
            "[a](https://example.org/?q=1)",
            'href="https://example.org/?q=1" rel="noopener noreferrer nofollow"',
            "target",
        ),
        ("[a](mailto:a@example.org)", 'href="mailto:a@example.org"', "script"),
        ("[a](../other.html)", "a", "other.html"),
        ("![words](https://example.org/x.png)", "[picture: words]", "example.org"),
        ("<img src='https://example.org/x.png'>", "[picture: without description]", "example.org"),
        ("<b onclick='x()'>bold</b>", "<b>bold</b>", "onclick"),
        ("<p style='color:red' id='x' class='chip'>p</p>", "<p>p</p>", "style"),
        ("<style>p{}</style>text", "text", "p{}"),
        ("$a<b\\foo$ and $c$", "<code>a&lt;b\\foo</code>", "<b$"),
        ("# one\n### two\n#\n", '<h3 class="level-3">two</h3>', "<h1"),
        ("| | b |\n|---|---|\n| 1 | 2 |", "<td></td>", "<th></th>"),
        ("a\u202eb\x1b[0m", r"a\u202eb\x1b[0m", "\u202e"),
    ],
)
def test_markdown_is_cleaned(source: str, shown: str, gone: str) -> None:
    """What is harmless stays, what acts or asks for something goes."""
    html = str(markdown(source))
    assert shown in html
    assert gone not in html


def test_attached_pictures_are_shown_when_they_are_png() -> None:
    """And nothing else that is attached."""
    data = student_exhibits.png(GrayImage(1, b"\0", "")).partition(",")[2]
    attached = {
        "a.png": {"image/png": data},
        "b.png": {"image/png": "PHN2Zz4="},
        "c": {"image/svg+xml": "<svg>"},
        "d": 5,
    }
    html = str(
        markdown("![one](attachment:a.png) ![two](attachment:b.png) ![c](attachment:c) ![d](attachment:d)", attached)
    )
    assert re.findall("<img [^>]*>", html) == [f'<img src="data:image/png;base64,{data}" alt="one">']
    assert "[picture: two]" in html


def test_feedback_stands_beside_the_cell_that_it_is_about() -> None:
    """What was lost and what wasn't; what is nowhere stands at the end, and notes at their lines."""
    html = handed_back(whole(), ordinary())
    parts = {
        cell: text_of(f"<body>{rest}")
        for cell, rest in re.findall(r'id="(cell-\d+)">([^§]*?)\n</div>\n(?=<div class="part|</main>|<section)', html)
    }
    assert "double 2 of 8" in parts["cell-2"]
    assert "Hint." in parts["cell-2"]
    assert parts["cell-3"].endswith("triple 4 of 4 right")
    assert "Not found in it absent 0 of 4" in text_of(html)
    assert marked(html) == ["5 return y / nothing it went wrong here", "1 oops “NameError: name 'oops' is not defined”"]


def test_a_module_is_taken_apart_by_its_functions() -> None:
    """Every line once, in order, but for empty ones between the parts."""
    source = f"{HELPER}\n\n{CODE}\n\n\ntriple = 1\n"
    html = handed_back(msgspec.structs.replace(whole(), file="tiny.py"), source.encode())
    numbers = [int(number) for number in re.findall(r'<span class="at">(\d+)</span>', html)]
    assert numbers == [n for n, line in enumerate(source.split("\n"), 1) if n not in (6, 7, 12, 13, 15)]
    assert html.index('<span class="at">8</span>') < html.index("Hint.") < html.index('<span class="at">14</span>')


def test_of_outputs_text_and_png_are_shown() -> None:
    """As text; what is left out is told."""
    html = handed_back(*hostile())
    told = text_of(html)
    assert '<pre class="output">&lt;/pre&gt;&lt;script&gt;' in html
    assert "Not shown here: an output of type text/html, an output of type image/svg+xml" in told
    assert "<svg xmlns" not in html
    shown = handed_back(whole(), ordinary())
    assert '<pre class="output">four\nfive</pre>' in shown
    assert '<pre class="output">NameError: oops</pre>' in shown
    assert 'alt="Picture that cell 4 drew"' in shown
    assert "&lt;Figure&gt;" not in shown


def test_outputs_beyond_a_bound_are_left_out() -> None:
    """A megabyte a notebook, pictures included; a picture of a hundred thousand pixels a side is none."""
    output = {"output_type": "stream", "text": "a" * 15_000}
    html = handed_back(whole(), notebook_of(*[code_cell("x", output)] * 100))
    assert html.count('<pre class="output">') == Room().characters // 15_000
    assert "outputs beyond what a page holds" in html
    huge = PNG + b"\0\0\0\rIHDR" + struct.pack(">II", 100_000, 1)
    assert embed_png(base64.b64encode(huge).decode()) is None


@pytest.mark.thorough
def test_more_than_can_be_looked_at_is_cut_and_told() -> None:
    """A hundred thousand cells, a cell of ten megabytes, thousands of lines: the page stays small."""
    many = handed_back(whole(), notebook_of(*[code_cell("x = 1")] * 100_000))
    assert f"{100_000 - MAX_SHOWN_CELLS:,} more cells" in text_of(many)
    long = handed_back(whole(), notebook_of(code_cell(f"x = '{'a' * 10_000_000}'"), text_cell("b " * 500_000)))
    assert "more characters" in text_of(long)
    lines = handed_back(whole(), notebook_of(code_cell("\n" * 30_000)))
    assert max(map(len, (many, long, lines))) < 400_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\0\1\2",
        b'{"cells": 5, "nbformat": 4}',
        b'{"cells": [5, null, {}, {"cell_type": 7, "source": {}}], "nbformat": 4}',
        b'{"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}], "nbformat": 3, "metadata": {}}',
        b"[" * 200_000,
        json.dumps(
            {"nbformat": 4, "metadata": {}, "cells": [code_cell(["a", 5], 7, {"data": {"text/plain": [5]}})]}
        ).encode(),
        json.dumps(
            {"nbformat": 4, "metadata": {}, "cells": [{**code_cell("x"), "outputs": "no"}, text_cell(None)]}
        ).encode(),
    ],
)
def test_whatever_was_handed_in_there_is_a_page(content: bytes) -> None:
    """Damaged notebooks, other files, nothing at all."""
    for file in ("tiny.ipynb", "tiny.py"):
        one = msgspec.structs.replace(whole(), file=file)
        for make in (page, handed_back):
            assert make(one, content).rstrip().endswith("</html>")


def test_the_same_twice_is_the_same_page() -> None:
    """Byte for byte, whatever was shown in between; the timing isn't in it."""
    slow = msgspec.structs.replace(whole(), seconds=99.0)
    before = page(whole(), ordinary()), handed_back(whole(), ordinary())
    page(*hostile())
    assert (page(slow, ordinary()), handed_back(slow, ordinary())) == before


def test_code_keeps_every_letter() -> None:
    """Whatever is in it, coloured or not, in as many lines."""
    for code in (
        CODE,
        HELPER,
        'x = """a\nb',
        "'\\",
        '"' * 7,
        "f'{x!r:>{w}}' # <é>",
        "@a\nclass B: pass",
        "1e5 if 0x1f else not_in",
        "\n\n",
    ):
        made = code_listing.lines(code)
        plain = [Markup(re.sub(r"<[^>]*>", "", line)).unescape() for line in made]
        assert plain == code.split("\n")


def test_reports_from_before_there_were_exhibits_can_be_read() -> None:
    """From a gradebook that an earlier version wrote; and those with exhibits come back as they were."""
    one = report(question("double", case("number", Status.FAILED, "wrong", exhibits=exhibits())))
    assert msgspec.json.decode(as_json.render(one), type=ScoreReport) == one
    fields = msgspec.to_builtins(one)
    for each in fields["questions"][0]["cases"]:
        del each["exhibits"]
    old = msgspec.convert(fields, ScoreReport)
    assert old.questions[0].cases[0].exhibits == ()
    assert isinstance(exhibits()[0], Flow)
    assert isinstance(old.questions[0].cases[0], CaseResult)
