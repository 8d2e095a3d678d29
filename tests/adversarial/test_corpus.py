"""Every sample of the zoo gets exactly the verdict that it carries."""

from __future__ import annotations

import os
from collections.abc import Collection

import msgspec
import pytest

from grader.assignments.loader import select_questions
from grader.models import Assignment, Limits, ScoreReport
from tests.helpers import corpus_reader as zoo
from tests.helpers.grading import GradedClass

SAMPLES = zoo.samples()
QUICK = Limits(load_seconds=20, call_seconds=3, total_seconds=60)  # the endless ones need not wait longer
WHAT_NAMESPACES_DO = ("attacks-network", "attacks-reading", "attacks-writing")
OF_LEVELS = [sample for sample in SAMPLES if sample.at_process]
FIRST_OF_KIND = {sample.path.parent: sample for sample in reversed(SAMPLES)}.values()
SLOW = {"attacks-time-answers_in_many_parts"}  # five seconds of processor time
OF_EACH_KIND = [sample for sample in FIRST_OF_KIND if sample not in OF_LEVELS and sample.name not in SLOW]
OTHERS = [
    sample
    for sample in SAMPLES
    if (sample in FIRST_OF_KIND or sample.name.startswith(WHAT_NAMESPACES_DO)) and sample not in OF_LEVELS
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
    workers = 2 if every else 1  # each asks the known answers itself
    batch = GradedClass(quick, submissions, workers=workers, sandbox=sandbox, run_all_cells=WHOLE)
    found = {report.student: report for report in batch}
    assert batch.log == []
    return found


def without_tensorflow(assignment: Assignment) -> Assignment:
    """Return the assignment with the questions for NumPy alone, so that no fork server imports TensorFlow."""
    return select_questions(assignment, [name for name in assignment.question_names if name not in zoo.TENSORFLOW])


def asked(sample: zoo.Sample, assignment: Assignment) -> tuple[str, ...]:
    """Return the questions that a sample names, and the first of the others; all where it names none."""
    named = [name for name in assignment.question_names if name in sample.expect]
    rest = [name for name in assignment.question_names if name not in named]
    return (*named, rest[0]) if named and rest else assignment.question_names


@pytest.mark.parametrize(
    ("level", "samples"),
    [
        pytest.param("full", [*OF_LEVELS, *OF_EACH_KIND], id="full"),
        pytest.param("process", OF_LEVELS, id="process"),
        pytest.param("process", OTHERS, id="process, others", marks=pytest.mark.long),
    ],
)
def test_some_of_each_kind_get_their_verdicts(level: str, samples: list[zoo.Sample], digits: Assignment) -> None:
    """Status and points of every question are those in the head of the sample.

    At the level `process` they are the same, but where the head of the sample says that they aren't, and why.
    The test below asks the questions for TensorFlow as well.
    """
    found = graded(without_tensorflow(digits), samples, level)
    for sample in samples:
        zoo.check(sample, found[sample.name], sample.wanted(digits, level))


@pytest.mark.long
def test_every_sample_gets_its_verdict_on_every_question(digits: Assignment) -> None:
    """As above, with all samples and questions. No sample is lost: the class goes on to its end, whatever they do."""
    found = graded(digits, SAMPLES, "full", every=True)
    assert sorted(found) == sorted(sample.name for sample in SAMPLES)
    for sample in SAMPLES:
        zoo.check(sample, found[sample.name], sample.wanted(digits))
        assert "rejected" in sample.expect or len(found[sample.name].questions) == len(digits.questions)
