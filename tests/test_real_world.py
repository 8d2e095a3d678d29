"""Notebooks as a real class hands them in: each gets the verdict that it carries, sliced and as a whole."""

from __future__ import annotations

import pytest
import real_world_reader as world
from conftest import ROOT

from grader.assignment import load
from grader.batch import Batch
from grader.model import Assignment, ScoreReport

SAMPLES = world.samples()
Reports = dict[str, ScoreReport]
Graded = tuple[Reports, dict[str, str]]


@pytest.fixture(scope="module")
def lab() -> Assignment:
    """The assignment that these notebooks answer."""
    return load(ROOT / "solutions" / "practice_lab")


@pytest.fixture(scope="module", params=[False, True], ids=["sliced", "whole"])
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether every cell is run."""
    return bool(request.param)


@pytest.fixture(scope="module")
def batch(lab: Assignment, whole: bool) -> Graded:
    """All of them, graded as one class: the reports, and what was printed."""
    batch = Batch(lab, [sample.submission(lab) for sample in SAMPLES], whole=whole)
    found = {report.student: report for report in batch}
    assert batch.log == []
    return found, batch.printed


@pytest.fixture(scope="module")
def reports(batch: Graded) -> Reports:
    """The reports of all of them."""
    return batch[0]


def test_there_are_many() -> None:
    """At least forty files, and more submissions."""
    assert len({sample.holds for sample in SAMPLES}) >= 40


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_notebook_gets_its_verdict(sample: world.Sample, reports: Reports, lab: Assignment) -> None:
    """Status and points of every question are those in its head, whether its cells are run or only what is needed."""
    report = reports[sample.name]
    assert not report.needs_review
    if "rejected" in sample.expect:
        assert (report.status, report.score) == ("rejected", 0.0)
        return
    messages = {q.name: [case.message for case in q.cases if case.message] for q in report.questions}
    assert world.verdict(report) == sample.wanted(lab), (messages, report.notes)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_its_notes_say_what_happened(sample: world.Sample, reports: Reports, whole: bool) -> None:
    """The notes that its head names are there, and none where it says so."""
    notes = reports[sample.name].notes
    for beginning in sample.notes + (sample.notes_if_whole if whole else []):
        assert any(note.startswith(beginning) for note in notes), notes
    assert not notes or "no notes" not in sample.flags


def test_training_costs_nothing(batch: Graded, whole: bool) -> None:
    """Sliced, no epoch is trained and nothing looked at; as a whole, twenty epochs are."""
    _, printed = batch
    idle = [sample.name for sample in SAMPLES if "costs nothing" in sample.flags]
    assert len(idle) >= 4
    if whole:
        assert "Epoch 20/20" in printed["sixteen_cells"]
    else:
        assert {name: printed.get(name, "") for name in idle} == dict.fromkeys(idle, "")
