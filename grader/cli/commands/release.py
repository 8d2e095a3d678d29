"""grader release solutions/digits --out assignment/digits"""

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
@click.option("--out", type=PATH, required=True, help="The student's folder, for instance assignment/digits.")
@click.option("--check", is_flag=True, help="Write nothing; fail when OUT isn't what would be written.")
def command(source: Path, out: Path, check: bool) -> None:
    """Make what students receive from an assignment's folder, with every answer taken out."""
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
        click.echo(f"{out} isn't what {source} makes; run: grader release {source} --out {out}", err=True)
        sys.exit(1)
