"""Roster files: CSV with the columns name, email, id, role; and the table of personal links."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from grader._util.escaping import csv_cell
from grader.exports.roster import read_roster, same_title

if TYPE_CHECKING:
    from grader.gradebook.roster import PersonLink, Role, RosterEntry

OPTIONAL = ("email", "role")


def read_rows(path: Path) -> list[RosterEntry]:
    """Return the people in a CSV file with the columns name and id, and perhaps email and role.

    Without a role, a person is a student. Spaces around a cell are removed. Raises RosterError.
    """
    from grader.gradebook.roster import RosterEntry

    table = read_roster(path)
    columns = {title: table.column(title) for title in ("name", "id")}
    columns |= {
        title: table.column(title) for title in OPTIONAL if any(same_title(each, title) for each in table.header)
    }
    people = []
    for row in table.rows:
        fields = {title: row[index].strip() for title, index in columns.items()}
        role = cast("Role", fields.get("role", "").lower() or "student")  # `Roster.load` checks it
        people.append(RosterEntry(fields["name"], fields.get("email", ""), fields["id"], role))
    return people


def links_table(links: Iterable[PersonLink], url: str) -> str:
    """Return a CSV of personal links: name, id, role, url, token. Who has no access has no link."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("name", "id", "role", "url", "token"))
    for link in links:
        address = personal_link(url, link.token) if link.token else ""
        writer.writerow((csv_cell(link.person.name), link.person.id, link.person.role, address, link.token))
    return target.getvalue()


def personal_link(url: str, token: str) -> str:
    """Return the personal link with a token below the address of a portal."""
    return f"{url.rstrip('/')}/link/{token}"
