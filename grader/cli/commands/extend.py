"""The command `grader extend`: give students a later due date."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader.cli.course_options import course_argument, exact_student, reason_option, show_rows, the_assignment
from grader.cli.options import (
    PATH,
    assignment_name_option,
    command_user,
    database_option,
    exit_on_error,
    json_option,
    open_gradebook,
)
from grader.errors import UserError
from grader.policies import Extension

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

COLUMNS = ("student", "until", "days", "reason")
MAX_ROWS = 100_000
MAX_FILE = 32 << 20  # bytes


class ExtendError(UserError):
    """Extensions can't be read from a file or from options."""


@click.command("extend")
@course_argument
@click.argument("student", required=False)
@click.option(
    "--csv", "file", type=PATH, help="Students as a CSV: student, and until, days, reason as far as they differ."
)
@click.option(
    "--until", default="", metavar="DATE", help="Due date, such as 2026-12-24T18:00+01:00; a day ends at its end."
)
@click.option("--days", type=int, metavar="N", help="Days behind the due date of the class.")
@reason_option
@click.option("--list", "listed", is_flag=True, help="List the extensions.")
@click.option("--withdraw", type=int, metavar="N", help="Withdraw the extension with this number.")
@assignment_name_option
@database_option
@json_option
def command(
    course: Path,
    student: str | None,
    file: Path | None,
    until: str,
    days: int | None,
    reason: str,
    listed: bool,
    withdraw: int | None,
    assignment: str,
    database: str,
    as_json: bool,
) -> None:
    """Give STUDENT, or the students in a CSV file, a later due date. It holds at once, without a regrade.

    DIR is a folder of `grader grade` or the data folder of `grader serve`. A time without an offset is in the zone of
    the assignment's policy. Either all students of a file get their extension, or none.
    """
    if sum((listed, withdraw is not None, student is not None, file is not None)) != 1:
        raise click.UsageError("name a student, or give one of --csv FILE, --list and --withdraw N")
    with exit_on_error(), open_gradebook(course, database) as book:
        name = the_assignment(book, assignment)
        if listed:
            _list(book, name, as_json)
        elif withdraw is not None:
            from grader.gradebook.extensions import Extensions

            Extensions(book).withdraw(name, withdraw, command_user(), reason)
            print_line(Console(), f"extension {withdraw} is withdrawn")
        else:
            options = {"until": until, "days": "" if days is None else str(days), "reason": reason}
            rows = _read(file, options) if file else [("", {"student": student or "", **options})]
            _extend(book, name, rows)


def _extend(book: Gradebook, assignment: str, rows: list[tuple[str, dict[str, str]]]) -> None:
    """Store extensions.

    :param rows: where each is written, for messages, and its columns
    """
    from grader.gradebook.current_policy import stored_policy
    from grader.gradebook.extensions import Extensions
    from grader.gradebook.grades import student_names

    zone = stored_policy(book, assignment).zone
    known = student_names(book, assignment)
    names = set(known)
    given = []
    for where, row in rows:
        try:
            student = row["student"] if row["student"] in names else exact_student(row["student"], known)
            given.append((student, extension_of(row, zone)))
        except UserError as problem:
            raise ExtendError(f"{where}{problem}") from None
    stored = Extensions(book).add(assignment, given)
    for (student, _), extension in zip(given, stored, strict=True):
        print_line(Console(), f"extension {extension.number}: {one_line(student, 100)}, {_described(extension)}")


def extension_of(row: dict[str, str], zone: str) -> Extension:
    """Return the extension that a row means. Raises ExtendError.

    :param zone: of a date without an offset
    """
    from grader.gradebook.handins import parse_time

    until, days = row["until"].strip(), row["days"].strip()
    if bool(until) == bool(days):
        raise ExtendError("give either a date (--until) or days (--days)")
    if days and not (days.isascii() and days.isdigit()):
        raise ExtendError(f"the number of days is {one_line(days, 50)!r}; expected a whole number")
    date = parse_time(until if len(until) != len("2026-12-24") else f"{until}T23:59:59", zone) if until else None
    if until and date is None:
        hint = "2026-12-24T18:00+01:00" if not zone else "2026-12-24T18:00"
        raise ExtendError(f"the date is {one_line(until, 50)!r}; expected one such as {hint}")
    try:
        return Extension(0, command_user(), datetime.min, row["reason"], date, int(days[:6]) if days else None)
    except ValueError as problem:
        raise ExtendError(str(problem)) from None


def _read(file: Path, options: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Return the rows of a CSV file; an empty cell has the value of the option. Raises ExtendError."""
    try:
        if file.stat().st_size > MAX_FILE:
            raise ExtendError(f"{file} is larger than {MAX_FILE >> 20} MB")
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            unknown = set(reader.fieldnames or ()) - set(COLUMNS)
            if "student" not in (reader.fieldnames or ()) or unknown:
                raise ExtendError(f"{file} needs the columns student, and until, days or reason; others aren't known")
            rows = []
            for row in reader:
                cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
                if cells["until"] or cells["days"]:
                    filled = {**cells, "reason": cells["reason"] or options["reason"]}
                else:
                    filled = {name: cells[name] or options.get(name, "") for name in COLUMNS}
                rows.append((f"{file}:{reader.line_num}: ", filled))
                if len(rows) > MAX_ROWS:
                    raise ExtendError(f"{file} has more than {MAX_ROWS} rows")
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise ExtendError(f"{file} can't be read: {problem}") from None
    return rows


def _list(book: Gradebook, assignment: str, as_json: bool) -> None:
    from grader.gradebook.extensions import Extensions

    show_rows(Extensions(book).of_assignment(assignment), _described, as_json)


def _described(extension: Extension) -> str:
    days = f"{extension.days} day{'' if extension.days == 1 else 's'}"
    what = f"until {extension.until.isoformat(' ', 'minutes')}" if extension.until else days
    return f"{what}, by {extension.who}: {one_line(extension.reason, 300)}"
