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
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from grader._util import budget
from grader._util.escaping import one_line

ROOT = "grader"
MAX_VALUE = 300  # characters of a text in a record
MAX_LINE = 8000  # characters of a line
MAX_KEPT = 10_000  # records that wait to be sent to another machine
WORKER = "worker"  # the field that says which worker of a cluster a record is from

Value = str | int | float | bool | None
Item = TypeVar("Item")

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


def keep(level: int) -> KeptRecords:
    """Keep the records of this process from this level on, until they are taken. Close what this returns."""
    root, handler = logging.getLogger(ROOT), KeptRecords(level)
    root.setLevel(min(level, root.getEffectiveLevel()))
    root.addHandler(handler)
    return handler


def publish(record: PassedRecord, worker: str = "") -> None:
    """Give a record of another process to the handlers of this one. `worker` is the one on a cluster that sent it."""
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
                    "msg": f"{record.message} {WORKER}={worker}" if worker else record.message,
                    "event": record.event,
                    "fields": {**record.fields, WORKER: worker} if worker else record.fields,
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


class KeptRecords(logging.Handler):
    """Records until somebody takes them, the newest ones if nobody does."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._kept: deque[PassedRecord] = deque(maxlen=MAX_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record, unless it is of a cluster: then driver and worker are one process, and it was here."""
        if WORKER not in getattr(record, "fields", {}):
            self._kept.append(packed(record))

    def take(self) -> tuple[PassedRecord, ...]:
        """Return what there is, and forget it."""
        return tuple(drain(self._kept))

    def close(self) -> None:
        """Take the handler from the logger, whose level is then what the others of this kind need."""
        root = logging.getLogger(ROOT)
        root.removeHandler(self)
        others = [handler.level for handler in root.handlers if isinstance(handler, KeptRecords)]
        root.setLevel(min(others, default=logging.NOTSET))
        super().close()


def drain(kept: deque[Item]) -> Iterator[Item]:
    """Yield what is in a deque, and remove it. Another thread may do so meanwhile: each item goes to one of them."""
    with contextlib.suppress(IndexError):
        while True:
            yield kept.popleft()


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
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "event": getattr(record, "event", ""),
            "fields": getattr(record, "fields", {}),
            "message": one_line(record.getMessage(), MAX_LINE),
        }
        if record.exc_info:
            fields["exception"] = one_line(self.formatException(record.exc_info), MAX_LINE)
        return json.dumps(fields)


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
