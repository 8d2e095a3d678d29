"""Reports and submissions for tests of pages: some of all that can stand in them, and some that try to act."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from grader.grading.exhibits import Exhibits
from grader.models import CaseResult, Diagnosis, Exhibit, QuestionResult, ScoreReport, Status
from grader.reports.html.exhibits import png

CODE = '''def double(x):
    """Twice x."""
    y = x + x
    return helper(y)'''
HELPER = "import numpy as np\n\n\ndef helper(y):\n    return y / nothing\n"
BOMB = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'>"


def exhibits() -> tuple[Exhibit, ...]:
    """One of each kind."""
    shown = Exhibits()
    shown.flow("From layer to layer", ["X", "A1"], [np.ones((3, 2)), np.ones(2)], [np.ones((3, 2)), np.ones((2, 2))])
    flow = shown.render()
    shown.clear()
    shown.curve("The cost", [0.9, 1.1, float("nan"), 1.5], [0.9, 0.5, 0.2, 0.1])
    shown.pictures("Digits", np.eye(20)[None].repeat(9, 0), [1] * 9, [0] * 9)
    return flow + shown.render()


def case(name: str, status: Status = Status.PASSED, message: str = "", **more: Any) -> CaseResult:
    worth = 2.0
    return CaseResult(name, f"The {name} is right.", status, worth * (status is Status.PASSED), worth, message, **more)


def question(name: str, *cases: CaseResult, **more: Any) -> QuestionResult:
    score, worth = sum(one.points for one in cases), sum(one.max_points for one in cases)
    worst = next((one.status for one in cases if one.status is not Status.PASSED), Status.PASSED)
    return QuestionResult(name, score, worth, worst, cases, **more)


def report(*questions: QuestionResult, **more: Any) -> ScoreReport:
    fields: dict[str, Any] = {
        "student": "ada",
        "file": "tiny.ipynb",
        "digest": "d" * 64,
        "assignment": "tiny",
        "assignment_digest": "a" * 64,
        "grader_version": "0.1.0+abcdef",
        "status": "graded",
        "score": sum(one.score for one in questions),
        "max_score": sum(one.max_score for one in questions),
        "needs_review": False,
        "sandbox": ("own process", "no network"),
        "questions": questions,
        "notes": (),
        "seconds": 1.5,
    }
    return ScoreReport(**{**fields, **more})


def whole() -> ScoreReport:
    """A report with every ending, exhibits, a hint, a lent function, notes."""
    raised = "`double` raised NameError: “name 'nothing' is not defined” (cell 1, line 5: “return y / nothing”)"
    shown = exhibits()
    return report(
        question(
            "double",
            case("shape"),
            case("number", Status.ERROR, raised, called="x (3,)"),
            case("sign", Status.FAILED, "The result is wrong: 3 came.", exhibits=shown[:2]),
            case("picture", Status.FAILED, "A label is wrong.", exhibits=shown[2:]),
            diagnosis=Diagnosis("off", "What is twice `x`?"),
            lent=("triple",),
        ),
        question("triple", case("number"), case("sign")),
        question("absent", *(case(name, Status.MISSING, "`absent` isn't defined anywhere") for name in ("a", "b"))),
        notes=("another note",),
        sandbox_notes=("cell 3, line 1: NameError: name 'oops' is not defined",),
    )


def code_cell(source: Any, *outputs: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs), "execution_count": None}


def text_cell(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def notebook(*cells: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}).encode()


def ordinary() -> bytes:
    """What belongs to the whole report."""
    picture = png(exhibits()[2].pictures[0]).partition(",")[2]  # type: ignore[union-attr]  # it is pictures
    return notebook(
        text_cell(
            "# Twice\n\nA formula $x^2 < 1$, a [link](https://example.org/), and\n\n| | b |\n|---|---|\n| 1 | 2 |"
        ),
        code_cell(HELPER),
        code_cell(CODE, {"output_type": "stream", "name": "stdout", "text": ["four\n", "five\n"]}),
        code_cell(
            "oops\ntriple = lambda x: 3 * x", {"output_type": "error", "traceback": ["\x1b[31mNameError\x1b[0m: oops"]}
        ),
        code_cell("plot()", {"output_type": "display_data", "data": {"image/png": picture, "text/plain": "<Figure>"}}),
        text_cell("### Further down\n\n```python\nx = 1\n```\n\n1. one\n2. two\n\n> quoted"),
    )


def hostile() -> tuple[ScoreReport, bytes]:
    """A notebook that tries to act, and a report whose every text does."""
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hit=3'><script>window.hit=4</script></svg>"
    page = "http://example.org/x"
    texts = [
        BOMB,
        svg,
        "# <script>window.hit = 5</script> title",
        "[a](javascript:window.hit=6) [b](JaVaScRiPt&#58;window.hit=7) [c](data:text/html,<script>window.hit=8//)",
        "<a href='java\nscript:window.hit=9'>d</a> <a href=' &#14; javascript:window.hit=10'>e</a> [f](vbscript:x)",
        f"<iframe src='{page}'></iframe><object data='{page}'></object><embed src='{page}'><base href='{page}/'>",
        f"<meta http-equiv='refresh' content='0;url={page}'><link rel=stylesheet href='{page}'>",
        f"<form action='{page}'><input autofocus onfocus='window.hit=11'>"
        "<button formaction='javascript:window.hit=12'>x</form>",
        f"<style>body {{ display: none; background: url({page}) }}</style><p style='position:fixed;inset:0'>over</p>",
        f"![words]({page}.png) <img src='{page}.png' alt='other words'> ![file](file:///etc/passwd)",
        f"<video src='{page}'></video><audio src='{page}' autoplay></audio><picture><source srcset='{page}'></picture>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.hit=13&gt;'>",
        "</main></body></html><script>window.hit=14</script>",
        "<details open ontoggle='window.hit=15'><summary>more</summary>inside</details><body onload='window.hit=16'>",
        "<img src=attachment:a.png onerror='window.hit=17'> ![y](attachment:b.png)",
        '$"><script>window.hit=18</script>$ `</code><script>window.hit=19</script>`',
    ]
    html = {"text/html": f"<script>window.hit=20</script>{BOMB}", "application/javascript": "window.hit=21"}
    outputs = [
        {"output_type": "display_data", "data": html},
        {"output_type": "display_data", "data": {"image/svg+xml": svg}},
        {"output_type": "display_data", "data": {"application/vnd.jupyter.widget-view+json": {}, "text/plain": BOMB}},
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(svg.encode()).decode()}},
        {"output_type": "display_data", "data": {"image/png": "x' onerror='window.hit=22"}},
        {"output_type": "stream", "text": f"</pre>{BOMB}\x1b]0;title\x07"},
        {"output_type": "error", "traceback": [f"</pre>{BOMB}"]},
    ]
    cells = [
        code_cell(f"# </script></style></pre>{BOMB}\ndef double(x):\n    return '</pre>{BOMB}'\n", *outputs),
        *(text_cell(text) for text in texts),
        text_cell("![z](attachment:c)", attachments={"c": {"image/svg+xml": svg, "image/png": svg, "text/html": BOMB}}),
        {"cell_type": "raw", "metadata": {}, "source": BOMB},
    ]
    hit = case("number", Status.FAILED, f"came: {BOMB} (cell 1, line 3: {BOMB})", called=BOMB)
    asked = question("double", hit, diagnosis=Diagnosis("x", BOMB), lent=(BOMB,))
    told = {"notes": (BOMB,), "sandbox_notes": (BOMB, f"cell 1, line 2: {BOMB}"), "sandbox": (BOMB,)}
    made = report(asked, student="ada", file=f"{BOMB}.ipynb", **told)
    return made, notebook(*cells)
