"""Commands only; what they do stands elsewhere.

grader grade submissions/ --assignment solutions/digits --out out
grader runs out
grader diff out
grader validate solutions/digits
grader release solutions/digits --out assignment/digits
grader doctor
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import msgspec
from rich.console import Console

from grader import __version__
from grader.assignment import AssignmentError, load, only
from grader.batch import SANDBOXES, BatchError
from grader.compare import CompareError, choose, compare
from grader.contents import Contents
from grader.doctor import examined, levels
from grader.files import write_atomically
from grader.grade import Options, Stopped, grade_class
from grader.gradebook import Gradebook, GradebookError
from grader.intake import IntakeError, collect_all
from grader.model import Assignment
from grader.release import ReleaseError, drift, release
from grader.reporters import as_quality
from grader.sandbox.machine import SandboxUnavailable
from grader.terminal import counting, show_comparison, show_quality, show_runs
from grader.validate import validate
from grader.write import GRADEBOOK, OutputFailed, OutputUnfit

WRONG_COMMAND = 2  # what was asked for can't be done as it was asked
OURS = 3  # something of ours failed; a person must look

UNFIT = (
    AssignmentError,
    CompareError,
    GradebookError,
    IntakeError,
    OutputUnfit,
    ReleaseError,
    SandboxUnavailable,
)

folder = click.Path(path_type=Path)
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(list(SANDBOXES)),
    default="full",
    show_default=True,
    help="process: without namespaces, where a machine has none. off: without any protection.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes that grade side by side; one for each core if not given.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


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
@click.option("--question", "questions", multiple=True, metavar="NAME", help="Grade only this one; may be repeated.")
@click.option("--whole-notebook", is_flag=True, help="Run every cell, not only what graded names need.")
@click.option("--fresh", is_flag=True, help="Grade again what an earlier run has graded and nothing has changed.")
def grade(
    paths: tuple[Path, ...],
    assignment_folder: Path | None,
    out: Path,
    jobs: int | None,
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
    options = Options(jobs or 0, sandbox, whole_notebook, fresh)
    with told(), Contents() as contents:
        assignment = load(assignment_folder or only_assignment())
        if questions:
            assignment = only(assignment, questions)
        require(sandbox)
        submissions = collect_all(paths, assignment, contents)
        fine = grade_class(assignment, submissions, contents, out, options, Console())
    if not fine:
        sys.exit(OURS)


@cli.command("runs")
@click.argument("out", type=folder)
@json_option
def runs_command(out: Path, as_json: bool) -> None:
    """List the runs whose results are in OUT, a folder that `grader grade` made."""
    with told(), Gradebook.existing(out / GRADEBOOK) as book:
        runs = book.runs()
    if as_json:
        print_json(runs)
    else:
        show_runs(runs, Console())


@cli.command("diff")
@click.argument("out", type=folder)
@click.argument("runs", type=int, nargs=-1, metavar="[RUN RUN]")
@json_option
def diff_command(out: Path, runs: tuple[int, ...], as_json: bool) -> None:
    """Show whose score differs between two runs in OUT, question by question, and through which cases.

    Without numbers of runs, which `grader runs` lists, the last two that came to their end are compared.
    """
    if len(runs) not in (0, 2):
        raise click.UsageError("name two runs, or none for the last two")
    with told(), Gradebook.existing(out / GRADEBOOK) as book:
        comparison = compare(book, *choose(book, runs))
    if as_json:
        print_json(comparison)
    else:
        show_comparison(comparison, Console())


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
@click.option("--report", type=folder, help="Write the judgement as a Markdown page to this file.")
@jobs_option
@sandbox_option
@json_option
def validate_command(source: Path, report: Path | None, jobs: int | None, sandbox: str, as_json: bool) -> None:
    """Judge the hidden cases by what they say of submissions whose worth is known.

    The solutions and alternatives.py must earn everything, the stubs nothing; everything in misconceptions.py must
    lose its question and no other; every mutant of the solution must lose points, or be listed in equivalent.toml.

    Ends with 0 when the cases are fit, with 1 when they aren't.
    """
    with told(), counting("judging", Console(stderr=True)) as progress:
        assignment: Assignment = load(source)
        require(sandbox)
        quality = validate(assignment, jobs or 0, sandbox, progress)
        if report:
            write_page(report, as_quality.render(quality))
    if as_json:
        print_json(quality)
    else:
        show_quality(quality, Console())
    if not quality.fit:
        sys.exit(1)


@cli.command()
def doctor() -> None:
    """Tell which protections this machine gives, and how to get those that it doesn't.

    Ends with 0 when the full sandbox is possible, with 2 when it isn't.
    """
    found = list(levels())
    click.echo("\n".join(examined(found)))
    if not found[0].possible:
        sys.exit(WRONG_COMMAND)


def require(sandbox: str) -> None:
    """Raises SandboxUnavailable where this machine doesn't give a level; a weaker one must be asked for by name."""
    try:
        SANDBOXES[sandbox]().check()
    except SandboxUnavailable as problem:
        why = f"--sandbox={sandbox} can't be had here: {problem.why}"
        weaker = f"; or grade with less protection: --sandbox={found}" if (found := below(sandbox)) else ""
        raise SandboxUnavailable(why, problem.how + weaker) from None


def below(sandbox: str) -> str:
    """The best level below another that this machine seems to give, if any."""
    names = list(SANDBOXES)
    for name in names[names.index(sandbox) + 1 :]:
        with suppress(SandboxUnavailable):
            SANDBOXES[name]().check()
            return name
    return ""


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
    except UNFIT as problem:
        leave(str(problem), WRONG_COMMAND)
    except (BatchError, OutputFailed) as problem:
        leave(str(problem), OURS)
    except Stopped as stopped:
        leave(str(stopped), stopped.exit_code)
    except KeyboardInterrupt:
        leave("stopped; every report made so far is kept", 130)


def write_page(path: Path, page: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, page)
    except OSError as problem:
        raise OutputFailed(f"{path} can't be written: {problem.strerror}") from None


def print_json(value: object) -> None:
    """As ASCII, so that nothing in it does anything to a terminal."""
    click.echo(json.dumps(msgspec.to_builtins(value), indent=2))


def leave(message: str, code: int) -> None:
    click.echo(f"grader: {message}", err=True)
    sys.exit(code)
