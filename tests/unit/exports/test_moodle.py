"""Real worksheets of Moodle 4.5 and 5.1, in English and German: every grade goes to its student, or to nobody."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.exports.export import ExportError, ExportRequest, export
from grader.exports.moodle_languages import LANGUAGES
from grader.exports.moodle_worksheet import Worksheet
from grader.exports.roster import RosterError, read_roster
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport
from grader.submissions.student_names import display_name, safe_name
from tests.factories import BASIS, scored_report
from tests.helpers.moodle_files import FILES, folders_in, graded_by_moodle, table, with_pages

ENGLISH = ("Identifier", "Grade", "Last modified (grade)"), "Participant"
GERMAN = ("ID", "Bewertung", "Zuletzt geändert (Bewertung)"), "Teilnehmer/in"

Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Make a folder of results that holds these reports."""

    def made(*reports: ScoreReport) -> Path:
        with Gradebook.open(tmp_path / "out" / "gradebook.sqlite") as opened:
            run = opened.new_run(BASIS, len(reports))
            for one in reports:
                opened.add(run, one, one.student)
            opened.finish_run(run)
        return tmp_path / "out"

    return made


def report(folder: str, score: float, **changes: Any) -> ScoreReport:
    """Return the report of a submission in a folder that Moodle named."""
    name, _, number = folder.rpartition("_")
    known = number if name else ""
    student, shown = safe_name(folder), display_name(folder)
    fields = {"id": known, "name": "" if shown == student else shown, "max_score": 14.0, **changes}
    return scored_report(student, score, **fields)


def class_of(archive: str) -> list[ScoreReport]:
    """Return a report for each folder of a download; the scores are 0.25, 0.5 and so on."""
    return [report(folder, (number + 1) / 4) for number, folder in enumerate(folders_in(archive))]


def exported(out: Path, worksheet: str | Path, to: str = "moodle", **wish: Any) -> tuple[dict[str, Any], Path]:
    roster = FILES / worksheet if isinstance(worksheet, str) else worksheet
    with Gradebook.open_existing(out / "gradebook.sqlite") as opened:
        account = export(opened, out, ExportRequest(to, roster, **wish))
    return msgspec.to_builtins(account), Path(account.files[0])


def changed(tmp_path: Path, name: str, change: Callable[[list[list[str]]], object], delimiter: str = ",") -> Path:
    """Return a copy of a worksheet after `change` of its rows."""
    rows = table(FILES / name)
    change(rows)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = tmp_path / f"changed-{name}"
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return path


@pytest.mark.parametrize(("name", "moodle"), [("51-main-before.csv", ENGLISH), ("51-de-main-graded.csv", GERMAN)])
def test_every_student_of_a_class_gets_their_grade(book: Book, name: str, moodle: Any) -> None:
    """Whatever Moodle makes of a name in a folder; two students with one name are told apart."""
    reports = class_of("main-folders.zip")
    account, path = exported(book(*reports), name)
    comma = moodle is GERMAN
    grades = graded_by_moodle(table(path), *moodle)
    given = {number: float(grade.replace(",", ".")) for number, grade in grades.items() if grade}
    assert given == {one.id: one.score for one in reports}
    assert (account["written"], account["mismatched"], account["unmatched"]) == (13, [], [])
    assert any("," in grade for grade in grades.values()) == comma
    assert account["without_submission"] == [f"{moodle[1]}{'' if comma else ' '}8"]
    assert f"in {'German' if comma else 'English'}" in account["notes"][0]


@pytest.mark.parametrize(
    ("worksheet", "archive", "moodle"),
    [("51-team.csv", "d51/6.zip", ENGLISH), ("51-de-team.csv", "d51de/6.zip", GERMAN)],
)
def test_every_member_of_a_team_gets_its_grade(book: Book, worksheet: str, archive: str, moodle: Any) -> None:
    """By the name of the group, with its number or, for the default group, without one."""
    account, path = exported(book(*class_of(archive)), worksheet)
    header, *rows = table(FILES / worksheet)
    groups = [row[header.index("Group" if moodle is ENGLISH else "Gruppe")] for row in rows]
    by_group = {"Team A_1": 0.5, "L'équipe B": 0.75, "Default group": 0.25, "Standard-Gruppe": 0.25}
    grades = graded_by_moodle(table(path), *moodle)
    assert [float(grade.replace(",", ".")) for grade in grades.values()] == [by_group[group] for group in groups]
    assert (account["written"], account["unmatched"], account["mismatched"]) == (14, [], [])


@pytest.mark.parametrize("to", ["moodle", "csv"])
def test_the_number_of_a_group_is_nobodys(tmp_path: Path, book: Book, to: str) -> None:
    """A worksheet in which somebody of team B has the number of team A: the grade goes to the members alone."""

    def force(rows: list[list[str]]) -> None:
        rows[4][0] = "Participant 1"  # of "L'équipe B"; the folder of team A is "Team A 1_1"

    roster = changed(tmp_path, "51-team.csv", force)
    _, path = exported(book(*class_of("d51/6.zip")), roster, to)
    rows = table(path)
    at = rows[0].index("Grade" if to == "moodle" else "score")
    assert [float(row[at]) for row in rows[1:6]] == [0.5, 0.5, 0.5, 0.75, 0.75]


def test_programs_get_a_row_for_every_member(book: Book) -> None:
    """With the report of the group."""
    _, path = exported(book(*class_of("d51/6.zip")), "51-team.csv", "json")
    content = json.loads(path.read_text())
    found = {one["roster"]["Identifier"]: one["report"]["student"] for one in content["students"]}
    assert (len(content["students"]), found["Participant 68"], found["Participant 57"]) == (
        14,
        "Team_A_1_1",
        "Léquipe_B_2",
    )


def test_a_team_without_the_column_of_groups_is_refused(tmp_path: Path, book: Book) -> None:
    """Its number may be somebody's: the names differ, so nothing is written and exit code 2 says what differs."""

    def force(rows: list[list[str]]) -> None:
        for row in rows:
            del row[4]
        rows[4][0] = "Participant 1"

    out = book(*class_of("d51/6.zip"))
    with pytest.raises(ExportError, match=r"Participant 1 is “محمد عبد الله” in the worksheet"):
        exported(out, changed(tmp_path, "51-team.csv", force))
    assert not (out / "exports").exists()


def test_groups_with_one_name_in_the_download_are_refused(tmp_path: Path, book: Book) -> None:
    """ "Team A_1" and "Team A 1" are both "Team A 1" there: neither gets a grade, and that is told."""

    def force(rows: list[list[str]]) -> None:
        rows[1][4] = "Team A 1"

    account, path = exported(book(*class_of("d51/6.zip")), changed(tmp_path, "51-team.csv", force))
    assert [row[5] for row in table(path)[1:6]] == ["", "", "", "0.75", "0.75"]
    (told,) = account["mismatched"]
    assert told.startswith("Team_A_1_1 (the groups “Team A 1” and “Team A_1” have one name")
    assert len(account["files"]) == 2  # the other one lists the grade that nobody got


def test_a_student_with_the_name_of_a_group_gets_no_grade_for_it(tmp_path: Path, book: Book) -> None:
    """Neither the group, in which somebody may have handed in nothing, nor the student: that is told."""

    def rename(rows: list[list[str]]) -> None:
        rows[4][1] = "Team A_1"

    roster = changed(tmp_path, "51-team.csv", rename)
    number = table(roster)[4][0].removeprefix("Participant ")
    others = [one for one in class_of("d51/6.zip") if not one.student.startswith("Team_A")]
    account, path = exported(book(report(f"Team A 1_{number}", 3), *others), roster)
    assert [row[5] for row in table(path)[1:6]] == ["", "", "", "0.75", "0.75"]
    (told,) = account["mismatched"]
    assert "a group and a student are called “Team A 1”" in told


def test_older_versions_name_the_members_of_a_team(book: Book) -> None:
    """Moodle 4 had a folder for each member: GROUP-NAME_NUMBER."""
    account, path = exported(
        book(report("Team A 1-José Núñez-García_68", 3.5), report("Team A 1-X_67", 2)), "51-team.csv"
    )
    assert [row[5] for row in table(path)[1:4]] == ["3.5", "", ""]
    assert account["mismatched"] == ["Team_A_1-X_67 (Participant 67 is “Sinéad O'Connor” in the worksheet)"]


def test_the_name_is_compared_before_a_grade_is_written(book: Book) -> None:
    """The right number under another name gets nothing; a name that is hidden is no other one."""
    out = book(report("Li Wei_14", 3), report("José Núñez-García_3", 5), report("Participant_9", 7))
    account, path = exported(out, "51-main-before.csv")
    assert graded_by_moodle(table(path), *ENGLISH)["14"] == ""
    assert account["mismatched"] == ["Li_Wei_14 (Participant 14 is “Sinéad O'Connor” in the worksheet)"]
    assert account["written"] == 2


@pytest.mark.parametrize(
    ("worksheet", "archive", "moodle"),
    [("51-blind.csv", "d51/5.zip", ENGLISH), ("51-de-blind.csv", "d51de/5.zip", GERMAN)],
)
def test_hidden_names_need_no_comparison(book: Book, worksheet: str, archive: str, moodle: Any) -> None:
    """Neither the folders nor the worksheet have names; a folder with one doesn't belong to this worksheet."""
    account, path = exported(book(*class_of(archive), report("Team A 1_43", 1)), worksheet)
    grades = graded_by_moodle(table(path), *moodle)
    given = {number: grade.replace(",", ".") for number, grade in grades.items()}
    assert {number: given[number] for number in ("44", "52", "51", "48")} == {
        "44": "0.25",
        "52": "0.5",
        "51": "0.75",
        "48": "1",
    }
    assert given["43"] == ""
    assert "has no name in the worksheet to compare" in account["mismatched"][0]


@pytest.mark.parametrize("name", ["45-scale.csv", "51-scale.csv"])
def test_a_scale_is_refused_in_a_sentence(book: Book, name: str) -> None:
    """With its steps, and what to do."""
    with pytest.raises(RosterError, match=r"by the scale Fail, Pass and Merit in Moodle.* maximum 14 in Moodle"):
        exported(book(*class_of("main-folders.zip")), name)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_worksheets_are_read_in_every_language_of_the_table(tmp_path: Path, book: Book, language: Any) -> None:
    """The titles go back as they were, and the user is told which language the upload needs."""

    def translate(rows: list[list[str]]) -> None:
        titles = {"maximum grade": language.maximum[0], "full name": "?", "email address": "@"}
        english = LANGUAGES[0]
        for field in ("identifier", "status", "grade", "changeable", "submitted", "modified"):
            titles[getattr(english, field)[0].casefold()] = getattr(language, field)[0]
        rows[0] = [titles.get(title.casefold(), title) for title in rows[0]]
        for row in rows[1:]:
            row[0] = row[0].replace("Participant ", language.participant[0])
            row[6] = language.no[0] if row[0].endswith("9") else "x"

    reports = class_of("main-folders.zip")
    account, path = exported(book(*reports), changed(tmp_path, "51-main-before.csv", translate))
    titles = (language.identifier[0], language.grade[0], language.modified[0])
    grades = graded_by_moodle(table(path), titles, language.participant[0])
    expected = {one.id: one.score for one in reports if one.id != "9"}
    assert {number: float(grade) for number, grade in grades.items() if grade} == expected
    assert account["notes"][0].startswith(f"the worksheet is in {language.name}: Moodle reads it only while")
    assert account["held"] == [f"{language.participant[0]}9"]


@pytest.mark.parametrize("name", ["51-main-before.csv", "51-main-graded.csv", "51-workflow.csv", "51-blind.csv"])
def test_other_languages_are_read_by_the_order_and_shape_of_columns(tmp_path: Path, name: str) -> None:
    """Columns are found where they are in English; what was taken for what is told."""
    english = Worksheet(read_roster(FILES / name))

    def translate(rows: list[list[str]]) -> None:
        rows[0] = [f"Spalt {number}" for number in range(len(rows[0]))]

    found = Worksheet(read_roster(changed(tmp_path, name, translate)))
    for column in ("identifier", "name", "status", "grade", "maximum", "changeable", "submitted", "modified"):
        assert getattr(found.columns, column) == getattr(english.columns, column), column
    assert f"'Spalt {english.grade}' is the grade" in found.language_note


def test_a_table_that_is_no_worksheet_is_refused(tmp_path: Path, book: Book) -> None:
    """A class list with numbers, or a scale in an unknown language: nothing is guessed."""
    out = book(*class_of("main-folders.zip"))

    def translate(rows: list[list[str]]) -> None:
        rows[0] = [f"Spalt {number}" for number in range(len(rows[0]))]

    with pytest.raises(RosterError, match=r"columns of .* aren't clear: its language isn't known"):
        exported(out, changed(tmp_path, "51-scale.csv", translate))
    (tmp_path / "list.csv").write_text("number,mail\n1,a@b\n2,c@d\n")
    with pytest.raises(RosterError, match=r"columns of .* aren't clear|is no grading worksheet"):
        exported(out, tmp_path / "list.csv")


def test_a_worksheet_that_excel_saved_is_read_and_written_for_moodle(tmp_path: Path, book: Book) -> None:
    """With semicolons; Moodle expects commas."""
    roster = changed(tmp_path, "51-de-locked.csv", lambda rows: None, delimiter=";")
    assert b";Bewertung;" in roster.read_bytes()
    out = book(report("Li Wei_130", 7.25), report("José Núñez-García_120", 1))
    account, path = exported(out, roster)
    assert graded_by_moodle(table(path), *GERMAN)["130"] == "7,25"
    assert account["held"] == ["Teilnehmer/in120"]  # "Nein": the row is locked


def test_a_worksheet_of_another_assignment_is_refused(book: Book) -> None:
    """No number is in it: exit code 2, and nothing is written."""
    out = book(*class_of("d51/5.zip"))
    with pytest.raises(ExportError, match=r"has no row for any of the 4 reports, such as .*another assignment"):
        exported(out, "51-main-before.csv")
    assert not (out / "exports").exists()


def test_grades_given_by_hand_are_told_or_kept(book: Book) -> None:
    """2.50 and 11.00 stand there; an equal grade is nothing to tell."""
    out = book(report("John Smith, Jr._123", 7), report("محمد عبد الله_131", 11), report("Li Wei_130", 5))
    account, path = exported(out, "51-locked.csv")
    assert (account["overwritten"], account["kept"]) == (["John Smith, Jr. (2.50 -> 7)"], [])
    assert graded_by_moodle(table(path), *ENGLISH)["123"] == "7"
    account, path = exported(out, "51-locked.csv", keep_existing=True)
    assert (account["overwritten"], account["kept"], account["held"]) == ([], ["John Smith, Jr."], [])
    assert graded_by_moodle(table(path), *ENGLISH)["123"] == "2.50"
    assert account["written"] == 2


def test_a_worksheet_that_has_every_grade_already_is_told(book: Book) -> None:
    """Moodle would say "No modified grades found"."""
    out = book(report("Li Wei_11", 14), report("محمد عبد الله_6", 8))
    account, _ = exported(out, "51-main-graded.csv")
    assert "no modified grades" in account["notes"][1]
    assert "upload the grades before the feedback" in account["notes"][2]


def test_a_rejected_submission_has_no_grade(book: Book) -> None:
    """Unless 0 points are asked for."""
    lost = report("Li Wei_11", 0, status="rejected", questions=())
    out = book(lost, report("Li Wei_10", 3))
    account, path = exported(out, "51-main-before.csv")
    assert graded_by_moodle(table(path), *ENGLISH)["11"] == ""
    assert (account["written"], account["not_graded"], account["rejected"]) == (1, ["Li_Wei_11"], [])
    account, path = exported(out, "51-main-before.csv", rejected_as_zero=True)
    assert graded_by_moodle(table(path), *ENGLISH)["11"] == "0"
    assert (account["written"], account["not_graded"], account["rejected"]) == (2, [], ["Li_Wei_11"])


# Feedback


def taken_by_moodle(path: Path) -> dict[str, list[str]]:
    """Return number -> names of files, as Moodle reads a zip of feedback (importziplib.php)."""
    found: dict[str, list[str]] = {}
    for member in zipfile.ZipFile(path).namelist():
        folder, name = member.split("/")
        info = folder.split("_", 4)
        assert info[2:] == ["assignfeedback", "file"]
        assert info[1].isdigit()
        found.setdefault(info[1], []).append(name)
    return found


def test_feedback_goes_to_every_student(book: Book) -> None:
    """The page and the submission with the feedback in it, which link to each other by their new names."""
    reports = [report("Robert Bob AB Zoë_2", 3), report("John Smith, Jr._9", 4), report("Li Wei_14", 5)]
    account, path = exported(with_pages(book(*reports), reports), "51-main-before.csv", "moodle-feedback")
    assert taken_by_moodle(path) == {"2": ["feedback.html", "notebook.html"], "9": ["feedback.html", "notebook.html"]}
    with zipfile.ZipFile(path) as archive:
        (member,) = [name for name in archive.namelist() if name.endswith("_2_assignfeedback_file/feedback.html")]
        assert member.startswith("Robert Bob A B Zo")
        assert b'href="notebook.html"' in archive.read(member)
    assert (account["written"], len(account["mismatched"])) == (2, 1)
    assert "after the grades" in account["notes"][0]


def test_feedback_goes_to_every_member_of_a_team(book: Book) -> None:
    """The worksheet says their numbers: the one in the folder is that of the group."""
    reports = class_of("d51/6.zip")
    _, path = exported(with_pages(book(*reports), reports), "51-team.csv", "moodle-feedback")
    taken = taken_by_moodle(path)
    assert len(taken) == 14 and "1" not in taken
    with zipfile.ZipFile(path) as archive:
        name = "José Núñez-García_68_assignfeedback_file/feedback.html"
        assert "Team_A_1_1" in archive.read(name).decode()


def test_feedback_without_current_pages_is_refused(book: Book) -> None:
    """A page of an older report says another score: nothing is written, and no temporary file stays."""
    reports = [report("Li Wei_11", 3)]
    out = with_pages(book(*reports), reports)
    book(report("Li Wei_11", 4))
    with pytest.raises(Exception, match=r"has no page of the newest report of Li_Wei_11; run `grader grade --pages`"):
        exported(out, "51-main-before.csv", "moodle-feedback")
    assert list((out / "exports").iterdir()) == []
