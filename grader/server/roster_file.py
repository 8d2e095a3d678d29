"""Roster files: CSV with the columns name, email, id, role."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from grader._util.escaping import one_line
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.gradebook.roster import PersonLink, RosterEntry

COLUMNS = ("name", "email", "id", "role")
MAX_FILE = 32 << 20  # bytes


class RosterFileError(UserError):
    """A roster file can't be read."""


def read_rows(path: Path) -> list[RosterEntry]:
    """Return the people in a CSV file. Without a role, a person is a student. Raises RosterFileError."""
    from grader.gradebook.roster import RosterEntry

    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
        text = content.decode("utf-8-sig")
    except OSError as problem:
        raise RosterFileError(f"{path} can't be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise RosterFileError(f"{path} isn't UTF-8 text; save it as UTF-8") from None
    if len(content) > MAX_FILE:
        raise RosterFileError(f"{path} is larger than {MAX_FILE >> 20} MB")
    reader = csv.DictReader(io.StringIO(text))
    columns = [name.strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in ("name", "id") if name not in columns]:
        raise RosterFileError(f"{path} has no column {missing[0]!r}; its first line must be: {','.join(COLUMNS)}")
    reader.fieldnames = columns
    rows = []
    try:
        for fields in reader:
            name, email, id, role = ((fields.get(column) or "").strip() for column in COLUMNS)
            rows.append(RosterEntry(name, email, id, role.lower() or "student"))  # type: ignore[arg-type]  # it is checked
    except csv.Error as problem:
        raise RosterFileError(f"{path}, line {reader.line_num}: {one_line(str(problem))}") from None
    return rows


def links_table(links: Iterable[PersonLink], url: str) -> str:
    """Return a CSV of personal links: name, id, role, url, token. Who has no access has no link."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("name", "id", "role", "url", "token"))
    for link in links:
        address = personal_link(url, link.token) if link.token else ""
        writer.writerow((link.person.name, link.person.id, link.person.role, address, link.token))
    return target.getvalue()


def personal_link(url: str, token: str) -> str:
    """Return the personal link with a token below the address of a portal."""
    return f"{url}/link/{token}"
