"""Roster files as courses write them, and the table of links."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.gradebook.roster import Person, PersonLink, RosterEntry
from grader.server.roster_file import links_table, read_rows

ADA = RosterEntry("Ada Lovelace", "ada@example.org", "ada", "student")


@pytest.mark.parametrize(
    "content",
    [
        "name,email,id,role\nAda Lovelace,ada@example.org,ada,student\n",
        "\ufeffID;Name;Email\r\nada;Ada Lovelace;ada@example.org\r\n\r\n",
        'Role,name,id,email,group\n Student ,"Ada Lovelace", ada ,ada@example.org,7\n',
    ],
)
def test_people_are_read_whatever_the_spreadsheet_is(tmp_path: Path, content: str) -> None:
    """By the titles of the columns; who has no role is a student."""
    path = tmp_path / "roster.csv"
    path.write_text(content, encoding="utf-8")
    assert read_rows(path) == [ADA]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"name,email\nAda,a\n", "has no column 'id'"),
        (b"name,id,ID\nAda,a,b\n", "has 2 columns named 'id'"),
        (b"name,id\n\xff,a\n", "isn't UTF-8"),
    ],
)
def test_what_is_no_roster_is_described(tmp_path: Path, content: bytes, message: str) -> None:
    """In a sentence."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_rows(path)
    with pytest.raises(UserError, match="can't be read"):
        read_rows(tmp_path / "missing.csv")


def test_links_are_a_table(tmp_path: Path) -> None:
    """A name is no formula, and who has no access has no link."""
    people = [
        PersonLink(Person(1, "ada", "=Ada", "", "student", False), "t1"),
        PersonLink(Person(2, "bob", "Bob", "", "assistant", True), ""),
    ]
    assert list(csv.reader(io.StringIO(links_table(people, "https://x.example/")))) == [
        ["name", "id", "role", "url", "token"],
        ["'=Ada", "ada", "student", "https://x.example/link/t1", "t1"],
        ["Bob", "bob", "assistant", "", ""],
    ]
