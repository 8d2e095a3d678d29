"""Log records: what one may hold, how one gets from a process to its parent, and how one is written.

Library code logs events, with fields, to a standard logger named after its package:

    LOG = logging.getLogger("grader.execution")
    logs.event(LOG, logging.INFO, "submission graded", student=report.student, seconds=report.seconds)

A program that uses the grader sets levels and handlers of the logger `grader` as it likes; without any, nothing is
written. Text of a field may be a student's: it is cut, and made visible, before any handler sees it.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from grader._util import budget
from grader._util.escaping import one_line

ROOT = "grader"
MAX_VALUE = 300  # characters of a text in a record
MAX_LINE = 8000  # characters of a line

Value = str | int | float | bool | None

logging.getLogger(ROOT).addHandler(logging.NullHandler())


class PassedRecord(msgspec.Struct, frozen=True):
    """A log record on its way to another process."""

    logger: str
    level: int
    created: float
    process: int
    message: str
    event: str
    fields: dict[str, Value]


def event(log: logging.Logger, level: int, what: str, /, **fields: Value | Iterable[str]) -> None:
    """Log an event: `what` is the same words each time, `fields` are what differs."""
    if log.isEnabledFor(level):
        bounded = {name: _bounded(value) for name, value in fields.items()}
        words = [f"{name}={_written(value)}" for name, value in bounded.items()]
        log.log(level, f"{what}: {' '.join(words)}" if words else what, extra={"event": what, "fields": bounded})


def level() -> int:
    """Return the level of the logger `grader`: what is below it need not be passed on by other processes."""
    return logging.getLogger(ROOT).getEffectiveLevel()


def pass_on(send: Callable[[PassedRecord], None], level: int) -> None:
    """Send this process's records from this level on to its parent, and write none here."""
    root = logging.getLogger(ROOT)
    root.setLevel(level)
    root.propagate = False
    root.addHandler(PassingHandler(send))


def publish(record: PassedRecord) -> None:
    """Give a record of another process to the handlers of this one."""
    log = logging.getLogger(record.logger)
    if log.isEnabledFor(record.level):
        log.handle(
            logging.makeLogRecord(
                {
                    "name": record.logger,
                    "levelno": record.level,
                    "levelname": logging.getLevelName(record.level),
                    "created": record.created,
                    "msecs": record.created % 1 * 1000,
                    "process": record.process,
                    "msg": record.message,
                    "event": record.event,
                    "fields": record.fields,
                }
            )
        )


class PassingHandler(logging.Handler):
    """Send records to another process."""

    def __init__(self, send: Callable[[PassedRecord], None]) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        """Send the record, whole: no limit on processor time interrupts that. A parent that is gone is no error."""
        with budget.pause(), contextlib.suppress(OSError):
            self._send(packed(record))


class TextFormatter(logging.Formatter):
    """Format a record as one line for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s[%(process)d] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without controls, whatever the message holds."""
        return one_line(super().format(record), MAX_LINE)


class JsonFormatter(logging.Formatter):
    """Format a record as one line of JSON, in ASCII: `jq` reads it, and no terminal obeys it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an object with the time in UTC, the level, logger, process, message, event and its fields."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "event": getattr(record, "event", ""),
            "fields": getattr(record, "fields", {}),
            "message": one_line(record.getMessage(), MAX_LINE),
        }
        if record.exc_info:
            told["exception"] = one_line(self.formatException(record.exc_info), MAX_LINE)
        return json.dumps(told)


def packed(record: logging.LogRecord) -> PassedRecord:
    """Return a record as it is sent to another process."""
    return PassedRecord(
        record.name,
        record.levelno,
        record.created,
        record.process or 0,
        one_line(record.getMessage(), MAX_LINE),
        getattr(record, "event", ""),
        getattr(record, "fields", {}),
    )


def _bounded(value: Value | Iterable[str]) -> Value:
    """Return a value that any handler may write: text on one line and cut, numbers with six digits."""
    if isinstance(value, str):
        return one_line(value, MAX_VALUE)
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if value is None or isinstance(value, int):
        return value
    return one_line(", ".join(value), MAX_VALUE)


def _written(value: Value) -> str:
    """Return a value as it stands in a line of text: in quotation marks unless it is one plain word."""
    if isinstance(value, str) and (not value or any(sign in ' "=' for sign in value)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
