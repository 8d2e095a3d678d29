"""The command `grader release`: write the student's version of an assignment."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.assignments.loader import load
from grader.authoring.release import drift, release
from grader.cli.options import PATH, exit_on_error
from grader.grading import validation


@click.command("release")
@click.argument("source", type=PATH)
@click.option("--out", type=PATH, required=True, help="Folder for students, such as assignment/digits.")
@click.option("--check", is_flag=True, help="Write nothing; fail if OUT is out of date.")
def command(source: Path, out: Path, check: bool) -> None:
    """Write the student's version of an assignment: its notebook and module without the answers."""
    with exit_on_error():
        assignment = load(source)
        validation.check(assignment)
        validation.check_cases(assignment)
        if not check:
            for path in release(source, out):
                click.echo(path)
            return
        differences = drift(source, out)
    for difference in differences:
        click.echo(f"{out}: {difference}", err=True)
    if differences:
        click.echo(f"{out} differs from the release of {source}; run: grader release {source} --out {out}", err=True)
        sys.exit(1)
