"""What several commands share: options, errors as sentences, where things are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import msgspec

from grader.assignment import AssignmentError
from grader.batch import SANDBOXES
from grader.errors import Failed, Stopped, Unfit
from grader.sandbox.machine import SandboxUnavailable

WRONG_COMMAND = 2  # what was asked for can't be done as it was asked
OURS = 3  # something of ours failed; a person must look

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
cluster_option = click.option(
    "--cluster",
    default="",
    metavar="WHERE",
    help="Grade on Dask workers: local:N, tcp://HOST:PORT, tls://HOST:PORT, or a file that describes a cluster.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def require(sandbox: str) -> None:
    """Raises SandboxUnavailable where this machine doesn't give a level; a weaker one must be asked for by name."""
    try:
        SANDBOXES[sandbox]().check()
    except SandboxUnavailable as problem:
        why = f"--sandbox={sandbox} can't be had here: {problem.why}"
        weaker = f"; or grade with less protection: --sandbox={found}" if (found := below(sandbox)) else ""
        raise SandboxUnavailable(why, problem.how + weaker) from None


def require_here(sandbox: str, cluster: str, jobs: int | None) -> None:
    """Raises what keeps a run from beginning. On a cluster it's the workers that need a sandbox, and are asked."""
    if not cluster:
        require(sandbox)
        return
    if jobs:
        raise click.UsageError("--jobs is for this machine alone; on a cluster, grading goes on in its workers")
    from grader.cluster.target import parse

    parse(cluster)


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
    except (Unfit, SandboxUnavailable) as problem:
        leave(str(problem), WRONG_COMMAND)
    except Failed as problem:
        leave(str(problem), OURS)
    except Stopped as stopped:
        leave(str(stopped), stopped.exit_code)
    except KeyboardInterrupt:
        leave("stopped; every report made so far is kept", 130)


def print_json(value: object) -> None:
    """As ASCII, so that nothing in it does anything to a terminal."""
    click.echo(json.dumps(msgspec.to_builtins(value), indent=2))


def leave(message: str, code: int) -> None:
    click.echo(f"grader: {message}", err=True)
    sys.exit(code)
