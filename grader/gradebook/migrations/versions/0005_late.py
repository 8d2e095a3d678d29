"""Whether an attempt was late, and when it was handed in, by the platform that a class was downloaded from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add the columns. Of earlier attempts nothing is known."""
    op.add_column("attempts", sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("attempts", sa.Column("handed_in", sa.Text, nullable=False, server_default=sa.text("''")))
