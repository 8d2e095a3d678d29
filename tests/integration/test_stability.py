"""The same submissions get the same reports, in whatever order, by however many jobs, with any hash seed."""

from __future__ import annotations

import os
import random

import pytest

from grader.assignments.loader import select_questions
from grader.models import Assignment
from grader.submissions.collect import collect
from tests.factories import RIGHT, ROOT, submission
from tests.helpers.stability import reports, shuffled

UNORDERED = 'def double(x): raise ValueError(str(set("abcdefgh")))\n' + RIGHT.splitlines()[1]


@pytest.fixture(autouse=True)
def own_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever hash seeds are set here, other tests have their own again."""
    monkeypatch.setenv("PYTHONHASHSEED", os.environ.get("PYTHONHASHSEED", "random"))


@pytest.mark.long
def test_the_sample_class_gets_the_same_reports_twice(digits: Assignment) -> None:
    """One job and two, shuffled: byte for byte, the NumPy questions. `make stability` does this fifty times with all
    of them, endless loops included."""
    light = select_questions(digits, [question.name for question in digits.questions if not question.preload])
    support = frozenset(path.name for path in digits.support.rglob("*"))
    everybody = collect(ROOT / "tests" / "corpus" / "sample_class", digits.name, support)
    submissions = [one for one in everybody if one.student != "student-10"]  # waits for a time limit
    assert len(submissions) == 11
    chance = random.Random(1)
    one, two = (reports(light, shuffled(submissions, chance), jobs) for jobs in (1, 2))
    assert len(one) == 11
    assert one == two


def test_the_order_of_a_set_is_the_same_every_time(tiny: Assignment) -> None:
    """What a student's code says may hang on the order of a set, and is the same in every run."""
    chance = random.Random(2)
    said = [reports(tiny, shuffled([submission(UNORDERED)], chance), 1) for _ in range(4)]
    assert b"ValueError" in said[0]["ada"]
    assert said == [said[0]] * 4
