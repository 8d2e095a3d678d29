"""The commands `grader policy explain` and `grader policy simulate`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.assignments.settings import read_policy
from grader.cli.commands.show import find_student
from grader.cli.options import (
    PATH,
    assignment_name_option,
    choose_assignment,
    complete_students,
    database_option,
    exit_on_error,
    json_option,
    open_gradebook,
    print_json,
)
from grader.errors import UserError
from grader.policies import Grade, Policy
from grader.policies.compare import GradeChange, PolicyChange, StudentRecord, compare_policies
from grader.policies.records import HandInState

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

MAX_ROWS = 500  # of a table on a terminal; --json has all

policy_option = click.option(
    "--policy",
    "policy_file",
    type=PATH,
    help="Assignment folder, or a TOML file with [policy]. Default: the policy of the last run or server start.",
)


@click.group()
def command() -> None:
    """Show what a grade consists of, and what another policy would change."""


@command.command()
@click.argument("out", type=PATH)
@click.argument("student", shell_complete=complete_students)
@policy_option
@assignment_name_option
@database_option
@json_option
def explain(out: Path, student: str, policy_file: Path | None, assignment: str, database: str, as_json: bool) -> None:
    """Show how the grade of a student in OUT comes about, in one sentence and line by line.

    OUT is a folder of `grader grade` or the data folder of `grader serve`. The first letters of the name suffice if
    they are unique.
    """
    from grader.gradebook.current_policy import stored_policy
    from grader.gradebook.grades import student_names, student_record

    with exit_on_error(), open_gradebook(out, database) as book:
        name = _assignment(book, assignment)
        policy = read_policy(policy_file) if policy_file else stored_policy(book, name)
        found = find_student(student, student_names(book, name))
        record = student_record(book, name, found, policy)
    grade, files = record.grade(policy), _files(record, policy)
    if as_json:
        values = {"student": found, "assignment": name, "sentence": grade.sentence, "grade": grade}
        print_json({**values, "files": files})
    else:
        show_grade(found, grade, policy.zone, Console())
        show_files(files, policy.zone, Console())


@command.command()
@click.argument("file", type=PATH)
@click.argument("out", type=PATH)
@policy_option
@assignment_name_option
@database_option
@json_option
def simulate(file: Path, out: Path, policy_file: Path | None, assignment: str, database: str, as_json: bool) -> None:
    """Show who in OUT would gain or lose under the policy in FILE. Nothing is changed.

    FILE is an assignment folder, or a TOML file with [policy].
    """
    from grader.gradebook.current_policy import stored_policy
    from grader.gradebook.grades import class_records
    from grader.gradebook.late_days import assignments_after

    with exit_on_error(), open_gradebook(out, database) as book:
        name, after = _assignment(book, assignment), read_policy(file)
        before = read_policy(policy_file) if policy_file else stored_policy(book, name)
        shared = before if before.late.shares_days else after  # says which assignments took late days before
        records = class_records(book, name, shared, before.zone or after.zone)
        change = compare_policies(records, before, after)
        others = sorted({*assignments_after(book, name, before), *assignments_after(book, name, after)})
    if as_json:
        print_json({**msgspec.structs.asdict(change), "not_looked_at": others})
        return
    show_policy_change(change, Console())
    if others:
        sentence = f"{', '.join(others)}: due later, with the same budget of late days. Grades there may change, too"
        print_line(Console(), f"not looked at: {sentence}")


class FileWorth(msgspec.Struct, frozen=True):
    """A file that a student handed in, and what it gives if it counts."""

    received: datetime | None
    state: HandInState
    score: float | None  # automatic; None without a result
    worth: float | None
    changes: str  # why that isn't the score
    counts: bool


def _files(record: StudentRecord, policy: Policy) -> list[FileWorth]:
    """Return what a student handed in, oldest first."""
    worths, counts = record.worth(policy), record.grade(policy).handin
    found = []
    for each in sorted(record.handins, key=lambda each: each.number):
        grade = worths.get(each.number)
        final, changes = (grade.final, grade.changes) if grade else (None, "")
        score = each.score if each.scored else None
        found.append(FileWorth(each.received, each.state, score, final, changes, each.number == counts))
    return found


def show_files(files: list[FileWorth], zone: str, console: Console) -> None:
    """Print what each of several files is worth, and which one counts."""
    for number, file in enumerate(files, 1) if len(files) > 1 else ():
        time = file.received.astimezone(ZoneInfo(zone or "UTC")).isoformat(" ", "minutes") if file.received else "?"
        score = file.state if file.score is None else format_number(file.score)
        worth = "" if file.worth is None else f", worth {format_number(file.worth)}"
        why = f" ({one_line(file.changes)})" if file.changes else ""
        print_line(console, f"file {number}, {time}: {score}{worth}{why}{', counts' if file.counts else ''}")


def _assignment(book: Gradebook, wanted: str) -> str:
    """Return the name of the assignment that the user means. Raises UserError."""
    choose_assignment(book, wanted)
    names = book.assignments()
    if not names:
        raise UserError(f"{book.name} has no results yet")
    return wanted or names[0]


def show_grade(student: str, grade: Grade, zone: str, console: Console) -> None:
    """Print a grade, its ledger, and what a person should look at."""
    print_line(console, f"{one_line(student, 100)}: {format_number(grade.final)} of {format_number(grade.max)}")
    print_line(console, one_line(grade.sentence))
    table = Table(show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for index, line in enumerate(grade.ledger):
        table.add_row(Text(one_line(line.sentence)), format_number(line.points) if not index else _signed(line.points))
    table.add_row("grade", format_number(grade.final))
    console.print(table)
    if grade.due:
        due = grade.due.astimezone(ZoneInfo(zone)) if zone else grade.due
        print_line(console, f"due: {due.isoformat(' ', 'minutes')}{f' ({zone})' if zone else ''}")
    if grade.needs_review:
        print_line(console, "a person must look at a file that could change this grade")
    for flag in grade.flagged:
        print_line(console, f"look at adjustment {flag.number} again: {flag.reason}")


def show_policy_change(change: PolicyChange, console: Console) -> None:
    """Print who gains and who loses, most points first."""
    rows = [*change.lose, *change.gain]
    if rows:
        table = Table()
        table.add_column("student", overflow="fold")
        for title in ("now", "then", "change"):
            table.add_column(title, justify="right", no_wrap=True)
        table.add_column("why then", overflow="fold")
        for each in rows[:MAX_ROWS]:
            table.add_row(*_cells(each))
        console.print(table)
    if len(rows) > MAX_ROWS:
        print_line(console, f"(the first {MAX_ROWS} of {len(rows)}; --json has all)")
    same = change.students - len(rows)
    parts = f"{len(change.gain)} gain, {len(change.lose)} lose, {same} keep their grade"
    print_line(console, f"{parts}; {_signed(change.points)} points in all")


def _cells(change: GradeChange) -> tuple[Text | str, ...]:
    before, after = format_number(change.before.final), format_number(change.after.final)
    return (
        Text(one_line(change.student, 100)),
        before,
        after,
        _signed(change.points),
        Text(one_line(change.after.sentence)),
    )


def _signed(points: float) -> str:
    return f"{'-' if points < 0 else '+'}{format_number(abs(points))}"
