"""CSV export: the columns of the roster, followed by those of the grades; without a roster, only the grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.exports.roster import render_table
from grader.exports.roster_match import ExportedGrade, MatchedGrades

CsvCell = str | float | bool | None
COLUMNS = ("student", "score", "max_score", "status", "needs_review", "late")


def render(matched: MatchedGrades) -> bytes:
    """Return a CSV file with one row for each row of the roster, or for each grade without a roster."""
    questions = list(dict.fromkeys(name for grade in matched.grades for name in grade.questions))
    header = (*(matched.table.header if matched.table else ["id"]), *COLUMNS, *questions)
    return render_table([header, *_rows(matched, questions)], bom=True)


def render_unmatched(unmatched: Iterable[ExportedGrade]) -> bytes:
    """Return a CSV file of the grades without a row in the roster, for an instructor to assign."""
    return render_table([("id", *COLUMNS), *((grade.id, *_cells(grade)) for grade in unmatched)], bom=True)


def _rows(matched: MatchedGrades, questions: list[str]) -> Iterator[tuple[CsvCell, ...]]:
    if not matched.table:
        yield from ((grade.id, *_cells(grade), *map(grade.questions.get, questions)) for grade in matched.grades)
    for row, grade in matched.pairs:
        if grade:
            yield (*row.cells, *_cells(grade), *map(grade.questions.get, questions))
        else:
            yield (*row.cells, *[None] * (len(COLUMNS) + len(questions)))


def _cells(grade: ExportedGrade) -> tuple[CsvCell, ...]:
    score = None if grade.status == "rejected" and not grade.final else grade.score
    return grade.student, score, grade.max_score, grade.status, grade.needs_review, grade.late
