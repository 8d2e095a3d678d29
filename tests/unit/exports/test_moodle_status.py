"""What a real worksheet of Moodle says of the submissions in a real download: drafts, late ones, names."""

# ruff: noqa: RUF001 - letters of other languages are meant

from __future__ import annotations

from pathlib import Path

import pytest

from grader.exports.moodle_languages import LANGUAGES
from grader.exports.moodle_status import DRAFT, apply_worksheet
from grader.exports.roster import RosterError
from grader.submissions.collect import collect
from tests.helpers.moodle_files import FILES, download, table


@pytest.mark.parametrize("name", ["51-main-before.csv", "51-main-graded.csv", "51-de-main-graded.csv"])
def test_drafts_are_not_graded_and_late_ones_are_seen(tmp_path: Path, name: str) -> None:
    """In English and German, before and after grading: "2 secs late", "Draft (not submitted)"."""
    before = collect(download(tmp_path / "class.zip", "main-folders.zip"), "digits", platform="moodle")
    applied = apply_worksheet(FILES / name, before)
    found = {one.student: one for one in applied.submissions}
    rejected = [student for student, one in found.items() if one.rejection == DRAFT]
    assert rejected == ["Draft_Only_13"] == [one.student for one in applied.drafts]
    assert applied.drafts[0].content != b"" == found["Draft_Only_13"].content
    assert [student for student, one in found.items() if one.late] == ["İpek_Işık_12"]
    assert found["Robert_Bob_AB_Zoë_2"].name == 'Robert "Bob" A/B: Zoe\u0308'
    assert found["1_2_-Formula_7"].name == "=1+2 -Formula"
    assert found["Emoji_Line_Sep_4"].name == "🎓 Emoji Line Sep"
    assert [one.id for one in applied.submissions] == [one.id for one in before]
    assert apply_worksheet(FILES / name, applied.submissions).submissions == applied.submissions  # names still match
    assert applied.sentences == ["1 a draft in Moodle, so not graded: Draft_Only_13"]


def test_a_team_is_one_submission(tmp_path: Path) -> None:
    """Of the group that the folder names; it keeps the group's name."""
    before = collect(download(tmp_path / "class.zip", "d51/6.zip"), "digits", platform="moodle")
    applied = apply_worksheet(FILES / "51-team.csv", before)
    assert applied.submissions == before
    assert applied.sentences == []


def test_what_the_worksheet_does_not_say_is_told(tmp_path: Path) -> None:
    """A worksheet that is older than the download, or of another assignment."""
    before = collect(download(tmp_path / "class.zip", "main-folders.zip"), "digits", platform="moodle")
    text = (FILES / "51-main-before.csv").read_text("utf-8-sig")
    older = text.replace("Submitted for grading -  - ", "No submission -  - ").replace('"Participant 9"', "Nobody")
    (tmp_path / "older.csv").write_text(older)
    applied = apply_worksheet(tmp_path / "older.csv", before)
    assert applied.sentences[0].startswith("1 not in ")
    assert 'with "No submission" in ' in applied.sentences[1]
    assert applied.sentences[1].endswith("and 5 more")
    with pytest.raises(RosterError, match=r"has none of the 13 submissions, such as .*--as-platform moodle"):
        apply_worksheet(FILES / "51-text.csv", before)
    rows = table(FILES / "51-main-before.csv")
    (tmp_path / "x.csv").write_text(
        text.replace(",".join(f'"{t}"' if " " in t else t for t in rows[0]), "a,b,c,d,e,f,g,h,i,j")
    )
    with pytest.raises(RosterError, match=r"doesn't say what is a draft or late: .* English, German"):
        apply_worksheet(tmp_path / "x.csv", before)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_language_says_what_is_late_and_what_a_draft(language: object) -> None:
    """In Moodle's form: texts in a row, with " - " after each."""
    for own in LANGUAGES:
        if own is language:
            for text in own.late:
                status = f"? - {text.replace('{$a}', '2 x')} - {own.draft[0]} -  - "
                assert own.is_late(status)
                assert not own.is_late(f"{text.replace('{$a}', '2 x')} -  - ")
            assert own.is_draft(f"{own.draft[-1]} -  - ")
            assert not own.is_draft(f"{own.nothing[0]} -  - ")
            assert own.is_nothing(f"{own.nothing[-1]} - 2 x -  - ")
            assert not own.is_late(f"{own.nothing[0]} - Assignment is overdue by: 5 mins 42 secs -  - ")
