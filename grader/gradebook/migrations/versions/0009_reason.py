"""Why a regrade was made, for the students whose score it changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9"
down_revision = "8"


def upgrade() -> None:
    """Add the column. Earlier regrades have no reason."""
    op.add_column("regrades", sa.Column("reason", sa.Text, nullable=False, server_default=sa.text("''")))
