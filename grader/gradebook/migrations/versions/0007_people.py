"""People in the loop: adjustments, extensions, requests with their answers, and releases of grades."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "adjustments",
        sa.Column("id", NUMBER, primary_key=True),
        *_texts("assignment", "student", "who", "at", "question", "case_name"),
        sa.Column("points", sa.Float),
        sa.Column("absolute", sa.Boolean, nullable=False),
        sa.Column("verdict", sa.Text),
        *_texts("comment", "reason"),
        sa.Column("handin", NUMBER),
        sa.Column("basis_points", sa.Float),
        *_texts("basis_digest"),
        sa.Column("withdraws", NUMBER, sa.ForeignKey("adjustments.id"), unique=True),
    )
    op.create_index("adjustments_by_student", "adjustments", ["assignment", "student", "id"])
    op.create_table(
        "extensions",
        sa.Column("id", NUMBER, primary_key=True),
        *_texts("assignment", "student", "who", "at", "reason"),
        sa.Column("until", sa.Text),
        sa.Column("days", sa.Integer),
        sa.Column("withdraws", NUMBER, sa.ForeignKey("extensions.id"), unique=True),
    )
    op.create_index("extensions_by_student", "extensions", ["assignment", "student", "id"])
    _create_requests()
    op.create_table(
        "releases",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("assignment", "question")),
        *_texts("who", "at"),
        sqlite_with_rowid=False,
    )


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("public_id", sa.Text, nullable=False, unique=True),
        *_texts("assignment", "student", "question", "case_name", "mistake", "submission"),
        sa.Column("result", NUMBER, sa.ForeignKey("results.id"), nullable=False),
        *_texts("text", "at"),
    )
    op.create_index("requests_by_student", "requests", ["assignment", "student", "mistake"], unique=True)
    op.create_index("requests_by_mistake", "requests", ["assignment", "mistake", "id"])
    op.create_table(
        "answers",
        sa.Column("request", NUMBER, sa.ForeignKey("requests.id"), primary_key=True),
        *_texts("text", "who", "at"),
        sa.Column("adjustment", NUMBER, sa.ForeignKey("adjustments.id")),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
