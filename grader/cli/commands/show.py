"""grader show out ada"""

from __future__ import annotations

import difflib
from pathlib import Path

import click
from rich.console import Console

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.cli.options import complete_students, folder, json_option, print_json, told
from grader.cli.report_view import show_report
from grader.errors import UserError
from grader.execution.output import GRADEBOOK
from grader.gradebook.store import Gradebook
from grader.submissions.student_names import safe_name

SHOWN = 5  # names that a sentence suggests


class NoSuchStudent(UserError):
    """There is no such student, or several; the message is one sentence for the user."""


@click.command("show")
@click.argument("out", type=folder)
@click.argument("student", shell_complete=complete_students)
@json_option
def command(out: Path, student: str, as_json: bool) -> None:
    """Show the report of one student in OUT. The first letters of the name are enough when nobody else has them."""
    with told(), Gradebook.open_existing(out / GRADEBOOK) as book:
        report = book.latest_report(found(student, book.students()))
    if report and as_json:
        print_json(report)
    elif report:
        show_report(report, Console())


def found(wanted: str, students: list[str]) -> str:
    """The one student that is meant. Raises NoSuchStudent."""
    if wanted in students:
        return wanted
    begin = [name for name in students if name.casefold().startswith(wanted.casefold())]
    begin = begin or [name for name in students if name.casefold().startswith(safe_name(wanted).casefold())]
    if len(begin) == 1:
        return begin[0]
    if begin:
        raise NoSuchStudent(f"{one_line(wanted, 100)!r} may be {_some(begin)}; write more of the name")
    folded = {name.casefold(): name for name in students}
    near = [folded[name] for name in difflib.get_close_matches(wanted.casefold(), folded, SHOWN, 0.5)]
    near = near or [name for name in students if wanted.casefold() in name.casefold()]
    hint = f"did you mean {_some(near)}?" if near else f"there are {len(students)}, such as {_some(students[:3])}"
    raise NoSuchStudent(
        f"there is no student {one_line(wanted, 100)!r}; {hint if students else 'the gradebook is empty'}"
    )


def _some(names: list[str]) -> str:
    shown = [one_line(name, 100) for name in names[:SHOWN]]
    return join_with_and([*shown, f"{len(names) - SHOWN} more"] if len(names) > SHOWN else shown)
