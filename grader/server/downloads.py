"""Everything of an assignment as one zip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.gradebook.attempts import Attempt
from grader.gradebook.roster import Person
from grader.reports import PER_CLASS
from grader.reports import json as as_json
from grader.server.limits import PAGE_ROWS
from grader.server.portal import Course, Portal
from grader.server.zip_stream import stream_zip


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
            yield f"{folder}/{seen.filename}", portal.data.files.path(attempt.digest)
        if seen.receipt:
            yield f"{folder}/receipt.json", attempt.receipt.encode()
        if seen.report:
            yield f"{folder}/report.json", as_json.render(seen.report)
        if seen.printed and (printed := portal.printed(attempt)):
            yield f"{folder}/printed.txt", printed.encode()
