"""Everything of an assignment as one zip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from grader.gradebook.attempts import Attempt
from grader.gradebook.roster import Person
from grader.reports import PER_CLASS
from grader.reports import json as as_json
from grader.server.limits import PAGE_ROWS
from grader.server.portal import Course, Portal
from grader.server.zip_stream import stream_zip
from grader.submissions.student_names import name_key

SANDBOXED = "sandbox; default-src 'none'"  # of files that people uploaded
REPORT, RECEIPT, PRINTED = "report.json", "receipt.json", "printed.txt"


def disposition(name: str) -> dict[str, str]:
    """Return the headers of a download. Browsers save it and never show it as a page."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    value = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Disposition": value, "Content-Security-Policy": SANDBOXED}


def everything_zip(portal: Portal, course: Course, reader: Person) -> Iterator[bytes]:
    """Yield a zip with each attempt's file, report, receipt and printed text, and the table of scores."""
    return stream_zip(_members(portal, course, reader))


def all_attempts(portal: Portal, assignment: str) -> Iterator[Attempt]:
    """Yield everybody's attempts, newest first, few in memory at a time."""
    before: int | None = None
    while found := portal.queue.newest(assignment, PAGE_ROWS, before):
        yield from found
        before = found[-1].number


def _members(portal: Portal, course: Course, reader: Person) -> Iterator[tuple[str, bytes | Path]]:
    name = course.assignment.name
    for file, render in PER_CLASS.items():
        yield f"{name}/{file}", render(portal.reports(name))
    view = portal.view(name)
    owners = {person.number: person for person in portal.roster.people()}
    for attempt in all_attempts(portal, name):
        seen = view.see(attempt, portal.report(attempt), reader, owners[attempt.person])
        if seen is None:
            continue
        folder = f"{name}/{seen.student.id}/{attempt.received[:19].replace(':', '')}-{attempt.public_id}"
        if seen.original:
            yield f"{folder}/{_file_member(seen.filename)}", portal.data.files.path(attempt.digest)
        if seen.receipt:
            yield f"{folder}/{RECEIPT}", attempt.receipt.encode()
        if seen.report:
            yield f"{folder}/{REPORT}", as_json.render(seen.report)
        if seen.printed and (printed := portal.printed(attempt)):
            yield f"{folder}/{PRINTED}", printed.encode()


def _file_member(filename: str) -> str:
    """Return the name in the zip of what was handed in: no student can hand in what looks like the grader's own."""
    own = name_key(filename) in (REPORT, RECEIPT, PRINTED)
    return f"handed-in-{filename}" if own else filename
