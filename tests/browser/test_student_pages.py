"""Students' pages as a browser shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.models import ScoreReport
from grader.reports.html import student_page, submission_page, submission_view
from tests.factories import ROOT
from tests.helpers.browsing import Seen
from tests.helpers.handed_in import hostile, ordinary, whole

NAMES = ("ada.html", "ada.notebook.html")


def written(folder: Path, report: ScoreReport, content: bytes) -> Path:
    """The folder, with both pages in it."""
    work = submission_view.read_view(content, report.file)
    (folder / NAMES[0]).write_bytes(student_page.render(report, work, NAMES[1]))
    (folder / NAMES[1]).write_bytes(submission_page.render(report, work, NAMES[0]))
    return folder


@pytest.fixture(scope="module")
def ordinary_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("ordinary"), whole(), ordinary())


@pytest.fixture(scope="module")
def hostile_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("hostile"), *hostile())


@pytest.mark.parametrize(
    ("width", "dark"),
    [(375, False), pytest.param(1280, True, marks=pytest.mark.long)],
    ids=["phone, light", "desk, dark"],
)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(page: Callable[..., Seen], ordinary_pages: Path, name: str, width: int, dark: bool) -> None:
    """On a phone in light, on a desk in dark; nothing goes wrong, nothing is asked for, and nothing sticks out."""
    seen = page(ordinary_pages / name, width, dark=dark)
    assert seen.violations() == []
    assert seen.wrong() == []
    assert seen.too_wide() <= 0
    background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 200) == dark


def test_a_whole_notebook_fits_on_a_phone(page: Callable[..., Seen], tmp_path: Path) -> None:
    """The largest notebook of this repository, as it is handed back."""
    written(tmp_path, whole(), (ROOT / "solutions" / "digits" / "digits.ipynb").read_bytes())
    seen = page(tmp_path / NAMES[1], 375)
    assert (seen.wrong(), seen.too_wide()) == ([], 0)


def test_the_keyboard_reaches_all_there_is_to_follow(page: Callable[..., Seen], ordinary_pages: Path) -> None:
    """Tab goes from link to link in the order of the page, and what has the focus is marked."""
    seen = page(ordinary_pages / NAMES[0])
    wanted = seen.page.locator("a[href], summary").count()
    reached = []
    for _ in range(wanted):
        seen.page.keyboard.press("Tab")
        reached.append(seen.page.evaluate("document.activeElement.textContent.trim()"))
        style = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
    assert reached == [text.strip() for text in seen.page.locator("a[href], summary").all_text_contents()]
    seen.page.locator("summary").first.focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("details[open]").count() == 1


def test_the_pages_lead_to_each_other(page: Callable[..., Seen], ordinary_pages: Path) -> None:
    """From a function of the report to the cell that it stands in, and back."""
    seen = page(ordinary_pages / NAMES[0])
    seen.page.get_by_role("link", name="cell 2").click()
    assert seen.page.url.endswith("ada.notebook.html#cell-2")
    assert seen.page.locator("#cell-2 .feedback h3").inner_text() == "double"
    seen.page.get_by_role("link", name="the report").click()
    assert seen.page.url.endswith("ada.html")


def test_it_prints(page: Callable[..., Seen], ordinary_pages: Path) -> None:
    """Both pages, on paper, in black on white."""
    for name in NAMES:
        seen = page(ordinary_pages / name, dark=False)
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_student_wrote_does_nothing(page: Callable[..., Seen], hostile_pages: Path, name: str) -> None:
    """No script, no request, no dialog, no other place, and nothing that hides the page."""
    seen = page(hostile_pages / name)
    for kind in ("details", "a", "img"):
        for one in seen.page.locator(kind).all()[:30]:
            one.dispatch_event("toggle" if kind == "details" else "mouseover")
            one.dispatch_event("focus")
    seen.page.wait_for_timeout(200)
    assert seen.wrong() == []
    assert seen.page.evaluate("window.hit") is None
    forbidden = "script, iframe, object, embed, base, form, input, button, link, video, audio, style[media], [style]"
    assert seen.page.locator(forbidden).count() == 0
    assert seen.page.locator("meta[http-equiv=refresh]").count() == 0
    assert seen.page.evaluate(
        "[...document.querySelectorAll('*')].every(e => !e.getAttributeNames().some(n => n.startsWith('on')))"
    )
    links = seen.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.protocol)")
    assert set(links) <= {"file:", "http:", "https:", "mailto:"}
    assert seen.page.locator("h1").is_visible()
    assert seen.too_wide() <= 0
    assert "window.hit" in seen.page.locator("body").inner_text()  # it is shown, and that is all
