"""Pages are made beside the grading, by a process that may end, and are never of an older report."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest
from rich.console import Console

from grader._util.atomic_files import write_atomically
from grader.assignments.loader import load
from grader.cli.display import ConsoleDisplay
from grader.execution.run import Options, grade_class
from grader.models import Assignment, ScoreReport
from grader.reports import json as as_json
from grader.reports.html import page_process, page_queue
from grader.reports.html.limits import LARGE_SUBMISSION
from grader.reports.html.page_process import PageFailed, PageProcess
from grader.reports.html.page_queue import PAGE_SUFFIXES, PageQueue, page_stamp
from grader.sandbox.host import subprocesses
from grader.submissions.collect import collect_all
from grader.submissions.spool import SubmissionSpool
from tests.factories import RIGHT
from tests.helpers.handed_in import ordinary, whole
from tests.helpers.processes import Counted, until

# The process as it is, but with little time and little memory, and with contents that misbehave.
TROUBLED = (
    "import sys, os, time; sys.path[:] = {path!r}; from grader.reports.html import page_process as r\n"
    "made = r.render_pages\n"
    "def bad(request):\n"
    "    if request.content == b'spin':\n"
    "        while True: pass\n"
    "    if request.content == b'sleep': time.sleep(60)\n"
    "    if request.content == b'crash': os.abort()\n"
    "    if request.content == b'fill': return [bytes(1 << 20) * 300]\n"
    "    if request.content == b'raise': raise RecursionError('deep')\n"
    "    if request.content == b'huge': return {{'.html': bytes(r.MAX_PAGE_REPLY), '.notebook.html': b''}}\n"
    "    if request.content == b'half': os.write({descriptor}, bytes([0, 0, 16, 0, 1])); time.sleep(60)\n"
    "    if b'evil' in request.report: os._exit(3)\n"
    "    return made(request)\n"
    "r.render_pages = bad; r.PAGE_CPU_SECONDS = 0; r.MAX_PAGE_MEMORY = 256 << 20; r.main({descriptor}, {parent})"
)


class Troubled(PageProcess):
    """Waits for three seconds where the process stalls, and long for what it makes."""

    def _request(self, request: page_process.PageRequest) -> page_process.PageReply:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(page_process, "START", TROUBLED)
            patch.setattr(page_process, "PAGE_WALL_SECONDS", 3.0 if request.content in (b"sleep", b"half") else 120.0)
            return super()._request(request)


@pytest.fixture(scope="module")
def troubled() -> Iterator[PageProcess]:
    """One for several tests: each start of its process takes half a second."""
    made = Troubled()
    yield made
    made.close()


@pytest.fixture
def contents() -> Iterator[SubmissionSpool]:
    with SubmissionSpool() as made:
        yield made


def named(student: str, contents: SubmissionSpool, content: bytes) -> ScoreReport:
    return msgspec.structs.replace(whole(), student=student, digest=contents.add(content))


def want(pages: PageQueue, folder: Path, report: ScoreReport) -> None:
    """As the driver does it: the JSON first."""
    canonical = as_json.render(report)
    write_atomically(folder / f"{report.student}.json", canonical)
    pages.enqueue(report, canonical)


def make(folder: Path, contents: SubmissionSpool, *reports: ScoreReport) -> list[str]:
    """Makes the pages of these reports; gives the log."""
    with PageQueue(folder, contents) as pages:
        for report in reports:
            want(pages, folder, report)
        for _ in pages.wait():
            pass
    assert pages.left == 0
    return pages.log


@pytest.mark.parametrize("content", [b"spin", b"sleep", b"crash", b"fill", b"raise", b"huge", b"half"])
def test_what_stalls_or_ends_the_process_costs_the_student_s_work_on_the_page(
    troubled: PageProcess, content: bytes
) -> None:
    """The page is made without it, and says so; the next one is whole again."""
    report = as_json.render(whole())
    page = troubled.pages(report, content, "stamp")[".html"].decode()
    assert page_process.WITHOUT_CONTENT in page
    assert "2 of 8" in page
    page = troubled.pages(report, ordinary(), "stamp")[".html"].decode()
    assert page_process.WITHOUT_CONTENT not in page
    assert "def" in page


def test_a_page_that_can_not_be_made_is_told(
    troubled: PageProcess, tmp_path: Path, contents: SubmissionSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the log; the other pages are made."""
    monkeypatch.setattr(page_process, "START", TROUBLED)
    with pytest.raises(PageFailed):
        troubled.pages(as_json.render(msgspec.structs.replace(whole(), file="evil.py")), b"", "")
    reports = [named(student, contents, ordinary()) for student in ("ada", "eve", "zoe")]
    reports[1] = msgspec.structs.replace(reports[1], file="evil.py")
    (told,) = make(tmp_path, contents, *reports)
    assert told.startswith("eve: the page can't be rendered")
    assert sorted(path.name for path in tmp_path.glob("*.html")) == [
        *("ada.html", "ada.notebook.html", "zoe.html", "zoe.notebook.html"),
    ]


def test_a_page_for_whose_process_there_is_no_room_says_so(
    troubled: PageProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It isn't the submission that takes too much. The next page is whole."""
    troubled.close()
    with monkeypatch.context() as patch:
        no_room = BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        patch.setattr(subprocesses, "start_process", Mock(side_effect=[no_room, AssertionError]))
        with pytest.raises(PageFailed, match="can't be started: Resource temporarily unavailable"):
            troubled.pages(as_json.render(whole()), ordinary(), "")
    page = troubled.pages(as_json.render(whole()), ordinary(), "")[".html"].decode()
    assert page_process.WITHOUT_CONTENT not in page


def test_a_class_waits_no_longer_than_its_worst_pages_may_take(
    tmp_path: Path, contents: SubmissionSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that breaks a limit costs that limit once; all others are made, whole, whatever comes before them."""
    monkeypatch.setattr(page_process, "START", TROUBLED)
    started = Counted(subprocesses.start_process)
    monkeypatch.setattr(subprocesses, "start_process", started)
    bad = [b"spin", b"crash", b"raise", b"huge", b"fill"]
    reports = [named(f"s{n:02}", contents, bad[n // 2] if n % 2 == 0 else ordinary()) for n in range(10)]
    assert make(tmp_path, contents, *reports) == []
    pages = {path.name: path.read_bytes() for path in tmp_path.glob("*.html")}
    assert len(pages) == 20
    without = {name for name, page in pages.items() if page_process.WITHOUT_CONTENT.encode() in page}
    assert without == {f"s{n:02}{ending}" for n in range(0, 10, 2) for ending in PAGE_SUFFIXES}
    assert started.times <= 1 + len(bad)


def test_after_a_large_submission_the_next_has_all_the_memory(contents: SubmissionSpool) -> None:
    """The process is another one then; after an ordinary submission it isn't."""
    made, report = PageProcess(), as_json.render(whole())
    try:
        made.pages(report, ordinary(), "")
        first = made._process
        made.pages(report, ordinary(), "")
        assert made._process is first
        made.pages(report, b"# " + b"x" * LARGE_SUBMISSION, "")
        made.pages(report, ordinary(), "")
        assert made._process is not first
    finally:
        made.close()


def test_nothing_is_made_twice_and_nothing_old_is_kept(
    tmp_path: Path, contents: SubmissionSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page is made when it is missing, or when the report, but for its timing, or what makes pages has changed."""
    report = named("ada", contents, ordinary())
    page = tmp_path / "ada.html"

    def made(one: ScoreReport = report) -> bool:
        for ending in PAGE_SUFFIXES:
            path = tmp_path / f"ada{ending}"
            if path.exists():
                os.utime(path, (1, 1))
        assert make(tmp_path, contents, one) == []
        return page.stat().st_mtime > 1

    assert made()
    before = page.read_bytes()
    assert not made()
    assert not made(msgspec.structs.replace(report, seconds=77.0))
    told = as_json.render(report)
    assert (
        page_stamp(told)
        != page_stamp(told.replace(b'"schema": 1', b'"schema": 2'))
        != page_stamp(told[:-3] + b',"x": 1}')
    )
    (tmp_path / "ada.notebook.html").unlink()
    assert made()
    assert page.read_bytes() == before
    assert made(msgspec.structs.replace(report, notes=("other",)))
    assert b"other" in page.read_bytes()
    monkeypatch.setattr(page_queue, "_renderer_digest", lambda: b"other templates")
    assert made(msgspec.structs.replace(report, notes=("other",)))


def test_a_page_of_an_older_report_is_gone_before_the_new_one_is_made(
    tmp_path: Path, contents: SubmissionSpool
) -> None:
    """Whoever looks meanwhile finds none, rather than one that tells another score."""
    report = named("ada", contents, ordinary())
    make(tmp_path, contents, report)
    pages = PageQueue(tmp_path, contents)
    want(pages, tmp_path, msgspec.structs.replace(report, score=1.0))
    assert not list(tmp_path.glob("*.html"))
    assert pages.left == 1


def test_stopping_leaves_out_what_is_not_made_yet(
    tmp_path: Path, contents: SubmissionSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, also while a page takes long; the next run makes what is missing."""
    monkeypatch.setattr(page_process, "START", TROUBLED)
    reports = [named("ada", contents, ordinary()), named("bob", contents, b"sleep"), named("cy", contents, ordinary())]
    with PageQueue(tmp_path, contents) as pages:
        for report in reports:
            want(pages, tmp_path, report)
        until(lambda: pages.left == 2)
        begin = time.monotonic()
        pages.stop()
        assert list(pages.wait()) == []
    assert time.monotonic() - begin < 5
    assert pages.left == 2
    assert {path.name for path in tmp_path.glob("*.html")} == {"ada.html", "ada.notebook.html"}
    monkeypatch.undo()
    assert make(tmp_path, contents, *reports) == []
    assert len(list(tmp_path.glob("*.html"))) == 6


def graded(assignment: Assignment, folder: Path, *, pages: bool = True) -> str:
    """What is shown while the class in `folder` is graded into `out` beside it."""
    console = Console(file=io.StringIO(), width=100)
    with SubmissionSpool() as contents:
        submissions = collect_all([folder], assignment, contents)
        options, display = Options(jobs=1, pages=pages), ConsoleDisplay(console)
        grade_class(assignment, submissions, contents, folder.parent / "out", options, display)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_grading_makes_pages_unless_told_not_to(tiny_folder: Path, tmp_path: Path) -> None:
    """A run makes pages for what was graded before it too; without them nothing but JSON, Markdown and CSV is there."""
    folder, reports = tmp_path / "class", tmp_path / "out" / "reports"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT.replace("2 * x", "3 * x"))
    tiny = load(tiny_folder)
    graded(tiny, folder, pages=False)
    assert {path.suffix for path in reports.iterdir()} == {".json", ".md"}
    assert "1 of 1 was graded before" in graded(tiny, folder)
    assert {path.name for path in reports.glob("*.html")} == {"ada.html", "ada.notebook.html"}
    assert b"return 3 * x" in (reports / "ada.notebook.html").read_bytes().replace(
        b'<span class="n">3</span>', b"3"
    ).replace(b'<span class="k">return</span>', b"return")
    (folder / "ada.py").write_text(RIGHT)
    graded(tiny, folder, pages=False)
    assert not list(reports.glob("*.html"))  # those that were there told of another report


INTERRUPTED = """
import io, signal, sys, pathlib
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where we were started without
sys.path[:] = {path!r}
from rich.console import Console
from grader.assignments.loader import load
from grader.cli.display import ConsoleDisplay
from grader.errors import Interrupted
from grader.execution.run import Options, grade_class
from grader.reports.html import page_process
from grader.submissions.collect import collect_all
from grader.submissions.spool import SubmissionSpool
page_process.START = {start!r}
folder = pathlib.Path({folder!r})
tiny = load(folder / "tiny")
with SubmissionSpool() as contents:
    submissions = collect_all([folder / "class"], tiny, contents)
    try:
        display = ConsoleDisplay(Console(file=io.StringIO()))
        grade_class(tiny, submissions, contents, folder / "out", Options(jobs=1), display)
    except Interrupted as stopped:
        print(stopped, stopped.exit_code)
"""


def test_ctrl_c_while_pages_are_made_loses_pages_alone(tiny_folder: Path, tmp_path: Path) -> None:
    """All is graded and written, the sentence says what is missing, and the next run makes it without grading."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.py").write_text(RIGHT)
    slow = TROUBLED.replace("if request.content == b'sleep'", "if request.content")
    script = INTERRUPTED.format(path=sys.path, start=slow, folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        until((tmp_path / "out" / "reports" / "ada.md").exists)
        time.sleep(0.5)  # the job has ended, or is about to
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=30)
    assert told == f"stopped; all is graded and written to {tmp_path / 'out'} but the pages of 1 student; the same " + (
        "command makes them 130\n"
    )
    assert (tmp_path / "out" / "scores.csv").exists()
    assert not list((tmp_path / "out" / "reports").glob("*.html"))
    assert "1 of 1 was graded before" in graded(load(tiny_folder), tmp_path / "class")
    assert (tmp_path / "out" / "reports" / "ada.html").exists()


def test_the_progress_tells_of_pages(tmp_path: Path, contents: SubmissionSpool) -> None:
    """How many are still to be made, as long as there are any."""
    from grader.cli.progress import ProgressBar
    from grader.gradebook.counts import RunCounts

    pages = PageQueue(tmp_path, contents)
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    want(pages, tmp_path, named("ada", contents, b""))
    with ProgressBar(RunCounts(), 1, console, pages):
        pass
    assert isinstance(console.file, io.StringIO)
    assert "pages of 1 student to write" in console.file.getvalue()
