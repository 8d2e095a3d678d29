"""Whatever is written in a submission, in its name or in what it answers: no page of ours acts on it, in a browser."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from grader.gradebook.run_diff import CaseChange, QuestionChange, RunDiff, StudentChange
from grader.models import Curve, Diagnosis, Flow, GrayImage, ImageGallery, ScoreReport, Status, Step
from grader.reports.html import class_page, run_diff_page, student_page, submission_page, submission_view
from grader.reports.html.markdown_cells import ATTRIBUTES, TAGS, VALUES
from grader.similarity.compare import SimilarityResult, SimilarPair
from grader.similarity.page import render as similar_page
from grader.similarity.side_by_side import CodeLine, CodeRow, PieceView, SideBySide
from tests.factories import case, code_cell, notebook_of, png_of, question, report, run_of, text_cell
from tests.helpers.browsing import Seen
from tests.helpers.payloads import texts

Open = Callable[..., Seen]
SKELETON = (
    "[...document.querySelectorAll('*')].map(e => [e.localName, ...e.getAttributeNames().sort()].join(' '))"
    ".filter(e => !e.startsWith('bdi'))"
)
IN_MARKDOWN = (
    "[...document.querySelectorAll('.cell.markdown *')].flatMap(e => e.getAttributeNames().length"
    " ? e.getAttributeNames().map(n => [e.localName, n, e.getAttribute(n)]) : [[e.localName, '', '']])"
)
ALLOWED = {"class", "rel"}


def acts(seen: Seen) -> list[str]:
    """What happens on a page that is looked at, pointed at and walked through."""
    seen.page.evaluate(
        "for (const e of document.querySelectorAll('main *'))"
        " for (const kind of ['mouseover', 'focus', 'toggle', 'load', 'error', 'animationstart', 'pointerenter'])"
        " e.dispatchEvent(new Event(kind))"
    )
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Alt+x")
    seen.page.wait_for_timeout(400)
    hit = seen.page.evaluate("window.hit ?? null")
    return [*seen.wrong(), *([] if hit is None else [f"script {hit}"])]


def harmless(many: int) -> list[str]:
    return [f"text {number}" for number in range(many)]


def worded(words: Sequence[str]) -> ScoreReport:
    """A report whose every text is one of these."""
    a, *rest = (word.replace("`", "'") for word in words)
    step, form = Step(a, a, a), (0.5, 0.1)
    shown = (Flow((step,), a), Curve((1.0, None), form, a), ImageGallery((GrayImage(1, b"\0", a),), a, 1))
    cases = [
        case(f"c{n}", Status.FAILED, f"{n} {word} (cell 1, line 1: {word})", called=word, exhibits=shown)
        for n, word in enumerate(rest)
    ]
    asked = question("double", *cases, diagnosis=Diagnosis("x", a), lent=(a,))
    return report(asked, student=a, file=f"{a}.ipynb", notes=tuple(rest[:40]), sandbox=(a,))


def own_page(words: Sequence[str]) -> bytes:
    return student_page.render(worded(words), submission_view.read_view(b"", "x.py"), "x.html")


def work_page(words: Sequence[str]) -> bytes:
    """Code, raw cells and outputs."""
    stream = [{"output_type": "stream", "text": f"{word} \x1b[31m{word}\x1b]0;{word}\x07"} for word in words]
    cells = [
        code_cell(f"# {word}\nx = '''{word}'''\n{word}", output) for word, output in zip(words, stream, strict=True)
    ]
    cells += [code_cell("x", {"output_type": "error", "traceback": [word]}) for word in words[::5]]
    cells += [
        code_cell("x", {"data": {word: word}}, {"data": {"text/plain": word, "image/png": word}}) for word in words
    ]
    cells += [{"cell_type": "raw", "source": word} for word in words[::5]]
    made = report(
        question("double", case("a")), file="x.ipynb", notes=tuple(f"cell 1, line 1: {w}" for w in words[:20])
    )
    return submission_page.render(made, submission_view.read_view(notebook_of(*cells), "x.ipynb"), "x.html")


def class_of(words: Sequence[str]) -> bytes:
    """A class whose students, reasons and hints are these."""
    reports = [msgspec.structs.replace(worded(words[:3]), student=word) for word in words]
    reports += [report(status="rejected", student=f"{n} {word}", notes=(word,)) for n, word in enumerate(words)]
    return class_page.render(iter(reports), run_of(len(reports)), lambda student: f"x{student[:2].encode().hex()}.html")


def two_runs(words: Sequence[str]) -> bytes:
    changed = [
        StudentChange(
            word,
            "1 / 2",
            "2 / 2",
            (f"{n} {word}",),  # as a filter up to a colon: each another one
            (QuestionChange(word, 1.0, 2.0, (CaseChange("a", word, Status.FAILED, None, 1.0, 2.0, word),)),),
            1.0,
        )
        for n, word in enumerate(words)
    ]
    found = RunDiff(
        run_of(9), run_of(9), tuple((word, word, word) for word in words[:3]), changed, [*words], [*words], 3
    )
    return run_diff_page.render(found, lambda student: "x.html")


def similar_of(words: Sequence[str]) -> bytes:
    sides = [
        SideBySide(
            (CodeRow(PieceView(word, word, (CodeLine(1, word, True), CodeLine(2, word, False)), True), None),), 1
        )
        for word in words
    ]
    pairs = tuple(SimilarPair(word, word, 20.0, 0.9, 99.0, ((word, word),)) for word in words)
    left_out = {f"{n} {word}": word for n, word in enumerate(words)}
    return similar_page(SimilarityResult("x", 3, (1, 2, 3), 4, pairs, 5, left_out), sides)


@pytest.mark.parametrize(
    "make",
    [own_page, work_page, *(pytest.param(make, marks=pytest.mark.long) for make in (class_of, two_runs, similar_of))],
)
def test_text_is_text_on_every_page(page: Open, tmp_path: Path, make: Callable[[Sequence[str]], bytes]) -> None:
    """Nothing happens, and the browser finds the same elements and attributes as with words that are only words."""
    hostile = texts()
    skeletons = []
    for name, words in (("hostile", hostile), ("harmless", harmless(len(hostile)))):
        path = tmp_path / f"{name}.html"
        path.write_bytes(make(words))
        seen = page(path)
        skeletons.append([part for part in seen.page.evaluate(SKELETON) if not colour(part)])
        assert acts(seen) == []
    assert skeletons[0] == skeletons[1]


def colour(element: str) -> bool:
    """Whether it is there for the colours of code, of which other text has others, or for lines of it."""
    return element in ("span class", "br")


def soup(chance: random.Random, parts: Sequence[str]) -> str:
    """Parts of texts in each other, cut and mixed."""
    made = ""
    for _ in range(12):
        part = chance.choice(parts)
        at = chance.randrange(len(part))
        made += part[at : at + chance.randrange(2, 60)] + chance.choice(
            ("", "", '"', "'", ">", "<", "\n\n", "$", "`", "<h1>")
        )
    return made


@pytest.mark.parametrize("kind", ["as it is", pytest.param("in what is around it", marks=pytest.mark.long), "mixed"])
def test_markdown_becomes_what_is_allowed_and_nothing_else(page: Open, tmp_path: Path, kind: str) -> None:
    """As a browser reads it: only the tags and attributes that are allowed, addresses of the web, pictures of ours."""
    words, chance = texts(), random.Random(7)
    around = ["<h1>{}</h1>", "[{}](https://e.invalid)", "<a href='https://e.invalid/{}'>x</a>", "![{}](attachment:a)"]
    around += ["<b title='{}'>x</b>", "$x {}$", "| {} |\n|---|\n| {} |", "> - {}", "<table><td>{}", "<math><mtext>{}"]
    if kind == "in what is around it":
        words = [chance.choice(around).replace("{}", word) for word in words for _ in range(2)]
    elif kind == "mixed":
        words = [soup(chance, words) for _ in range(390)]
    attached = {"a": {"image/png": png_of(2, 2)}, "x": {"image/png": words[0], "image/svg+xml": words[1]}}
    content = notebook_of(*(text_cell(word, attachments=attached) for word in words))
    path = tmp_path / "page.html"
    path.write_bytes(
        submission_page.render(report(file="x.ipynb"), submission_view.read_view(content, "x.ipynb"), "x.html")
    )
    seen = page(path)
    assert acts(seen) == []
    found = seen.page.evaluate(IN_MARKDOWN)
    assert len(found) > 100
    for tag, name, value in found:
        assert tag in TAGS, tag
        assert not name or name in ALLOWED | ATTRIBUTES.get(tag, set()) | set(VALUES.get(tag, {})), (tag, name, value)
        if name == "href":
            assert value.strip().lower().startswith(("http:", "https:", "mailto:")), value
        if name == "src":
            assert value.startswith("data:image/png;base64,iVBORw0KGgo"), value
    assert seen.page.locator("h1").count() == 1
