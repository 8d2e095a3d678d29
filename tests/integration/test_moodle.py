"""The way of a class from Moodle's download to its two uploads, by the commands that docs/lms.md names."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

from tests.factories import RIGHT
from tests.helpers.moodle_files import FILES, download, graded_by_moodle, names_in, table
from tests.helpers.terminal import grader


def test_a_class_goes_from_moodle_to_moodle(tmp_path: Path, tiny_folder: Path) -> None:
    """Drafts and rejected submissions have no grade, late ones are told, and each student gets complete pages."""
    files = {name: RIGHT.encode() for name in names_in("main-folders.zip") if name.endswith(".py")}
    files |= {name: b"" for name in names_in("main-folders.zip") if "Sinéad" in name}
    archive = download(tmp_path / "class.zip", "main-folders.zip", files)
    worksheet = tmp_path / "Grades.csv"
    worksheet.write_text((FILES / "51-main-before.csv").read_text("utf-8-sig").replace("14.00", "5.00"), "utf-8-sig")
    out = tmp_path / "out"
    options = ("--as-platform", "moodle", "--worksheet", worksheet, "--assignment", tiny_folder, "--out", out)
    done = grader("grade", archive, *options, "--pages")
    assert done.exit_code == 0, done.output
    assert "1 a draft in Moodle, so not graded: Draft_Only_13" in done.stderr
    late = [
        row for row in csv.DictReader(io.StringIO((out / "scores.csv").read_text("utf-8-sig"))) if row["late"] == "true"
    ]
    assert [row["student"][-3:] for row in late] == ["_12"]
    done = grader("export", out, "--to", "moodle", "--roster", worksheet, "--json")
    account = json.loads(done.stdout)
    grades = graded_by_moodle(
        table(Path(account["files"][0])), ("Identifier", "Grade", "Last modified (grade)"), "Participant"
    )
    assert grades["11"] == "5"
    assert (grades["13"], grades["14"], grades["8"]) == ("", "", "")
    assert {"Draft_Only_13", "Sinéad_OConnor_14"} <= set(account["not_graded"])
    done = grader("export", out, "--to", "moodle-feedback", "--roster", worksheet)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out / "exports" / "moodle-feedback.zip") as feedback:
        assert len(feedback.namelist()) == 2 * 13
        page = feedback.read("Li Wei_11_assignfeedback_file/feedback.html").decode()
    assert "<h1>Li Wei</h1>" in page
    assert 'href="notebook.html"' in page
    assert not any(outside in page for outside in ("<link", 'src="', "src='", "@import", "url(http"))
