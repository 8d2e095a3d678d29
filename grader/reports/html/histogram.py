"""Bars of a histogram as numbers for an SVG, which needs no script and no style of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader._util.wording import format_number

WIDTH, HEIGHT, GAP = 400, 120, 2


@dataclass(frozen=True)
class Bar:
    """One bar, with what it says in words. y grows downwards."""

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
        """As it is read out."""
        many = "1 student" if self.count == 1 else f"{self.count} students"
        return f"{self.start} to {'' if self.last else 'under '}{self.end} points: {many}"


def bars(counts: Sequence[int], best: float) -> list[Bar]:
    """Beside one another, the highest as high as the chart; who is counted is seen."""
    step, highest = WIDTH / len(counts), max(counts) or 1
    made = []
    for index, count in enumerate(counts):
        height = round(max(count / highest * HEIGHT, 2 if count else 0), 1)
        start, end = (format_number(best * edge / len(counts)) for edge in (index, index + 1))
        last = index == len(counts) - 1
        made.append(Bar(index * step + GAP, round(HEIGHT - height, 1), step - 2 * GAP, height, count, start, end, last))
    return made
