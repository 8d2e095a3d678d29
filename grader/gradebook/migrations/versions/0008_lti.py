"""LTI: platforms, their courses, people and line items; tickets; and the outbox of scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, all empty."""
    _create_platforms()
    _create_courses()
    op.create_table(
        "lti_tickets",
        sa.Column("hash", sa.Text, primary_key=True),
        *_texts("kind", "content"),
        sa.Column("expires", sa.Float, nullable=False),
    )
    op.create_index("lti_tickets_by_kind", "lti_tickets", ["kind", "expires"])
    _create_outbox()


def _create_platforms() -> None:
    op.create_table(
        "lti_platforms",
        sa.Column("id", NUMBER, primary_key=True),
        *_texts("issuer", "client_id", "name", "auth_url", "token_url", "jwks_url", "audience", "origins", "product"),
        sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("issuer", "client_id"),
    )
    op.create_table(
        "lti_deployments",
        _key("platform", "lti_platforms.id", primary_key=True),
        sa.Column("deployment", sa.Text, primary_key=True),
    )


def _create_courses() -> None:
    op.create_table(
        "lti_contexts",
        sa.Column("id", NUMBER, primary_key=True),
        _key("platform", "lti_platforms.id"),
        *_texts("context", "title"),
        sa.Column("accepted", sa.Boolean, nullable=False, server_default=sa.false()),
        *_texts("line_items", "memberships", "scopes"),
        sa.UniqueConstraint("platform", "context"),
    )
    op.create_table(
        "lti_users",
        _key("platform", "lti_platforms.id", primary_key=True),
        sa.Column("user", sa.Text, primary_key=True),
        _key("person", "people.id", unique=True),
    )
    op.create_table(
        "lti_members",
        _key("context", "lti_contexts.id", primary_key=True),
        _key("person", "people.id", primary_key=True),
        *_texts("role"),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index("lti_members_by_person", "lti_members", ["person"])
    op.create_table(
        "lti_line_items",
        _key("context", "lti_contexts.id", primary_key=True),
        sa.Column("assignment", sa.Text, primary_key=True),
        *_texts("resource_link", "url"),
        sa.Column("linked", sa.Boolean, nullable=False),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, primary_key=True),
        _key("context", "lti_contexts.id"),
        _key("person", "people.id"),
        *_texts("assignment", "attempt", "submitted"),
        sa.Column("first", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Float) for name in ("score", "max_score")),
        *_texts("created", "state"),
        sa.Column("tries", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("next_try", "lease_until")),
        sa.Column("stamp", sa.Text),
        sa.Column("unsure", sa.Boolean, nullable=False),
        *_texts("problem"),
        sa.Column("sent", sa.Text),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "next_try"])
    op.create_index("outbox_by_person", "outbox", ["context", "person", "state", "id"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _key(name: str, target: str, primary_key: bool = False, unique: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, sa.ForeignKey(target), nullable=False, primary_key=primary_key, unique=unique)
