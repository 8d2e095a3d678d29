"""CSV export: the columns of the roster, followed by those of the grades; without a roster, only the grades.

`score` is what counts. If a policy or a person has changed anything in the class, the last columns say what it is made
of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grader.exports.roster import render_table
from grader.exports.roster_match import ExportedGrade, MatchedGrades
from grader.reports.csv import GRADE_COLUMNS

CsvCell = str | float | bool | None
COLUMNS = ("student", "score", "max_score", "status", "needs_review", "late")


def render(matched: MatchedGrades) -> bytes:
    """Return a CSV file with one row for each row of the roster, or for each grade without a roster."""
    questions = list(dict.fromkeys(name for grade in matched.grades for name in grade.questions))
    more = _grade_columns(matched.grades)
    header = (*(matched.table.header if matched.table else ["id"]), *COLUMNS, *questions, *more)
    return render_table([header, *_rows(matched, questions, more)], bom=True)


def render_unmatched(unmatched: Iterable[ExportedGrade]) -> bytes:
    """Return a CSV file of the grades without a row in the roster, for an instructor to assign."""
    grades = list(unmatched)
    more = _grade_columns(grades)
    rows = ((grade.id, *_cells(grade), *_grade_cells(grade)[: len(more)]) for grade in grades)
    return render_table([("id", *COLUMNS, *more), *rows], bom=True)


def _rows(matched: MatchedGrades, questions: Sequence[str], more: Sequence[str]) -> Iterator[tuple[CsvCell, ...]]:
    def cells(grade: ExportedGrade) -> tuple[CsvCell, ...]:
        return (*_cells(grade), *map(grade.questions.get, questions), *_grade_cells(grade)[: len(more)])

    if not matched.table:
        yield from ((grade.id, *cells(grade)) for grade in matched.grades)
    for row, grade in matched.pairs:
        if grade:
            yield (*row.cells, *cells(grade))
        else:
            yield (*row.cells, *[None] * (len(COLUMNS) + len(questions) + len(more)))


def _cells(grade: ExportedGrade) -> tuple[CsvCell, ...]:
    return grade.student, _counted(grade), grade.max_score, grade.status, grade.needs_review, grade.late


def _counted(grade: ExportedGrade) -> float | None:
    return grade.score if grade.status == "graded" or grade.final else None


def _grade_columns(grades: Iterable[ExportedGrade]) -> Sequence[str]:
    return GRADE_COLUMNS if any(grade.decided for grade in grades) else ()


def _grade_cells(grade: ExportedGrade) -> tuple[CsvCell, ...]:
    return grade.auto, grade.adjustment, grade.penalty, _counted(grade), grade.attempt or None
