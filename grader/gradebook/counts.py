"""How a class stands, counted report by report."""

from __future__ import annotations

from dataclasses import dataclass

from grader.models import ScoreReport


@dataclass
class RunCounts:
    """Counts and the sum of scores: all that is kept of reports in memory."""

    graded: int = 0
    rejected: int = 0
    review: int = 0  # of the graded ones, how many a person must look at
    reused: int = 0  # of all, how many an earlier run had graded
    points: float = 0.0  # of the graded ones together

    def add(self, report: ScoreReport, *, reused: bool = False) -> None:
        if report.status == "graded":
            self.graded += 1
            self.points += report.score
        else:
            self.rejected += 1
        self.review += report.needs_review
        self.reused += reused

    @property
    def done(self) -> int:
        return self.graded + self.rejected
