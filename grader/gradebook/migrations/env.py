"""Run the revisions on the connection that migration.py hands over. Alembic runs this file."""

from __future__ import annotations

from alembic import context

from grader.gradebook.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
