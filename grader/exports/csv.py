"""The columns of the roster as they stand, and those of the grades beside them; without a roster, the grades alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.exports.roster import render_table
from grader.exports.roster_match import Grade, MatchedGrades

CsvCell = str | float | bool | None
COLUMNS = ("student", "score", "max_score", "status", "needs_review", "late")


def render(marks: MatchedGrades) -> bytes:
    questions = list(dict.fromkeys(name for grade in marks.grades for name in grade.questions))
    header = (*(marks.table.header if marks.table else ["id"]), *COLUMNS, *questions)
    return render_table([header, *_rows(marks, questions)], marked=True)


def render_unmatched(unmatched: Iterable[Grade]) -> bytes:
    """Those who stand in no row of a roster, for a person to find out who they are."""
    return render_table([("id", *COLUMNS), *((grade.id, *_cells(grade)) for grade in unmatched)], marked=True)


def _rows(marks: MatchedGrades, questions: list[str]) -> Iterator[tuple[CsvCell, ...]]:
    if not marks.table:
        yield from ((grade.id, *_cells(grade), *map(grade.questions.get, questions)) for grade in marks.grades)
    for person, grade in marks.pairs:
        if grade:
            yield (*person.cells, *_cells(grade), *map(grade.questions.get, questions))
        else:
            yield (*person.cells, *[None] * (len(COLUMNS) + len(questions)))


def _cells(grade: Grade) -> tuple[CsvCell, ...]:
    return grade.student, grade.score, grade.max_score, grade.status, grade.needs_review, grade.late
