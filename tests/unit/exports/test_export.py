"""What other systems get: in the form that they document, with everybody's score or a word about why not."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader._util.escaping import FORMULA_STARTS
from grader.exports import FORMATS, NBGRADER_FEEDBACK, gradescope, junit
from grader.exports.export import ExportError, ExportRequest, export
from grader.exports.roster import NOT_A_FORMULA, RosterError
from grader.exports.roster_match import MatchedGrades, id_key
from grader.gradebook.store import Gradebook
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from grader.reports import csv as as_csv
from grader.submissions.student_names import display_name
from tests.factories import BASIS, scored_report
from tests.helpers.csv_readers import read_in_every_way
from tests.helpers.effort import examples
from tests.helpers.moodle_files import with_pages
from tests.helpers.terminal import grader

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed"),
    *("Last modified (submission)", "Online text", "Last modified (grade)", "Feedback comments"),
)
NAMES = ["=SUM(A1)", 'Zoë, "Z"', "한글", "+1", "-1+cmd|' /C calc'!A0", "@me", "\tTab", "O'Brien", '="=quoted"', "a\nb"]
ODD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)

Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Makes a folder of results that holds these reports."""

    return lambda *reports: results_of(tmp_path / "out", reports)


def results_of(out: Path, reports: Sequence[ScoreReport]) -> Path:
    """Return a folder of results, made with these reports."""
    with Gradebook.open(out / "gradebook.sqlite") as opened:
        run = opened.new_run(BASIS, len(reports))
        for one in reports:
            opened.add(run, one, one.student)
        opened.finish_run(run)
    return out


def sheet(path: Path, rows: Sequence[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def table(path: str | Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(path).read_text(encoding="utf-8-sig"), newline="")))


def canvas(path: Path, students: Sequence[tuple[str, str]], cell: str = "", points: str = "8.00") -> Path:
    """A gradebook as Canvas exports it, with two assignments and a total."""
    header = [*CANVAS, "digits (4711)", "essay (4712)", "Current Score"]
    hidden = ["", "", "", "", "", "Manual Posting", "", ""]
    possible = ["    Points Possible", "", "", "", "", points, "10.00", "(read only)"]
    rows = [[name, number, f"s{number}", f"{number}@x", "One", cell, "5.00", "50"] for name, number in students]
    return sheet(path, [header, hidden, possible, *rows])


def moodle(path: Path, students: Sequence[tuple[str, str]], cell: str = "", changeable: str = "Yes") -> Path:
    """A grading worksheet as Moodle hands it out."""
    rows = [
        [f"Participant {number}", name, f"{number}@x", "Submitted", cell, "8.00", changeable, "-", "typed", "-", "good"]
        for name, number in students
    ]
    return sheet(path, [MOODLE, *rows])


def taken_by_canvas(content: list[list[str]]) -> dict[str, str]:
    """ID -> the grade, as Canvas' importer reads a file. Fails where that would refuse it."""
    header, *rows = content
    assert "Student" in header[0] and "ID" in header[1]
    assert re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4]
    ((column, title),) = [pair for pair in enumerate(header) if re.search(r"\((\d+)\)$", pair[1])]
    assert title == "digits (4711)"
    students = [row for row in rows if "Points Possible" not in row[0]]
    students = [
        row for row in students if not all(re.fullmatch(r"(?i)\s*(Muted|Manual Posting.*)?\s*", c) for c in row)
    ]
    assert len(rows) - len(students) in (1, 2)
    return {row[1]: row[column] for row in students}


def taken_by_moodle(content: list[list[str]]) -> dict[str, str]:
    """Number -> the grade, as Moodle's importer reads a file. Fails where that would refuse it."""
    header, *rows = content
    where = {name: header.index(name) for name in ("Identifier", "Grade", "Last modified (grade)")}
    assert "Feedback comments" not in header and "Online text" not in header
    return {row[where["Identifier"]][len("Participant ") :]: row[where["Grade"]] for row in rows}


SHEETS = {"canvas": (canvas, taken_by_canvas), "moodle": (moodle, taken_by_moodle)}


def exported(out: Path, to: str, roster: Path | None = None, **wish: Any) -> tuple[dict[str, object], list[Path]]:
    with Gradebook.open_existing(out / "gradebook.sqlite") as book:
        account = export(book, out, ExportRequest(to, roster, **wish))
    fields = msgspec.to_builtins(account)
    return fields, [Path(name) for name in fields["files"]]


# The round trip


STUDENTS = [(NAMES[number % len(NAMES)], str(10_000 + number)) for number in range(2000)]
SCORES = {identity: (number % 801) / 100 for number, (_, identity) in enumerate(STUDENTS)}


@pytest.fixture(scope="module")
def large_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results of STUDENTS, made once: each report is committed."""
    reports = [scored_report(f"{name}_{identity}", SCORES[identity], id=identity) for name, identity in STUDENTS]
    return results_of(tmp_path_factory.mktemp("large") / "out", reports)


@pytest.mark.parametrize("to", SHEETS)
@pytest.mark.thorough
def test_two_thousand_students_get_their_scores_back(tmp_path: Path, large_class: Path, to: str) -> None:
    """Whatever they are called, each one's score is in their row, and no cell is a formula."""
    write, taken = SHEETS[to]
    account, (path,) = exported(large_class, to, write(tmp_path / "roster.csv", STUDENTS))
    assert {identity: float(grade) for identity, grade in taken(table(path)).items()} == SCORES
    assert (account["written"], account["unmatched"], account["without_submission"]) == (2000, [], [])
    cells = [cell for row in table(path) for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA_STARTS) and cell != "-"] == []


@pytest.mark.parametrize("to", SHEETS)
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(ODD | st.sampled_from(NAMES), min_size=1, max_size=4))
@example(names=["0", "\u1082"])  # a combining mark alone
def test_any_name_goes_back(tmp_path: Path, to: str, names: list[str]) -> None:
    """A name may hold whatever a CSV file does; the score goes by the id."""
    students = [(name, str(100 + number)) for number, name in enumerate(names)]
    write, taken = SHEETS[to]
    out = tmp_path / f"{to}{len(list(tmp_path.iterdir()))}"
    with Gradebook.open(out / "gradebook.sqlite") as opened:
        run = opened.new_run(BASIS, len(students))
        for number, (_, identity) in enumerate(students):
            name = display_name(f"{names[number]}_{identity}")
            opened.add(run, scored_report(f"s{identity}", number, id=identity, name=name), identity)
        account = export(opened, out, ExportRequest(to, write(tmp_path / "roster.csv", students)))
    grades = taken(table(account.files[0]))
    assert grades == {identity: str(number) for number, (_, identity) in enumerate(students)}


WIDE = "\uff1d1+1"  # begins with a wide equals sign
HOSTILE = ["=cmd|'/C calc'!A0", "x;=1+1", 'x";"=1+1', "x,@SUM(1)", "x\t=1", "x|+1", WIDE, f"x;{WIDE}", ' ; "=1']
HOSTILE += ["-1+1;-2-2", "a\n=1"]


def formulas(path: Path) -> list[str]:
    """What some reader would take for a formula, whichever separator it expects."""
    cells = read_in_every_way(path.read_bytes())
    return [cell for cell in cells if cell.startswith(FORMULA_STARTS) and not NOT_A_FORMULA.fullmatch(cell)]


@pytest.mark.parametrize("to", ["canvas", "moodle", "csv", "nbgrader", "scores"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_file_holds_a_formula_however_it_is_read(tmp_path: Path, book: Book, to: str, delimiter: str) -> None:
    """Neither what students chose, nor what a roster holds; scores stay numbers."""
    reports = [scored_report(text, 1.5, id=text, handed_in=text, name=text, status=text) for text in HOSTILE]
    if to == "scores":
        (tmp_path / "scores.csv").write_bytes(as_csv.render(reports))
        assert formulas(tmp_path / "scores.csv") == []
        return
    out = book(*reports, scored_report("known", 2.5, id="101", name=display_name(f"{HOSTILE[0]}_101")))
    write = moodle if to == "moodle" else canvas
    rows = table(write(tmp_path / "r.csv", [(text, str(101 + number)) for number, text in enumerate(HOSTILE)]))
    roster = sheet(tmp_path / "r.csv", rows, delimiter)
    _, files = exported(out, to, roster)
    assert len(files) == 2
    assert [formulas(path) for path in files] == [[], []]
    given = list(
        csv.reader(
            io.StringIO(files[0].read_text("utf-8-sig"), newline=""), delimiter=delimiter if to == "canvas" else ","
        )
    )
    assert [cell for row in given for cell in row if cell == "2.5"]
    assert re.search(rf"[{delimiter},]2\.5[{delimiter},\r]", files[0].read_bytes().decode("utf-8-sig"))


# Everybody is accounted for


@pytest.mark.parametrize("to", SHEETS)
def test_nobody_is_dropped_on_either_side(tmp_path: Path, book: Book, to: str) -> None:
    """Who handed in nothing keeps the row as it was; who is in no row is in a file; what isn't final isn't given."""
    out = book(
        scored_report("ada_101", 7.25, id="101"),
        scored_report("bob_102", 0, id="102", needs_review=True),
        scored_report("cy_103", 0, id="103", status="rejected", questions=()),
        scored_report("=zoe", 3.0, id="999"),
    )
    write, taken = SHEETS[to]
    names = ["Ada", "Bob", "Cy", "Dora"]
    roster = write(tmp_path / "roster.csv", [(name, str(101 + number)) for number, name in enumerate(names)])
    account, (path, beside) = exported(out, to, roster)
    assert taken(table(path)) == {"101": "7.25", "102": "", "103": "", "104": ""}
    assert [row[:3] for row in table(beside)] == [["id", "student", "score"], ["999", "'=zoe", "3.0"]]
    assert account.pop("notes") == [] or to == "moodle"
    assert account == {
        "format": to,
        "files": [str(path), str(beside)],
        "written": 1,
        "without_submission": ["104" if to == "canvas" else "Participant 104"],
        "unmatched": ["=zoe"],
        "claimed": [],
        "review": ["bob_102"],
        "held": [],
        "rejected": [],
        "not_graded": ["cy_103"],
        "mismatched": [],
        "overwritten": [],
        "kept": [],
        "final": 1,
        "penalized": 0,
        "adjusted": 0,
        "decided": False,
    }
    everybody = [("=Zoe", "999"), *[(name, str(101 + number)) for number, name in enumerate(names)]]
    account, (path,) = exported(out, to, write(tmp_path / "roster.csv", everybody), rejected_as_zero=True)
    assert (taken(table(path))["103"], account["rejected"], account["not_graded"]) == ("0", ["cy_103"], [])
    assert not beside.exists()  # an earlier export's leftovers would lie


def test_what_stood_in_the_column_stays_where_there_is_no_score(tmp_path: Path, book: Book) -> None:
    """A grade by hand isn't wiped out, an excused student stays excused, a locked grade locked."""
    out = book(scored_report("ada_101", 7.0, id="101"))
    students = [("Ada", "101"), ("b", "102")]
    account, (path,) = exported(out, "canvas", canvas(tmp_path / "c.csv", students, "EX"))
    assert (taken_by_canvas(table(path)), account["held"]) == ({"101": "EX", "102": "EX"}, ["101"])
    account, (path,) = exported(out, "canvas", canvas(tmp_path / "c.csv", students, "2.5"))
    assert taken_by_canvas(table(path)) == {"101": "7", "102": "2.5"}
    account, (path,) = exported(out, "moodle", moodle(tmp_path / "m.csv", students, "2.5", "No"))
    assert (taken_by_moodle(table(path)), account["held"]) == ({"101": "2.5", "102": "2.5"}, ["Participant 101"])
    assert account["written"] == 0


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8"), ("\t", "utf-8-sig")])
def test_the_file_comes_back_as_it_was_written(tmp_path: Path, book: Book, delimiter: str, encoding: str) -> None:
    """Its delimiter, its byte-order mark, its rows in their order; last and first name may be two columns."""
    header = ["LastName", "FirstName", "ID", "SIS Login ID", "Integration ID", "Section", "digits (4711)"]
    rows = [["B", "b", "2", "lb", "", "One", ""], ["A", "a", "1", "la", "", "One", ""]]
    roster = sheet(tmp_path / "r.csv", [header, *rows], delimiter, encoding)
    out = book(scored_report("la", 8.0))
    _, (path,) = exported(out, "canvas", roster, id_column="sis login id")
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=delimiter)) == [
        header,
        ["Points Possible", "", "", "", "", "", "8"],
        rows[0],
        [*rows[1][:-1], "8"],
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("Participant 12", "12"), ("ADA ", "ada"), ("a/b", "a_b"), ("é", "e\u0301")]
)
def test_writings_of_an_id_that_are_the_same(one: str, other: str) -> None:
    """What a platform and the name of a file make of one id; nothing is like an empty one."""
    assert id_key(one) == id_key(other) != ""
    assert id_key(" ") == ""
    assert id_key("012") != id_key("12")


# What isn't clear is a sentence


def renamed(header: Sequence[str], **changes: str) -> list[str]:
    return [changes.get(name, name) for name in header]


@pytest.mark.parametrize(
    ("to", "rows", "wish", "why"),
    [
        ("canvas", [["Name", "ID", "Section"]], {}, "is no gradebook exported from Canvas"),
        ("canvas", [["Student", "ID", "digits (1)"]], {}, "has no column 'Section'"),
        ("canvas", [["Student", "ID", "Section", "essay (1)"]], {}, r"no column for 'digits'.*there are 'essay \(1\)'"),
        ("canvas", [["Student", "ID", "Section", "digits (1)", "digits (2)"]], {}, "2 columns for 'digits'"),
        ("canvas", [["Student", "ID", "Section", "digits (1)"]], {"column": "quiz"}, "no column for 'quiz'"),
        ("canvas", [["Student", "ID", "Section", "digits (1)"]], {"id_column": "x"}, "no column 'x'; it has 'Student'"),
        (
            "canvas",
            [["Student", "ID", "Section", "digits (1)"], ["Points Possible", "", "", "100.00"]],
            {},
            "has 100.00 points in Canvas, and the scores are out of 8",
        ),
        (
            "canvas",
            [["Student", "ID", "Section", "digits (1)"], ["a", "ada", "One", ""], ["b", "Ada", "Two", ""]],
            {},
            "the id ada stands in 2 rows",
        ),
        ("moodle", [MOODLE[:5]], {}, "is no grading worksheet from Moodle; expected"),
        ("moodle", [[*MOODLE[:9], *MOODLE[10:]]], {}, r"has no column 'Last modified \(grade\)'"),
        ("moodle", [MOODLE, ["Participant 1", "a", "", "", "", "100.00", *["-"] * 5]], {}, "maximum grade is 100.00"),
        ("csv", [["name"], ["a"]], {}, "has no column 'ID'; it has 'name'"),
        ("csv", [["ID", "id"], ["a", "b"]], {}, "has 2 columns named 'ID'"),
        ("csv", [["ID"], ["a", "b"]], {}, "the row of 'a' has 2 cells, and the header 1"),
        ("csv", [], {}, "is empty"),
    ],
)
def test_a_roster_that_is_not_clear_is_one_sentence(
    tmp_path: Path, book: Book, to: str, rows: list[Sequence[str]], wish: dict[str, str], why: str
) -> None:
    """It says what is the matter, and nothing is written."""
    out = book(scored_report("ada"))
    with pytest.raises(RosterError, match=why):
        exported(out, to, sheet(tmp_path / "r.csv", rows), **wish)
    assert not (out / "exports").exists()


@pytest.mark.parametrize("to", SHEETS)
def test_of_two_reports_for_one_row_none_is_given(tmp_path: Path, book: Book, to: str) -> None:
    """Which of them counts is nobody's guess; the rest of the class gets its grades, and the two are told."""
    out = book(
        scored_report("ada", 7.0, id="1"), scored_report("ada--2", 3.0, id="1"), scored_report("bob", 5.0, id="2")
    )
    write, taken = SHEETS[to]
    account, (path, beside) = exported(out, to, write(tmp_path / "r.csv", [("Ada", "1"), ("Bob", "2")]))
    assert taken(table(path)) == {"1": "", "2": "5"}
    assert (account["claimed"], account["unmatched"], account["without_submission"]) == (["ada", "ada--2"], [], [])
    assert [row[1] for row in table(beside)[1:]] == ["ada", "ada--2"]


def test_a_gradebook_of_an_earlier_version_is_exported(tmp_path: Path, book: Book) -> None:
    """Names of students had nearly any sign then. Who was graded again since is there once, and no name is a path."""
    book(
        scored_report("Ada Lovelace_1", 3.0, id="1"), scored_report("$(touch x)", 4.0), scored_report("; touch x", 5.0)
    )
    out = book(scored_report("Ada_Lovelace_1", 7.0, id="1", name="Ada Lovelace_1"))
    account, (path,) = exported(out, "csv", sheet(tmp_path / "r.csv", [["ID"], ["1"], ["$(touch x)"], ["; touch x"]]))
    assert [row[2] for row in table(path)[1:]] == ["7.0", "4.0", "5.0"]
    assert account["unmatched"] == []
    _, (folder,) = exported(out, "gradescope")
    names = sorted(path.parent.name for path in folder.rglob("results.json"))
    assert names == ["Ada_Lovelace_1", "touch_x", "touch_x--2"]


def test_a_name_for_people_finds_its_row(tmp_path: Path, book: Book) -> None:
    """Where a file named the student, the roster has the name as it was, and not as a path."""
    out = book(scored_report("Ada_L", 7.0, name="Ada L."), scored_report("a_b", 5.0))
    _, (path, _) = exported(out, "csv", sheet(tmp_path / "r.csv", [["ID"], ["Ada L."], ["a b"]]))
    assert [row[2] for row in table(path)[1:]] == ["7.0", ""]


def test_a_namesake_who_was_numbered_is_not_somebody_else(tmp_path: Path, book: Book) -> None:
    """A student whose file was called ada as well is not the ada-2 of the roster, whatever the number looks like."""
    out = book(scored_report("ada-2", id="ada"))
    account, _ = exported(out, "csv", sheet(tmp_path / "r.csv", [["id"], ["ada-2"]]))
    assert (account["unmatched"], account["without_submission"]) == (["ada-2"], ["ada-2"])


@pytest.mark.parametrize(
    ("reports", "wish", "why"),
    [
        ([scored_report()], {"to": "canvas"}, "needs the gradebook exported from Canvas"),
        ([scored_report()], {"to": "csv", "run": 7}, "has no run 7"),
        ([], {"to": "csv"}, "no report to export"),
        ([scored_report(), scored_report("bob", assignment="essay")], {"to": "csv"}, "reports are of digits and essay"),
        ([scored_report(), scored_report("bob", max_score=2.0)], {"to": "csv"}, "out of 2 and 8 points"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(
    book: Book, reports: list[ScoreReport], wish: dict[str, Any], why: str
) -> None:
    """A column of grades is of one assignment and out of one number of points."""
    with pytest.raises(ExportError, match=why):
        exported(book(*reports), **wish)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "can't be read"), (b"ID\n\xff", "isn't UTF-8"), (b'ID\n"' + b"x" * 200_000, "is no CSV file")],
)
def test_a_roster_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, book: Book, content: bytes | None, why: str
) -> None:
    """Missing, in another encoding, or no table at all."""
    if content is not None:
        (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(RosterError, match=why):
        exported(book(scored_report()), "csv", tmp_path / "r.csv")


def test_a_run_can_be_named(book: Book) -> None:
    """Without one, the newest report of each student counts."""
    book(scored_report("ada", 1.0))
    out = book(scored_report("bob", 2.0))
    for run, students in ((0, ["ada", "bob"]), (1, ["ada"]), (2, ["bob"])):
        _, (path,) = exported(out, "csv", run=run)
        assert [row[1] for row in table(path)[1:]] == students


# Each format by its rules

ENDINGS = QuestionResult(
    "f",
    2,
    8,
    Status.TIMEOUT,
    tuple(
        CaseResult(f"c{number}", f"Case {number}.", status, 2.0 * (status is Status.PASSED), 2.0, "why\x1b \ufffe <b>")
        for number, status in enumerate(Status)
    ),
    ("g",),
)
REPORTS = st.builds(
    scored_report,
    ODD,
    notes=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    late=st.booleans(),
    questions=st.lists(
        st.builds(
            QuestionResult,
            st.text(max_size=9),
            st.just(1.0),
            st.just(2.0),
            st.sampled_from(Status),
            st.lists(
                st.builds(
                    CaseResult,
                    *[st.text(st.characters(exclude_categories=()), max_size=9)] * 2,
                    st.sampled_from(Status),
                    st.floats(0, 2),
                    st.just(2.0),
                    st.text(st.characters(exclude_categories=()), max_size=9),
                ),
                max_size=3,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


SUITE = "name tests failures errors skipped time timestamp hostname id package group file log url"
NOTHING = frozenset[str]()
# Element -> the attributes that it must have, those that it may have, and the elements that it may hold.
JUNIT = {
    "testsuites": (NOTHING, {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, set(SUITE.split()), {"testcase", "properties"}),
    "testcase": ({"name"}, {"name", "time", "classname", "group"}, {"skipped", "error", "failure"}),
    **dict.fromkeys(("skipped", "error", "failure"), (NOTHING, {"type", "message"}, NOTHING)),
    "properties": (NOTHING, NOTHING, {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, NOTHING),
}


def junit_rules(root: ElementTree.Element) -> Iterator[str]:
    """What breaks the rules of Jenkins' junit-10.xsd, in words."""
    for element in root.iter():
        needed, allowed, children = JUNIT[element.tag]
        if not needed <= set(element.attrib) <= set(allowed):
            yield f"{element.tag} has {sorted(element.attrib)}"
        if {child.tag for child in element} - children:
            yield f"{element.tag} holds {[child.tag for child in element]}"
    for suite in root:
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if int(suite.attrib[name]) != len(list(suite.iter(tag))):
                yield f"{name} is {suite.attrib[name]}"
        if not re.fullmatch(r"\d+\.\d{3}", suite.attrib["time"]):
            yield f"time is {suite.attrib['time']}"


def gradescope_rules(results: dict[str, object]) -> Iterator[str]:
    """What breaks the rules of Gradescope's autograder specification, in words."""
    keys = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format"}
    keys |= {"visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"}
    test_keys = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format"}
    test_keys |= {"tags", "visibility", "extra_data"}
    formats = {"text", "html", "simple_format", "md", "ansi"}
    seen = {"hidden", "after_due_date", "after_published", "visible"}
    yield from (f"key {name}" for name in results.keys() - keys)
    tests = results["tests"]
    assert isinstance(tests, list)
    for one in (results, *tests):
        if one["visibility"] not in seen or one["output_format"] not in formats:
            yield f"values of {one}"
        if not isinstance(one["score"], int | float) or not isinstance(one["output"], str):
            yield f"types of {one}"
    for test in tests:
        yield from (f"key {name} of a test" for name in test.keys() - test_keys)
        if test["status"] not in ("passed", "failed") or test["name_format"] not in formats:
            yield f"values of {test}"


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(REPORTS, max_size=2))
def test_junit_keeps_to_the_schema(reports: list[ScoreReport]) -> None:
    """Whatever is said in a report, a parser reads the file, and elements, attributes and counts are those allowed."""
    content = junit.render(MatchedGrades("digits", 8.0, [], lambda: iter(reports)))
    root = ElementTree.fromstring(content)
    assert list(junit_rules(root)) == []
    assert len(root) == len(reports)


def test_junit_tells_wrong_from_broken() -> None:
    """A wrong answer is a failure, another ending an error, what wasn't run is skipped; rejected is an error too."""
    lost = scored_report("cy", 0, status="rejected", questions=(), notes=("it isn't a notebook",))
    reports = [scored_report(questions=(ENDINGS,)), lost]
    root = ElementTree.fromstring(junit.render(MatchedGrades("digits", 8.0, [], lambda: iter(reports))))
    first, second = root
    assert {name: first.attrib[name] for name in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "ada",
        "tests": "10",
        "failures": "1",
        "errors": "7",
        "skipped": "1",
    }
    kinds = [child.tag for case in first.iter("testcase") for child in case]
    assert kinds == ["failure", *["error"] * 6, "skipped", "error"]
    assert root.attrib == {"name": "digits", "tests": "11", "failures": "1", "errors": "8"}
    (error,) = second.iter("error")
    assert error.attrib["message"] == "it isn't a notebook"
    assert [each.attrib["value"] for each in first.iterfind(".//property[@name='score']")] == ["7.00"]


@settings(max_examples=examples(40), deadline=None)
@given(REPORTS)
def test_gradescope_keeps_to_its_specification(one: ScoreReport) -> None:
    """Keys, types and values are those that are documented, and the score is the report's."""
    results = json.loads(gradescope.render(one))
    assert list(gradescope_rules(results)) == []
    assert results["score"] == 7.0
    assert len(results["tests"]) == sum(len(question.cases) for question in one.questions)


def test_gradescope_has_a_folder_for_each_student(book: Book) -> None:
    """With what failed and why; a score that isn't final is not in any of them, and is told."""
    out = book(
        scored_report("ada", questions=(ENDINGS,), late=True),
        scored_report("bob", needs_review=True),
        scored_report("Zoë Z_1"),
    )
    account, (folder,) = exported(out, "gradescope")
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.json")) == [
        "Zoë_Z_1/results.json",
        "ada/results.json",
    ]
    assert (account["written"], account["review"]) == (2, ["bob"])
    results = json.loads((folder / "ada" / "results.json").read_text())
    exported(book(scored_report("Zoë Z_1", needs_review=True)), "gradescope")
    assert [path.parent.name for path in folder.rglob("*.json")] == ["ada"]  # the other's score isn't final any more
    assert "handed in late" in results["output"]
    assert "f: graded with a correct g" in results["output"]
    assert [test["status"] for test in results["tests"]] == ["passed", *["failed"] * 9]
    assert results["tests"][4]["output"] == "ran out of time\nwhy\\x1b \ufffe <b>"


def test_nbgrader_has_its_columns(tmp_path: Path, book: Book) -> None:
    """In nbgrader's order; names come from the roster; no submission is no score."""
    out = book(scored_report("ada", 7.5, handed_in="2026-03-01 21:34:12 UTC", late=True))
    roster = sheet(tmp_path / "r.csv", [["id", "First Name", "last_name"], ["ada", "Ada", "=L"], ["bob", "Bob", "B"]])
    _, (path,) = exported(out, "nbgrader", roster, id_column="id")
    header = "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty"
    assert table(path) == [
        f"{header},score,max_score".split(","),
        ["digits", "", "2026-03-01 21:34:12 UTC", "ada", "'=L", "Ada", "", "7.5", "0.0", "7.5", "8.0"],
        ["digits", "", "", "bob", "B", "Bob", "", "", "", "", "8.0"],
    ]
    _, (path,) = exported(out, "nbgrader")
    assert path.read_text().splitlines()[1] == '"digits",,"2026-03-01 21:34:12 UTC","ada",,,,7.5,0.0,7.5,8.0'


def test_csv_and_json_hold_everybody(tmp_path: Path, book: Book) -> None:
    """The roster's own columns and the grades beside them; JSON has the whole reports too."""
    out = book(scored_report("ada", 7.0), scored_report("zoe", 1.0, late=True))
    roster = sheet(tmp_path / "r.csv", [["student", "tutor"], ["bob", "=T"], ["ada", "U"]])
    _, (path, beside) = exported(out, "csv", roster)
    assert table(path) == [
        ["student", "tutor", "student", "score", "max_score", "status", "needs_review", "late", "f"],
        ["bob", "'=T", *[""] * 7],
        ["ada", "U", "ada", "7.0", "8.0", "graded", "false", "false", "7.0"],
    ]
    assert table(beside)[1] == ["zoe", "zoe", "1.0", "8.0", "graded", "false", "true"]
    account, (path, _) = exported(out, "json", roster)
    content = json.loads(path.read_text())
    rows = {one["roster"]["student"]: one["report"] for one in content["students"]}
    assert (rows["bob"], rows["ada"]["score"], rows["ada"]["questions"][0]["name"]) == (None, 7.0, "f")
    assert [one["student"] for one in content["unmatched"]] == ["zoe"]
    assert account["written"] == 2
    _, (path,) = exported(out, "json")
    assert [one["report"]["student"] for one in json.loads(path.read_text())["students"]] == ["ada", "zoe"]


# The command


@pytest.mark.parametrize("to", sorted({*FORMATS} - {NBGRADER_FEEDBACK}))  # that needs a folder of nbgrader's
def test_the_command_writes_and_accounts(tmp_path: Path, book: Book, to: str) -> None:
    """--output says where; the terminal has a line for each kind of trouble, --json all of it."""
    reports = [scored_report("ada_1", id="1"), scored_report("zoe")]
    out = with_pages(book(*reports), reports)
    write = moodle if to.startswith("moodle") else canvas
    roster = write(tmp_path / "r.csv", [("Ada", "1"), ("b", "2")])
    done = grader("export", out, "--to", to, "--roster", roster, "--output", tmp_path / "here")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "here").exists()
    assert "1 in the roster without a submission: " in done.stdout
    assert f"1 in no row of the roster, but written to {tmp_path / 'here-unmatched.csv'}: zoe" in done.stdout
    account = json.loads(grader("export", out, "--to", to, "--roster", roster, "--json").stdout)
    assert account["unmatched"] == ["zoe"]
    assert Path(account["files"][0]).parent == out / "exports"


def test_what_the_command_cannot_do_is_one_sentence(tmp_path: Path, book: Book) -> None:
    """Exit code 2, nothing on stdout; a folder that can't be written is ours to tell, too."""
    out = book(scored_report())
    done = grader("export", out, "--to", "moodle")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "grader: --to moodle needs the grading worksheet from Moodle: name the file with --roster\n"
    done = grader("export", tmp_path / "nowhere", "--to", "csv")
    assert done.exit_code == 2 and "nowhere" in done.stderr
    (tmp_path / "file").write_text("")
    done = grader("export", out, "--to", "csv", "--output", tmp_path / "file" / "x.csv")
    assert done.exit_code == 3 and "can't be written" in done.stderr
