"""The options -v, --log-file and --log-format, which are valid before and after the name of a command."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from grader._util import logs

Command = TypeVar("Command", bound=Callable[..., Any])

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)  # of stderr, by the count of -v
FORMATS: dict[str, type[logging.Formatter]] = {"text": logs.TextFormatter, "json": logs.JsonFormatter}
META_KEY = "grader.log"  # of this call's log options in click's `Context.meta`


class LogFile(logging.FileHandler):
    """Append to a file. When that is no longer possible, as on a full disk, say so once, and let the run go on."""

    _reported = False

    def handleError(self, record: logging.LogRecord) -> None:
        """Say that a record couldn't be written."""
        if not self._reported:
            self._reported = True
            print(
                f"grader: {self.baseFilename} can't be written any more; the log has gaps from here on", file=sys.stderr
            )

    def close(self) -> None:
        """Close the file. What can't be written by now isn't."""
        with contextlib.suppress(OSError):
            super().close()


class StderrHandler(logging.StreamHandler[TextIO]):
    """Handler that looks up `sys.stderr` at each record: a progress bar replaces it to print records above itself."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Let the run go on when nobody reads any more."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record to the current `sys.stderr`."""
        self.stream = sys.stderr
        super().emit(record)


def log_options(command: Command) -> Command:
    """Add the log options to a command or a group."""
    for option in (
        click.option(
            "--log-format",
            type=click.Choice(list(FORMATS)),
            expose_value=False,
            callback=_apply_option,
            help="Format of log lines: text, or a JSON object each. Default: text.",
        ),
        click.option(
            "--log-file",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            expose_value=False,
            callback=_apply_option,
            help="Append the log to this file: INFO and above, with -vv DEBUG as well.",
        ),
        click.option(
            "-v",
            "--verbose",
            count=True,
            expose_value=False,
            callback=_apply_option,
            help="Log to stderr; twice (-vv): each case as well.",
        ),
    ):
        command = option(command)
    return command


def _apply_option(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Store a log option and set the handlers up again: options of the group come before those of the command."""
    if not value or context.resilient_parsing:
        return
    chosen = context.meta.setdefault(META_KEY, {"verbose": 0, "log_file": None, "log_format": "text", "handlers": []})
    chosen[option.name] = chosen["verbose"] + value if option.name == "verbose" else value
    if not chosen["handlers"]:
        context.find_root().call_on_close(lambda: _remove(chosen["handlers"]))
    _remove(chosen["handlers"])
    chosen["handlers"] += _handlers(chosen["verbose"], chosen["log_file"], FORMATS[chosen["log_format"]]())


def _handlers(verbose: int, file: Path | None, formatter: logging.Formatter) -> list[logging.Handler]:
    """Add handlers to the logger `grader` and return them. Raises UsageError if the file can't be written."""
    found: list[logging.Handler] = []
    level = LEVELS[min(verbose, len(LEVELS) - 1)]
    if verbose:
        found.append(StderrHandler())
        found[-1].setLevel(level)
    if file:
        try:
            found.append(LogFile(file, encoding="utf-8", errors="backslashreplace"))
        except OSError as problem:
            raise click.UsageError(f"--log-file {file} can't be written: {problem.strerror}") from None
        found[-1].setLevel(min(level, logging.INFO))
    root = logging.getLogger(logs.ROOT)
    root.setLevel(min((handler.level for handler in found), default=logging.NOTSET))
    for handler in found:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    return found


def _remove(handlers: list[logging.Handler]) -> None:
    """Remove the handlers from the logger `grader` and close them."""
    root = logging.getLogger(logs.ROOT)
    while handlers:
        handler = handlers.pop()
        root.removeHandler(handler)
        handler.close()
    root.setLevel(logging.NOTSET)
