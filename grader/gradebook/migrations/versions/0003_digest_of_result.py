"""Digest of the submission beside each result, so that nobody reads whole reports to find it."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"

RESULTS = sa.table("results", sa.column("id"), sa.column("digest"), sa.column("report"))


class Submitted(msgspec.Struct):
    """Part of a stored report."""

    digest: str = ""


TOGETHER = 20  # reports in memory; one may have megabytes
DECODE = msgspec.json.Decoder(Submitted).decode


def upgrade() -> None:
    """Add the column and fill it in from the reports. It stays empty for a report that can't be read."""
    op.add_column("results", sa.Column("digest", sa.Text, nullable=False, server_default=sa.text("''")))
    connection = op.get_bind()
    fill = sa.update(RESULTS).where(RESULTS.c.id == sa.bindparam("number")).values(digest=sa.bindparam("found"))
    numbers = connection.scalars(sa.select(RESULTS.c.id).order_by(RESULTS.c.id)).all()
    for begin in range(0, len(numbers), TOGETHER):
        some = numbers[begin : begin + TOGETHER]
        stored = sa.select(RESULTS.c.id, RESULTS.c.report).where(RESULTS.c.id.in_(some))
        found = [{"number": number, "found": digest_of(report)} for number, report in connection.execute(stored)]
        connection.execute(fill, found)


def digest_of(report: bytes) -> str:
    """Return the digest of the submission; empty for a damaged report. Reading the report says that it is damaged."""
    try:
        return DECODE(report).digest
    except msgspec.MsgspecError:
        return ""
