"""Withdrawing a row that is never changed: another row does it, once, with its reason."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, select

from grader.gradebook.errors import GradebookError
from grader.gradebook.store import column_text


def row_to_withdraw(
    connection: Connection, table: Table, assignment: str, number: int, noun: str, refusal: type[GradebookError]
) -> Row[Any]:
    """Return a row that can be withdrawn, in an open transaction.

    Raises `refusal` if the assignment has no such row, or it was withdrawn before.

    :param noun: what a row is, such as "adjustment"
    """
    query = select(table).where(table.c.id == number, table.c.assignment == column_text(assignment))
    row = connection.execute(query).first()
    if row is None or row.withdraws is not None:
        raise refusal(f"{assignment} has no {noun} {number}; the list of all shows the numbers")
    before = connection.scalar(select(table.c.who).where(table.c.withdraws == number))
    if before is not None:
        raise refusal(f"{noun} {number} was withdrawn by {before} before")
    return row
