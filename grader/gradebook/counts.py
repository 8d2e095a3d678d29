"""Counts of the reports of a run."""

from __future__ import annotations

from dataclasses import dataclass

from grader.models import ScoreReport


@dataclass
class RunCounts:
    """Running counts of reports and the sum of their grades, so that no report stays in memory."""

    graded: int = 0
    rejected: int = 0
    review: int = 0  # reports that need review
    reused: int = 0  # reports that an earlier run made
    penalized: int = 0  # grades that being late lowered
    adjusted: int = 0  # grades that a person changed
    points: float = 0.0  # sum of the grades of graded reports

    def add(self, report: ScoreReport, *, reused: bool = False) -> None:
        """Count a report; `reused` says that an earlier run made it."""
        if report.final_status == "graded":
            self.graded += 1
            self.points += report.final
        else:
            self.rejected += 1
        if report.grade:
            self.penalized += report.grade.has_penalty
            self.adjusted += bool(report.grade.corrections)
        self.review += report.needs_review and report.awaits_review  # a person may have decided
        self.reused += reused

    @property
    def done(self) -> int:
        """Return how many reports were counted."""
        return self.graded + self.rejected
