"""Alembic's environment and the revisions of the gradebook's tables."""
