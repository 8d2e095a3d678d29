"""Reports and submissions for tests of pages: some of all that can stand in them, and some that try to act."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import msgspec
import numpy as np

from grader.grading.exhibits import Exhibits
from grader.models import Diagnosis, Exhibit, ScoreReport, Status
from grader.reports.html import student_page, submission_page, submission_view
from grader.reports.html.exhibits import png
from tests.factories import case, code_cell, notebook_of, question, report, text_cell

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


def whole() -> ScoreReport:
    """A report with every ending, exhibits, a hint, a lent function, notes."""
    raised = "`double` raised NameError: “name 'nothing' is not defined” (cell 1, line 5: “return y / nothing”)"
    shown = exhibits()
    return report(
        question(
            "double",
            case("shape"),
            case("number", Status.ERROR, raised, called="x (3,)"),
            case("sign", Status.FAILED, "The result is wrong: got 3.", exhibits=shown[:2]),
            case("picture", Status.FAILED, "A label is wrong.", exhibits=shown[2:]),
            diagnosis=Diagnosis("off", "What is twice `x`?"),
            lent=("triple",),
        ),
        question("triple", case("number"), case("sign")),
        question("absent", *(case(name, Status.MISSING, "`absent` isn't defined anywhere") for name in ("a", "b"))),
        notes=("another note",),
        sandbox_notes=("cell 3, line 1: NameError: name 'oops' is not defined",),
    )


def ordinary() -> bytes:
    """What belongs to the whole report."""
    picture = png(exhibits()[2].pictures[0]).partition(",")[2]  # type: ignore[union-attr]  # it is pictures
    return notebook_of(
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
    return made, notebook_of(*cells)


def both_pages(content: bytes, **changes: Any) -> tuple[str, str]:
    """The two pages of a submission."""
    one = msgspec.structs.replace(whole(), **changes)
    work = submission_view.read_view(content, one.file)
    return student_page.render(one, work).decode(), submission_page.render(one, work).decode()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def white_png(width: int, height: int, *more: bytes) -> str:
    """A white picture of a few hundred bytes, with other chunks in it."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * height, 9)
    parts = (b"\x89PNG\r\n\x1a\n", head, *more, png_chunk(b"IDAT", rows), png_chunk(b"IEND", b""))
    return base64.b64encode(b"".join(parts)).decode()


def drawn(data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"image/png": data}}
