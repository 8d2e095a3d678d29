"""Summary of a class for its page, made in one pass over the reports. It stores only a small record of each."""

from __future__ import annotations

import heapq
import statistics
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.gradebook.item_analysis import Analysis, histogram
from grader.models import Diagnosis, QuestionResult, ScoreReport, Status
from grader.reports.html.limits import HISTOGRAM_BINS, MAX_REASON, MAX_SLOWEST
from grader.reports.html.row_filters import Filters
from grader.statuses import STATUS_TEXT, STATUSES

LATE = "late"
PENALTY, ADJUSTED = "penalty", "adjusted"  # what a policy and people did to the score
RESULT, MISTAKE = "Result", "Known mistake"  # groups of filters; each question is another group


class PointsCell(NamedTuple):
    """Points for one question. `kind` is "n" for none, "p" for a part, empty for all."""

    text: str
    kind: str


class StudentRow(NamedTuple):
    """Row of the table of students."""

    student: str
    score: str
    result: str
    seconds: str
    marks: str  # numbers of the filters that show this row
    cells: tuple[PointsCell | None, ...]


class StudentNote(NamedTuple):
    """Note about a student's submission."""

    student: str
    text: str


@dataclass
class Mistake:
    """Known mistake, and the number of students who made it."""

    question: str
    diagnosis: Diagnosis
    students: int = 0


@dataclass
class ClassSummary:
    """Figures of a class. `add` takes the reports, in the order of the table."""

    assignment: str = ""
    analysis: Analysis = field(default_factory=Analysis)
    filters: Filters = field(default_factory=Filters)
    questions: dict[str, float] = field(default_factory=dict)  # name -> points, in the order of the columns
    rows: list[StudentRow] = field(default_factory=list)
    review: list[StudentNote] = field(default_factory=list)
    rejected: list[StudentNote] = field(default_factory=list)
    has_grades: bool = False  # whether a policy or a person had a say
    mistakes: dict[tuple[str, str], Mistake] = field(default_factory=dict)
    _scores: list[tuple[float, float]] = field(default_factory=list)
    _slow: list[tuple[float, str]] = field(default_factory=list)

    def add(self, report: ScoreReport) -> None:
        """Add a report."""
        self.assignment = report.assignment
        self.analysis.add(report)
        self.rows.append(self._row(report))
        self.has_grades = self.has_grades or report.grade is not None
        if report.final_status != "graded":
            self.rejected.append(StudentNote(report.student, one_line("; ".join(report.notes[-1:]), MAX_REASON)))
            return
        self._scores.append((report.final, report.final_max))
        if report.awaits_review:
            self.review.append(StudentNote(report.student, one_line(", ".join(_failed_questions(report)), MAX_REASON)))
        heapq.heappush(self._slow, (report.seconds, report.student))
        if len(self._slow) > MAX_SLOWEST:
            heapq.heappop(self._slow)

    @property
    def graded(self) -> int:
        """Return the number of graded submissions."""
        return len(self._scores)

    @property
    def best(self) -> float:
        """Return the highest maximum score of a report."""
        return max((best for _, best in self._scores), default=0.0)

    @property
    def mean(self) -> float | None:
        """Return the mean score; None if no submission was graded."""
        return statistics.fmean(self._points) if self._scores else None

    @property
    def median(self) -> float | None:
        """Return the median score; None if no submission was graded."""
        return statistics.median(self._points) if self._scores else None

    @property
    def deviation(self) -> float | None:
        """Return the standard deviation of a sample (divisor n - 1); None for fewer than 2 submissions."""
        return statistics.stdev(self._points) if self.graded > 1 else None

    @property
    def bins(self) -> list[int]:
        """Return the number of students in each bin of the histogram."""
        return histogram(self._scores, HISTOGRAM_BINS)

    @property
    def slowest(self) -> list[tuple[float, str]]:
        """Return seconds and student of the slowest submissions, slowest first."""
        return sorted(self._slow, key=lambda one: (-one[0], one[1]))

    @property
    def commonest(self) -> list[Mistake]:
        """Return the known mistakes, commonest first."""
        return sorted(self.mistakes.values(), key=lambda one: (-one.students, one.question, one.diagnosis.name))

    @property
    def _points(self) -> list[float]:
        return sorted(score for score, _ in self._scores)

    def _row(self, report: ScoreReport) -> StudentRow:
        marks = [self.filters.add(RESULT, kind) for kind in _kinds(report)]
        cells: dict[str, PointsCell] = {}
        for question in report.questions:
            self.questions.setdefault(question.name, question.max_score)
            cells[question.name] = _cell(question.score, question.max_score)
            marks += self._filter_marks(question)
        return StudentRow(
            report.student,
            format_number(report.final),
            ", ".join([*_kinds(report)[: 1 + report.awaits_review], *_changes(report), *[LATE] * report.late]),
            f"{report.seconds:.2f}",
            " ".join(marks),
            tuple(map(cells.get, self.questions)),
        )

    def _filter_marks(self, question: QuestionResult) -> list[str]:
        """Add filters for the status and the known mistake of a question; return their marks."""
        marks = []
        if question.status is not Status.PASSED:
            marks.append(self.filters.add(question.name, STATUS_TEXT[question.status]))
        if question.diagnosis and question.diagnosis.kind == "misconception":
            key = question.name, question.diagnosis.name
            mistake = self.mistakes.setdefault(key, Mistake(question.name, question.diagnosis))
            mistake.students += 1
            marks.append(self.filters.add(MISTAKE, ": ".join(key)))
        return marks


def _kinds(report: ScoreReport) -> list[str]:
    """Return the labels of a report's result, for filters."""
    kinds = [report.final_status]
    if report.awaits_review:
        kinds.append("for review")
    if report.final_status == "graded":
        kinds.append("all points" if report.final >= report.final_max else "points lost")
    return kinds + _changes(report) + [LATE] * report.late


def _changes(report: ScoreReport) -> list[str]:
    """Return labels of what a policy and people did to the score."""
    if report.grade is None:
        return []
    changes = {PENALTY: report.grade.has_penalty, ADJUSTED: report.grade.corrections}
    return [label for label, applies in changes.items() if applies]


def _failed_questions(report: ScoreReport) -> list[str]:
    """Return the names of the questions with a grader error."""
    return [question.name for question in report.questions if STATUSES[question.status].needs_review]


@lru_cache(maxsize=4096)  # a class has few different scores
def _cell(score: float, best: float) -> PointsCell:
    kind = "" if score >= best else "p" if score > 0 else "n"
    return PointsCell(format_number(score), kind)
