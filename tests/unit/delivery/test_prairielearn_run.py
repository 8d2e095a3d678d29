"""Results for PrairieLearn are below its limit of size, whatever a report holds."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from hypothesis import given

from grader.delivery.one_submission import GradedHere
from grader.delivery.prairielearn_run import MAX_RESULT_BYTES, question_results
from grader.models import Status
from tests.factories import LOST, case, question, report
from tests.helpers.platform_bundles import PRAIRIELEARN_SCHEMA
from tests.helpers.report_strategies import REPORTS

VALIDATOR = jsonschema.Draft202012Validator(PRAIRIELEARN_SCHEMA)  # `validate` checks the schema itself each time


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(PRAIRIELEARN_SCHEMA)


@given(REPORTS)
def test_results_of_any_report_meet_the_specification(one: Any) -> None:
    VALIDATOR.validate(json.loads(question_results(GradedHere(one, ()))))


def test_a_large_report_is_cut_to_what_prairielearn_reads() -> None:
    """Outputs first; the points of all tests stay as long as they can."""
    long = [case(f"c{number}", Status.FAILED, "\u20ac" * 500, called="\u20ac" * 500) for number in range(1000)]
    content = question_results(GradedHere(report(question("f", *long)), ()))
    assert len(content) <= MAX_RESULT_BYTES
    assert len(json.loads(content)["tests"]) == 1000
    huge = [case("x" * 400, Status.FAILED) for _ in range(5000)]
    content = question_results(GradedHere(report(question("f", *huge)), ()))
    assert len(content) <= MAX_RESULT_BYTES
    assert json.loads(content)["score"] == 0


def test_a_rejected_submission_is_not_gradable() -> None:
    assert json.loads(question_results(GradedHere(LOST, ()))) == {"gradable": False, "format_errors": ["is empty"]}
