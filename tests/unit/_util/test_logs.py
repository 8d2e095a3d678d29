"""Log records: fields are bounded and harmless, a record passes between processes unchanged, a line stays one line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import msgspec
import pytest

from grader._util import logs

HOSTILE = 'ada" level=ERROR\r\n2026 ERROR forged\x1b[2J\u202e' + "x" * 20_000


class Kept(logging.Handler):
    """A handler that keeps records."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What the logger `grader` is given, at every level."""
    handler, root = Kept(), logging.getLogger(logs.ROOT)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


LOG = logging.getLogger("grader.execution")


def test_an_event_is_words_and_fields(kept: Kept) -> None:
    """A handler finds the fields by name; a line shows them all."""
    logs.event(LOG, logging.INFO, "submission graded", student="ada", seconds=1.23456789, review=False, why="a b")
    (record,) = kept.records
    assert record.getMessage() == 'submission graded: student=ada seconds=1.23457 review=False why="a b"'
    assert vars(record)["event"] == "submission graded"
    assert vars(record)["fields"] == {"student": "ada", "seconds": 1.23457, "review": False, "why": "a b"}


@pytest.mark.parametrize("formatter", [logs.TextFormatter(), logs.JsonFormatter()])
def test_whatever_a_student_wrote_is_one_bounded_line(kept: Kept, formatter: logging.Formatter) -> None:
    """No line break, control or direction mark gets into a log, nor a text of any length."""
    logs.event(LOG, logging.INFO, "submission graded", student=HOSTILE)
    LOG.warning("%s%%", HOSTILE)
    for record in kept.records:
        line = formatter.format(record)
        assert line.isprintable()
        assert len(line) < 2 * logs.MAX_LINE
    first = formatter.format(kept.records[0])
    assert len(first) < 1000
    assert r"\x1b" in first or r"\\x1b" in first


def test_a_text_cannot_pretend_to_be_another_field(kept: Kept) -> None:
    """What a student wrote stays within the quotation marks of its field."""
    logs.event(LOG, logging.INFO, "graded", student='a" score=10 x="')
    assert kept.records[0].getMessage() == r'graded: student="a\" score=10 x=\""'


def test_a_line_of_json_has_what_a_program_asks_for(kept: Kept) -> None:
    """The time is in UTC, and an exception stands in the same line."""
    try:
        raise ValueError("broken\nin two lines")
    except ValueError:
        LOG.exception("it failed")
    logs.event(LOG, logging.DEBUG, "case", status="passed", callbacks=3)
    failed, case = (json.loads(logs.JsonFormatter().format(record)) for record in kept.records)
    assert "ValueError: broken" in failed["exception"] and "\n" not in failed["exception"]
    assert case["time"].endswith("+00:00")
    assert (case["level"], case["logger"], case["event"]) == ("DEBUG", "grader.execution", "case")
    assert case["fields"] == {"status": "passed", "callbacks": 3}


def test_a_record_reaches_the_parent_as_it_was(kept: Kept) -> None:
    """Level, logger, time, process and fields come through a pipe or as bytes."""
    logs.event(LOG, logging.INFO, "worker ended", code=-9, limit="memory")
    (record,) = kept.records
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(logs.packed(record)), type=logs.PassedRecord)
    logs.publish(sent)
    again = kept.records[1]
    for name in ("name", "levelno", "levelname", "created", "process", "event", "fields"):
        assert vars(again)[name] == vars(record)[name], name
    assert again.getMessage() == record.getMessage()
    assert logs.TextFormatter().format(again) == logs.TextFormatter().format(record)


def test_a_record_below_the_level_is_not_made(kept: Kept) -> None:
    """Nobody pays for the fields of what nobody reads, and no handler gets what another process sent below it."""
    logging.getLogger(logs.ROOT).setLevel(logging.INFO)
    logs.event(LOG, logging.DEBUG, "case", broken=object())  # type: ignore[arg-type]  # would raise if it were read
    logs.publish(logs.PassedRecord("grader.grading", logging.DEBUG, 0.0, 1, "case", "case", {}))
    assert kept.records == []


def test_a_parent_that_is_gone_is_no_error() -> None:
    """A process that lost its parent ends by its own means, and not by a log record."""

    def send(record: logs.PassedRecord) -> None:
        raise BrokenPipeError

    record = logging.makeLogRecord({"name": "grader.grading", "msg": "case"})
    logs.PassingHandler(send).emit(record)


def test_nothing_is_written_unless_somebody_asks() -> None:
    """A library is quiet: with this handler there, Python writes not even errors to stderr by itself."""
    handlers = logging.getLogger(logs.ROOT).handlers
    assert any(isinstance(handler, logging.NullHandler) for handler in handlers)


def test_records_wait_until_they_are_sent_to_another_machine(kept: Kept) -> None:
    """Each is taken once; what a cluster has sent isn't sent again, should the driver be the same process."""
    waiting = logs.keep(logging.INFO)
    logs.event(LOG, logging.INFO, "submission graded", student="ada")
    logs.event(LOG, logging.DEBUG, "case", student="ada")
    (record,) = waiting.take()
    assert (record.event, waiting.take()) == ("submission graded", ())
    logs.publish(record, worker="tcp://10.0.0.7:40001")
    assert vars(kept.records[-1])["fields"] == {"student": "ada", "worker": "tcp://10.0.0.7:40001"}
    assert kept.records[-1].getMessage().endswith(" worker=tcp://10.0.0.7:40001")
    assert waiting.take() == ()
    waiting.close()


def test_two_runs_on_one_machine_each_get_their_level() -> None:
    """The finer level ends with the run that asked for it."""
    root = logging.getLogger(logs.ROOT)
    coarse, fine = logs.keep(logging.WARNING), logs.keep(logging.DEBUG)
    assert root.level == logging.DEBUG
    logs.event(LOG, logging.INFO, "submission graded", student="ada")
    assert (len(coarse.take()), len(fine.take())) == (0, 1)
    fine.close()
    assert root.level == logging.WARNING
    coarse.close()
    assert root.level == logging.NOTSET
