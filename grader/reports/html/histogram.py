"""Bars of a histogram as coordinates of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader._util.wording import format_number

WIDTH, HEIGHT, GAP = 400, 120, 2  # in units of the SVG


@dataclass(frozen=True)
class Bar:
    """One bar. y grows downwards."""

    x: float
    y: float
    width: float
    height: float
    count: int
    start: str
    end: str
    last: bool

    @property
    def description(self) -> str:
        """Return the bar as text, for screen readers."""
        many = "1 student" if self.count == 1 else f"{self.count} students"
        return f"{self.start} to {'' if self.last else 'under '}{self.end} points: {many}"


def bars(counts: Sequence[int], best: float) -> list[Bar]:
    """Return bars for the counts of equal bins from 0 to `best` points. A bar that isn't empty is at least 2 high."""
    step, highest = WIDTH / len(counts), max(counts) or 1
    chart = []
    for index, count in enumerate(counts):
        height = round(max(count / highest * HEIGHT, 2 if count else 0), 1)
        start, end = (format_number(best * edge / len(counts)) for edge in (index, index + 1))
        last = index == len(counts) - 1
        chart.append(
            Bar(index * step + GAP, round(HEIGHT - height, 1), step - 2 * GAP, height, count, start, end, last)
        )
    return chart
