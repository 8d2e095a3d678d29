"""How the items of a test did in a class, in the figures of classical test theory.

An item is a question, or a case. Its difficulty is the share of its points that the class earned; its
discrimination tells whether those who are good at the rest are good at it too; alpha tells how far the questions
measure one thing. Points are counted as whole ten-thousandths, so every sum is exact: the order of the students
changes nothing, and no variance is exactly 0.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.models import ScoreReport, Status

UNITS_PER_POINT = 10_000


@dataclass
class PairSums:
    """What is kept of pairs of numbers, whatever their number."""

    n: int = 0
    x: int = 0
    xx: int = 0
    y: int = 0
    yy: int = 0
    xy: int = 0

    def add(self, x: int, y: int) -> None:
        self.n += 1
        self.x += x
        self.xx += x * x
        self.y += y
        self.yy += y * y
        self.xy += x * y

    @property
    def variance_x(self) -> int:
        """The variance of x, times n². So are the next two."""
        return self.n * self.xx - self.x * self.x

    @property
    def variance_y(self) -> int:
        return self.n * self.yy - self.y * self.y

    @property
    def covariance(self) -> int:
        return self.n * self.xy - self.x * self.y


@dataclass
class Item:
    """A question or a case, seen over all students who were asked it."""

    name: str
    title: str
    worth: int = 0  # what it was worth, over all students
    max_units: int = 0  # what it is worth
    sums: PairSums = field(default_factory=PairSums)  # of the points here and the points for everything else
    status_counts: Counter[Status] = field(default_factory=Counter)
    cases: dict[str, Item] = field(default_factory=dict)

    def add(self, points: float, best: float, total: float, status: Status) -> None:
        here, worth = _whole(points), _whole(best)
        self.worth += worth
        self.max_units = max(self.max_units, worth)
        self.sums.add(here, _whole(total) - here)
        self.status_counts[status] += 1

    @property
    def points(self) -> float:
        return self.max_units / UNITS_PER_POINT

    @property
    def difficulty(self) -> float | None:
        """The mean share of the points that students earned; the higher, the easier.

        Crocker and Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14.
        """
        return self.sums.x / self.worth if self.worth else None

    @property
    def discrimination(self) -> float | None:
        """The correlation of the points here with the points for all the rest; None where there is none.

        With the item itself in the total it would be too high: Henrysson, Correction of item-total correlations in
        item analysis, Psychometrika 28 (1963), 211-218. Where an item is right or wrong and nothing between, it is
        the point-biserial correlation.
        """
        if self.undefined_reason:
            return None
        sums = self.sums
        found = sums.covariance / math.sqrt(sums.variance_x * sums.variance_y)
        return max(-1.0, min(1.0, found))  # rounding may step over

    @property
    def undefined_reason(self) -> str:
        """Why there is no discrimination; empty when there is."""
        if self.sums.n < 2:
            return "it takes two students at least"
        if not self.sums.variance_x:
            return "everyone has the same points here"
        return "" if self.sums.variance_y else "everyone has the same points for the rest"

    def remarks(self) -> Iterator[str]:
        """What deserves a look, in words."""
        if self.sums.n < 2 or not self.worth:
            return
        if self.sums.x == 0:
            yield "nobody gets it"
        elif self.sums.x == self.worth:
            yield "everybody gets it"
        if round(self.discrimination or 0, 2) < 0:  # as it is shown
            yield "those who do well elsewhere do worse here"


class Analysis:
    """The items of a class, report by report. What isn't judged yet is left out: it says nothing of an item."""

    def __init__(self) -> None:
        self.students = 0
        self.items: dict[str, Item] = {}
        self._totals = PairSums()

    def add(self, report: ScoreReport) -> None:
        if report.status != "graded" or report.needs_review:
            return
        self.students += 1
        self._totals.add(_whole(report.score), 0)
        for question in report.questions:
            item = _found(self.items, question.name, question.name)
            item.add(question.score, question.max_score, report.score, question.status)
            for case in question.cases:
                part = _found(item.cases, case.name, case.title)
                part.add(case.points, case.max_points, report.score, case.status)

    @property
    def alpha(self) -> float | None:
        """Cronbach's alpha over the questions: k/(k-1) * (1 - sum of their variances / variance of the scores).

        Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16 (1951), 297-334. None where
        it isn't defined: with fewer than two questions, where all scores are equal, where somebody wasn't asked all.
        """
        items, count = self.items.values(), len(self.items)
        if count < 2 or not self._totals.variance_x or any(item.sums.n != self.students for item in items):
            return None
        return count / (count - 1) * (1 - sum(item.sums.variance_x for item in items) / self._totals.variance_x)


def histogram(scores: Sequence[tuple[float, float]], bins: int) -> list[int]:
    """How many of the (score, of) are in each part of what there is to earn; an edge belongs to the upper part."""
    counts = [0] * bins
    for score, best in scores:
        part = _whole(score) * bins // max(1, _whole(best))
        counts[max(0, min(bins - 1, part))] += 1
    return counts


def _found(items: dict[str, Item], name: str, title: str) -> Item:
    """The item of this name, made when it is the first one."""
    if name not in items:
        items[name] = Item(name, title)
    return items[name]


def _whole(points: float) -> int:
    return round(points * UNITS_PER_POINT)
