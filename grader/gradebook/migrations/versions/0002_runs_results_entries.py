"""Runs, results and entries: the tables of the first released gradebook, which was made without Alembic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "runs",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("finished", sa.Text),
        sa.Column("submissions", sa.Integer, nullable=False),
        sa.Column("assignment", sa.Text, nullable=False),
        sa.Column("assignment_digest", sa.Text, nullable=False),
        sa.Column("grader_version", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
    )
    op.create_table(
        "results",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("run", NUMBER, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("run", NUMBER, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("student", sa.Text, primary_key=True),
        sa.Column("result", NUMBER, sa.ForeignKey("results.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("results_by_student", "results", ["student", "id"])
    op.create_index("results_by_key", "results", ["key", "id"])
    op.create_index("entries_by_student", "entries", ["student", "run", "result"])
