"""Options, error handling and shell completion that several commands share."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from click.shell_completion import CompletionItem

from grader._util import extras
from grader._util.cache_folder import cache_folder
from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.assignments.loader import AssignmentError
from grader.errors import InternalError, Interrupted, MissingPackages, UserError
from grader.execution.output import GRADEBOOK
from grader.models import Assignment
from grader.sandbox.host import exposure
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

EXIT_USAGE = 2  # the user has to change something
EXIT_INTERNAL = 3  # grader error; needs manual review

DATABASE_VARIABLE = "GRADER_DATABASE"
PATH = click.Path(path_type=Path)
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(list(SANDBOXES)),
    default="full",
    show_default=True,
    help="full: all protections. process: without namespaces. off: no protection.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Grading processes. Default: one for each core.",
)
cluster_option = click.option(
    "--cluster",
    default="",
    metavar="WHERE",
    help="Grade on Dask workers: local:N, tcp://HOST:PORT, tls://HOST:PORT, or a file that describes a cluster.",
)
database_option = click.option(
    "--database",
    default="",
    envvar=DATABASE_VARIABLE,
    metavar="URL",
    callback=lambda _context, _parameter, url: check_database(url),
    help="Gradebook in PostgreSQL, postgresql+psycopg://USER:PASSWORD@HOST/NAME, instead of OUT/gradebook.sqlite.",
)
assignment_name_option = click.option(
    "--assignment", default="", metavar="NAME", help="Name of the assignment, if OUT has reports of several."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@contextmanager
def suggest_weaker_sandbox(sandbox: str) -> Iterator[None]:
    """Add the strongest weaker level that works to SandboxUnavailable: the user has to choose it by name."""
    try:
        yield
    except SandboxUnavailable as problem:
        why = f"--sandbox={sandbox} isn't available here: {problem.why}"
        weaker = f"; or grade with less protection: --sandbox={found}" if (found := weaker_sandbox(sandbox)) else ""
        raise SandboxUnavailable(why, problem.how + weaker) from None


def check_cluster(cluster: str, jobs: int | None) -> None:
    """Raise UserError or UsageError if --cluster is wrong. The sandbox is checked by the workers."""
    if not cluster:
        return
    if jobs:
        raise click.UsageError("--jobs and --cluster exclude each other: on a cluster, its workers grade; drop --jobs")
    from grader.execution.dask.address import parse

    parse(cluster)


def check_database(url: str) -> str:
    """Return the URL of --database. Raises UsageError if it can't be one."""
    if url and not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise click.UsageError("--database takes the URL of a PostgreSQL database, postgresql+psycopg://...")
    return url


def open_gradebook(out: Path, database: str = "") -> Gradebook:
    """Open the gradebook in the folder `out`, or at the URL. Raises GradebookError if there is none."""
    from grader.gradebook.store import Gradebook

    return Gradebook.open_existing(gradebook_location(out, database))


def choose_assignment(book: Gradebook, assignment: str) -> Gradebook:
    """Return the gradebook, or a view of the assignment that --assignment names.

    Raises UserError if there is no such assignment, or if there are several and none is named.
    """
    names = book.assignments()
    if assignment and assignment not in names:
        found = join_with_and(names) or "no reports"
        raise UserError(f"{book.name} has no reports of the assignment {assignment!r}; it has {found}")
    if not assignment and len(names) > 1:
        raise UserError(f"{book.name} has reports of {join_with_and(names)}; choose one with --assignment NAME")
    return book.for_assignment(assignment) if assignment else book


def gradebook_location(out: Path, database: str) -> Path | str:
    """Return the URL of --database, or the path of the gradebook in the folder `out`."""
    return database or out / GRADEBOOK


def command_user() -> str:
    """Return who uses the command, for the audit log."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container without an entry for the user
        return "command line"


def choose_pages(asked: bool | None) -> bool:
    """Return whether to write HTML pages. Print a line on stderr if the extra `html` is missing.

    :param asked: True for --pages, False for --no-pages, None without either
    Raises MissingPackages if `asked` is True and the extra is missing.
    """
    if asked is False:
        return False
    try:
        extras.require("html", "--pages" if asked else "no pages are written: HTML")
    except MissingPackages as problem:
        if asked:
            raise
        click.echo(f"grader: {problem}", err=True)
        return False
    return True


def check_positions(sandbox: str, assignment: Assignment, out: Path, handed_in: Iterable[Path]) -> None:
    """Raise Exposed if a submission could read the assignment, results, other submissions or known answers."""
    private = {"the assignment": assignment.folder, "the output": out, "the cache of known answers": cache_folder()}
    private |= {f"what was handed in ({number})": path for number, path in enumerate(handed_in, 1)}
    exposure.check(sandbox, assignment.support, private)


def weaker_sandbox(sandbox: str) -> str:
    """Return the strongest level below `sandbox` that this machine supports; empty if there is none."""
    names = list(SANDBOXES)
    for name in names[names.index(sandbox) + 1 :]:
        with suppress(SandboxUnavailable):
            SANDBOXES[name]().check()
            return name
    return ""


def only_assignment() -> Path:
    """Return the only assignment below solutions/. Raises AssignmentError if there isn't exactly one."""
    found = sorted(path.parent for path in Path("solutions").glob("*/assignment.toml"))
    if len(found) != 1:
        names = ", ".join(map(str, found)) or "none in solutions/"
        raise AssignmentError(f"name the assignment with --assignment DIR (found: {names})")
    return found[0]


def complete_assignments(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the assignments below solutions/ that begin with `begun`, else let the shell complete a folder."""
    found = sorted(str(path.parent) for path in Path("solutions").glob("*/assignment.toml"))
    return [CompletionItem(path) for path in found if path.startswith(begun)] or [CompletionItem(begun, type="dir")]


def _completed_gradebook(context: click.Context) -> Gradebook:
    return open_gradebook(Path(context.params.get("out") or ""), context.params.get("database") or "")


def complete_runs(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the runs in the folder OUT whose number begins with `begun`, newest first."""
    with suppress(UserError), _completed_gradebook(context) as book:
        runs = [(str(run.number), run) for run in reversed(book.runs())]
        return [CompletionItem(number, help=run.started) for number, run in runs if number.startswith(begun)]
    return []


def complete_students(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the students in the folder OUT whose name begins with `begun`."""
    with suppress(UserError), _completed_gradebook(context) as book:
        return [CompletionItem(one_line(name)) for name in book.students() if name.startswith(begun)]
    return []


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Turn the errors of grader into a message on stderr and an exit code, without a traceback."""
    try:
        yield
    except (UserError, SandboxUnavailable) as problem:
        exit_with_message(str(problem), EXIT_USAGE)
    except InternalError as problem:
        exit_with_message(str(problem), EXIT_INTERNAL)
    except Interrupted as stopped:
        exit_with_message(str(stopped), stopped.exit_code)
    except KeyboardInterrupt:
        exit_with_message("stopped; every report made so far is kept", 130)


def print_json(value: object) -> None:
    """Print a value as JSON in ASCII, so that it holds no control characters of a terminal."""
    click.echo(json.dumps(msgspec.to_builtins(value), indent=2))


def exit_with_message(message: str, code: int) -> None:
    """Print a message on stderr and exit with a code."""
    click.echo(f"grader: {message}", err=True)
    sys.exit(code)
