"""nbgrader's folders both ways: release/ for students, submitted/ graded, feedback/ as nbgrader gives it back."""

from __future__ import annotations

from pathlib import Path

from grader import load_assignment
from tests.factories import RIGHT, VARIANTS, notebook, with_student_file
from tests.helpers.platform_bundles import secrets_of
from tests.helpers.terminal import grader_in


def test_a_course_goes_there_and_back(tiny_folder: Path, tmp_path: Path) -> None:
    """Each student gets the page of their own work, with the two files by which nbgrader finds the submission."""
    course = tmp_path / "course"
    done = grader_in(tmp_path, "bundle", with_student_file(tiny_folder), "--to", "nbgrader", "--out", course)
    assert done.returncode == 0, done.stderr
    released = {path.relative_to(course / "release").as_posix() for path in (course / "release").rglob("*.*")}
    assert released == {"tiny/tiny.ipynb", "tiny/tiny.py", "tiny/note.txt"}
    hidden = secrets_of(load_assignment(tiny_folder))
    for path in course.rglob("*.*"):
        assert not [secret for secret in hidden if secret in path.read_text()], path

    for name, code in (("ada", RIGHT), ("bob", VARIANTS[1])):  # as `nbgrader collect` leaves it
        own = course / "submitted" / name / "tiny"
        own.mkdir(parents=True)
        (own / "tiny.ipynb").write_text(notebook([code]))
        (own / "timestamp.txt").write_text("2026-11-30 05:00:00.000000 UTC")
        (own / "submission_secret.txt").write_text(f"secret of {name}")
    grade = ("grade", "submitted", "--as-platform", "nbgrader", "--assignment", tiny_folder, "--out", "out")
    assert grader_in(course, *grade, "--jobs", "1", "--pages").returncode == 0

    export = ("export", "out", "--to", "nbgrader-feedback", "--output", "feedback")
    done = grader_in(course, *export)
    assert done.returncode == 2
    assert "--submitted" in done.stderr
    done = grader_in(course, *export, "--submitted", "submitted")
    assert done.returncode == 0, done.stderr
    for name in ("ada", "bob"):
        own = course / "feedback" / name / "tiny"
        assert {path.name for path in own.iterdir()} == {"tiny.html", "timestamp.txt", "submission_secret.txt"}
        assert (own / "submission_secret.txt").read_text() == f"secret of {name}"
        assert (own / "tiny.html").read_bytes() == (course / "out" / "reports" / f"{name}.html").read_bytes()

    (course / "submitted" / "bob" / "tiny" / "timestamp.txt").unlink()
    done = grader_in(course, *export[:-1], "again", "--submitted", "submitted")
    assert done.returncode == 2
    assert "bob has no timestamp.txt in submitted" in done.stderr
    assert not (course / "again").exists()
