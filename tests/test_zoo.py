"""Every sample of the zoo gets exactly the verdict that it carries."""

from __future__ import annotations

import os

import msgspec
import pytest
import zoo_reader as zoo

from grader.batch import Batch
from grader.model import Assignment, Limits, ScoreReport

SAMPLES = zoo.samples()
QUICK = Limits(load_seconds=20, call_seconds=2, total_seconds=60)  # the endless ones need not wait longer


@pytest.fixture(scope="module")
def reports(digits: Assignment) -> dict[str, ScoreReport]:
    """The reports of the whole zoo, graded as one class."""
    assignment = msgspec.structs.replace(digits, limits=QUICK)
    level = os.environ.get("ZOO_SANDBOX", "full")
    batch = Batch(assignment, [sample.submission(digits) for sample in SAMPLES], jobs=3, sandbox=level)
    found = {report.student: report for report in batch}
    assert batch.log == []
    return found


def test_no_sample_is_lost(reports: dict[str, ScoreReport]) -> None:
    """The batch goes on to the end, whatever a submission does."""
    assert sorted(reports) == sorted(sample.name for sample in SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_gets_its_verdict(sample: zoo.Sample, reports: dict[str, ScoreReport], digits: Assignment) -> None:
    """Status and points of every question are those in the head of the sample."""
    report = reports[sample.name]
    assert not report.needs_review
    if "rejected" in sample.expect:
        assert (report.status, report.score) == ("rejected", 0.0)
    else:
        messages = {q.name: [c.message for c in q.cases if c.message] for q in report.questions}
        assert zoo.verdict(report) == sample.wanted(digits), messages
