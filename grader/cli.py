"""Commands only; what they do stands elsewhere.

grader grade submissions/ --assignment solutions/digits --out out
grader validate solutions/digits
grader release solutions/digits --out assignment/digits
grader doctor
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from grader import __version__
from grader.assignment import AssignmentError, load
from grader.batch import SANDBOXES, Batch, BatchError
from grader.gradebook import GradebookError
from grader.intake import IntakeError, collect_all
from grader.model import Assignment
from grader.release import ReleaseError, drift, release
from grader.sandbox.launch import SandboxUnavailable
from grader.terminal import progress, show, summary
from grader.validate import validate
from grader.write import Output

WRONG_COMMAND = 2  # what was asked for can't be done as it was asked
OURS = 3  # something of ours failed; a person must look

folder = click.Path(path_type=Path)
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(list(SANDBOXES)),
    default="full",
    show_default=True,
    help="off runs student code without any protection.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes that grade side by side; one for each core if not given.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Grades notebooks and modules: student code in a sandbox, hidden pytest cases outside of it."""


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=folder, metavar="PATH...")
@click.option("--assignment", "assignment_folder", type=folder, help="The assignment's folder in solutions/.")
@click.option("--out", type=folder, default=Path("out"), show_default=True, help="Where the reports go.")
@jobs_option
@sandbox_option
@click.option("--whole-notebook", is_flag=True, help="Run every cell, not only what graded names need.")
def grade(
    paths: tuple[Path, ...],
    assignment_folder: Path | None,
    out: Path,
    jobs: int | None,
    sandbox: str,
    whole_notebook: bool,
) -> None:
    """Grade notebooks, modules, zips or folders of submissions.

    Ends with 0 when every submission was graded, or rejected with a reason; with 2 when the command was wrong;
    with 3 when something of ours failed.
    """
    console = Console()
    with told():
        assignment = load(assignment_folder or only_assignment())
        SANDBOXES[sandbox]().check()
        submissions = collect_all(paths, assignment)
        batch = Batch(assignment, submissions, jobs or 0, sandbox, whole_notebook)
        with Output.open(out) as output:
            for report in progress(batch, len(submissions), console):
                output.add(report)
            reports = output.finish(batch.log)
        show(reports, console)
        summary(reports, output, console)
    if batch.log or any(report.needs_review for report in reports):
        sys.exit(OURS)


@cli.command("release")
@click.argument("source", type=folder)
@click.option("--out", type=folder, required=True, help="The student's folder, for instance assignment/digits.")
@click.option("--check", is_flag=True, help="Write nothing; fail when OUT isn't what would be written.")
def release_command(source: Path, out: Path, check: bool) -> None:
    """Make what students receive from an assignment's folder, with every answer taken out."""
    with told():
        load(source)
        if not check:
            for path in release(source, out):
                click.echo(path)
            return
        differences = drift(source, out)
    for difference in differences:
        click.echo(f"{out}: {difference}", err=True)
    if differences:
        click.echo(f"{out} isn't what {source} makes; run: grader release {source} --out {out}", err=True)
        sys.exit(1)


@cli.command("validate")
@click.argument("source", type=folder)
@jobs_option
@sandbox_option
def validate_command(source: Path, jobs: int | None, sandbox: str) -> None:
    """Judge the hidden cases: the solutions must earn everything, the stubs nothing."""
    with told():
        assignment: Assignment = load(source)
        SANDBOXES[sandbox]().check()
        findings = validate(assignment, jobs or 0, sandbox)
    for finding in findings:
        click.echo(finding.sentence)
    if not all(finding.fit for finding in findings):
        sys.exit(1)


@cli.command()
def doctor() -> None:
    """Tell which protections this machine gives."""
    bubblewrap = SANDBOXES["full"]()
    try:
        bubblewrap.check()
    except SandboxUnavailable as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG_COMMAND)
    for protection in bubblewrap.protections:
        click.echo(f"on   {protection}")


def only_assignment() -> Path:
    """The one assignment below solutions/, when there is no choice."""
    found = sorted(path.parent for path in Path("solutions").glob("*/assignment.toml"))
    if len(found) != 1:
        names = ", ".join(map(str, found)) or "none in solutions/"
        raise AssignmentError(f"name the assignment with --assignment DIR (found: {names})")
    return found[0]


@contextmanager
def told() -> Iterator[None]:
    """What a user can cause, or mend, ends in one sentence and never in a traceback."""
    try:
        yield
    except (AssignmentError, IntakeError, ReleaseError, GradebookError, SandboxUnavailable) as problem:
        leave(str(problem), WRONG_COMMAND)
    except BatchError as problem:
        leave(str(problem), OURS)
    except KeyboardInterrupt:
        leave("stopped; every report made so far is kept", 130)


def leave(message: str, code: int) -> None:
    click.echo(f"grader: {message}", err=True)
    sys.exit(code)
