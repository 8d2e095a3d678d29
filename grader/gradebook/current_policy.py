"""Policy and points of each assignment, as they were when somebody graded last: whoever reads grades needs no files.

Each is a row of the table of switches. The audit log says when a policy changed, and from what to what.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, delete, insert, select

from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.flags import read_flag
from grader.gradebook.schema import FLAGS
from grader.gradebook.store import Gradebook, Readable, column_text
from grader.policies import Policy

PREFIX = "policy "  # and an assignment: the name of a switch
_decode = msgspec.json.Decoder(Policy).decode


def store_policy(book: Gradebook, assignment: str, policy: Policy, who: str) -> None:
    """Make a policy the assignment's in the gradebook."""
    name, text = _name(assignment), msgspec.json.encode(policy).decode()
    with book.writing() as connection:
        before = read_flag(connection, name)
        if before == text or _means(before, policy):
            return
        connection.execute(delete(FLAGS).where(FLAGS.c.name == name))
        connection.execute(insert(FLAGS), {"name": name, "value": text})
        record_change(connection, who, "change policy", assignment, before=before, after=text)


def stored_policy(book: Readable, assignment: str) -> Policy:
    """Return the assignment's policy; the default if none was stored. Raises GradebookError if it can't be read."""
    with book.reading() as connection:
        return _decoded(assignment, read_flag(connection, _name(assignment)))


def stored_policies(book: Readable) -> dict[str, Policy]:
    """Return assignment -> policy, of all that have one. Raises GradebookError if one can't be read."""
    query = select(*FLAGS.c["name", "value"]).where(FLAGS.c.name.startswith(PREFIX, autoescape=True))
    with book.reading() as connection:
        found = {row.name.removeprefix(PREFIX): row.value for row in connection.execute(query)}
    return {name: _decoded(name, text) for name, text in found.items()}


def _means(text: str, policy: Policy) -> bool:
    """Return whether a policy was stored as this text, perhaps by a version that had fewer keys."""
    try:
        return (_decode(text) if text else Policy()) == policy
    except msgspec.MsgspecError:
        return False


def _decoded(assignment: str, text: str) -> Policy:
    try:
        return _decode(text) if text else Policy()
    except msgspec.MsgspecError as problem:
        message = f"the gradebook holds a policy of {assignment} that this version can't read ({problem}); grade again"
        raise GradebookError(message) from None


def store_points(book: Gradebook, assignment: str, points: float) -> None:
    """Store the points that an assignment has: the maximum of grades before anybody has a result."""
    name, text = _points_name(assignment), str(points)
    with book.writing() as connection:
        if read_flag(connection, name) != text:
            connection.execute(delete(FLAGS).where(FLAGS.c.name == name))
            connection.execute(insert(FLAGS), {"name": name, "value": text})


def stored_points(connection: Connection, assignment: str) -> float:
    """Return the points that were stored of an assignment; 0 if none were."""
    return float(read_flag(connection, _points_name(assignment)) or 0.0)


def _points_name(assignment: str) -> str:
    return f"points of {column_text(assignment)}"


def _name(assignment: str) -> str:
    return f"{PREFIX}{column_text(assignment)}"
