"""The page of a class in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.execution.output import PAGE
from tests.helpers.browsing import Seen
from tests.helpers.page_elements import HOSTILE
from tests.helpers.pages import a_class, page_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser


Open = Callable[..., Seen]


@pytest.fixture
def shown(tmp_path: Path, page: Open) -> Open:
    """shown(width=..., dark=..., many=40): the page of such a class, open in the browser."""

    def opened(width: int = 1280, *, dark: bool = False, many: int = 40) -> Seen:
        (tmp_path / PAGE).write_bytes(page_of(a_class(many), lambda student: "reports/x.html"))
        return page(tmp_path / PAGE, width, dark=dark)

    return opened


def column(seen: Seen, number: int) -> list[str]:
    """What the rows that are shown have in a column."""
    cells = f"#students ~ .region tbody tr:not([hidden]) > :nth-child({number})"
    return [text.strip() for text in seen.page.locator(cells).all_text_contents()]


@pytest.mark.parametrize(("width", "dark"), [(375, False), pytest.param(1280, True, marks=pytest.mark.long)])
def test_everyone_can_read_it(shown: Open, width: int, dark: bool) -> None:
    """Narrow or wide, light or dark: nothing breaks, nothing is asked for, axe finds nothing, only tables scroll."""
    seen = shown(width, dark=dark, many=len(HOSTILE) + 1)
    assert seen.wrong() == []
    assert seen.violations() == []
    assert seen.too_wide() <= 0
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") != (
        "rgb(255, 255, 255)" if dark else "rgb(13, 17, 23)"
    )


def test_columns_are_sorted_by_keyboard(shown: Open) -> None:
    """Tab leads to a heading, Enter sorts, Enter again turns it round; a number is no text; what is empty is last."""
    seen = shown()
    seen.page.locator("#students ~ .region").focus()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    scores = [float(text) for text in column(seen, 2)]
    assert scores == sorted(scores)
    assert seen.page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    seen.page.keyboard.press("Enter")
    assert [float(text) for text in column(seen, 2)] == sorted(scores, reverse=True)
    assert seen.page.locator("th[aria-sort]").all_text_contents() == ["score"]
    assert "sorted by score, descending" in seen.page.locator("output").inner_text()
    seen.page.get_by_role("columnheader", name="q3", exact=True).get_by_role("button").click()
    points = column(seen, 8)
    empty = points.count("")
    assert empty
    assert points[-empty:] == [""] * empty
    assert seen.wrong() == []


def test_names_are_searched_as_people_write_them(shown: Open) -> None:
    """Without accents and capitals; markup is text like any other."""
    seen = shown()
    search = seen.page.get_by_role("searchbox")
    for typed, name in (("zoe", 'Zoë, "Z"'), ("한", "한글"), ("<SCRIPT", "<script>alert(1)</script>")):
        search.fill(typed)
        assert column(seen, 1) == [name]
        assert seen.page.locator("output").inner_text() == "1 of 40 students"
    search.fill("nobody at all")
    assert column(seen, 1) == []
    search.fill("")
    assert len(column(seen, 1)) == 40
    assert seen.wrong() == []


def test_a_number_leads_to_the_students_behind_it(shown: Open) -> None:
    """Of a known mistake and of an ending of a question: exactly those students are left, and the list says which."""
    seen = shown()
    expected = [report.student for report in a_class(40) if report.questions and report.questions[0].diagnosis]
    place = seen.page.locator(".mistakes li", has_text="q0").get_by_role("link")
    assert place.inner_text() == str(len(expected))
    place.click()
    assert column(seen, 1) == [" ".join(name.split()) for name in expected]
    chosen = "select => select.selectedOptions[0].text"
    assert seen.page.locator("select").evaluate(chosen) == f"q0: wrong_axis ({len(expected)})"
    seen.page.locator(".items tbody").nth(1).locator("a").first.click()
    assert seen.page.locator("select").evaluate(chosen).startswith("wrong (")
    seen.page.get_by_role("combobox").select_option(label="everyone")
    assert len(column(seen, 1)) == 40
    assert seen.console + seen.crashes + seen.dialogs + seen.outgoing == []
    assert [address.partition("#")[2] for address in seen.visited[1:]] == ["students"] * (len(seen.visited) - 1)


def test_cases_are_folded_away_until_asked_for(shown: Open) -> None:
    """By keyboard, too; on paper they are all there, without what can't be used there."""
    seen = shown()
    body = seen.page.locator(".items tbody").first
    assert body.locator(".case:visible").count() == 0
    body.get_by_role("button").press("Enter")
    assert body.locator(".case:visible").count() == 2
    assert body.get_by_role("button").get_attribute("aria-expanded") == "true"
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".items .case:visible").count() == 28
    assert not seen.page.locator(".controls").is_visible()
    assert seen.page.pdf(prefer_css_page_size=True).count(b"/URI (") >= 40  # the link of every student
    assert seen.wrong() == []


def test_all_is_there_without_scripts(tmp_path: Path, browser: Browser) -> None:
    """Every student and every case; no button and no field that would do nothing."""
    (tmp_path / PAGE).write_bytes(page_of(a_class(40), lambda student: "reports/x.html"))
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto((tmp_path / PAGE).as_uri())
        assert page.locator(".students tbody tr:visible").count() == 40
        assert page.locator(".items .case:visible").count() == 28
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
    finally:
        context.close()


def test_two_thousand_students_can_be_searched(shown: Open) -> None:
    """In the browser they are no more elements than in the file, and one of them is found."""
    seen = shown(many=2000)
    assert seen.page.evaluate("document.querySelectorAll('*').length") < 25 * 2000
    seen.page.get_by_role("searchbox").fill("student 1234")
    assert len(column(seen, 1)) == 1
    assert seen.wrong() == []
