"""Item analysis of a class with the statistics of classical test theory.

An item is a question or a case. Its difficulty is the share of its points that the class earned. Its discrimination is
the correlation with the points for the other items. Cronbach's alpha says how far the questions measure one thing.
Points are counted as integers, in ten-thousandths, so that every sum is exact: the order of the students changes
nothing, and a variance of 0 is exactly 0.
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
    """Sums over pairs (x, y) of integers, from which variances and the covariance follow."""

    n: int = 0
    x: int = 0
    xx: int = 0
    y: int = 0
    yy: int = 0
    xy: int = 0

    def add(self, x: int, y: int) -> None:
        """Add a pair."""
        self.n += 1
        self.x += x
        self.xx += x * x
        self.y += y
        self.yy += y * y
        self.xy += x * y

    @property
    def variance_x(self) -> int:
        """Return the variance of x times n²."""
        return self.n * self.xx - self.x * self.x

    @property
    def variance_y(self) -> int:
        """Return the variance of y times n²."""
        return self.n * self.yy - self.y * self.y

    @property
    def covariance(self) -> int:
        """Return the covariance of x and y times n²."""
        return self.n * self.xy - self.x * self.y


@dataclass
class Item:
    """Statistics of a question or case over all students who were asked it."""

    name: str
    title: str
    worth: int = 0  # sum of its points over all students, in ten-thousandths
    max_units: int = 0  # its points, in ten-thousandths
    sums: PairSums = field(default_factory=PairSums)  # pairs: points for this item, points for all others
    status_counts: Counter[Status] = field(default_factory=Counter)
    cases: dict[str, Item] = field(default_factory=dict)

    def add(self, points: float, max_points: float, total: float, status: Status) -> None:
        """Add the result of one student, whose points for all items together are `total`."""
        here, worth = _units(points), _units(max_points)
        self.worth += worth
        self.max_units = max(self.max_units, worth)
        self.sums.add(here, _units(total) - here)
        self.status_counts[status] += 1

    @property
    def points(self) -> float:
        """Return the points that the item is worth."""
        return self.max_units / UNITS_PER_POINT

    @property
    def difficulty(self) -> float | None:
        """Return the mean share of the points that students earned, 0 to 1; the higher, the easier.

        Source: Crocker and Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14.
        """
        return self.sums.x / self.worth if self.worth else None

    @property
    def discrimination(self) -> float | None:
        """Return the corrected item-total correlation: points here with points for all other items, -1 to 1.

        None if it isn't defined. The item itself is left out of the total because it would raise the correlation.
        Source: Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28 (1963), 211-218.
        For an item that is only right or wrong this is the point-biserial correlation.
        """
        if self.undefined_reason:
            return None
        sums = self.sums
        found = sums.covariance / math.sqrt(sums.variance_x * sums.variance_y)
        return max(-1.0, min(1.0, found))  # rounding may exceed the limits

    @property
    def undefined_reason(self) -> str | None:
        """Say why there is no discrimination; None if there is."""
        if self.sums.n < 2:
            return "it needs at least two students"
        if not self.sums.variance_x:
            return "everyone has the same points here"
        return None if self.sums.variance_y else "everyone has the same points for the rest"

    def remarks(self) -> Iterator[str]:
        """Yield remarks on an item that an instructor should look at."""
        if self.sums.n < 2 or not self.worth:
            return
        if self.sums.x == 0:
            yield "nobody gets it"
        elif self.sums.x == self.worth:
            yield "everybody gets it"
        if round(self.discrimination or 0, 2) < 0:  # rounded as on the page
            yield "those who do well elsewhere do worse here"


class Analysis:
    """Statistics of a class. Rejected reports and reports that need review are left out."""

    def __init__(self) -> None:
        self.students = 0
        self.items: dict[str, Item] = {}
        self._totals = PairSums()

    def add(self, report: ScoreReport) -> None:
        """Add the report of one student."""
        if report.status != "graded" or report.needs_review:
            return
        self.students += 1
        self._totals.add(_units(report.score), 0)
        for question in report.questions:
            item = _get_or_add(self.items, question.name, question.name)
            item.add(question.score, question.max_score, report.score, question.status)
            for case in question.cases:
                part = _get_or_add(item.cases, case.name, case.title)
                part.add(case.points, case.max_points, report.score, case.status)

    @property
    def alpha(self) -> float | None:
        """Return Cronbach's alpha of the k questions: k/(k-1) * (1 - sum of their variances / variance of the scores).

        Source: Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16 (1951), 297-334.
        None if it isn't defined: fewer than two questions, all scores equal, or somebody wasn't asked every question.
        """
        items, count = self.items.values(), len(self.items)
        if count < 2 or not self._totals.variance_x or any(item.sums.n != self.students for item in items):
            return None
        return count / (count - 1) * (1 - sum(item.sums.variance_x for item in items) / self._totals.variance_x)


def histogram(scores: Sequence[tuple[float, float]], bins: int) -> list[int]:
    """Return how many scores are in each of `bins` equal parts; a score on an edge counts in the upper part.

    :param scores: pairs (score, maximum score)
    """
    counts = [0] * bins
    for score, max_score in scores:
        part = _units(score) * bins // max(1, _units(max_score))
        counts[max(0, min(bins - 1, part))] += 1
    return counts


def _get_or_add(items: dict[str, Item], name: str, title: str) -> Item:
    """Return the item with this name; add it if there is none."""
    if name not in items:
        items[name] = Item(name, title)
    return items[name]


def _units(points: float) -> int:
    return round(points * UNITS_PER_POINT)
