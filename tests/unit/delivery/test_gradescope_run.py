"""What the autograder on Gradescope makes of the platform's metadata and of a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from grader.delivery.gradescope_run import GradescopeMetadata, platform_results, read_metadata
from grader.delivery.one_submission import GradedHere
from grader.delivery.options import BundleSettings
from grader.exports.gradescope import encode_results, gradescope_results
from tests.factories import ADA, LOST
from tests.helpers.platform_bundles import GRADESCOPE_SCHEMA
from tests.helpers.report_strategies import REPORTS

DUE, BEFORE, AFTER = "2026-11-29T23:00:00-08:00", "2026-11-30T06:59:59+00:00", "2026-11-30T07:00:01.5+00:00"
SETTINGS = BundleSettings("tiny", 10)


def metadata_of(tmp_path: Path, **fields: Any) -> GradescopeMetadata:
    """Return what is read from a file with these fields."""
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps({"id": 7, "submission_method": "upload", **fields}))
    return read_metadata(path)


@pytest.mark.parametrize(
    ("created", "due", "late"),
    [(BEFORE, DUE, False), (AFTER, DUE, True), (AFTER, None, False), ("yesterday", DUE, False), (AFTER, "soon", False)],
)
def test_late_is_after_the_due_date(tmp_path: Path, created: str, due: str | None, late: bool) -> None:
    """Across time zones. What isn't a time makes nobody late."""
    assert metadata_of(tmp_path, created_at=created, assignment={"due_date": due}).late is late


def test_an_extension_counts_for_its_student(tmp_path: Path) -> None:
    """In a group, the latest date of its members."""
    extended = {"name": "Ada", "assignment": {"due_date": "2026-12-02T00:00:00Z"}}
    usual = {"name": "Bob", "assignment": {"due_date": DUE}}
    common = {"created_at": AFTER, "assignment": {"due_date": DUE}}
    assert not metadata_of(tmp_path, users=[extended], **common).late
    assert not metadata_of(tmp_path, users=[usual, extended], **common).late
    assert metadata_of(tmp_path, users=[usual], **common).late
    assert metadata_of(tmp_path, users=[{"name": "Cy"}], **common).late


def test_the_platform_says_who_it_is(tmp_path: Path) -> None:
    """The name can't be a path."""
    found = metadata_of(tmp_path, users=[{"name": "../Ada L", "email": "a@b.c"}, {"email": "bob@b.c"}]).identity()
    assert "/" not in found.student
    assert found.name == "_Ada L and bob@b.c"
    assert metadata_of(tmp_path).identity().student == "submission"


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"users": 3}', b'{"created_at": null}'])
def test_metadata_that_cannot_be_read_stops_no_grading(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "submission_metadata.json").write_bytes(content)
    assert read_metadata(tmp_path / "submission_metadata.json") == GradescopeMetadata()
    assert "due dates and attempts are unknown" in capsys.readouterr().out


def test_results_say_level_attempt_and_lower_limits(tmp_path: Path) -> None:
    """After what the report says. The leaderboard is there only if it was asked for."""
    graded = GradedHere(ADA, ("A submission has 400 MB of memory here, instead of 1024.",))
    metadata = metadata_of(tmp_path, previous_submissions=[{"score": 1.0}, {"score": 2.0}])
    results = platform_results(graded, metadata, SETTINGS)
    assert results["output"].splitlines()[-3:] == [
        "This is attempt 3.",
        "A submission has 400 MB of memory here, instead of 1024.",
        "Graded at the sandbox level process. Protections in force: bubblewrap, no network.",
    ]
    assert results["tests"] == gradescope_results(ADA)["tests"]
    assert "leaderboard" not in results
    shown = platform_results(graded, metadata, BundleSettings("tiny", 10, leaderboard=True))
    assert shown["leaderboard"] == [{"name": "Score", "value": 6.3}]


def test_a_rejected_submission_says_why() -> None:
    results = platform_results(GradedHere(LOST, ()), GradescopeMetadata(), SETTINGS)
    assert results["score"] == 0
    assert "is empty" in results["output"]
    jsonschema.validate(results, GRADESCOPE_SCHEMA)


@given(REPORTS)
def test_results_of_any_report_meet_the_specification(report: Any) -> None:
    results = platform_results(GradedHere(report, ()), GradescopeMetadata(), SETTINGS)
    jsonschema.validate(json.loads(encode_results(results)), GRADESCOPE_SCHEMA)
