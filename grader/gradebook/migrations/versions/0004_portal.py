"""Tables of the portal: people, sessions, attempts with their queue, workers, audit log and flags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables. Nothing that exists is changed."""
    _create_people()
    _create_attempts()
    op.create_table(
        "workers",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("seen", sa.Float, nullable=False),
        sa.Column("grading", sa.Integer, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "who", "what", "target", "before", "after")),
    )
    op.create_table(
        "flags",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("name_id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("link_serial", sa.Integer, nullable=False),
        sa.Column("link_hash", sa.Text, nullable=False, unique=True),
        sa.Column("revoked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("served", NUMBER, nullable=False, server_default=sa.text("0")),
    )
    op.create_index("people_by_served", "people", ["served", "id"])
    op.create_table(
        "sessions",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("person", NUMBER, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
    )
    op.create_index("sessions_by_person", "sessions", ["person", "created"])


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("public_id", sa.Text, nullable=False, unique=True),
        sa.Column("person", NUMBER, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("assignment", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("received", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("lease_until", sa.Float),
        sa.Column("served_before", NUMBER),
        sa.Column("started", sa.Text),
        sa.Column("finished", sa.Text),
        sa.Column("result", NUMBER, sa.ForeignKey("results.id")),
        sa.Column("score", sa.Float),
        sa.Column("max_score", sa.Float),
    )
    op.create_index("attempts_by_person", "attempts", ["person", "assignment", "id"])
    op.create_index("attempts_by_assignment", "attempts", ["assignment", "id"])
    op.create_index("attempts_by_state", "attempts", ["assignment", "state"])
    for state, columns in (("queued", ["person", "priority", "id", "assignment"]), ("grading", ["person"])):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"attempts_{state}", "attempts", columns, sqlite_where=where, postgresql_where=where)
