"""Regrades with previews: tables, and shadows in the queue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
STATES = (("queued", ["person", "priority", "id", "assignment"]), ("grading", ["person"]))
CHANGED = (("person", ["person", "assignment", "id", "shadow_of"]), ("state", ["assignment", "state", "shadow_of"]))


def upgrade() -> None:
    """Add the column and the tables. Every attempt keeps its number."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_attempts()
    else:
        op.add_column("attempts", sa.Column("shadow_of", NUMBER, sa.ForeignKey("attempts.id")))
        for name, columns in CHANGED:
            op.drop_index(f"attempts_by_{name}", "attempts")
            op.create_index(f"attempts_by_{name}", "attempts", columns)
    _create_regrades()


def _rebuild_attempts() -> None:
    """Copy the attempts into a table whose numbers are never used again, which SQLite can't make of the old one."""
    old = sa.Table("attempts", sa.MetaData(), autoload_with=op.get_bind())
    columns = [_copied(column) for column in old.columns]
    columns.append(sa.Column("shadow_of", NUMBER, sa.ForeignKey("attempts.id")))
    op.create_table("attempts_new", *columns, sa.UniqueConstraint("public_id"), sqlite_autoincrement=True)
    names = ", ".join(column.name for column in old.columns)
    op.execute(f"INSERT INTO attempts_new ({names}) SELECT {names} FROM attempts ORDER BY id")
    op.drop_table("attempts")
    op.rename_table("attempts_new", "attempts")
    for name, indexed in (*CHANGED, ("assignment", ["assignment", "id"])):
        op.create_index(f"attempts_by_{name}", "attempts", indexed)
    for state, indexed in STATES:
        op.create_index(f"attempts_{state}", "attempts", indexed, sqlite_where=sa.text(f"state = '{state}'"))


def _copied(column: sa.Column[Any]) -> sa.Column[Any]:
    keys = [sa.ForeignKey(key.target_fullname) for key in column.foreign_keys]
    return sa.Column(
        column.name,
        column.type,
        *keys,
        primary_key=column.primary_key,
        nullable=column.nullable,
        server_default=column.server_default,
    )


def _create_regrades() -> None:
    op.create_table(
        "regrades",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("public_id", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("assignment", "who", "started", "state")),
        *(sa.Column(name, sa.Text) for name in ("ended", "ended_by")),
    )
    op.create_index("regrades_by_assignment", "regrades", ["assignment", "state", "id"])
    op.create_table(
        "regrade_items",
        *_regrade_and_attempt(),
        sa.Column("before", NUMBER, sa.ForeignKey("results.id")),
        *(sa.Column(name, sa.Float) for name in ("score_before", "max_before")),
        sa.Column("shadow", NUMBER, sa.ForeignKey("attempts.id")),
        sa.Column("state", sa.Text),
        *(sa.Column(name, sa.Float) for name in ("score", "max_score")),
        *(sa.Column(name, sa.Text) for name in ("basis", "change")),
        sa.Column("after", NUMBER, sa.ForeignKey("results.id")),
        sa.Column("kept", sa.Text),
    )
    op.create_index("regrade_items_by_shadow", "regrade_items", ["shadow"])
    op.create_table(
        "previews",
        *_regrade_and_attempt(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("student", "key", "status")),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
    )


def _regrade_and_attempt() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("regrade", NUMBER, sa.ForeignKey("regrades.id"), primary_key=True),
        sa.Column("attempt", NUMBER, sa.ForeignKey("attempts.id"), primary_key=True),
    )
