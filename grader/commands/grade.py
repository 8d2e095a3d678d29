"""grader grade submissions/ --assignment solutions/digits --out out"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from grader.assignment import load, only
from grader.commands.common import (
    OURS,
    cluster_option,
    folder,
    jobs_option,
    only_assignment,
    require_here,
    sandbox_option,
    told,
)
from grader.contents import Contents
from grader.grade import Options, grade_class
from grader.intake import collect_all


@click.command("grade")
@click.argument("paths", nargs=-1, required=True, type=folder, metavar="PATH...")
@click.option("--assignment", "assignment_folder", type=folder, help="The assignment's folder in solutions/.")
@click.option("--out", type=folder, default=Path("out"), show_default=True, help="Where the reports go.")
@jobs_option
@cluster_option
@sandbox_option
@click.option("--question", "questions", multiple=True, metavar="NAME", help="Grade only this one; may be repeated.")
@click.option("--whole-notebook", is_flag=True, help="Run every cell, not only what graded names need.")
@click.option("--fresh", is_flag=True, help="Grade again what an earlier run has graded and nothing has changed.")
def command(
    paths: tuple[Path, ...],
    assignment_folder: Path | None,
    out: Path,
    jobs: int | None,
    cluster: str,
    sandbox: str,
    questions: tuple[str, ...],
    whole_notebook: bool,
    fresh: bool,
) -> None:
    """Grade notebooks, modules, zips or folders of submissions.

    What an earlier run into the same OUT has graded is not graded again, unless the submission, the assignment or
    the grader has changed: a run that was stopped goes on where it was when the same command is given again.

    Ends with 0 when every submission was graded, or rejected with a reason; with 2 when the command was wrong;
    with 3 when something of ours failed; with 130 after Ctrl-C.
    """
    options = Options(jobs or 0, sandbox, whole_notebook, fresh, cluster)
    with told(), Contents() as contents:
        assignment = load(assignment_folder or only_assignment())
        if questions:
            assignment = only(assignment, questions)
        require_here(sandbox, cluster, jobs)
        submissions = collect_all(paths, assignment, contents)
        fine = grade_class(assignment, submissions, contents, out, options, Console())
    if not fine:
        sys.exit(OURS)
