"""`grader serve` and `grader worker` as processes, which tests end and start again, and what must hold afterwards."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx2 as httpx

from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.store import Gradebook
from tests.factories import tiny_assignment
from tests.helpers import http_requests as http
from tests.helpers.commands import ENVIRONMENT
from tests.helpers.processes import max_wait, until
from tests.helpers.terminal import grader_in

GRADER = (sys.executable, "-m", "grader")
FAULTY = (sys.executable, "-m", "tests.helpers.faulty_grader")
ROOT = Path(__file__).parents[2]
MAX_ATTEMPTS = 100_000


class Given(NamedTuple):
    """What a student has: the answer to an upload that was accepted, and the file."""

    student: str
    answer: dict[str, Any]
    content: bytes

    @property
    def id(self) -> str:
        return str(self.answer["id"])


class Served:
    """A course with a data folder, and its processes.

    :param database: URL of a PostgreSQL database; empty for SQLite
    :param program: what runs `grader`
    """

    def __init__(
        self, folder: Path, assignment: Path | None = None, *, database: str = "", program: Sequence[str] = GRADER
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.assignment = assignment or tiny_assignment(folder)
        self.api = f"/api/v1/assignments/{self.assignment.name}"
        self.database = database
        self.program = program
        self.environment = {**ENVIRONMENT, **({"GRADER_DATABASE": database} if database else {})}
        self.processes: list[subprocess.Popen[str]] = []
        self.process: subprocess.Popen[str] | None = None  # the server that was started last
        self.url = ""
        self.tokens: dict[str, str] = {}
        self.given: list[Given] = []
        self._lock = threading.Lock()

    def start(self, *options: str, prefix: Sequence[str] = (), port: int = 0) -> None:
        """Start a server, and wait until it answers. Without options, with one grading process."""
        self.process = self._run("serve", *(options or ("--jobs", "1")), "--port", str(port), prefix=prefix)
        assert self.process.stdout
        first = self.process.stdout.readline()
        assert " at " in first, f"the server said {first!r}"
        self.url = first.split(" at ")[1].split(". ")[0]
        until(lambda: self.answers())

    def start_worker(self, *options: str) -> subprocess.Popen[str]:
        """Start a worker with one grading process, and wait until it says that it grades."""
        worker = self._run("worker", "--jobs", "1", *options)
        assert worker.stdout
        first = worker.stdout.readline()
        assert first.startswith("This worker grades"), first
        return worker

    def _run(self, command: str, *options: str, prefix: Sequence[str] = ()) -> subprocess.Popen[str]:
        words = [*prefix, *self.program, command, str(self.assignment), "--data", str(self.data), *options]
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(words, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def answers(self) -> bool:
        try:
            return http.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def load(self, students: Sequence[str]) -> None:
        roster = self.folder / "roster.csv"
        roster.write_text("name,email,id,role\n" + "".join(f"{id},,{id},student\n" for id in students))
        self.command("roster", "load", str(roster))
        printed = self.command("roster", "links")
        rows = list(csv.DictReader(io.StringIO(printed)))
        self.tokens = {row["id"]: row["token"] for row in rows}

    def command(self, *arguments: str) -> str:
        """Return what a command with --data prints. It runs in this process, which has imported all that it needs."""
        environment = {"GRADER_DATABASE": self.database} if self.database else {}
        done = grader_in(self.folder, *arguments, "--data", self.data, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def post(self, id: str, content: bytes, name: str = "tiny.py") -> httpx.Response:
        """Upload a file; keep the answer if it was accepted."""
        answer = http.post(
            f"{self.url}{self.api}/submissions", headers=self.bearer(id), files={"file": (name, content)}, timeout=60
        )
        if answer.status_code == 202:
            with self._lock:
                self.given.append(Given(id, answer.json(), content))
        return answer

    def try_post(self, id: str, content: bytes, name: str = "tiny.py") -> int:
        """Return the status of an upload; 0 if there was no answer."""
        try:
            return self.post(id, content, name).status_code
        except httpx.TransportError:
            return 0

    def hand_in(self, id: str, content: bytes, name: str = "tiny.py") -> dict[str, Any]:
        answer = self.post(id, content, name)
        assert answer.status_code == 202, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def get(self, id: str, path: str) -> Any:
        return http.get(f"{self.url}{path}", headers=self.bearer(id), timeout=60)

    def bearer(self, id: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[id]}"}

    def state(self, id: str, submission: str) -> str:
        return str(self.get(id, f"/api/v1/submissions/{submission}").json()["state"])

    def wait_until_ended(self, id: str, submission: str) -> None:
        until(lambda: self.state(id, submission) not in ("queued", "grading"))

    def end(self, number: int) -> int:
        """Send a signal to the server, and return its exit code."""
        assert self.process
        return self.end_one(self.process, number)

    def end_one(self, process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
        process.send_signal(number)
        return self.wait_for(process)

    def wait_for(self, process: subprocess.Popen[str]) -> int:
        code = process.wait(max_wait())
        self.processes.remove(process)
        if process.stdout:
            process.stdout.close()
        return code

    def end_all(self) -> None:
        for process in list(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in list(self.processes):
            self.wait_for(process)

    @contextmanager
    def book(self) -> Iterator[Gradebook]:
        with Gradebook.open_existing(self.database or self.data / "gradebook.sqlite") as book:
            yield book

    def ended(self) -> bool:
        """Whether nothing waits or is being graded."""
        with self.book() as book:
            return not {state for _, state in AttemptQueue(book).counts().states} & {"queued", "grading"}

    def check(self, *, review: bool = False) -> None:
        """Wait until all is graded, end everything, and check that each receipt was graded exactly once.

        :param review: whether an attempt may have ended with a grader error
        """
        until(self.ended)
        self.end_all()
        self.check_results(review=review)

    def check_results(self, *, review: bool = False) -> None:
        """Check that each receipt was graded exactly once. A server may go on running."""
        with self.book() as book:
            attempts = AttemptQueue(book).newest(self.assignment.name, MAX_ATTEMPTS)
            results = [attempt.result for attempt in attempts]
            students = book.students()
            made = sum(len(book.history(student)) for student in students)
        assert None not in results
        assert (
            made == len(results) == len(set(results))
        )  # each attempt has a result of its own, and there are no others
        states = {attempt.public_id: attempt.state for attempt in attempts}
        endings = {"graded", "rejected", "review"} if review else {"graded", "rejected"}
        assert {states[given.id] for given in self.given} <= endings
        assert len({given.id for given in self.given}) == len(self.given)
        self.verify()

    def verify(self) -> None:
        """Check every receipt by the command, with the file that was handed in."""
        receipt, file = self.folder / "receipt.json", self.folder / "handed_in"
        for given in self.given:
            receipt.write_text(given.answer["receipt"])
            file.write_bytes(given.content)
            key = json.loads(given.answer["receipt"])["key"]
            done = grader_in(self.folder, "verify", receipt, file, "--key", key)
            assert (done.returncode, done.stdout[: len("valid: ")]) == (0, "valid: "), done.stdout + done.stderr
        os.unlink(receipt) if self.given else None


@contextmanager
def served(folder: Path, students: Sequence[str], *options: str, **settings: Any) -> Iterator[Served]:
    """A course with a running server and students. All its processes end afterwards."""
    course = Served(folder, **settings)
    try:
        course.start(*options)
        course.load(students)
        yield course
    finally:
        course.end_all()
