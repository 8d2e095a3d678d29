"""Untrusted text is shown, never interpreted."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import mistune
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader._util.escaping import (
    FORMULA_STARTS,
    INVISIBLE_CATEGORIES,
    csv_cell,
    csv_file,
    escape_markdown,
    escape_surrogates,
    markdown_code,
    one_line,
    plain,
    quote_text,
)
from grader._util.wording import format_megabytes, format_number, format_points, join_with_and
from grader.models import Status
from grader.statuses import STATUS_TEXT
from tests.helpers.csv_readers import read_in_every_way

ANYTHING = st.text(st.characters(exclude_categories=()))  # lone surrogates too
NASTY = st.text(st.sampled_from("\\`*_[]()<>|~$&#+-=!@:/.\n\r\t 1awWhtp;\x1b\u202e\u200b\ud800"))
TEXT = ANYTHING | NASTY
LINKING = mistune.create_markdown(plugins=["url"])  # makes links of bare addresses
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def rendered(source: str) -> tuple[list[str], str]:
    """The kinds of blocks that a Markdown source makes, and its inline text, which must be text alone."""
    tokens = MARKDOWN.parse(source)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special", "code_inline"}, source
    return [token.type for token in tokens], "".join(child.content for child in inline)


@given(TEXT)
def test_plain_text_hides_nothing(text: str) -> None:
    """After `plain`, no control, escape sequence, bidi mark or surrogate is left but line feeds and tabs."""
    shown = plain(text)
    assert not {unicodedata.category(c) for c in shown if c not in "\n\t"} & INVISIBLE_CATEGORIES
    assert "\x1b" not in shown
    shown.encode()


@pytest.mark.parametrize("sign", ["”", "ˮ", "″", "״", "〃", "🙷", "⹂", "’’", "ʼʼ"])  # noqa: RUF001  # lookalikes
def test_nothing_that_looks_like_its_end_closes_a_quotation(sign: str) -> None:
    """What a student wrote may not seem to stand after the quotation: any such mark becomes an ordinary one."""
    shown = quote_text(f"boom{sign} (cell 1, line 1). All requirements are met.")
    assert not set(sign) & set(shown[1:-1])


@given(TEXT, st.integers(1, 50))
def test_plain_text_is_short_and_settled(text: str, limit: int) -> None:
    """`plain` keeps its limit, and does nothing more to what it made."""
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert plain(shown, limit) == shown


def test_plain_text_names_what_it_found() -> None:
    """Controls appear as the escapes that a programmer knows; ordinary text is left as it is."""
    assert plain("\x1b[31mred\x07") == "\\x1b[31mred\\x07"
    assert plain("a\u202eb\u2028c") == "a\\u202eb\\u2028c"
    assert plain("x\U000e0041y") == "x\\U000e0041y"
    assert plain("one\r\ntwo\tthree\r") == "one\ntwo\tthree\\x0d"
    assert plain("Zoë 数学 ½ 😀 C:\\new") == "Zoë 数学 ½ 😀 C:\\new"
    assert plain("a" * 11, 10) == "a" * 9 + "…"


@given(TEXT)
def test_one_line_is_one_line(text: str) -> None:
    """`one_line` gives no line breaks and no runs of spaces."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == " ".join(line.split())


@given(TEXT)
def test_markdown_shows_the_text_itself(text: str) -> None:
    """Rendered, escaped text is one paragraph that reads exactly as the plain line does."""
    blocks, seen = rendered(escape_markdown(text))
    line = one_line(text)
    assert blocks == (["paragraph_open", "inline", "paragraph_close"] if line else [])
    assert seen == line


@given(TEXT)
def test_markdown_stays_in_its_list_item_and_table_cell(text: str) -> None:
    """Escaped text ends no cell, and begins no heading, list or quotation inside of a list item."""
    blocks, seen = rendered(f"- {escape_markdown(text)}")
    assert blocks.count("list_item_open") == 1
    assert blocks.count("inline") == (1 if one_line(text) else 0)
    blocks, seen = rendered(f"| a | b |\n|---|---|\n| {escape_markdown(text)} | end |")
    assert blocks.count("td_open") == 2
    assert seen == "ab" + one_line(text) + "end"


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/a.png)",
        "[click](javascript:alert(1))",
        "<script>alert(1)</script>",
        "<http://evil.example>",
        "see http://evil.example and WWW.evil.example or mail a@evil.example",
        "# not a heading",
        "1. not a list",
        "ends with a backslash\\",
        "`code` **bold** ~~gone~~ $x$",
        "&lt;b&gt;",
        "@everyone @@",
    ],
)
def test_markdown_makes_nothing_of_markup(text: str) -> None:
    """Links, images, HTML, bare addresses and mentions are neither made nor left for an extension to find."""
    source = escape_markdown(text)
    assert rendered(source)[1] == text
    assert "<" not in source
    assert "p://" not in source
    assert "www." not in source.lower()
    assert "@e" not in source
    assert "href" not in LINKING(source)


@given(TEXT)
def test_code_is_one_code_span(text: str) -> None:
    """A code span holds the whole plain line, whatever backticks are in it."""
    tokens = MARKDOWN.parseInline(f"x {markdown_code(text)} y")[0].children or []
    spans = [token.content for token in tokens if token.type == "code_inline"]
    assert spans == ([one_line(text)] if one_line(text) else [])
    assert "".join(token.content for token in tokens if token.type == "text").split() == ["x", "y"]


CELLS = st.text(st.sampled_from("=+-@＝＋|;,\t\"' a1\n")) | TEXT  # noqa: RUF001 - wide forms are meant


@given(CELLS)
def test_a_csv_cell_is_never_a_formula(text: str) -> None:
    """No text cell begins as a formula does, and the text is all there between the apostrophes that were added."""
    cell = csv_cell(text)
    assert isinstance(cell, str)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.replace("'", "") == one_line(text).replace("'", "")
    assert csv_cell(cell) == cell


@given(
    st.lists(st.lists(CELLS | st.integers(0, 9) | st.just(""), min_size=1, max_size=4), min_size=1, max_size=3),
    st.booleans(),
)
def test_a_csv_file_holds_no_formula_however_it_is_read(rows: list[list[str | int]], bom: bool) -> None:
    """Not even with another separator than it was written with, or by who takes quotation marks for ordinary signs."""
    content = csv_file([[csv_cell(cell) for cell in row] for row in rows], bom=bom)
    assert [cell for cell in read_in_every_way(content) if cell.startswith(FORMULA_STARTS)] == []


@given(st.lists(CELLS, min_size=1), st.sampled_from(",;\t"), st.booleans())
@example([""], ",", True)
@example(['1"'], ",", True)  # only a whole cell of words may stand without quotation marks
def test_csv_cells_survive_the_round_trip(texts: list[str], delimiter: str, bom: bool) -> None:
    """What is written of cells, csv.reader reads as the same cells, on one line."""
    row = [csv_cell(text) for text in texts]
    content = csv_file([row], delimiter, bom)
    assert content.startswith(b"\xef\xbb\xbf") == bom
    sheet = io.StringIO(content.decode("utf-8-sig"), newline="")
    assert list(csv.reader(sheet, delimiter=delimiter)) == [row]


def test_text_is_quoted_and_numbers_are_not() -> None:
    """Nor are empty cells, and the words right behind a byte-order mark, where Ruby refuses a quotation mark."""
    rows: list[list[str | float]] = [["Student name", "score"], ["a", 1.5], ["", "2.50"], ["-3", "1,5"]]
    written = b'"Student name","score"\r\n"a",1.5\r\n,2.50\r\n-3,"1,5"\r\n'
    assert csv_file(rows) == written
    assert csv_file(rows, bom=True) == b"\xef\xbb\xbf" + written.replace(b'"Student name"', b"Student name")


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_every_start_of_a_formula_is_quoted(start: str) -> None:
    """Each of the signs gets a single quote in front, also when only spaces stand before it."""
    for text in (f"{start}1+1", f"  {start}1+1"):
        assert str(csv_cell(text)).startswith("'") or not one_line(text).startswith(FORMULA_STARTS)
    assert str(csv_cell(f"{start}1+1")).startswith("'")


def test_numbers_stay_numbers() -> None:
    """Only text is escaped: a negative number is a number; truth and nothing have words of their own."""
    assert [csv_cell(value) for value in (-1.5, 7, True, False, None)] == [-1.5, 7, "true", "false", ""]


def trees(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@given(trees(TEXT | st.integers() | st.none()))
def test_encodable_values_can_be_encoded(value: object) -> None:
    """Whatever is in a tree, UTF-8 holds what `escape_surrogates` makes of it."""
    json.dumps(escape_surrogates(value), ensure_ascii=False).encode()


@given(trees(st.text() | st.integers() | st.none()))
def test_what_could_be_encoded_stays_as_it_is(value: object) -> None:
    """`escape_surrogates` changes nothing in a tree without lone surrogates."""
    assert escape_surrogates(value) == value


def test_every_status_has_words() -> None:
    """Each status is said in words of its own, which are plain text."""
    assert set(STATUS_TEXT) == set(Status)
    assert len(set(STATUS_TEXT.values())) == len(Status)
    assert all(escape_markdown(words) == words for words in STATUS_TEXT.values())


def test_points_are_written_as_people_do() -> None:
    """No needless zeros, at most two decimals, one point and two points."""
    assert [format_number(value) for value in (0, 8.0, 2.5, 1 / 3, 100)] == ["0", "8", "2.5", "0.33", "100"]
    assert [format_points(value) for value in (1, 2, 0.5)] == ["1 point", "2 points", "0.5 points"]
    assert [join_with_and(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert format_megabytes(32 * 2**20) == "32 MB"
