"""Tables of the gradebook, for SQLite and PostgreSQL.

A change of a table needs a revision in migrations/versions, and a new VERSION. New gradebooks are created from the
tables here, without Alembic, because importing Alembic takes longer than creating them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

VERSION = 3  # newest revision in migrations/versions
FIRST_VERSION = 2  # oldest revision that can be migrated
VERSION_TABLE = "gradebook_version"  # where Alembic keeps the revision; also marks a PostgreSQL database as ours
APPLICATION_ID = 0x47524252  # "GRBR", in SQLite's PRAGMA application_id: marks the file as ours

METADATA = MetaData()
# SQLite generates numbers only for columns of type INTEGER, which hold 64 bits there.
NUMBER = BigInteger().with_variant(Integer, "sqlite")

RUNS = Table(
    "runs",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("started", Text, nullable=False),  # UTC, ISO 8601
    Column("finished", Text),  # NULL as long as it runs, and for ever when it was stopped
    Column("submissions", Integer, nullable=False),  # how many it was given
    Column("assignment", Text, nullable=False),
    Column("assignment_digest", Text, nullable=False),
    Column("grader_version", Text, nullable=False),
    Column("settings", Text, nullable=False),
)

RESULTS = Table(
    "results",
    METADATA,
    Column("id", NUMBER, primary_key=True),  # grows, so the largest is the newest
    Column("run", NUMBER, ForeignKey("runs.id"), nullable=False),  # which made it
    Column("student", Text, nullable=False),
    Column("key", Text, nullable=False),  # digest of all that the report depends on
    Column("status", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("digest", Text, nullable=False, server_default=text("''")),  # of the submission
    Column("report", LargeBinary, nullable=False),  # the whole ScoreReport as JSON; other columns are for finding it
    Index("results_by_student", "student", "id"),
    Index("results_by_key", "key", "id"),
)

ENTRIES = Table(
    "entries",
    METADATA,
    Column("run", NUMBER, ForeignKey("runs.id"), primary_key=True),
    Column("student", Text, primary_key=True),
    Column("result", NUMBER, ForeignKey("results.id"), nullable=False),  # of this run or of an earlier one
    Index("entries_by_student", "student", "run", "result"),
    sqlite_with_rowid=False,
)
