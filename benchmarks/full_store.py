"""Fills a data folder of the portal with submissions, as if students had handed in for a year."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import insert, select

from grader.gradebook.data_folder import DataFolder
from grader.gradebook.roster import Roster, RosterEntry
from grader.gradebook.schema import ATTEMPTS, RESULTS, RUNS
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport

TOGETHER = 500  # rows of a transaction
RUNS_OF_A_YEAR = 20  # starts of the server
WAITING = 10  # of how many submissions one waits, the newest, but at most
MAX_WAITING = 300


def fill(data: Path, students: list[str], submissions: int) -> None:
    """Add copies of the one submission of the folder until there are so many, in turn by all students."""
    folder = DataFolder.open(data)
    with Gradebook.open(folder.gradebook) as book:
        roster = Roster(book, folder.links_key())
        roster.load([RosterEntry(id, "", id) for id in students], "benchmark")
        people = {person.id: person.number for person in roster.people()}
        with book.reading() as connection:
            attempt = dict(connection.execute(select(ATTEMPTS)).mappings().one())
            result = dict(connection.execute(select(RESULTS)).mappings().one())
            run = dict(connection.execute(select(RUNS)).mappings().one())
        report = msgspec.json.decode(result["report"], type=ScoreReport)
        number, first_run = result["id"], run["id"]
        received = datetime(2026, 1, 1, tzinfo=UTC)
        waiting = min(submissions // WAITING, MAX_WAITING)
        for start in range(0, submissions, TOGETHER):
            attempts: list[dict[str, Any]] = []
            results: list[dict[str, Any]] = []
            for _ in range(min(TOGETHER, submissions - start)):
                number += 1
                student = students[number % len(students)]
                content = msgspec.json.encode(varied(report, student, number))
                its_run = first_run + 1 + (number * RUNS_OF_A_YEAR) // (submissions + 2)
                fields = {"id": number, "run": its_run, "student": student, "key": f"key-{number}", "report": content}
                results.append({**result, **fields})
                waits = number > submissions - waiting
                state = {"state": "queued", "result": None, "score": None} if waits else {"result": number}
                moment = (received + timedelta(minutes=5 * number)).isoformat(timespec="milliseconds")
                named = {"id": number, "public_id": secrets.token_urlsafe(16), "person": people[student]}
                attempts.append({**attempt, **named, "received": moment, **state})
            with book.writing() as connection:
                for its_run in {row["run"] for row in results}:
                    if connection.scalar(select(RUNS.c.id).where(RUNS.c.id == its_run)) is None:
                        connection.execute(insert(RUNS), {**run, "id": its_run})
                connection.execute(insert(RESULTS), results)
                connection.execute(insert(ATTEMPTS), attempts)
                for row in results:
                    book.enter(connection, row["run"], row["student"], row["id"])


def varied(report: ScoreReport, student: str, number: int) -> ScoreReport:
    """A report of another student: each seventh question and case of theirs has other points."""
    questions = tuple(
        msgspec.structs.replace(question, score=question.score * ((number + place) % 7 > 0))
        for place, question in enumerate(report.questions)
    )
    return msgspec.structs.replace(
        report, student=student, questions=questions, score=sum(question.score for question in questions)
    )
