"""What `grader regrade` prints: whose result changes, why, and what that does to the final grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.cli.tables import show_changes
from grader.gradebook.final_changes import FinalChange
from grader.gradebook.run_diff import CaseChange, QuestionChange, StudentChange

if TYPE_CHECKING:
    from grader.gradebook.regrade_grades import RegradedGrade
    from grader.gradebook.regraded import Regrade
    from grader.server.regrades import RegradeChange, RegradeDiff

MAX_NAMED = 100  # students in a sentence
ID_SHOWN = 8  # letters of a submission's id
STATES = {
    "grading": "isn't complete yet",
    "ready": "waits to be confirmed or discarded",
    "confirmed": "was confirmed",
    "discarded": "was discarded",
    "done": "is complete",
}


def show_regrade(diff: RegradeDiff, console: Console) -> None:
    """Print what a regrade changes, the grades that drop first."""
    kind = "preview" if diff.preview else "regrade"
    ended = f" by {one_line(diff.ended_by, 100)}" if diff.ended_by else ""
    print_line(console, f"{kind} {diff.id} by {one_line(diff.who, 100)} {STATES[diff.state]}{ended}")
    changed = sorted((row for row in diff.changes if row.changed), key=lambda row: not row.drops)
    several = Counter(row.student for row in diff.changes)
    show_changes([_as_change(row, several[row.student] > 1) for row in changed], console)
    for row in diff.changes:
        if row.kept:
            print_line(console, f"{one_line(row.student, 100)} stays as before: {one_line(row.kept)}")
    kept = sum(bool(row.kept) for row in diff.changes)
    scores = "1 score drops" if diff.lower == 1 else f"{diff.lower} scores drop"
    grades = "1 final grade does" if diff.drops == 1 else f"{diff.drops} final grades do"
    stay = f"; {kept} {'stays' if kept == 1 else 'stay'} as before" if kept else ""
    drop = f"{scores}, {grades}" if diff.lower or diff.drops else "no score drops"
    print_line(console, f"{len(changed)} of {len(diff.changes)} results change; {drop}{stay}")
    if later := _later(diff):
        print_line(console, f"other late days are left, so these change, too: {_named(later)}")
    own = {row.student: row.final for row in changed if row.final and row.final.drops}
    drops = [(student, final.before, final.after) for student, final in own.items()] + _later(diff, drops=True)
    if drops:
        print_line(console, f"final grades that drop: {_named(drops)}")
    if diff.outdated:
        print_line(console, "it was graded by another version of the assignment than this one")


def say_next(call: str, id: str, drops: bool, other_version: bool, console: Console) -> None:
    """Print the commands that decide about a preview.

    :param call: the command with its assignment and data folder
    :param other_version: whether the portal grades by another version
    """
    print_line(console, "Nothing counts yet. Decide by one of")
    print_line(console, f"    {call} --confirm {id}{' --allow-drops' * drops}")
    print_line(console, f"    {call} --discard {id}")
    if other_version:
        print_line(console, "The portal grades by another version: restart it, or new submissions are graded by that.")


def show_confirmed(diff: RegradeDiff, console: Console) -> None:
    """Print what was confirmed, and whose final grade has changed."""
    kept = sum(bool(row.kept) for row in diff.changes)
    stay = f", {kept} {'stays' if kept == 1 else 'stay'} as before" if kept else ""
    count = len(diff.changes) - kept
    print_line(
        console, f"preview {diff.id} is confirmed: {count} {'result counts' if count == 1 else 'results count'}{stay}"
    )
    grades = {row.student: row.final for row in diff.changes if row.final}
    changed = [(name, each.before, each.after) for name, each in grades.items() if each.before != each.after]
    print_line(console, f"final grades that changed: {_named(changed + _later(diff)) or 'none'}")


def show_open(found: Sequence[tuple[Regrade, int]], console: Console) -> None:
    """Print the previews that wait for a decision.

    :param found: each with the number of submissions that aren't graded again yet
    """
    for regrade, remaining in found:
        waits = f"{remaining} not graded yet" if remaining else STATES["ready"]
        print_line(console, f"{regrade.public_id}: by {one_line(regrade.who, 100)}, {regrade.started}, {waits}")
    if not found:
        print_line(console, "there are none")


def describe_drops(drops: Sequence[RegradedGrade]) -> str:
    """Return which final grades would drop."""
    named: list[tuple[str, str, str]] = []
    for each in drops:
        own = [(each.student, each.final)] if each.final.drops else []
        later = [(f"{each.student} in {one.assignment}", one.final) for one in each.later if one.final.drops]
        named += [(name, final.before, final.after) for name, final in (*own, *later)]
    what = "1 final grade" if len(named) == 1 else f"{len(named)} final grades"
    return f"{what} would drop: {_named(named)}"


def _later(diff: RegradeDiff, drops: bool = False) -> list[tuple[str, str, str]]:
    """Return the grades for assignments due later that change, each once, or those that drop."""
    found = {(row.student, each.assignment): each for row in diff.changes for each in row.later}
    return [
        (f"{student} in {name}", each.final.before, each.final.after)
        for (student, name), each in found.items()
        if each.final and (each.drops or not drops)
    ]


def _named(changes: Sequence[tuple[str, str, str]]) -> str:
    shown = [f"{one_line(name, 100)} ({before} -> {after})" for name, before, after in changes[:MAX_NAMED]]
    more = [f"{len(changes) - MAX_NAMED} more"] if len(changes) > MAX_NAMED else []
    return ", ".join([*shown, *more])


def _as_change(row: RegradeChange, several: bool) -> StudentChange:
    """Return a change as the table of `grader diff` has it.

    :param several: whether the student has further submissions in the regrade
    """
    final = row.final
    return StudentChange(
        student=f"{row.student}, {row.submission[:ID_SHOWN]}" if several else row.student,
        before=_score(row.before, row.max_before),
        after=_score(row.after, row.max_after),
        reasons=tuple(row.reasons),
        questions=tuple(
            QuestionChange(
                each.name, each.before, each.after, tuple(CaseChange(**case.model_dump()) for case in each.cases)
            )
            for each in row.questions
        ),
        final=FinalChange(**{**final.model_dump(), "flagged": tuple(final.flagged)})
        if final and row.grade_says_more
        else None,
    )


def _score(score: float | None, max_score: float | None) -> str:
    return "no score" if score is None or max_score is None else f"{format_number(score)} / {format_number(max_score)}"
