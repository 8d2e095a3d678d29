"""[policy] in assignment.toml: what it means, and what is wrong with it, with file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from grader.assignments.loader import AssignmentError, load
from grader.assignments.settings import read_policy, read_settings, without_policy
from grader.policies import Policy
from tests.factories import SETTINGS

TOML = "assignment.toml"
DUE = 'due = 2026-12-01T23:59:00\nzone = "Europe/Berlin"\n'
LINE = SETTINGS.count("\n") + 1  # of [policy]
GOOD = f"""[policy]
{DUE}grace_minutes = 15
counts = "best"
bonus = 2
visible = "after due"
blind = true

[policy.visible_by_question]
double = "at once"

[policy.late]
percent = 10
cap = 50
until = 2026-12-08T23:59:00

[policy.early]
percent = 5
days = 2

[policy.attempts]
capacity = 5
refill_hours = 24
"""
# Text after a line [policy], and how the message begins after the file: line, counted from [policy], and words.
WRONG = {
    "unknown": ("dew = 1", 1, "unknown key 'dew' in [policy]; did you mean 'due'?"),
    "unknown in late": ("[policy.late]\npercentage = 1", 2, "unknown key 'percentage' in [policy.late]; did you mean"),
    "unknown in a step": (
        f"{DUE}[[policy.late.step]]\nuntil = 2027-01-01T00:00:00\nmost = 1",
        5,
        "unknown key 'most' in [[policy.late.step]]; did you mean 'at_most'?",
    ),
    "a type": ('grace_minutes = "a few"', 1, "'grace_minutes': expected 'float', got 'str'"),
    "a type in late": ('[policy.late]\npercent = "ten"', 2, "'percent': expected 'float', got 'str'"),
    "a type in one line": ('late = {percent = "ten"}', 1, "'percent': expected 'float', got 'str'"),
    "a choice": ('counts = "worst"', 1, "'counts': 'worst' isn't one of 'best', 'last', 'first'"),
    "a choice by question": (
        '[policy.visible_by_question]\ndouble = "soon"',
        1,
        "'visible_by_question': 'soon' isn't one of 'at once', 'after due', 'on release'",
    ),
    "a key that is missing": ("[policy.attempts]\nrefill_hours = 1", 1, "missing key 'capacity'"),
    "no zone": (
        "due = 2026-12-01T23:59:00",
        1,
        "'due': the time has no zone; add one, as in 2026-12-01T23:59:00+01:00",
    ),
    "no such zone": ('zone = "Europe/Berln"', 1, "'zone': no time zone is called 'Europe/Berln'"),
    "a path as a zone": ('zone = "../../etc/passwd"', 1, "'zone': no time zone is called"),
    "no due date": ("grace_minutes = 5", 1, "'grace_minutes': there is no due date"),
    "late without a due date": ("[policy.late]\npercent = 1", 1, "'late': there is no due date"),
    "after no due date": ('visible = "after due"', 1, "'visible': without a due date"),
    "both": (f"{DUE}[policy.late]\npercent = 1\npoints = 1", 5, "'points': percent and points can't both be taken off"),
    "a cap of nothing": (f"{DUE}[policy.late]\ncap = 50", 4, "'cap': nothing is taken off that it could limit"),
    "too early an end": (
        f"{DUE}[policy.late]\nuntil = 2026-11-01T00:00:00",
        4,
        "'until': it is before the due date, 2026-12-01 23:59:00+01:00",
    ),
    "hours of a budget": (f'{DUE}[policy.late]\nfree_days = 2\nper = "hour"', 4, "'free_days': a budget of days needs"),
    "who shares days": (
        f'{DUE}[policy.late]\nfree_days = 2\nfree_days_for = "class"',
        5,
        "'free_days_for': 'class' isn't one of 'assignment', 'course'",
    ),
    "no days to share": (
        f'{DUE}[policy.late]\nfree_days_for = "course"',
        4,
        "'free_days_for': there is no budget that the course could share; add free_days",
    ),
    "steps that rise": (
        f"{DUE}[[policy.late.step]]\nuntil = 2026-12-02T00:00:00\nat_most = 50\n"
        "[[policy.late.step]]\nuntil = 2026-12-03T00:00:00\nat_most = 80",
        8,
        "'at_most': a later step can't have more; found 80 after 50",
    ),
    "too much": ("bonus = inf", 1, "'bonus': found inf; expected 0 to 1e+06"),
    "a bonus without one": (
        f"{DUE}[policy.early]\npercent = 1\ndays = 1\nfull_marks = true",
        6,
        "'full_marks': full marks can't rise without a bonus",
    ),
    "no attempt": ("[policy.attempts]\ncapacity = 0", 2, "'capacity': found 0; expected 1 to 1000"),
    "an impossible year": ("due = 9999-12-31T23:59:00Z", 1, "'due': the year is 9999"),
}


def test_every_key(tiny_folder: Path) -> None:
    """As docs/authoring.md describes them. Local times are those of the zone."""
    (tiny_folder / TOML).write_text(f"{SETTINGS}\n{GOOD}")
    policy = read_settings(tiny_folder).policy
    assert policy == read_policy(tiny_folder)
    assert policy.due == datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
    assert policy.late.until == datetime(2026, 12, 8, 22, 59, tzinfo=UTC)
    assert policy.visible_by_question == {"double": "at once"}
    assert policy.attempts
    assert (policy.attempts.capacity, policy.attempts.refill_hours) == (5, 24)
    assert msgspec.json.decode(msgspec.json.encode(policy), type=Policy) == policy


@pytest.mark.parametrize(("text", "line", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_file_and_line(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, message: str
) -> None:
    """Unknown keys, types, values, and settings that contradict each other."""
    monkeypatch.chdir(tiny_folder)
    (tiny_folder / TOML).write_text(f"{SETTINGS}[policy]\n{text}\n")
    with pytest.raises(AssignmentError) as problem:
        load(tiny_folder)
    assert str(problem.value).startswith(f"{TOML}:{LINE + line}: {message}")


def test_a_question_that_is_not_there(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest name is offered."""
    monkeypatch.chdir(tiny_folder)
    (tiny_folder / TOML).write_text(f'{SETTINGS}[policy.visible_by_question]\ndubble = "on release"\n')
    with pytest.raises(AssignmentError, match="no question is named 'dubble'; did you mean 'double'"):
        load(tiny_folder)


def test_a_policy_changes_no_digest(tiny_folder: Path) -> None:
    """No automatic score depends on it, so nothing needs to be graded again."""
    before = load(tiny_folder).digest
    (tiny_folder / TOML).write_text(f"{SETTINGS}\n{GOOD}")
    assert load(tiny_folder).digest == before
    (tiny_folder / TOML).write_text(SETTINGS.replace("\n[limits]", f"\n{GOOD}\n[limits]"))
    assert load(tiny_folder).digest == before
    (tiny_folder / TOML).write_text(f"{SETTINGS}\n{GOOD}".replace("points = 2", "points = 4"))
    assert load(tiny_folder).digest != before


def test_a_text_that_looks_like_a_policy_is_none() -> None:
    """A string of several lines has no tables."""
    text = 'title = """\n[policy]\n"""\n\n[limits]\ncall_seconds = 2\n'
    assert without_policy(text) == text


def test_a_policy_in_one_line_is_refused(tiny_folder: Path) -> None:
    """What isn't a table of its own would change the digest."""
    (tiny_folder / TOML).write_text("policy = {blind = true}\n" + SETTINGS)
    with pytest.raises(AssignmentError, match="write the policy as a table of its own"):
        load(tiny_folder)


def test_a_file_with_a_policy_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For `grader policy simulate`. Its errors have its name."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mild.toml"
    file.write_text(GOOD)
    assert read_policy(file).bonus == 2
    file.write_text("[policy]\nbonus = -1\n")
    with pytest.raises(AssignmentError, match=r"^mild.toml:2: 'bonus': found -1"):
        read_policy(file)
