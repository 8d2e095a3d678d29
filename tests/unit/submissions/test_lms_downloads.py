"""What learning platforms hand out for a class: whose a file is, by which id a roster knows them, and nothing lost."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.models import Assignment, Submission
from grader.submissions import file_tree, gradescope_metadata
from grader.submissions.collect import IntakeError, collect, collect_all
from grader.submissions.file_tree import FileUnreadable
from grader.submissions.gradescope_metadata import read_submitters
from grader.submissions.limits import MAX_SUBMISSION
from grader.submissions.lms_downloads import PLATFORMS
from grader.submissions.spool import SubmissionSpool
from tests.helpers import growth
from tests.helpers.effort import examples
from tests.helpers.moodle_files import download, names_in

NOTEBOOK = b'{"cells": []}'
SUPPORT = frozenset({"check.py"})
METADATA = """---
submission_456:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0101'
    :email: ada@example.edu
  :created_at: 2026-03-01 21:34:12.123456000 Z
  :score: 10.0
  :results: !ruby/object:Something
    tests: []
submission_457:
  :submitters:
  - :name: Zoë, "Z"
    :sid:
    :email: zoe@example.edu
  - :name: 한글
    :sid: '0103'
    :email: han@example.edu
  :created_at: 2026-03-02 01:00:00.000000000 Z
"""


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def notebooks(*names: str) -> dict[str, bytes]:
    """Each with a content of its own, so that it shows which one was taken."""
    return {name: NOTEBOOK + name.encode() for name in names}


@pytest.fixture(params=["folder", "folder in a folder", "zip", "folder in a zip"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, object]:
    """How the files of a test are handed out: unpacked or not, with a folder around them or without."""
    return {"kind": request.param, "path": tmp_path}


def read_as(platform: str, folder: Path, names: list[str] | dict[str, bytes], **options: str) -> list[Submission]:
    """The submissions in a folder of these files, which the instructor says a platform has handed out."""
    files = names if isinstance(names, dict) else notebooks(*names)
    return collect(put(folder, files), "digits", SUPPORT, platform=platform, **options)


def handed_out(
    both: dict[str, object], platform: str, files: dict[str, bytes], around: str = "download"
) -> list[Submission]:
    """The submissions in these files."""
    folder = Path(str(both["path"]))
    inner = f"{around}/" if "folder in" in str(both["kind"]) else ""
    files = {inner + name: content for name, content in files.items()}
    if not str(both["kind"]).endswith("zip"):
        return read_as(platform, folder / "class", files)
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return collect(folder / "class.zip", "digits", SUPPORT, platform=platform)


def told(found: list[Submission]) -> dict[str, tuple[str, str, bool]]:
    """Student -> id, file, late; none may be rejected."""
    assert [one.rejection for one in found if one.rejection] == []
    return {one.student: (one.id, one.file, one.late) for one in found}


# Canvas


def test_canvas_students_have_their_canvas_id(both: dict[str, object]) -> None:
    """Name and id make the student, the id the roster's, LATE is kept, and two of a name are two."""
    found = handed_out(
        both,
        "canvas",
        notebooks(
            "lovelaceada_12345_678910_digits.ipynb",
            "lovelaceada_12399_678950_my work.ipynb",
            "babbagecharles_LATE_12346_678911_digits.py",
            "한글_12347_678912_digits.ipynb",
        ),
    )
    assert told(found) == {
        "lovelaceada_12345": ("12345", "digits.ipynb", False),
        "lovelaceada_12399": ("12399", "my work.ipynb", False),
        "babbagecharles_12346": ("12346", "digits.py", True),
        "한글_12347": ("12347", "digits.ipynb", False),
    }


@pytest.mark.parametrize(("attempt", "number", "others"), [("last", "-10", ("", "-2")), ("first", "", ("-2", "-10"))])
def test_of_several_attempts_one_counts(tmp_path: Path, attempt: str, number: str, others: tuple[str, str]) -> None:
    """The last, unless the first is asked for: the file's id says which. The others are named in a note."""
    names = [
        "lovelaceada_LATE_12345_99920_digits-2.ipynb",
        "lovelaceada_LATE_12345_100999_digits-10.ipynb",
        "lovelaceada_LATE_12345_99910_digits.ipynb",
        "lovelaceada_LATE_12345_679000_check.py",
    ]
    (one,) = read_as("canvas", tmp_path, names, attempt=attempt)
    assert one.content.decode().endswith(f"_digits{number}.ipynb")
    assert (one.student, one.file, one.late) == ("lovelaceada_12345", "digits.ipynb", True)
    left = " and ".join(f"digits{other}.ipynb" for other in others)
    assert one.notes == (f"digits{number}.ipynb is the {attempt} of 3 attempts, and counts; ignored: {left}",)


def test_a_canvas_student_who_typed_something_in_is_an_entry(tmp_path: Path) -> None:
    """Text and links are no submission that can be graded, and nobody is dropped for it."""
    names = ["a_11_1001_digits.ipynb", "b_12_text.html", "c_LATE_13_link.html", "d_14_1004_essay.docx"]
    found = {one.student: one for one in read_as("canvas", tmp_path, names)}
    assert list(found) == ["a_11", "b_12", "c_13", "d_14"]
    assert "only text.html; hand in digits.ipynb" in (found["b_12"].rejection or "")
    assert "only essay.docx" in (found["d_14"].rejection or "")
    assert found["c_13"].late


def test_students_without_names_are_told_apart(tmp_path: Path) -> None:
    """Canvas hides names from who grades: then a code stands for name and id."""
    names = ["anon_Xy9ab_678910_digits.ipynb", "LATE_anon_Qq1zz_678911_digits.ipynb"]
    assert told(read_as("canvas", tmp_path, names)) == {
        "anon_Qq1zz": ("anon_Qq1zz", "digits.ipynb", True),
        "anon_Xy9ab": ("anon_Xy9ab", "digits.ipynb", False),
    }


def test_what_came_by_mail_lies_beside_a_download(tmp_path: Path) -> None:
    """A file of an ordinary name is an ordinary submission, and the others keep their ids."""
    names = ["lovelaceada_12345_678910_digits.ipynb", "babbage_12346_678911_digits.ipynb", "zoe.ipynb"]
    found = read_as("canvas", tmp_path, {**notebooks(*names), "roster.csv": b"ID"})
    assert {one.student: one.id for one in found} == {"lovelaceada_12345": "12345", "babbage_12346": "12346", "zoe": ""}


@pytest.mark.parametrize(
    "names",
    [
        ("ada_1.ipynb", "bob_2.ipynb"),
        ("ada_1_2_final.ipynb", "bob_1_2_final.ipynb"),
        ("ada_2026_0301_work.ipynb", "bob_2026_0301_work.ipynb"),
        ("lab_2026_1_ada.ipynb", "lab_2026_2_bob.ipynb"),
        ("ada_12345_678910_digits.ipynb", "bob.ipynb", "cy.ipynb", "dora.ipynb"),
        ("ada_12345_678910_digits.ipynb", "bob_12345_678911_digits.ipynb"),
        ("submission_1.ipynb", "submission_2.ipynb"),
        ("ada_assignsubmission.ipynb", "bob.py"),
        ("ada/digits/digits.ipynb", "bob/digits/digits.ipynb"),
        ("submission_1/digits.ipynb", "submission_2/digits.ipynb"),
    ],
)
def test_what_only_looks_like_a_platform_is_an_ordinary_class(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Students are named by the files or folders, as ever, and none of them has an id."""
    found = collect(put(tmp_path / "class", notebooks(*names)), "digits")
    assert sorted(one.student for one in found) == sorted({Path(name.split("/")[0]).stem for name in names})
    assert {(one.id, one.late, one.rejection) for one in found} == {("", False, None)}


# Moodle


def test_moodle_students_have_their_participants_number(both: dict[str, object]) -> None:
    """In folders and in flat files; the number is the worksheet's, and what was typed in is ignored with a note."""
    found = handed_out(
        both,
        "moodle",
        notebooks(
            "Ada Lovelace_12345_assignsubmission_file_/digits.ipynb",
            "Ada Lovelace_12345_assignsubmission_onlinetext_/onlinetext.html",
            "Ada Lovelace_12346_assignsubmission_file/homework/digits.py",
            "O'Brien-Zoë, Z._12347_assignsubmission_file_digits.ipynb",
            "O'Brien-Zoë, Z._12347_assignsubmission_file_notes.txt",
            "Participant_12349_assignsubmission_file_/digits.ipynb",
        ),
    )
    assert told(found) == {
        "Ada_Lovelace_12345": ("12345", "digits.ipynb", False),
        "Ada_Lovelace_12346": ("12346", "digits.py", False),
        "O_Brien-Zoë_Z._12347": ("12347", "digits.ipynb", False),
        "Participant_12349": ("12349", "digits.ipynb", False),
    }
    assert [one.name for one in found] == ["Ada Lovelace_12345", "Ada Lovelace_12346", "O'Brien-Zoë, Z._12347", ""]
    notes = {one.student: one.notes for one in found}
    assert notes["Ada_Lovelace_12345"] == ("onlinetext beside the files was ignored",)
    assert notes["O_Brien-Zoë_Z._12347"] == ("digits.ipynb was graded; ignored: notes.txt",)


def test_a_moodle_student_who_typed_something_in_is_an_entry(both: dict[str, object]) -> None:
    """Who sent no file is told what to hand in."""
    (one,) = handed_out(both, "moodle", notebooks("Ada Lovelace_12345_assignsubmission_onlinetext_/onlinetext.html"))
    assert (one.student, one.id) == ("Ada_Lovelace_12345", "12345")
    assert "holds no notebook or module" in (one.rejection or "")


def test_a_folder_that_cannot_be_read_is_one_students_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are graded."""
    monkeypatch.setattr(file_tree, "MAX_ENTRIES", 2)
    names = [f"A_11_assignsubmission_file_/{number}.ipynb" for number in range(3)]
    found = read_as("moodle", tmp_path, [*names, "B_12_assignsubmission_file_/digits.ipynb"])
    assert [(one.student, one.rejection) for one in found] == [
        ("A_11", "A_11_assignsubmission_file_ holds more than 2 files"),
        ("B_12", None),
    ]


# Gradescope


def test_gradescope_says_whose_a_folder_is(both: dict[str, object]) -> None:
    """By name and SID, or mail address; those who handed in together each have a submission, and a note of it."""
    files = notebooks("submission_456/digits.ipynb", "submission_457/digits.ipynb")
    found = handed_out(both, "gradescope", {**files, "submission_metadata.yml": METADATA.encode()})
    assert told(found) == {
        "Ada_Lovelace_0101": ("0101", "digits.ipynb", False),
        "Zoë__Z__zoe_example.edu": ("zoe@example.edu", "digits.ipynb", False),
        "한글_0103": ("0103", "digits.ipynb", False),
    }
    by = {one.student: one for one in found}
    assert by["Ada_Lovelace_0101"].handed_in == "2026-03-01 21:34:12.123456000 Z"
    assert by["한글_0103"].notes == ('handed in together with Zoë, "Z"',)
    assert by["한글_0103"].content == by["Zoë__Z__zoe_example.edu"].content


def test_a_gradescope_submission_without_files_is_an_entry(tmp_path: Path) -> None:
    """The metadata tell of it, so it isn't passed over; a folder that they don't tell of isn't either."""
    files = notebooks("submission_456/digits.ipynb", "submission_999/digits.ipynb")
    found = read_as("gradescope", tmp_path, {**files, "submission_metadata.yml": METADATA.encode()})
    assert [(one.student, one.id, bool(one.rejection)) for one in found] == [
        ("Ada_Lovelace_0101", "0101", False),
        ("submission_999", "", False),
        ("Zoë__Z__zoe_example.edu", "zoe@example.edu", True),
        ("한글_0103", "0103", True),
    ]
    assert "doesn't list submission_999" in found[1].notes[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a: [", "can't be read"),
        (b"\xff\xfe\0", "can't be read"),
        (b"&a [*a]", "isn't a table"),
        (b"[" * 100_000, "can't be read"),
        (b"- 1", "isn't a table"),
        (b"", "isn't a table"),
        (b"submission_456: !!python/object/apply:os.abort []", "doesn't list"),
        (b"submission_456: {':submitters': [[], {':name': {}, ':sid': []}]}", "doesn't list"),
        (b"#" * (MAX_SUBMISSION + 1), "32 MB"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_metadata_that_cannot_be_read_cost_nobody_their_submission(tmp_path: Path, content: bytes, why: str) -> None:
    """Students go by their folders then, and a note says why; nothing in a file makes an object of Python's."""
    files = {**notebooks("submission_456/digits.ipynb"), "submission_metadata.yml": content}
    found = read_as("gradescope", tmp_path, files)
    assert {one.student.removesuffix("--2") for one in found} == {"submission_456"}
    assert why in found[0].notes[0]


def test_metadata_without_an_end_cost_nobody_their_submission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The true limit, of a million parts, is met where the time of reading is looked at."""
    monkeypatch.setattr(gradescope_metadata, "MAX_METADATA_EVENTS", 1000)
    files = {**notebooks("submission_456/digits.ipynb"), "submission_metadata.yml": b"- a\n" * 1000}
    (one,) = read_as("gradescope", tmp_path, files)
    assert one.student == "submission_456"
    assert "holds more than an export does" in one.notes[0]


# All of them


NAME = st.sampled_from(["ada", "Ada B", "한글", "o-b", "a_1"])
FULL = NAME.filter(lambda name: "_" not in name)  # Moodle writes a blank
NUMBER = st.integers(1, 99_999)
GIVEN = st.sampled_from(["digits.ipynb", "w@.ipynb", "w@-1.py", "w@.docx", "12_3456_w@.ipynb"])  # @: the file's number
CODE = GIVEN.filter(lambda name: "docx" not in name)  # the rest is told of at the top of a folder alone
HANDED_OUT = st.one_of(
    st.builds("{}{}_{}_{}_{}".format, NAME, st.sampled_from(["", "_LATE"]), NUMBER, NUMBER, GIVEN),
    st.builds("{}_{}_assignsubmission_file_{}".format, FULL, NUMBER, GIVEN),
    st.builds("{}_{}_assignsubmission_file_/{}".format, FULL, NUMBER, GIVEN),
    st.builds("{}_{}_assignsubmission_onlinetext_/{}".format, FULL, NUMBER, GIVEN),
    st.builds("submission_{}/{}".format, NUMBER, CODE),
    st.builds("{}/digits/{}".format, NAME, CODE),
    st.builds("{}/{}".format, NAME, CODE),
    GIVEN,
)


def test_a_file_of_another_student_beside_a_notebook_is_told(tmp_path: Path) -> None:
    """A notebook at the top makes the class look like one student's folder."""
    (one,) = read_as("", tmp_path / "class", notebooks("digits.ipynb", "ada_1_assignsubmission_file_/essay.docx"))
    assert "ignored: ada_1_assignsubmission_file_/essay.docx" in one.notes[0]


@settings(max_examples=examples(100), deadline=None)
@given(
    names=st.lists(HANDED_OUT, min_size=1, max_size=5, unique_by=str.casefold),
    told_of=st.booleans(),
    platform=st.sampled_from(["", *PLATFORMS]),
)
def test_nothing_that_was_handed_in_is_passed_over(names: list[str], told_of: bool, platform: str) -> None:
    """However layouts are mixed, each file is graded, or named in a note, or its student's work is rejected."""
    names = [name.replace("@", f"{number}x") for number, name in enumerate(names)]
    files = notebooks(*names)
    if told_of:
        files["submission_metadata.yml"] = METADATA.encode()
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read_as(platform, Path(folder) / "class", files)
        except IntakeError as problem:
            assert platform and "isn't a download from" in str(problem)
            return
    assert len({one.student.casefold() for one in found}) == len(found)
    contents = {one.content for one in found}
    words = " ".join(
        text for one in found for text in (*one.notes, one.rejection or "", one.file if one.rejection else "")
    )
    # Who is told to hand in again hands in all of it.
    lost = tuple(one.name or one.student.partition("--")[0] for one in found if one.rejection)
    for number, name in enumerate(names):
        typed = "onlinetext" in name and "onlinetext beside the files was ignored" in words
        told_again = name.replace("_LATE", "").startswith(lost) or name.startswith(lost) or typed
        assert files[name] in contents or told_again or (f"w{number}x" if "x" in name else "digits.ipynb") in words, (
            name
        )


# nbgrader


def test_nbgrader_names_what_lies_beside_the_assignment(tmp_path: Path) -> None:
    """A file in the student's folder, and not in that of the assignment, isn't graded, and told of."""
    files = notebooks("ada/digits/digits.ipynb", "ada/other.ipynb")
    (found,) = read_as("nbgrader", tmp_path, files)
    assert found.content == files["ada/digits/digits.ipynb"]
    assert "ignored beside the folder digits: other.ipynb" in found.notes


def test_nbgrader_keeps_the_assignments_apart(both: dict[str, object]) -> None:
    """submitted/STUDENT/ASSIGNMENT: what belongs to another assignment isn't looked at.

    timestamp.txt is written by a program that the student runs, so the time in it is nobody's.
    """
    found = handed_out(
        both,
        "nbgrader",
        {
            **notebooks("ada/digits/mine.ipynb", "ada/other/other.ipynb", "bob/other/other.ipynb"),
            **notebooks("cy/digits/digits.ipynb", "dora/digits.ipynb"),
            "ada/digits/timestamp.txt": b"2026-03-01 21:34:12.123456 UTC\n",
            "ada/other/timestamp.txt": b"2026-01-01 00:00:00 UTC",
            "bob/other/timestamp.txt": b"2026-01-01 00:00:00 UTC",
        },
        around="submitted",
    )
    assert [(one.student, one.known, one.file, one.handed_in) for one in map(Known, found)] == [
        ("ada", "ada", "mine.ipynb", ""),
        ("cy", "cy", "digits.ipynb", ""),
        ("dora", "dora", "digits.ipynb", ""),
    ]
    assert [one.notes for one in found] == [(), (), ()]


class Known:
    """A submission, with what a roster would know it by."""

    def __init__(self, one: Submission) -> None:
        self.student, self.file, self.handed_in = one.student, one.file, one.handed_in
        self.known = one.id or one.student


# What students can't say


IMITATIONS = {
    "canvas": notebooks("bob_12345_678910_digits.ipynb", "cy_LATE_12346_678911_digits.ipynb"),
    "moodle": notebooks("Bob_12345_assignsubmission_file_/digits.ipynb"),
    "gradescope": {**notebooks("submission_456/digits.ipynb"), "submission_metadata.yml": METADATA.encode()},
    "nbgrader": {**notebooks("bob/digits/digits.ipynb"), "bob/digits/timestamp.txt": b"2026-01-01 00:00:00 UTC"},
}


@pytest.mark.parametrize("platform", IMITATIONS)
@pytest.mark.parametrize("around", ["", "download/", "submitted/", "ada/"])
@pytest.mark.parametrize("form", ["zip", "in a class", "in a zip of a class", "zip in a class"])
def test_a_students_own_files_never_say_who_the_student_is(
    tmp_path: Path, platform: str, around: str, form: str
) -> None:
    """A zip alone, a folder or zip that is the only one of a class: one submission, named by the instructor's side."""
    files = {around + name: content for name, content in IMITATIONS[platform].items()}
    folder = put(tmp_path / "class" / "ada", files).parent
    path, said = folder, ""
    if form != "in a class":
        inside = folder if form == "in a zip of a class" else folder / "ada"
        path = Path(shutil.make_archive(str(tmp_path / "made"), "zip", inside))
        path = path.rename(tmp_path / ("class.zip" if form == "in a zip of a class" else "ada.zip"))
        said = "class" if form == "in a zip of a class" else ""
    if form == "zip in a class":
        shutil.rmtree(folder / "ada")
        path.rename(folder / "ada.zip")
        path = folder
    (one,) = collect(path, "digits", SUPPORT, platform=said)
    assert (one.student, one.id, one.late, one.handed_in, one.name) == ("ada", "", False, "", "")


@pytest.mark.parametrize("platform", IMITATIONS)
def test_a_class_of_one_student_who_imitates_a_platform(tmp_path: Path, platform: str) -> None:
    """Read as what the platform hands out, it is that student's: what lies in their own folder isn't looked through."""
    own = {
        "canvas": "ada_11_1001_work.zip",
        "moodle": "Ada_11_assignsubmission_file_/",
        "gradescope": "submission_7/",
        "nbgrader": "ada/digits/",
    }[platform]
    if platform == "canvas":
        made = put(tmp_path / "made", IMITATIONS[platform])
        archive = Path(shutil.make_archive(str(tmp_path / "zip"), "zip", made))
        files = {own: archive.read_bytes()}
    else:
        files = {own + name: content for name, content in IMITATIONS[platform].items()}
    (one,) = read_as(platform, tmp_path / "class", files)
    assert one.id in ("11", "", "ada")
    assert one.student in ("ada_11", "Ada_11", "submission_7", "ada")


@pytest.mark.parametrize("platform", IMITATIONS)
def test_what_looks_like_a_platform_is_told(tmp_path: Path, platform: str) -> None:
    """Without the option nobody has an id; a hint names it."""
    hints: list[str] = []
    assignment = cast(Assignment, SimpleNamespace(name="digits", support=tmp_path / "none", notebook=tmp_path / "none"))
    folder = put(tmp_path / "class", IMITATIONS[platform])
    path = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", folder))
    with SubmissionSpool() as contents:
        found = collect_all([folder], assignment, contents, notify=hints.append)
        (one,) = collect_all([path], assignment, contents, notify=hints.append)
    assert {(one.id, one.late, one.handed_in) for one in found} == {("", False, "")}
    assert all(hint.endswith(f"grade it with --as-platform {platform}") for hint in hints)
    assert (len(hints), one.notes[-1]) == (2, hints[1])


@pytest.mark.parametrize(
    "own",
    [
        "lovelaceada_12345_99999_999_5678_digits.ipynb",  # by a student who chose the name lovelaceada_12345
        "lovelaceada_12345_99999__999_5678_digits.ipynb",
        "zz_12345_99999_5678_digits.ipynb",
        "lovelaceada_12345_99999_x_999_text.html",
    ],
)
def test_a_name_chosen_to_hold_the_id_of_another_on_canvas(tmp_path: Path, own: str) -> None:
    """The other keeps their submission; the doubtful one is told, and has no id."""
    found = read_as("canvas", tmp_path, ["lovelaceada_12345_678910_mine.ipynb", own])
    (ada,) = [one for one in found if one.id]
    assert (ada.student, ada.id, ada.content) == (
        "lovelaceada_12345",
        "12345",
        NOTEBOOK + b"lovelaceada_12345_678910_mine.ipynb",
    )
    (other,) = [one for one in found if not one.id]
    assert "can be read in two ways" in other.notes[0]


def test_a_file_named_by_a_date_keeps_its_student_on_canvas(tmp_path: Path) -> None:
    """A name that could be read in two ways counts as usual as long as nobody else has the id."""
    names = ["ada_12345_678910_2026_03_work.ipynb", "bob_12346_678911_2026_03_work.ipynb"]
    assert [one.id for one in read_as("canvas", tmp_path, names)] == ["12345", "12346"]


@pytest.mark.parametrize("end", ["/digits.ipynb", "digits.ipynb"])
def test_a_name_chosen_to_hold_the_number_of_another_on_moodle(tmp_path: Path, end: str) -> None:
    """A student called "Bob_12345_assignsubmission_file" gets no number, and Bob loses nothing."""
    bob = "Bob_12345_assignsubmission_file_/digits.ipynb"
    found = read_as("moodle", tmp_path, [bob, f"Bob_12345_assignsubmission_file_999_assignsubmission_file_{end}"])
    assert {one.id: one.content for one in found}["12345"] == NOTEBOOK + bob.encode()
    (other,) = [one for one in found if not one.id]
    assert "can be read in two ways" in other.notes[0]


def test_what_is_no_class_of_the_platform_is_told(tmp_path: Path) -> None:
    """The sentence says what was expected; nothing is graded under guessed names."""
    with pytest.raises(IntakeError, match="isn't a download from Canvas; expected files such as"):
        read_as("canvas", tmp_path, ["ada.ipynb", "bob.ipynb"])


def filled(shape: bytes, count: int) -> bytes:
    return shape % (b"[]," * count)


@pytest.mark.thorough
def test_metadata_are_read_in_time_that_grows_with_their_size() -> None:
    """What stands in a file costs at most in proportion, and an end comes to it."""
    shapes = [b"submission_1: [%s]", b"submission_1: {':results': [%s]}", b"submission_1: {':submitters': [%s]}"]
    for shape in shapes:
        assert growth.factor(partial(filled, shape), read_submitters, 5_000) < growth.LINEAR
    with pytest.raises(FileUnreadable, match="holds more than an export does"):
        read_submitters(b"a: [" + b"[]," * 1_000_000 + b"]")


def test_metadata_may_name_a_person_once_and_mean_them_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ruby writes an alias for what stands in the file already. One that stands for thousands has an end."""
    text = "a:\n  :submitters:\n  - &1\n    :name: Ada\n    :sid: &2 '1'\n"
    text += "b:\n  :submitters:\n  - *1\n  - :name: B\n    :sid: *2\n"
    found = read_submitters(text.encode())
    assert [(one.name, one.id) for one in (*found["a"], *found["b"])] == [("Ada", "1"), ("Ada", "1"), ("B", "1")]
    monkeypatch.setattr(gradescope_metadata, "MAX_PEOPLE", 1000)
    many = (
        "a:\n  :submitters: &1\n" + "  - :name: x\n" * 20 + "".join(f"b{n}:\n  :submitters: *1\n" for n in range(100))
    )
    with pytest.raises(FileUnreadable, match="lists more than 1000 people"):
        read_submitters(many.encode())


# What a real Moodle hands out


def moodle_class(path: Path, archive: str, content: dict[str, bytes] | None = None) -> list[Submission]:
    return collect(download(path, archive, content), "digits", SUPPORT, platform="moodle")


@pytest.mark.parametrize("archive", ["main-folders.zip", "main-flat.zip", "d45/2.zip"])
def test_a_zip_in_the_zip_of_moodle_is_read(tmp_path: Path, archive: str) -> None:
    """ "my work (final).zip" of a student is graded like any other file."""
    inner = put(tmp_path / "inner", notebooks("work/digits.ipynb"))
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", inner)).read_bytes()
    (name,) = [name for name in names_in(archive) if name.endswith("my work (final).zip")]
    found = moodle_class(tmp_path / "class.zip", archive, {name: packed})
    (anne,) = [one for one in found if one.student.startswith("Anne_Marie")]
    assert (anne.rejection, anne.file, anne.content) == (None, "digits.ipynb", NOTEBOOK + b"work/digits.ipynb")
    assert len(found) == 13
    assert all(one.id for one in found)


@pytest.mark.parametrize(("archive", "default"), [("d51/6.zip", "Default_group"), ("d51de/6.zip", "Standard-Gruppe")])
def test_the_default_group_of_a_team_assignment_has_no_number(tmp_path: Path, archive: str, default: str) -> None:
    """Its folder is one submission like those of the other groups."""
    found = moodle_class(tmp_path / "class.zip", archive)
    assert {one.student: (one.id, one.rejection) for one in found} == {
        default: ("", None),
        "Léquipe_B_2": ("2", None),
        "Team_A_1_1": ("1", None),
    }


@pytest.mark.parametrize("end", ["/digits.ipynb", "digits.ipynb"])
def test_a_name_without_a_number_never_hides_a_number(tmp_path: Path, end: str) -> None:
    """A student can't be taken for a group by the mark in a chosen name."""
    (one,) = read_as("moodle", tmp_path, [f"Bob_assignsubmission_file_999_assignsubmission_file_{end}"])
    assert (one.id, one.notes[0]) == ("", "the student isn't known: the file name can be read in two ways")


@pytest.mark.parametrize(
    ("platform", "name", "student", "number"),
    [
        ("canvas", "adalovelace_12345_678910_work", "adalovelace_12345", "12345"),
        ("moodle", "Ada Lovelace_12345_assignsubmission_file_work", "Ada_Lovelace_12345", "12345"),
    ],
)
def test_a_single_file_with_a_name_from_a_download_is_one_students(
    tmp_path: Path, platform: str, name: str, student: str, number: str
) -> None:
    """What is in it is never looked through for other students, with the option and without."""
    made = put(tmp_path / "made", IMITATIONS[platform])
    path = Path(shutil.make_archive(str(tmp_path / name), "zip", made))
    (one,) = collect(path, "digits", SUPPORT, platform=platform)
    assert (one.student, one.id) == (student, number)
    (one,) = collect(path, "digits", SUPPORT)
    assert one.id == ""
    notebook = put(tmp_path, notebooks(f"{name}.ipynb")) / f"{name}.ipynb"
    (one,) = collect(notebook, "digits", SUPPORT, platform=platform)
    assert (one.student, one.id, one.rejection) == (student, number, None)
