"""Ctrl-C while a command is imported: one sentence, and the exit code that shells expect."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from grader import __main__
from grader.cli.main import cli


class Interrupted(ModuleType):
    """A module whose import the user interrupts."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_while_the_command_line_is_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "grader.cli.main", Interrupted("grader.cli.main"))
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "grader: stopped\n"


def test_while_a_command_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(name: str) -> ModuleType:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", interrupted)
    result = CliRunner().invoke(cli, ["grade"])
    assert result.exit_code == 130
    assert result.output == "grader: stopped\n"


def test_while_its_options_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> click.Context:
        raise KeyboardInterrupt

    monkeypatch.setattr(click.Group, "make_context", interrupted)
    result = CliRunner().invoke(cli, ["grade"])
    assert result.exit_code == 130
    assert result.output == "grader: stopped\n"
