"""The command `grader regrade`: grade again what students handed in to the portal, with a preview."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from grader._util import extras
from grader._util.console import print_line
from grader.assignments.loader import load
from grader.cli.course_options import exact_student
from grader.cli.log_options import log_options
from grader.cli.options import (
    DATABASE_VARIABLE,
    PATH,
    command_user,
    complete_assignments,
    database_option,
    exit_on_error,
    jobs_option,
    json_option,
    open_gradebook,
    print_json,
    suggest_weaker_sandbox,
)
from grader.errors import Interrupted, UserError
from grader.sandbox.host.levels import SANDBOXES

if TYPE_CHECKING:
    from grader.gradebook.regraded import Regrade
    from grader.gradebook.store import Gradebook
    from grader.models import Assignment
    from grader.server.regrades import RegradeDiff

MAX_OPEN = 100  # previews in a list


@click.command("regrade")
@click.argument("folder", type=PATH, metavar="ASSIGNMENT", shell_complete=complete_assignments)
@click.argument("students", nargs=-1, metavar="[STUDENT]...")
@click.option("--data", type=PATH, required=True, help="The data folder of `grader serve`.")
@database_option
@click.option("--preview", is_flag=True, help="Grade again, and show what would change. Nothing counts yet.")
@click.option("--show", default="", metavar="ID", help="Show a preview, or a regrade that was confirmed, again.")
@click.option("--confirm", default="", metavar="ID", help="Make the results of a preview count, all at once.")
@click.option("--allow-drops", is_flag=True, help="With --confirm: also if final grades drop.")
@click.option("--reason", default="", metavar="TEXT", help="With --confirm: for the students whose score changes.")
@click.option("--discard", default="", metavar="ID", help="Delete a preview.")
@click.option("--list", "listed", is_flag=True, help="List the previews that wait for a decision.")
@jobs_option
@json_option
@log_options
def command(
    folder: Path,
    students: tuple[str, ...],
    data: Path,
    database: str,
    preview: bool,
    show: str,
    confirm: str,
    allow_drops: bool,
    reason: str,
    discard: str,
    listed: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Grade again what STUDENTs handed in to the portal, or everybody; first as a preview.

    A preview is graded here, by ASSIGNMENT as it is now, while the portal may run on. It shows whose result would
    change, by which case, from what to what, and the final grade. It counts when it is confirmed, here or in the
    portal; the results before stay in the gradebook.
    """
    if sum((preview, bool(show), bool(confirm), bool(discard), listed)) != 1:
        raise click.UsageError("give one of --preview, --show ID, --confirm ID, --discard ID and --list")
    if students and not preview:
        raise click.UsageError("students are named with --preview; a decision is about all of a preview")
    if allow_drops and not confirm:
        raise click.UsageError("--allow-drops goes with --confirm ID")
    if reason and not confirm:
        raise click.UsageError("--reason goes with --confirm ID")
    with exit_on_error(), suggest_weaker_sandbox("full"):
        extras.require("server", "grader regrade")
        with open_gradebook(data, database) as book:
            if preview:
                _preview(book, folder, data, students, jobs, as_json)
                return
            assignment = load(folder)
            if listed:
                _list(book, assignment, as_json)
            elif confirm:
                _confirm(book, assignment, data, confirm, allow_drops, reason, as_json)
            elif discard:
                _discard(book, assignment, data, discard)
            else:
                _show(book, assignment, _found(book, assignment.name, show), as_json)


def _preview(
    book: Gradebook, folder: Path, data: Path, students: Sequence[str], jobs: int | None, as_json: bool
) -> None:
    from grader.cli.portal_options import load_checked
    from grader.cli.tables import progress_bar
    from grader.gradebook.attempt_lists import AttemptLists
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.regrade_grades import attempts_to_regrade
    from grader.gradebook.regrades import Regrades
    from grader.server.preview_run import PreviewRun

    SANDBOXES["full"]().check()
    (assignment,) = load_checked([folder], data)
    name, place, regrades = assignment.name, DataFolder(data), Regrades(book)
    place.files.check()
    numbers = attempts_to_regrade(book, name, _chosen(book, students) or None)
    if not numbers:
        who = "these students have" if students else "nobody has"
        raise UserError(f"{who} handed in {name} to the portal of {data}; a folder of `grader grade` is graded by that")
    regrade = regrades.start(name, numbers, command_user(), preview=True, queued=False)
    try:
        attempts = AttemptLists(book).numbered([one.number for one in regrades.attempts(regrade)])
        with progress_bar("grading", Console(stderr=True)) as graded:
            PreviewRun(book, place, assignment, regrade).grade(attempts, jobs, graded)
    except BaseException as problem:  # Ctrl-C, too
        _drop(book, name, data, regrade.public_id)
        if isinstance(problem, KeyboardInterrupt):
            raise Interrupted("stopped; the preview is deleted, and nothing was changed", 130) from None
        raise
    _show(book, assignment, regrade, as_json)
    if not as_json:
        _say_what_next(book, assignment, folder, data, regrade)


def _chosen(book: Gradebook, students: Sequence[str]) -> list[str]:
    """Return the ids of students. Raises UserError for a name that isn't one's."""
    from grader.gradebook.handins import roster_students

    known = sorted(roster_students(book)) if students else []
    return [exact_student(each, known) for each in students]


def _confirm(
    book: Gradebook, assignment: Assignment, data: Path, id: str, allow_drops: bool, reason: str, as_json: bool
) -> None:
    from grader.cli.regrade_view import describe_drops, show_confirmed
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.regrades import GradesDrop, Regrades
    from grader.server.printed import PrintedTexts

    _found(book, assignment.name, id)
    try:
        found = Regrades(book).confirm(assignment.name, id, command_user(), lower=allow_drops, reason=reason)
    except GradesDrop as problem:
        raise UserError(
            f"{describe_drops(problem.drops)}; nothing was changed. Add --allow-drops if you want it"
        ) from None
    PrintedTexts(DataFolder(data).printed).confirm(id, [one.public_id for one in found if one.kept is None])
    diff = _diff(book, assignment, _found(book, assignment.name, id))
    if as_json:
        print_json(diff.model_dump(mode="json"))
    else:
        show_confirmed(diff, Console())


def _discard(book: Gradebook, assignment: Assignment, data: Path, id: str) -> None:
    _found(book, assignment.name, id)
    _drop(book, assignment.name, data, id)
    print_line(Console(), f"preview {id} is deleted; nothing was changed")


def _drop(book: Gradebook, assignment: str, data: Path, id: str) -> None:
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.regrades import Regrades
    from grader.server.printed import PrintedTexts

    Regrades(book).discard(assignment, id, command_user())
    PrintedTexts(DataFolder(data).printed).discard(id)


def _list(book: Gradebook, assignment: Assignment, as_json: bool) -> None:
    from grader.cli.regrade_view import show_open
    from grader.gradebook.regrades import Regrades

    regrades = Regrades(book)
    found = [(each, regrades.remaining(each)) for each in regrades.open_previews(assignment.name, MAX_OPEN)]
    if as_json:
        print_json(
            [{"id": each.public_id, "who": each.who, "started": each.started, "remaining": n} for each, n in found]
        )
    else:
        show_open(found, Console())


def _show(book: Gradebook, assignment: Assignment, regrade: Regrade, as_json: bool) -> None:
    from grader.cli.regrade_view import show_regrade

    diff = _diff(book, assignment, regrade)
    if as_json:
        print_json(diff.model_dump(mode="json"))
    else:
        show_regrade(diff, Console())


def _diff(book: Gradebook, assignment: Assignment, regrade: Regrade) -> RegradeDiff:
    """Return what a regrade changes, with students as the roster calls them."""
    from grader.gradebook.roster import Roster
    from grader.server.preview_run import NO_KEY
    from grader.server.regrades import describe_regrade

    return describe_regrade(book, regrade, Roster(book, NO_KEY).numbered, assignment.digest)


def _found(book: Gradebook, assignment: str, id: str) -> Regrade:
    """Return a regrade by its id. Raises UserError."""
    from grader._util.escaping import one_line
    from grader.gradebook.regrades import Regrades

    found = Regrades(book).get(assignment, id)
    if found is None:
        raise UserError(f"{assignment} has no regrade {one_line(id, 100)!r}; --list shows the previews that wait")
    return found


def _say_what_next(book: Gradebook, assignment: Assignment, folder: Path, data: Path, regrade: Regrade) -> None:
    """Print the commands that decide, and whether the portal grades by another version."""
    from grader.cli.regrade_view import say_next
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.fingerprint import RunFingerprint
    from grader.gradebook.flags import Flags
    from grader.server.dispatcher import SANDBOX, version_flag, version_of

    mine = version_of(RunFingerprint.for_run(assignment, SANDBOX))
    other = Flags(book).get(version_flag(assignment.name)) not in ("", mine)
    drops = _diff(book, assignment, regrade).drops > 0
    database = (
        " --database URL"
        if book.location != DataFolder(data).gradebook and not os.environ.get(DATABASE_VARIABLE)
        else ""
    )
    call = f"grader regrade {shlex.quote(str(folder))} --data {shlex.quote(str(data))}{database}"
    say_next(call, regrade.public_id, drops, other, Console())
