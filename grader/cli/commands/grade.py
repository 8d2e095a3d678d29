"""grader grade submissions/ --assignment solutions/digits --out out"""

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
    exit_on_error,
    jobs_option,
    json_option,
    only_assignment,
    print_json,
    sandbox_option,
    suggest_weaker_sandbox,
)
from grader.cli.platform_option import platform_option, print_hint
from grader.errors import UserError
from grader.execution.output import GRADEBOOK, graded
from grader.execution.run import Options, grade_class
from grader.gradebook.store import Gradebook
from grader.grading import validation
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
@click.option("--out", type=PATH, default=Path("out"), show_default=True, help="Where the reports go.")
@jobs_option
@cluster_option
@sandbox_option
@click.option("--question", "questions", multiple=True, metavar="NAME", help="Grade only this one; may be repeated.")
@click.option("--whole-notebook", is_flag=True, help="Run every cell, not only what graded names need.")
@click.option(
    "--pages/--no-pages",
    default=None,
    help="Write HTML beside JSON, Markdown and CSV; done unless the extra html is not installed.",
)
@click.option("--fresh", is_flag=True, help="Grade again what an earlier run has graded and nothing has changed.")
@click.option(
    "--attempt",
    type=click.Choice(["last", "first"]),
    default="last",
    show_default=True,
    help="Which one counts where a platform hands out several.",
)
@platform_option
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
    as_json: bool,
) -> None:
    """Grade notebooks, modules, zips or folders of submissions.

    What an earlier run into the same OUT has graded is not graded again, unless the submission, the assignment or
    the grader has changed: a run that was stopped goes on where it was when the same command is given again.

    Ends with 0 when every submission was graded, or rejected with a reason; with 2 when the command was wrong;
    with 3 when something of ours failed; with 130 after Ctrl-C.
    """
    with exit_on_error(), suggest_weaker_sandbox(sandbox), SubmissionSpool() as contents:
        options = Options(jobs or 0, sandbox, whole_notebook, fresh, choose_pages(pages), cluster)
        check_cluster(cluster, jobs)
        assignment = load(assignment_folder or only_assignment())
        check_positions(sandbox, assignment, out, paths)
        validation.check(assignment)
        if questions:
            assignment = select_questions(assignment, questions)
        before = partial(previous_digests, out, assignment.name)
        submissions = collect_all(paths, assignment, contents, attempt, platform or "", print_hint, before)
        console = Console(stderr=as_json)  # so that nothing but JSON is on stdout
        display = ConsoleDisplay(console, table=not as_json)
        result = grade_class(assignment, submissions, contents, out, options, display, students=as_json)
    if as_json:
        print_json(result)
    if result.review:
        sys.exit(EXIT_INTERNAL)


def previous_digests(out: Path, assignment: str) -> dict[str, str]:
    """Who has a graded submission in OUT, and its digest; nobody where there is no gradebook yet."""
    with suppress(UserError), Gradebook.open_existing(out / GRADEBOOK) as book:
        return graded(book, assignment)
    return {}
