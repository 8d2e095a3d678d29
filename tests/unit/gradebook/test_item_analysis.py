"""The figures of a class: against values worked out by hand, and against NumPy's."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from statistics import variance

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.gradebook.item_analysis import Analysis, histogram
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from tests.factories import ADA

BEST = (4.0, 2.5, 3.0)  # what the questions of a random class are worth
SCORES = st.tuples(*(st.integers(0, int(best * 4)).map(lambda quarters: quarters / 4) for best in BEST))
CLASSES = st.lists(SCORES, min_size=2, max_size=30)


def report(*points: float, best: Sequence[float] = BEST, **changes: object) -> ScoreReport:
    """Of one student, with these points for the questions q0, q1, ..., each of one case."""
    questions = []
    for number, (score, most) in enumerate(zip(points, best, strict=True)):
        status = Status.PASSED if score == most else Status.FAILED
        case = CaseResult("only", "It works.", status, score, most)
        questions.append(QuestionResult(f"q{number}", score, most, status, (case,)))
    made = msgspec.structs.replace(ADA, score=sum(points), max_score=sum(best), questions=tuple(questions))
    return msgspec.structs.replace(made, **changes)


def analysed(reports: Sequence[ScoreReport]) -> Analysis:
    analysis = Analysis()
    for one in reports:
        analysis.add(one)
    return analysis


def test_the_figures_of_a_small_class_are_those_worked_out_by_hand() -> None:
    """Four students, three questions of one point: difficulties 3/4, 2/4, 1/4, and Guttman's perfect scale."""
    analysis = analysed([report(*points, best=(1, 1, 1)) for points in ((0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1))])
    easy, middle, hard = analysis.items.values()
    assert [item.difficulty for item in (easy, middle, hard)] == [0.75, 0.5, 0.25]
    # Rest of `easy`: 0 0 1 2, of `middle`: 0 1 1 2, of `hard`: 0 1 2 2.
    assert easy.discrimination == pytest.approx(3 / (3 * 11) ** 0.5)
    assert middle.discrimination == pytest.approx(1 / 2**0.5)
    assert hard.discrimination == pytest.approx(3 / (3 * 11) ** 0.5)
    # Variances 3/16, 4/16, 3/16 of the questions and 20/16 of the scores: 3/2 * (1 - 10/20).
    assert analysis.alpha == pytest.approx(0.75)
    assert easy.status_counts == {Status.PASSED: 3, Status.FAILED: 1}
    assert easy.cases["only"].discrimination == easy.discrimination


def test_every_item_that_deserves_a_look_says_why() -> None:
    """Nobody gets the first question, everybody the second, and the third those who are bad at the fourth."""
    best = (1, 1, 1, 5)
    rows = [(0, 1, 1, 0), (0, 1, 1, 1), (0, 1, 0, 4), (0, 1, 0, 5)]
    items = analysed([report(*row, best=best) for row in rows]).items.values()
    assert [list(item.remarks()) for item in items] == [
        ["nobody gets it"],
        ["everybody gets it"],
        ["those who do well elsewhere do worse here"],
        ["those who do well elsewhere do worse here"],
    ]
    assert [item.undefined_reason for item in items][:2] == ["everyone has the same points here"] * 2


@settings(deadline=None)
@given(CLASSES)
def test_the_figures_are_those_of_numpy(rows: list[tuple[float, ...]]) -> None:
    """Difficulty, item-rest correlation and alpha, wherever they are defined."""
    analysis = analysed([report(*row) for row in rows])
    points = np.array(rows)
    totals = points.sum(axis=1)
    for number, item in enumerate(analysis.items.values()):
        here, rest = points[:, number], totals - points[:, number]
        assert item.difficulty == pytest.approx(here.mean() / BEST[number])
        if np.ptp(here) and np.ptp(rest):
            assert item.discrimination == pytest.approx(np.corrcoef(here, rest)[0, 1], abs=1e-9)
        else:
            assert item.discrimination is None
            assert item.undefined_reason
    if np.ptp(totals):
        expected = 1.5 * (1 - points.var(axis=0, ddof=1).sum() / totals.var(ddof=1))
        assert analysis.alpha == pytest.approx(expected, abs=1e-9)
    else:
        assert analysis.alpha is None


@settings(deadline=None)
@given(CLASSES, st.randoms(use_true_random=False))
def test_the_order_of_students_changes_nothing(rows: list[tuple[float, ...]], chance: random.Random) -> None:
    """To the last bit: the sums are whole numbers."""
    shuffled = chance.sample(rows, len(rows))
    one, other = (analysed([report(*row) for row in some]) for some in (rows, shuffled))
    assert one.alpha == other.alpha
    for item, same in zip(one.items.values(), other.items.values(), strict=True):
        assert (item.difficulty, item.discrimination, item.status_counts) == (
            same.difficulty,
            same.discrimination,
            same.status_counts,
        )


@settings(deadline=None)
@given(SCORES, st.integers(1, 20))
def test_equal_students_tell_items_nothing(row: tuple[float, ...], many: int) -> None:
    """No discrimination and no alpha, each with its reason, and no division by what is nearly 0."""
    analysis = analysed([report(*row)] * many)
    assert analysis.alpha is None
    for item in analysis.items.values():
        assert item.discrimination is None
        assert item.undefined_reason == (
            "it needs at least two students" if many == 1 else "everyone has the same points here"
        )


@settings(deadline=None)
@given(CLASSES)
def test_an_item_against_itself(rows: list[tuple[float, ...]]) -> None:
    """Two questions that everyone answers alike: discrimination 1, and alpha 1 over the two."""
    firsts = [row[0] for row in rows]
    assume(len(set(firsts)) > 1)
    analysis = analysed([report(first, first, best=(4, 4)) for first in firsts])
    assert [item.discrimination for item in analysis.items.values()] == [pytest.approx(1)] * 2
    assert analysis.alpha == pytest.approx(1)
    exact = [Fraction(first) for first in firsts]
    assert variance(exact) * 4 == variance([2 * first for first in exact])  # so alpha is 2 * (1 - 2/4)


def test_what_is_not_judged_yet_counts_for_no_item() -> None:
    """Neither a rejected submission nor one for review says anything of a question."""
    rejected = report(0, 0, 0, status="rejected", questions=())
    analysis = analysed([report(4, 1, 0), report(0, 0, 0, needs_review=True), rejected, report(0, 1, 3)])
    assert analysis.students == 2
    assert [item.sums.n for item in analysis.items.values()] == [2, 2, 2]


def test_a_question_that_not_everyone_was_asked_leaves_alpha_undefined() -> None:
    """Its own figures are those of the students who were asked."""
    short = msgspec.structs.replace(report(4, 2.5, 0), questions=report(4, 2.5, 0).questions[:2])
    analysis = analysed([short, report(0, 2, 3), report(1, 2, 1)])
    assert analysis.alpha is None
    assert [item.sums.n for item in analysis.items.values()] == [3, 3, 2]


def test_a_score_on_an_edge_belongs_to_the_bar_on_its_right() -> None:
    """But all points belong to the last bar; what can't be earned is in the first."""
    assert histogram([(0, 10), (1, 10), (3, 10), (9.99, 10), (10, 10)], 10) == [1, 1, 0, 1, 0, 0, 0, 0, 0, 2]
    assert histogram([(30, 100), (7, 70), (0, 0)], 10) == [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=30), st.integers(1, 12))
def test_every_score_is_in_one_bar(scores: list[tuple[float, float]], bins: int) -> None:
    """Whatever the scores are."""
    assert sum(histogram(scores, bins)) == len(scores)
