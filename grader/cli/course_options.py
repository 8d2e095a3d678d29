"""What the commands that change grades share: the assignment and the students that are meant."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.cli.options import PATH, print_json
from grader.errors import UserError
from grader.policies import Adjustment, Extension
from grader.policies.corrections import holding

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

MAX_SUGGESTIONS = 5
course_argument = click.argument("course", type=PATH, metavar="DIR")
reason_option = click.option("--reason", default="", help="Why, for the staff.")


class UnknownStudent(UserError):
    """A gradebook has no such student."""


class GivenRow(msgspec.Struct, frozen=True):
    """An adjustment or an extension of a student, for a list."""

    student: str
    withdrawn: bool
    given: Adjustment | Extension


def show_rows(
    found: Mapping[str, Sequence[Adjustment]] | Mapping[str, Sequence[Extension]],
    describe: Callable[[Any], str],
    as_json: bool,
) -> None:
    """Print the rows of students, a line each or as JSON. Rows that withdraw others aren't listed: those are marked."""
    rows = [
        GivenRow(student, each not in holding(given), each)
        for student, given in found.items()
        for each in given
        if each.withdraws is None
    ]
    if as_json:
        print_json(rows)
        return
    console = Console()
    for row in rows:
        gone = " (withdrawn)" if row.withdrawn else ""
        print_line(console, f"{row.given.number}: {one_line(row.student, 100)}, {describe(row.given)}{gone}")
    if not rows:
        print_line(console, "there are none")


def the_assignment(book: Gradebook, wanted: str) -> str:
    """Return the name of the assignment that --assignment means. Raises UserError if there is none, or several."""
    from grader.gradebook.course_lists import known_assignments

    names = known_assignments(book)
    if wanted in names:
        return wanted
    found = join_with_and(names)
    if wanted:
        raise UserError(f"{book.name} has no assignment {one_line(wanted, 100)!r}; it has {found or 'none'}")
    if len(names) != 1:
        hint = (
            f"has {found}; choose one with --assignment NAME" if names else "has no assignment yet; grade or serve one"
        )
        raise UserError(f"{book.name} {hint}")
    return names[0]


def exact_student(wanted: str, students: list[str]) -> str:
    """Return the student with this name. Raises UnknownStudent, which names similar ones.

    The first letters don't suffice, as they do for `grader show`: what is changed must be somebody's who was meant.
    """
    if wanted in students:
        return wanted
    folded = {name.casefold(): name for name in students}
    near = [folded[name] for name in difflib.get_close_matches(wanted.casefold(), folded, MAX_SUGGESTIONS, 0.5)]
    near = near or [name for name in students if wanted.casefold() in name.casefold()][:MAX_SUGGESTIONS]
    names = join_with_and([one_line(name, 100) for name in near or students[:3]])
    hint = f"did you mean {names}?" if near else f"there are {len(students)}, such as {names}" if students else ""
    raise UnknownStudent(
        f"there is no student {one_line(wanted, 100)!r}; {hint or 'the gradebook has no students yet'}"
    )
