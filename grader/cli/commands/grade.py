"""The command `grader grade`: grade submissions and write the reports."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from grader.assignments.loader import load, select_questions
from grader.cli.display import ConsoleDisplay
from grader.cli.log_options import log_options
from grader.cli.options import (
    EXIT_INTERNAL,
    PATH,
    check_cluster,
    check_positions,
    choose_pages,
    cluster_option,
    complete_assignments,
    database_option,
    exit_on_error,
    jobs_option,
    json_option,
    only_assignment,
    open_gradebook,
    print_json,
    sandbox_option,
    suggest_weaker_sandbox,
)
from grader.cli.platform_option import platform_option, print_hint
from grader.errors import UserError
from grader.execution.run import Options, grade_class
from grader.grading import validation
from grader.models import Submission
from grader.submissions.collect import collect_all
from grader.submissions.spool import SubmissionSpool


@click.command("grade")
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option(
    "--assignment",
    "assignment_folder",
    type=PATH,
    shell_complete=complete_assignments,
    help="The assignment's folder in solutions/.",
)
@click.option("--out", type=PATH, default=Path("out"), show_default=True, help="Folder for the reports.")
@jobs_option
@cluster_option
@sandbox_option
@click.option(
    "--question", "questions", multiple=True, metavar="NAME", help="Grade only this question; may be repeated."
)
@click.option("--whole-notebook", is_flag=True, help="Run every cell, not only those that graded names need.")
@click.option(
    "--pages/--no-pages",
    default=None,
    help="Write HTML as well as JSON, Markdown and CSV. Default: if the extra html is installed.",
)
@click.option(
    "--fresh", is_flag=True, help="Grade all submissions again, also unchanged ones that an earlier run graded."
)
@click.option(
    "--attempt",
    type=click.Choice(["last", "first"]),
    default="last",
    show_default=True,
    help="Attempt to grade if a platform has several.",
)
@platform_option
@click.option(
    "--worksheet",
    type=PATH,
    help="Grading worksheet from Moodle: drafts aren't graded, late submissions are marked, names are as in Moodle.",
)
@database_option
@log_options
@json_option
def command(
    paths: tuple[Path, ...],
    assignment_folder: Path | None,
    out: Path,
    jobs: int | None,
    cluster: str,
    sandbox: str,
    questions: tuple[str, ...],
    whole_notebook: bool,
    pages: bool | None,
    fresh: bool,
    attempt: str,
    platform: str | None,
    worksheet: Path | None,
    database: str,
    as_json: bool,
) -> None:
    """Grade notebooks, modules, zips or folders of submissions.

    A submission that an earlier run into OUT graded is graded again only if the submission, the assignment or the
    grader has changed. To resume a run that was stopped, give the same command again.

    Exit code: 0 if every submission was graded or rejected with a reason, 2 if the command can't be done, 3 after a
    grader error, 130 after Ctrl-C.
    """
    with exit_on_error(), suggest_weaker_sandbox(sandbox), SubmissionSpool() as contents:
        options = Options(jobs or 0, sandbox, whole_notebook, fresh, choose_pages(pages), cluster, database)
        check_cluster(cluster, jobs)
        assignment = load(assignment_folder or only_assignment())
        check_positions(sandbox, assignment, out, paths)
        validation.check(assignment)
        if questions:
            assignment = select_questions(assignment, questions)
        before = partial(previous_digests, out, database, assignment.name)
        submissions = collect_all(paths, assignment, contents, attempt, platform or "", print_hint, before)
        if worksheet:
            submissions = with_status(worksheet, submissions, contents)
        console = Console(stderr=as_json)  # stdout holds nothing but JSON
        display = ConsoleDisplay(console, table=not as_json)
        result = grade_class(assignment, submissions, contents, out, options, display, students=as_json)
    if as_json:
        print_json(result)
    if result.review:
        sys.exit(EXIT_INTERNAL)


def with_status(worksheet: Path, submissions: list[Submission], contents: SubmissionSpool) -> list[Submission]:
    """Return the submissions with what a worksheet of Moodle says of them, and print what it doesn't say."""
    from grader.exports.moodle_status import apply_worksheet  # late: few runs import exports

    applied = apply_worksheet(worksheet, submissions)
    for draft in applied.drafts:
        contents.release(draft.digest)
    for sentence in applied.sentences:
        print_hint(sentence)
    return applied.submissions


def previous_digests(out: Path, database: str, assignment: str) -> dict[str, str]:
    """Return student -> digest of the graded submission in the gradebook; empty if there is no gradebook yet."""
    with suppress(UserError), open_gradebook(out, database) as book:
        return book.submitted_digests(assignment)
    return {}
