"""Tables of the gradebook, for SQLite and PostgreSQL.

A change of a table needs a revision in migrations/versions, and a new VERSION. New gradebooks are created from the
tables here, without Alembic, because importing Alembic takes longer than creating them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

VERSION = 9  # newest revision in migrations/versions
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

# ---- the portal: people, their sessions, and the queue of what they hand in. Times are UTC, ISO 8601.

PEOPLE = Table(
    "people",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("name_id", Text, nullable=False, unique=True),  # the course's id; `student` of the person's results
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),  # student, assistant or instructor
    Column("link_serial", Integer, nullable=False),  # grows with each new link, so that links are never equal
    Column("link_hash", Text, nullable=False, unique=True),  # SHA-256 of the token of the person's link
    Column("revoked", Boolean, nullable=False, server_default=false()),
    # Which claim of the queue was the person's last, counted from 1 over all people; 0 before the first. No clock.
    Column("served", NUMBER, nullable=False, server_default=text("0")),
    Index("people_by_served", "served", "id"),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("hash", Text, primary_key=True),  # SHA-256 of the token in the cookie
    Column("person", NUMBER, ForeignKey("people.id"), nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Index("sessions_by_person", "person", "created"),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", NUMBER, primary_key=True),  # grows, so a person's largest is their newest
    Column("public_id", Text, nullable=False, unique=True),  # random: what an address holds
    Column("person", NUMBER, ForeignKey("people.id"), nullable=False),
    Column("assignment", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of the file; its name in the file store
    Column("size", NUMBER, nullable=False),  # bytes
    Column("received", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("state", Text, nullable=False),  # queued, grading, graded, rejected or review
    Column("priority", Integer, nullable=False),  # 0 interactive, 1 regrade, 2 preview
    Column("tries", Integer, nullable=False),  # how often it was claimed; with the owner, names one claim
    Column("faults", Integer, nullable=False),  # grader errors since it was queued
    Column("owner", Text),  # worker that grades it
    # Seconds on the clock of leases: PostgreSQL's, or the machine's monotonic clock with SQLite.
    Column("lease_until", Float),
    Column("served_before", NUMBER),  # people.served before the claim, for an attempt that is put back
    Column("started", Text),
    Column("finished", Text),
    Column("result", NUMBER, ForeignKey("results.id")),  # newest; stays while the attempt is graded again
    Column("score", Float),  # of the result, as the next one, so that a list needs no reports
    Column("max_score", Float),
    Column("late", Boolean, nullable=False, server_default=false()),  # as the platform of a class upload says
    Column("handed_in", Text, nullable=False, server_default=text("''")),  # time, as it writes that
    # The attempt that a preview grades again. Such a row, a shadow, is in the queue and in no list, until it is graded.
    Column("shadow_of", NUMBER, ForeignKey("attempts.id")),
    Index("attempts_by_person", "person", "assignment", "id", "shadow_of"),
    Index("attempts_by_assignment", "assignment", "id"),
    Index("attempts_by_state", "assignment", "state", "shadow_of"),
    Index(
        "attempts_queued",
        *("person", "priority", "id", "assignment"),
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "attempts_grading",
        "person",
        sqlite_where=text("state = 'grading'"),
        postgresql_where=text("state = 'grading'"),
    ),
    sqlite_autoincrement=True,  # a claim names an attempt by its number: that of a deleted shadow never comes again
)

REGRADES = Table(
    "regrades",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("public_id", Text, nullable=False, unique=True),  # random: what an address holds
    Column("assignment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("state", Text, nullable=False),  # direct, preview, confirmed or discarded
    Column("ended", Text),  # when a preview was confirmed or discarded, and by whom
    Column("ended_by", Text),
    Column("reason", Text, nullable=False, server_default=text("''")),  # for the students whose score it changed
    Index("regrades_by_assignment", "assignment", "state", "id"),
)

REGRADE_ITEMS = Table(
    "regrade_items",
    METADATA,
    Column("regrade", NUMBER, ForeignKey("regrades.id"), primary_key=True),
    Column("attempt", NUMBER, ForeignKey("attempts.id"), primary_key=True),
    Column("before", NUMBER, ForeignKey("results.id")),  # result when the regrade began
    Column("score_before", Float),  # NULL if there was no score that a student could see
    Column("max_before", Float),
    # The others are for previews.
    Column("shadow", NUMBER, ForeignKey("attempts.id")),  # NULL once it is graded
    Column("state", Text),  # how the shadow ended
    Column("score", Float),
    Column("max_score", Float),
    Column("basis", Text),  # RunFingerprint as JSON
    Column("change", Text),  # StudentChange as JSON; NULL if there is none
    Column("after", NUMBER, ForeignKey("results.id")),  # result that replaced the one before
    Column("kept", Text),  # why the result before was kept
    Index("regrade_items_by_shadow", "shadow"),
)

# Results of previews. They become rows of `results` if the preview is confirmed; nothing that counts reads them here.
PREVIEWS = Table(
    "previews",
    METADATA,
    Column("regrade", NUMBER, ForeignKey("regrades.id"), primary_key=True),
    Column("attempt", NUMBER, ForeignKey("attempts.id"), primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("student", "key", "status")),
    Column("score", Float, nullable=False),
    Column("digest", Text, nullable=False),
    Column("report", LargeBinary, nullable=False),
)

# ---- people in the loop. `student` names a student as results do, so that these tables need no roster. Rows are only
# added: a row that withdraws another holds its number, and says who withdrew it, when and why.

ADJUSTMENTS = Table(
    "adjustments",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("assignment", Text, nullable=False),
    Column("student", Text, nullable=False),
    # The others are the fields of grader.policies.Adjustment.
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("points", Float),
    Column("absolute", Boolean, nullable=False),
    Column("verdict", Text),
    Column("comment", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("handin", NUMBER),
    Column("basis_points", Float),
    Column("basis_digest", Text, nullable=False),
    Column("withdraws", NUMBER, ForeignKey("adjustments.id"), unique=True),
    Index("adjustments_by_student", "assignment", "student", "id"),
)

EXTENSIONS = Table(
    "extensions",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("assignment", Text, nullable=False),
    Column("student", Text, nullable=False),
    # The others are the fields of grader.policies.Extension.
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Text),
    Column("days", Integer),
    Column("withdraws", NUMBER, ForeignKey("extensions.id"), unique=True),
    Index("extensions_by_student", "assignment", "student", "id"),
)

REQUESTS = Table(
    "requests",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("public_id", Text, nullable=False, unique=True),  # random: what an address holds
    Column("assignment", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("mistake", Text, nullable=False),  # digest of what went wrong: equal for those who made one mistake
    Column("submission", Text, nullable=False),  # public id of the attempt whose report the student read
    Column("result", NUMBER, ForeignKey("results.id"), nullable=False),  # of that report
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("requests_by_student", "assignment", "student", "mistake", unique=True),  # nobody asks twice
    Index("requests_by_mistake", "assignment", "mistake", "id"),
)

ANSWERS = Table(
    "answers",
    METADATA,
    Column("request", NUMBER, ForeignKey("requests.id"), primary_key=True),  # a request is answered once
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("adjustment", NUMBER, ForeignKey("adjustments.id")),  # which the answer made; NULL if none
)

RELEASES = Table(
    "releases",
    METADATA,
    Column("assignment", Text, primary_key=True),
    Column("question", Text, primary_key=True),  # empty for the whole assignment
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

WORKERS = Table(
    "workers",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("seen", Float, nullable=False),  # on the clock of leases
    Column("grading", Integer, nullable=False),  # attempts that it had claimed then
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

FLAGS = Table(
    "flags",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# ---- LTI: platforms that launch the portal, and scores on their way to them. Floats are seconds since 1970.

LTI_PLATFORMS = Table(
    "lti_platforms",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("name", "auth_url", "token_url", "jwks_url")),
    Column("audience", Text, nullable=False),  # of assertions for tokens; empty for the token_url
    Column("origins", Text, nullable=False),  # whose pages may show the portal in a frame; separated by spaces
    Column("product", Text, nullable=False),  # such as canvas or moodle, as the platform names it
    Column("removed", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("issuer", "client_id"),
)

LTI_DEPLOYMENTS = Table(
    "lti_deployments",
    METADATA,
    Column("platform", NUMBER, ForeignKey("lti_platforms.id"), primary_key=True),
    Column("deployment", Text, primary_key=True),
)

LTI_CONTEXTS = Table(  # courses of platforms
    "lti_contexts",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("platform", NUMBER, ForeignKey("lti_platforms.id"), nullable=False),
    Column("context", Text, nullable=False),  # the platform's id of the course
    Column("title", Text, nullable=False),
    Column("accepted", Boolean, nullable=False, server_default=false()),  # by an instructor of the portal
    *(Column(name, Text, nullable=False) for name in ("line_items", "memberships")),  # addresses; empty if unknown
    Column("scopes", Text, nullable=False),  # what the platform lets the portal do; separated by spaces
    UniqueConstraint("platform", "context"),
)

LTI_USERS = Table(
    "lti_users",
    METADATA,
    Column("platform", NUMBER, ForeignKey("lti_platforms.id"), primary_key=True),
    Column("user", Text, primary_key=True),  # the platform's id of the person
    Column("person", NUMBER, ForeignKey("people.id"), nullable=False, unique=True),
)

LTI_MEMBERS = Table(
    "lti_members",
    METADATA,
    Column("context", NUMBER, ForeignKey("lti_contexts.id"), primary_key=True),
    Column("person", NUMBER, ForeignKey("people.id"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("lti_members_by_person", "person"),
)

LTI_LINE_ITEMS = Table(  # columns of platforms' gradebooks
    "lti_line_items",
    METADATA,
    Column("context", NUMBER, ForeignKey("lti_contexts.id"), primary_key=True),
    Column("assignment", Text, primary_key=True),
    Column("resource_link", Text, nullable=False),  # the platform's id of the link that leads to the assignment
    Column("url", Text, nullable=False),  # empty until it is known
    Column("linked", Boolean, nullable=False),  # whether the platform named it at a launch: then none is created
)

LTI_TICKETS = Table(  # what is valid once and for a while: logins, windows, choices, registrations
    "lti_tickets",
    METADATA,
    Column("hash", Text, primary_key=True),  # SHA-256 of the ticket
    Column("kind", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON
    Column("expires", Float, nullable=False),
    Index("lti_tickets_by_kind", "kind", "expires"),
)

OUTBOX = Table(  # scores for platforms. A student's rows are sent in the order of their numbers.
    "outbox",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("context", NUMBER, ForeignKey("lti_contexts.id"), nullable=False),
    Column("person", NUMBER, ForeignKey("people.id"), nullable=False),
    Column("assignment", Text, nullable=False),
    Column("attempt", Text, nullable=False),  # public id of the attempt that counts
    Column("submitted", Text, nullable=False),  # when the attempt was received
    Column("first", Boolean, nullable=False),  # whether it is the first row about the attempt
    Column("score", Float),  # NULL if a person has to look at the attempt
    Column("max_score", Float),
    Column("created", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sent or parked
    Column("tries", Integer, nullable=False),
    Column("next_try", Float, nullable=False),
    Column("lease_until", Float, nullable=False),  # while a server sends it
    Column("stamp", Text),  # timestamp that was sent; strictly newer than that of the row before
    Column("unsure", Boolean, nullable=False),  # whether an earlier try may have arrived, because no answer came
    Column("problem", Text, nullable=False),  # why it waits or is parked
    Column("sent", Text),
    Index("outbox_by_state", "state", "next_try"),
    Index("outbox_by_person", "context", "person", "state", "id"),
)
