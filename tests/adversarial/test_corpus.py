"""Every sample of the zoo gets exactly the verdict that it carries."""

from __future__ import annotations

import os
from collections.abc import Collection

import msgspec
import pytest

from grader.models import Assignment, Limits, ScoreReport
from tests.helpers import corpus_reader as zoo
from tests.helpers.grading import GradedClass

SAMPLES = zoo.samples()
QUICK = Limits(load_seconds=20, call_seconds=3, total_seconds=60)  # the endless ones need not wait longer
WHAT_NAMESPACES_DO = ("attacks-network", "attacks-reading", "attacks-writing")
SOME = [
    *(sample for sample in SAMPLES if sample.at_process or sample.name.startswith(WHAT_NAMESPACES_DO)),
    *{sample.path.parent: sample for sample in reversed(SAMPLES)}.values(),  # the first of each kind
]

WHOLE = bool(os.environ.get("ZOO_WHOLE"))  # run every cell, not only what graded names need
Reports = dict[str, ScoreReport]


def graded(assignment: Assignment, samples: Collection[zoo.Sample], sandbox: str, every: bool = False) -> Reports:
    """Grade samples as one class: on what a sample says it does and one question more, or on every question."""
    quick = msgspec.structs.replace(assignment, limits=QUICK)
    submissions = [sample.submission(assignment) for sample in samples]
    if not every:
        submissions = [
            msgspec.structs.replace(one, questions=asked(sample, assignment))
            for one, sample in zip(submissions, samples, strict=True)
        ]
    batch = GradedClass(quick, submissions, workers=2, sandbox=sandbox, run_all_cells=WHOLE)
    found = {report.student: report for report in batch}
    assert batch.log == []
    return found


def asked(sample: zoo.Sample, assignment: Assignment) -> tuple[str, ...]:
    """Return the questions that a sample names, and the first of the others; all where it names none."""
    named = [name for name in assignment.question_names if name in sample.expect]
    rest = [name for name in assignment.question_names if name not in named]
    return (*named, rest[0]) if named and rest else assignment.question_names


def check(sample: zoo.Sample, report: ScoreReport, wanted: dict[str, tuple[str, float]]) -> None:
    """Status and points of every question are the wanted ones."""
    assert not report.needs_review
    if "rejected" in sample.expect:
        assert (report.status, report.score) == ("rejected", 0.0)
    else:
        messages = {q.name: [c.message for c in q.cases if c.message] for q in report.questions}
        assert zoo.verdict(report) == {name: wanted[name] for name in messages}, messages


@pytest.fixture(scope="module")
def reports(digits: Assignment) -> Reports:
    """The reports of the whole zoo."""
    return graded(digits, SAMPLES, "full")


@pytest.fixture(scope="module")
def reports_at_process(digits: Assignment) -> Reports:
    """The reports of some of it, graded without namespaces."""
    return graded(digits, {sample.name: sample for sample in SOME}.values(), "process")


def test_no_sample_is_lost(reports: Reports) -> None:
    """The batch goes on to the end, whatever a submission does."""
    assert sorted(reports) == sorted(sample.name for sample in SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_gets_its_verdict(sample: zoo.Sample, reports: Reports, digits: Assignment) -> None:
    """Status and points of every question are those in the head of the sample."""
    check(sample, reports[sample.name], sample.wanted(digits))


@pytest.mark.long
def test_no_sample_has_an_effect_on_any_question(digits: Assignment) -> None:
    """As above, with every question of every sample."""
    found = graded(digits, SAMPLES, "full", every=True)
    for sample in SAMPLES:
        check(sample, found[sample.name], sample.wanted(digits))
        assert "rejected" in sample.expect or len(found[sample.name].questions) == len(digits.questions)


def test_without_namespaces_a_sample_gets_its_verdict(reports_at_process: Reports, digits: Assignment) -> None:
    """At the level `process` the verdict is the same, but where the head of the sample says that it isn't, and why."""
    for sample in SOME:
        check(sample, reports_at_process[sample.name], sample.wanted(digits, "process"))
