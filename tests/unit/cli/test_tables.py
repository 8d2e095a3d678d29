"""What a person sees in a terminal, whatever its width and colours, and what a program gets instead."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from grader.authoring.quality.metrics import BaselineScore, Quality, QuestionQuality
from grader.cli.main import COMMANDS, cli
from grader.cli.report_view import show_report
from grader.cli.tables import show_comparison, show_export_summary, show_quality, show_runs, show_scores
from grader.exports.summary import ExportSummary
from grader.gradebook.run_diff import diff_runs
from grader.gradebook.store import Gradebook
from grader.models import CaseResult, Diagnosis, QuestionResult, Status
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.diagnostics import Level
from tests.factories import BASIS, NEWER, ROOT, scored_report
from tests.helpers.terminal import COLOUR, grader, printed

LONG = "parameters_from_a_model_that_was_made_by_somebody_else"
QUESTIONS = (
    QuestionResult("sigmoid", 6, 6, Status.PASSED, (), lent=("forward", "cost")),
    QuestionResult(
        LONG,
        2,
        8,
        Status.FAILED,
        (
            CaseResult("a", "Every weight is in its place, also where a layer is square.", Status.PASSED, 2, 2),
            CaseResult("b", "Short.", Status.FAILED, 0, 2, "\x1b[31mthe result\nis wrong: " + "word " * 40, "W (3, 4)"),
            CaseResult("c", "한글 " * 20, Status.INTERNAL, 0, 4, "ours"),
        ),
        diagnosis=Diagnosis("n", "It looks as if the layers run backwards; what does the first one take?"),
    ),
    QuestionResult(
        "cost", 0, 3, Status.MISSING, (CaseResult("d", "One.", Status.MISSING, 0, 3, "`cost` isn't there"),)
    ),
)
ADA = scored_report("Ada Lovelace_12345", 8, questions=QUESTIONS, late=True, max_score=17.0)
CY = scored_report("cy" * 40, 0, status="rejected", questions=(), notes=("\x1b]0;title\x07 it isn't a notebook " * 5,))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of results with two runs."""
    with Gradebook.open(tmp_path / "out" / "gradebook.sqlite") as book:
        for basis, score in ((BASIS, 1.0), (NEWER, 2.0)):
            run = book.new_run(basis, 4)
            for one in (ADA, CY, scored_report("Adam", score), scored_report("bob", score)):
                book.add(run, one, one.student)
            book.finish_run(run)
    return tmp_path / "out"


def everything(out: Path, console: Console) -> None:
    """All that is ever printed of results."""
    with Gradebook.open_existing(out / "gradebook.sqlite") as book:
        show_scores(book, console)
        show_runs(book.runs(), console)
        show_comparison(diff_runs(book, *book.runs()), console)
        for one in book:
            show_report(one, console)


# Width and colour


@pytest.mark.parametrize("width", [60, 80, 120])
def test_tables_and_reports_keep_to_the_width(out: Path, width: int) -> None:
    """No line of a table or a report is wider, and no word of it is lost or cut short."""
    console = Console(file=io.StringIO(), width=width)
    with Gradebook.open_existing(out / "gradebook.sqlite") as book:
        show_scores(book, console)
        show_runs(book.runs(), console)
        for one in book:
            show_report(one, console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert [line for line in text.splitlines() if cell_len(line) > width] == []
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
    joined = re.sub(r"[│┃\s]", "", text)
    for words in (LONG, "sandboxfull", "layersrunbackwards", "gradedwithacorrectforwardandcost", "(late)"):
        assert words in joined
    assert "…" not in text
    assert "\x1b" not in text and "\x07" not in text  # a student's are shown as escapes


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_of_runs_names_every_column(out: Path, width: int) -> None:
    """A column that has no room gets more lines, and never disappears."""
    done = grader("runs", out, COLUMNS=str(width))
    header = done.stdout.split("┡")[0]
    assert re.findall(r"[a-z]+", header) == ["run", "started", "assignment", "grader", "settings", "done", "mean"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_figure_of_a_judgement_is_cut_short(width: int) -> None:
    """The name of a question may take two lines, and numbers stay whole."""
    question = QuestionQuality("parameters_from_keras", 6, 10, 10, 9, 4, 4, 30, 0, 120, 118, 2, 5, True, False, ())
    quality = Quality(
        "digits", "d", "t", (BaselineScore("solution", 100, 100),), (question,) * 20, (), ("one",), ("two",)
    )
    text = printed(show_quality, quality, width)
    for figure in ("10/10", "4/4", "118/120", "100.0%", "too wide", "200/200", "2360/2400"):
        assert re.search(rf"(?<![\d/]){figure}(?![\d/])", text), figure
    assert max(map(cell_len, text.splitlines())) <= width


def test_without_a_terminal_nothing_is_coloured(out: Path) -> None:
    """What goes into a file or a pipe is plain text."""
    for command in ("runs", "diff"):
        assert "\x1b" not in grader(command, out).output
    assert "\x1b" not in grader("show", out, "ada").output


def test_no_color_is_respected_on_a_terminal(out: Path) -> None:
    """NO_COLOR takes the colours away and leaves all the words; without it there are colours."""
    words: set[str] = set()
    no_color = {"_environ": {"NO_COLOR": "1", "TERM": "xterm"}}
    for options, coloured in (({"color_system": "standard"}, True), (no_color, False)):
        text = printed(everything, out, 80, force_terminal=True, **options)
        assert bool(COLOUR.search(text)) == coloured
        words.add(re.sub(r"\x1b\[[\d;]*m", "", text))
    assert len(words) == 1


# One student


def test_show_tells_what_was_lost(out: Path) -> None:
    """Score, table, hint, each case with its ending and its message; what kept all cases from being judged once."""
    text = grader("show", out, "Ada L", COLUMNS="100").stdout
    for words in (
        "Ada Lovelace_12345: 8 / 17\ndigits, digits.ipynb\nIt was handed in late.",
        f"{LONG}: 2 of 8 points\n  It looks as if",
        "  - Short. (wrong, 0 of 2)\n    \\x1b[31mthe result is wrong: word word",
        "    It was called with W (3, 4).",
        "(grader error; needs manual review, 0 of 4)\n    ours",
        "cost: 0 of 3 points\n  `cost` isn't there\n  Its requirement couldn't be checked.",
        "notes\n- cell 7",
    ):
        assert words in text


@pytest.mark.parametrize("name", ["Ada Lovelace_12345", "ada l", "BOB", "b", "Adam", "adam", "cy"])
def test_a_student_is_found_by_the_beginning_of_the_name(out: Path, name: str) -> None:
    """Case makes no difference; a whole name is meant even when others begin with it."""
    done = grader("show", out, name, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["student"].casefold().startswith(name.casefold())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a", "'a' may be Ada Lovelace_12345 and Adam; write more of the name"),
        ("bop", "there is no student 'bop'; did you mean bob?"),
        ("lovelace", "there is no student 'lovelace'; did you mean Ada Lovelace_12345?"),
        ("12345", "there is no student '12345'; did you mean Ada Lovelace_12345?"),
        ("qqq", "there is no student 'qqq'; there are 4, such as Ada Lovelace_12345, Adam and bob"),
        ("\x1b[2J", "there is no student '\\\\x1b[2J'; there are 4, such as Ada Lovelace_12345, Adam and bob"),
    ],
)
def test_a_student_who_is_not_there_is_one_sentence(out: Path, name: str, why: str) -> None:
    """The nearest names are suggested, and nothing in a name reaches the terminal as it is."""
    done = grader("show", out, name)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"grader: {why}\n")


def test_show_has_the_newest_report(out: Path) -> None:
    """The one that counts, as everywhere."""
    assert "bob: 2 / 8" in grader("show", out, "bob").stdout


def test_an_account_has_a_line_for_each_kind() -> None:
    """Nothing is said of what there is none of."""
    summary = ExportSummary("csv", ["a.csv"], 1, review=["ada\x1b", "bob"])
    assert printed(show_export_summary, summary, 60).splitlines() == [
        "1 report is in a.csv",
        "2 for manual review, so the score isn't final: ada\\x1b, bob",
    ]


# For programs


WITHOUT_JSON = (
    *("new", "import", "release", "completion", "backup", "restore"),
    "policy",  # its commands have it
    *("serve", "worker", "roster", "lti", "verify", "publish"),  # programs use the HTTP API, CSV and the exit code
    "bundle",  # it writes a folder
)


def test_every_command_that_prints_results_can_print_json() -> None:
    """It has the option, and says so in its help."""
    for name in COMMANDS:
        has = "--json" in grader(name, "--help").stdout
        assert has == (name not in WITHOUT_JSON), name


def test_doctor_tells_programs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A level a table: possible or not, why not, how to get it, what it protects by; the exit code is the same."""
    found = [Level("full", SandboxUnavailable("bwrap isn't there", "install bubblewrap")), Level("off")]
    monkeypatch.setattr("grader.cli.commands.doctor.check_levels", lambda: iter(found))
    done = grader("doctor", "--json")
    first, second = json.loads(done.stdout)
    assert {name: first[name] for name in ("sandbox", "possible", "state", "why", "how")} == {
        **{"sandbox": "full", "possible": False, "state": "off"},
        **{"why": "bwrap isn't there", "how": "install bubblewrap"},
    }
    assert "no network" in first["protections"]
    assert (second["possible"], second["why"], done.exit_code) == (True, "", 2)


# Completion


def completed(words: str) -> list[str]:
    """What the Tab key offers after these words, the last of which is begun."""
    environment = {"_GRADER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = CliRunner(env=environment).invoke(cli, prog_name="grader")
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_the_tab_key_knows_commands_students_and_runs(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And assignments; where there is no gradebook it offers nothing, and says nothing."""
    monkeypatch.chdir(out.parent)
    assert completed("grader sh") == ["show"]
    assert completed("grader show out Ada") == ["Ada\\ Lovelace_12345", "Adam"]
    assert completed("grader diff out ") == ["2", "1"]
    assert completed("grader show nowhere a") == []
    monkeypatch.chdir(ROOT)
    assert completed("grader grade x --assignment solutions/d") == ["solutions/digits"]
