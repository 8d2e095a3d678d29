"""What the autograder on Gradescope makes of the platform's metadata and of a report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from grader.delivery.gradescope_run import GradescopeMetadata, platform_results, read_metadata
from grader.delivery.one_submission import GradedHere
from grader.delivery.options import BundleSettings
from grader.exports.gradescope import encode_results, gradescope_results
from grader.models import Diagnosis, Status
from grader.policies import LateRule, Policy
from tests.factories import ADA, LOST, case, question, report
from tests.helpers.platform_bundles import GRADESCOPE_SCHEMA
from tests.helpers.report_strategies import REPORTS

DUE, BEFORE, AFTER = "2026-11-29T23:00:00-08:00", "2026-11-30T06:59:59+00:00", "2026-11-30T07:00:01.5+00:00"
SETTINGS = BundleSettings("tiny", 10)
AT_ONCE = Policy()
ON_RELEASE = Policy(visible="on release")


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
    results = platform_results(graded, metadata, SETTINGS, AT_ONCE)
    assert results["output"].splitlines()[-3:] == [
        "This is attempt 3.",
        "A submission has 400 MB of memory here, instead of 1024.",
        "Graded at the sandbox level process. Protections in force: bubblewrap, no network.",
    ]
    assert results["tests"] == gradescope_results(ADA)["tests"]
    assert "leaderboard" not in results
    shown = platform_results(graded, metadata, BundleSettings("tiny", 10, leaderboard=True), AT_ONCE)
    assert shown["leaderboard"] == [{"name": "Score", "value": 6.3}]


def test_a_rejected_submission_says_why() -> None:
    """At once, whatever the policy says of results: there are none."""
    results = platform_results(GradedHere(LOST, ()), GradescopeMetadata(), SETTINGS, ON_RELEASE)
    assert results["score"] == 0
    assert "is empty" in results["output"]
    assert results["visibility"] == "visible"
    jsonschema.validate(results, GRADESCOPE_SCHEMA)


VALIDATOR = jsonschema.Draft202012Validator(GRADESCOPE_SCHEMA)  # `validate` checks the schema itself each time


@given(REPORTS)
def test_results_of_any_report_meet_the_specification(report: Any) -> None:
    for policy in (AT_ONCE, ON_RELEASE):
        results = platform_results(GradedHere(report, ()), GradescopeMetadata(), SETTINGS, policy)
        VALIDATOR.validate(json.loads(encode_results(results)))


DEPENDENT = report(
    question("double", case("shape"), case("value", Status.FAILED), diagnosis=Diagnosis("half", "It halves.")),
    question("quadruple", case("twice", Status.FAILED), lent=("double",), diagnosis=Diagnosis("once", "Only once.")),
)


@pytest.mark.parametrize(
    ("visible", "wanted"),
    [("at once", "visible"), ("after due", "after_due_date"), ("on release", "after_published")],
)
def test_the_policy_says_when_results_are_visible(visible: Any, wanted: str) -> None:
    """Every test has the visibility; Gradescope hides the total score while a test is hidden."""
    policy = Policy(due=datetime(2026, 12, 1, tzinfo=UTC), visible=visible)
    results = platform_results(GradedHere(DEPENDENT, ()), GradescopeMetadata(), SETTINGS, policy)
    assert {results["visibility"], *(test["visibility"] for test in results["tests"])} == {wanted}


def test_while_results_are_hidden_nothing_else_tells_of_them() -> None:
    """Neither the output above the tests nor the time; later the hints stand in the tests."""
    settings = BundleSettings("tiny", 10, leaderboard=True)
    results = platform_results(GradedHere(DEPENDENT, ()), GradescopeMetadata(), settings, ON_RELEASE)
    above = {key: value for key, value in results.items() if key not in ("tests", "score", "extra_data")}
    assert not [word for word in ("halves", "once", "double", "quadruple") if word in json.dumps(above).lower()]
    assert above.keys().isdisjoint({"leaderboard", "execution_time"})
    said = [test["output"] for test in results["tests"]]
    assert "It halves." not in said[0]
    assert "It halves." in said[1]
    assert said[2].endswith("Only once.\ngraded with a correct double")


def test_a_question_with_a_policy_of_its_own() -> None:
    """What is visible is in the output as ever, without the names of questions whose results aren't."""
    policy = Policy(visible_by_question={"double": "on release"})
    results = platform_results(GradedHere(DEPENDENT, ()), GradescopeMetadata(), SETTINGS, policy)
    assert [test["visibility"] for test in results["tests"]] == ["after_published", "after_published", "visible"]
    assert "quadruple: Only once." in results["output"].splitlines()
    assert "double" not in results["output"].replace("quadruple", "")
    assert "halves" not in results["output"]
    assert results["visibility"] == "visible"


def test_of_a_policy_only_the_visibility_holds_there() -> None:
    """Gradescope knows due dates and extensions: the score is the automatic one, late or not."""
    policy = Policy(due=datetime(2020, 1, 1, tzinfo=UTC), late=LateRule(percent=50))
    metadata = GradescopeMetadata(created_at=AFTER)
    results = platform_results(GradedHere(ADA, ()), metadata, SETTINGS, policy)
    assert results["score"] == round(ADA.score, 2)
    assert results["tests"] == gradescope_results(ADA)["tests"]
