"""-v, --log-file and --log-format, before or after the command's name."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from grader._util import logs
from grader.cli.log_options import log_options

LOG = logging.getLogger("grader.execution")


@click.group()
@log_options
def group() -> None:
    """A group with a command."""


@group.command()
@log_options
def work() -> None:
    logs.event(LOG, logging.DEBUG, "case", student="ada")
    logs.event(LOG, logging.INFO, "submission graded", student="ada")
    logs.event(LOG, logging.WARNING, "worker lost", pid=7)
    print("done")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def events(lines: str) -> list[str]:
    return [line.partition("] ")[2].partition(":")[0] for line in lines.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["work"], []),
        (["work", "-v"], ["submission graded", "worker lost"]),
        (["-v", "work"], ["submission graded", "worker lost"]),
        (["-v", "work", "-v"], ["case", "submission graded", "worker lost"]),
        (["work", "-vv"], ["case", "submission graded", "worker lost"]),
        (["-vvv", "work"], ["case", "submission graded", "worker lost"]),
    ],
)
def test_how_often_it_is_asked_for_sets_the_level(arguments: Sequence[str], told: list[str]) -> None:
    """Everything goes to stderr, so that what a program reads stays as it is."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (0, "done\n")
    assert events(result.stderr) == told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([], ["submission graded", "worker lost"]),
        (["-v"], ["submission graded", "worker lost"]),
        (["-vv"], ["case", "submission graded", "worker lost"]),
    ],
)
def test_a_file_has_the_same_from_info_on(tmp_path: Path, more: list[str], told: list[str]) -> None:
    """Without -v the terminal stays quiet; a second run adds to the file."""
    path = tmp_path / "log"
    for _ in range(2):
        result = run("work", "--log-file", str(path), *more)
        assert result.exit_code == 0
        assert events(result.stderr) == (told if more else [])
    assert events(path.read_text()) == 2 * told


def test_lines_of_json(tmp_path: Path) -> None:
    """The format counts wherever it stands, before the file or after it."""
    path = tmp_path / "log"
    run("--log-file", str(path), "work", "--log-format", "json")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["submission graded", "worker lost"]
    assert lines[0]["fields"] == {"student": "ada"}


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """And nothing is done."""
    result = run("work", "--log-file", str(tmp_path / "none" / "log"))
    assert result.exit_code == 2
    assert "can't be written: No such file or directory" in result.stderr
    assert "done" not in result.stdout


def test_a_full_disk_costs_the_log_and_not_the_run() -> None:
    """One sentence, however many records can't be written, and no traceback."""
    result = run("work", "--log-file", "/dev/full")
    assert (result.exit_code, result.stdout) == (0, "done\n")
    assert result.stderr == "grader: /dev/full can't be written any more; the log has gaps from here on\n"


def test_nothing_is_left_behind() -> None:
    """A program that calls a command finds its logger as it was."""
    root = logging.getLogger(logs.ROOT)
    before = list(root.handlers)
    run("-v", "work", "-v")
    assert (root.handlers, root.level) == (before, logging.NOTSET)
