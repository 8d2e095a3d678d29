"""The command as a user meets it: output, files, exit codes, and one sentence where something is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.factories import RIGHT, notebook, put, with_student_file
from tests.helpers.terminal import grader_in


def grader(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return grader_in(cwd, *arguments, **{"COLUMNS": "100", "NO_COLOR": "1", **environment})


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The only line on stderr; a traceback has more."""
    (line,) = done.stderr.strip().splitlines()
    assert done.stdout == ""
    return line


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A class: right, wrong, unreadable, in a folder, in a zip."""
    folder = tmp_path / "class"
    (folder / "eve").mkdir(parents=True)
    (folder / "ada.py").write_text(RIGHT)
    (folder / "bob.ipynb").write_text(notebook(RIGHT.replace("2 * x", "x").splitlines()))
    (folder / "cy.docx").write_bytes(b"PK")
    (folder / "eve" / "tiny.py").write_text(RIGHT)
    with zipfile.ZipFile(folder / "zoe.zip", "w") as archive:
        archive.writestr("tiny.py", RIGHT)
    return folder


def test_grade_prints_a_table_and_writes_all_files(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """Every submission is in the table, has a report in JSON, Markdown and HTML, and a line in scores.csv."""
    done = grader("grade", handed_in, "--assignment", tiny_folder, "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    students = ["ada", "bob", "cy", "eve", "zoe"]
    assert all(student in done.stdout for student in students)
    assert "4 graded, 1 rejected" in done.stdout
    assert "out/reports" in done.stdout
    out = tmp_path / "out"
    assert sorted(path.name for path in (out / "reports").iterdir()) == sorted(
        f"{student}{ending}" for student in students for ending in (".json", ".md", ".html", ".notebook.html")
    )
    rows = list(csv.DictReader((out / "scores.csv").open(newline="", encoding="utf-8-sig")))
    assert [(row["student"], row["status"], float(row["score"])) for row in rows] == [
        ("ada", "graded", 5),
        ("bob", "graded", 3),
        ("cy", "rejected", 0),
        ("eve", "graded", 5),
        ("zoe", "graded", 5),
    ]
    report = json.loads((out / "reports" / "bob.json").read_text())
    assert report["schema"] == 1
    assert [question["status"] for question in report["questions"]] == ["failed", "passed"]
    assert (out / "gradebook.sqlite").is_file()


def test_what_a_submission_printed_is_kept_beside_its_report(tiny_folder: Path, tmp_path: Path) -> None:
    """The first of it, made harmless for a terminal; who prints nothing has no file."""
    code = RIGHT.replace("return 2 * x", "\n    print('\\x1b[31mhere I am')\n    return 2 * x")
    (tmp_path / "ada.py").write_text(code)
    (tmp_path / "quiet.py").write_text(RIGHT)
    done = grader("grade", "ada.py", "quiet.py", "--assignment", tiny_folder, "--jobs", 1, "--no-pages", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "out" / "printed").iterdir()
    assert path.name == "ada.txt"
    assert path.read_text().startswith("\\x1b[31mhere I am\n")


def test_grade_takes_several_paths(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """Files and folders together; equal names are kept apart."""
    paths = [handed_in / "ada.py", handed_in / "eve", handed_in / "ada.py"]
    done = grader("grade", *paths, "--assignment", tiny_folder, "--jobs", 1, "--no-pages", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.stem for path in (tmp_path / "out" / "reports").glob("*.json")) == ["ada", "ada--2", "eve"]


def test_single_questions_can_be_asked_for(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """Only they are graded, with right versions of what they build on; the results are kept apart from whole ones."""
    command = ("grade", handed_in / "bob.ipynb", "--assignment", tiny_folder, "--no-pages")
    for _ in range(2):
        done = grader(*command, "--question", "quadruple", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        (report,) = [json.loads(path.read_text()) for path in (tmp_path / "out" / "reports").glob("*.json")]
        assert (report["score"], report["max_score"], len(report["questions"])) == (2, 2, 1)
        assert report["questions"][0]["lent"] == ["double"]
    assert "1 of 1 was graded before" in done.stdout
    assert grader(*command, cwd=tmp_path).returncode == 0
    assert json.loads((tmp_path / "out" / "reports" / "bob.json").read_text())["max_score"] == 5


def test_a_question_that_is_not_there_is_one_sentence(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """The nearest one that is there is named."""
    done = grader("grade", handed_in, "--assignment", tiny_folder, "--question", "quadrupel", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'quadruple'" in one_sentence(done)


def test_a_path_that_is_not_there_is_one_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    """Exit code 2, the path, and what was wanted."""
    done = grader("grade", "nowhere", "--assignment", tiny_folder, cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in one_sentence(done)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title", "titel", "did you mean 'title'"),
        ("points = 3", "points = 'three'", "points"),
        ("points = 3", "pionts = 3", "did you mean 'points'"),
        ("call_seconds", "call_second", "did you mean 'call_seconds'"),
        ('uses = ["double"]', 'uses = ["triple"]', "triple"),
        ('name = "quadruple"', 'name = "double"', "twice"),
        ('name = "quadruple"', 'name = "octuple"', "test_octuple.py"),
        ('name = "quadruple"', 'name = "load"', "`student.load` is taken"),
        ("[[question]]", "[question", "can't be read"),
        ("points = 3", "points = 4", "add up to 3"),
    ],
)
def test_a_broken_assignment_is_one_sentence(
    tiny_folder: Path, handed_in: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    """Whatever is wrong in assignment.toml is named, with exit code 2, and nothing is graded."""
    path = tiny_folder / "assignment.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    done = grader("grade", handed_in / "ada.py", "--assignment", tiny_folder, cwd=tmp_path)
    assert done.returncode == 2
    assert told in one_sentence(done)


def test_an_assignment_that_is_not_there_is_one_sentence(handed_in: Path, tmp_path: Path) -> None:
    """A wrong --assignment, or none where none can be guessed, is exit code 2."""
    for arguments in (["--assignment", "nowhere"], []):
        done = grader("grade", handed_in, *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "assignment" in one_sentence(done)


def test_where_there_are_two_assignments_one_must_be_named(handed_in: Path, tmp_path: Path) -> None:
    """Without --assignment the sentence says how, and which there are."""
    for name in ("one", "two"):
        (tmp_path / "solutions" / name).mkdir(parents=True)
        (tmp_path / "solutions" / name / "assignment.toml").touch()
    done = grader("grade", handed_in, cwd=tmp_path)
    assert done.returncode == 2
    assert "--assignment DIR (found: solutions/one, solutions/two)" in one_sentence(done)


def test_a_gradebook_of_something_else_is_one_sentence(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """A foreign file in the place of the gradebook is never overwritten."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "gradebook.sqlite").write_text("my diary " * 1000)
    done = grader("grade", handed_in / "ada.py", "--assignment", tiny_folder, cwd=tmp_path)
    assert done.returncode == 2
    assert "gradebook" in one_sentence(done)
    assert (tmp_path / "out" / "gradebook.sqlite").read_text().startswith("my diary")


def test_our_own_fault_is_exit_code_3(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """A case that fails by itself marks the report, and the log has the traceback."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("close(student.double(0), 0)", "1 / 0"))
    done = grader("grade", handed_in / "ada.py", "--assignment", tiny_folder, "--no-pages", cwd=tmp_path)
    assert done.returncode == 3
    assert "need manual review" in done.stdout
    assert "ZeroDivisionError" in (tmp_path / "out" / "internal.log").read_text()
    assert json.loads((tmp_path / "out" / "reports" / "ada.json").read_text())["needs_review"] is True


@pytest.mark.usefixtures("no_server_kept")
def test_without_bubblewrap_nothing_runs(tiny_folder: Path, handed_in: Path, tmp_path: Path) -> None:
    """Exit code 2 and the command that installs it; --sandbox=off must be asked for, and every report names it."""
    done = grader("grade", handed_in / "ada.py", "--assignment", tiny_folder, cwd=tmp_path, PATH=str(tmp_path))
    assert done.returncode == 2
    assert "apt-get install bubblewrap" in one_sentence(done)
    done = grader(
        "grade", handed_in / "ada.py", "--assignment", tiny_folder, "--sandbox=off", "--no-pages", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "reports" / "ada.json").read_text())
    assert report["score"] == 5
    assert "no network" not in report["sandbox"]


def test_doctor_names_the_protections(tmp_path: Path) -> None:
    """What is in force here, a line each; without bubblewrap what is missing, why, and what to do."""
    done = grader("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert "--sandbox=full: possible" in lines
    assert [line.split("  ")[0] for line in lines if line.endswith("  no network")] == ["on"]
    assert not [line for line in lines if line.startswith(("off", "not"))]
    done = grader("doctor", cwd=tmp_path, PATH="/usr/bin-without-bwrap:/nowhere")
    assert done.returncode == 2
    assert done.stdout.startswith("--sandbox=full: off\n")
    assert "apt-get install bubblewrap" in done.stdout


def test_release_and_its_check(tiny_folder: Path, tmp_path: Path) -> None:
    """What release wrote passes its check; a change fails it and names the file and the command."""
    assert grader("release", with_student_file(tiny_folder), "--out", "given", cwd=tmp_path).returncode == 0
    assert grader("release", tiny_folder, "--out", "given", "--check", cwd=tmp_path).returncode == 0
    (tmp_path / "given" / "note.txt").write_text("changed")
    done = grader("release", tiny_folder, "--out", "given", "--check", cwd=tmp_path)
    assert done.returncode == 1
    assert "note.txt" in done.stderr
    assert "grader release" in done.stderr


def test_validate_judges_solutions_and_stubs(fit_folder: Path, tmp_path: Path) -> None:
    """Fit cases pass; a case that the solution fails, or that the stubs pass, is named, with exit code 1."""
    done = grader("validate", fit_folder, "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("5 of 5") == 2
    assert done.stdout.count(": 0 of 5") == 3
    path = fit_folder / "hidden" / "test_double.py"
    case = "close(student.double(0), 0)"
    refusing = f"""

@pytest.mark.points(1)
def test_nothing(student):
    \"\"\"Nothing is right.\"\"\"
    {case}
    assert False
"""
    text = path.read_text().replace(', needs="test_numbers"', "").replace(case, "pass")
    path.write_text(text + refusing)
    put(fit_folder, "assignment.toml", "points = 3", "points = 4")
    done = grader("validate", fit_folder, "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 1
    assert "Nothing is right." in done.stdout
    assert "zero gives 1 point" in done.stdout


def test_a_wrong_option_is_told_by_the_command_line(tmp_path: Path) -> None:
    """Unknown options and jobs below one are exit code 2, without a traceback."""
    for arguments in (["grade", ".", "--job", "2"], ["grade", ".", "--jobs", "0"], ["grade"], ["grad"]):
        done = grader(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
