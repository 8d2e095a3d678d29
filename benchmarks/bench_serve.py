"""Measures the portal: how soon a report is there, how many students can hand in at once, and pages of a full store.

python benchmarks/bench_serve.py [--part latency|ladder|store ...] [--rungs 50 100] [--submissions 100000]

Writes serve.json and its tables of README.md. What a run leaves out keeps its earlier figures. The clients run on the
same machine, and their processor time is that of the server's missing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import classroom
import full_store
import httpx2 as httpx
import measure
import serve_table
from bench import about
from scenarios import DIGITS, numpy_questions
from sqlalchemy import select

from grader.gradebook.schema import ATTEMPTS
from grader.gradebook.store import Gradebook

HERE = Path(__file__).parent
MINUTE = 60.0  # in which the students of a rung hand in
WARM = 3  # submissions before the first that is measured
API = "/api/v1/assignments/digits"
ENDED = ("graded", "rejected", "review")
LONG_WAIT = 4.0  # seconds; the estimates of those who wait for less are seconds, and not counted
EACH = 15  # seconds between two lines of progress
PATIENCE = 3  # times as long as `grader grade`, after which those who wait are lost
Row = dict[str, Any]


def main() -> None:
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    if not (options.out / "README.md").exists():
        shutil.copy(HERE / "README.md", options.out)
    path = options.out / "serve.json"
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for part in options.part or PARTS:
        print(f"{part} ...", flush=True)
        with tempfile.TemporaryDirectory(prefix="bench-serve-", dir=options.work) as work:
            found = PARTS[part](options, Path(work))
        origin = {**about(options), "command": f"python benchmarks/bench_serve.py {' '.join(sys.argv[1:])}".strip()}
        results[part] = {**origin, **found}
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    serve_table.update(options.out / "README.md", results)
    print(serve_table.tables(results))


# ---- the server


class Course:
    """A portal that runs as a process, and the tokens of its people."""

    def __init__(self, url: str, pid: int, data: Path, tokens: dict[str, str]) -> None:
        self.url = url
        self.pid = pid
        self.data = data
        self.tokens = tokens

    @asynccontextmanager
    async def client(self, person: str = "") -> AsyncIterator[httpx.AsyncClient]:
        headers = {"Authorization": f"Bearer {self.tokens[person]}"} if person else {}
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60, limits=limits) as client:
            yield client

    @property
    def memory_mb(self) -> float:
        """The memory of the server's own process, without workers."""
        return measure.proportional_kb(self.pid) / 1024

    @property
    def processor_seconds(self) -> tuple[float, float]:
        """The processor time of the server's own process, and that of all others that it has started."""
        fields = list(map(int, measure.stat(self.pid)[11:15]))
        below = sum(map(measure.used, measure.descendants(self.pid)))
        return sum(fields[:2]) / measure.TICK, sum(fields[2:]) / measure.TICK + below


@contextmanager
def served(data: Path, students: Sequence[str], questions: Sequence[str] = ()) -> Iterator[Course]:
    """A portal of digits with these students. It ends with the block."""
    command = [sys.executable, str(HERE / "serve_process.py"), str(data), ",".join(students), *questions]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield Course(process.stdout.readline().strip(), process.pid, data, json.loads(process.stdout.readline()))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


# ---- one submission


def latency(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Submissions one after another, on an idle portal whose workers are warm."""
    rows = []
    for label, questions in (("all questions", ()), ("NumPy questions", numpy_questions())):
        members = classroom.make(work / label, options.single + WARM, numpy=bool(questions))
        for member in members:  # right ones: slow and crashing answers would be measured, not the portal
            classroom.write(classroom.Member(member.path, member.number, "right"))
        with served(work / f"data {label}", ["ada"], questions) as course:
            found = asyncio.run(one_after_another(course, [member.path for member in members]))
        rows.append({"label": label, "submissions": options.single, **summary(found[WARM:])})
    return {"rows": rows}


async def one_after_another(course: Course, paths: Sequence[Path]) -> list[dict[str, float]]:
    found = []
    async with course.client("ada") as client:
        for path in paths:
            await asyncio.sleep(2.0)  # the rate at which a person may hand in for ever
            found.append(await one_submission(client, path))
    return found


async def one_submission(client: httpx.AsyncClient, path: Path) -> dict[str, float]:
    """Hand in a file and read its report as JSON and as a page, as a browser does. Return seconds since the start."""
    content = path.read_bytes()
    began = time.monotonic()
    accepted = await client.post(f"{API}/submissions", files={"file": (path.name, content)})
    assert accepted.status_code == 202, accepted.text
    id, answered = accepted.json()["id"], time.monotonic() - began
    async with client.stream("GET", f"/submissions/{id}/events") as events:
        async for line in events.aiter_lines():
            if line.startswith("data:") and json.loads(line[5:])["state"] in ENDED:
                break
    graded = time.monotonic() - began
    report = (await client.get(f"/api/v1/submissions/{id}/report")).json()
    read = time.monotonic() - began
    page = await client.get(f"/submissions/{id}/report.html")
    assert page.status_code == 200 and report["status"] == "graded"
    return {
        "answered": answered,
        "graded": graded,
        "report": read,
        "page": time.monotonic() - began,
        "worker": report["seconds"],
        "load": report["load_seconds"],
    }


def summary(found: Sequence[dict[str, float]]) -> Row:
    """p50 and p95 of each moment."""
    return {
        f"{name}_{share}": percentile([one[name] for one in found], share) for name in found[0] for share in (50, 95)
    }


def percentile(values: Sequence[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


# ---- a class that hands in within a minute


def ladder(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Classes of growing size, each of which hands in within a minute, and `grader grade` with the same files."""
    rows = []
    for size in options.rungs:
        folder = work / f"class-{size}"
        members = classroom.make(folder, size)
        students = [member.path.stem for member in members]
        out = work / f"out-{size}"
        grade = [sys.executable, "-m", "grader", "grade", str(folder), "--assignment", str(DIGITS), "--out", str(out)]
        batch = measure.run(grade, lambda: False, work / "log")
        with served(work / f"data-{size}", students) as course:
            asyncio.run(warm_up(course, members[0].path))
            before = course.memory_mb
            seconds = PATIENCE * batch.seconds + MINUTE
            found = asyncio.run(within_a_minute(course, [member.path for member in members], seconds))
            found["memory_mb"], found["memory_before_mb"] = course.memory_mb, before
        same = same_scores(out, found.pop("scores"))
        of_batch = {"batch_seconds": batch.seconds, "cpu_batch": batch.cpu_seconds}
        rows.append({"students": size, "same_scores": same, **of_batch, **found})
        print(f"    {json.dumps(rows[-1])}", flush=True)
        shutil.rmtree(out)
    return {"rows": rows}


async def warm_up(course: Course, path: Path) -> None:
    """Grade something on each worker, so that a rung doesn't measure their start."""
    async with course.client(path.stem) as client:
        for _ in range(WARM):
            await one_submission(client, path)


async def within_a_minute(course: Course, paths: Sequence[Path], seconds: float) -> Row:
    """Let each student hand in at a moment of a minute, and wait until all have their report. Return what happened.

    :param seconds: after which those who still wait count as lost
    """
    rng = random.Random(len(paths))
    use, clients = course.processor_seconds, time.process_time()
    began, today = time.monotonic(), time.time()
    async with course.client() as client:
        pupils = [Pupil(course, client, path, began + rng.uniform(0, MINUTE)) for path in paths]
        running = [asyncio.create_task(pupil.run()) for pupil in pupils]
        for each in range(EACH, math.ceil(MINUTE + seconds), EACH):
            _, waiting = await asyncio.wait(running, timeout=began + each - time.monotonic())
            print(f"    {each} s: {sum(pupil.answered > 0 for pupil in pupils)} answered, ", end="", flush=True)
            print(f"{sum(pupil.state in ENDED for pupil in pupils)} graded", flush=True)
            if not waiting:
                break
        for task in running:
            task.cancel()
        for found in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(found, Exception):  # a bug of the benchmark
                raise found
    used = [after - before for before, after in zip(use, course.processor_seconds, strict=True)]
    row = of_clients(pupils) | of_store(course, pupils, today)
    return row | {"cpu_server": used[0], "cpu_graders": used[1], "cpu_clients": time.process_time() - clients}


def of_clients(pupils: Sequence[Pupil]) -> Row:
    """What the students saw: answers, and when each read that the submission is graded."""
    statuses = Counter(status for pupil in pupils for status in pupil.statuses)
    answered = [pupil.answered for pupil in pupils if pupil.answered] or [0.0]
    waited = [pupil.waited for pupil in pupils if pupil.state in ENDED] or [0.0]
    return {
        "lost": sum(pupil.state not in ENDED for pupil in pupils),
        "server_errors": sum(count for status, count in statuses.items() if status >= 500),
        "refused": sum(count for status, count in statuses.items() if 400 <= status < 500),
        "connection_errors": sum(pupil.errors for pupil in pupils),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        **{f"answer_{share}": percentile(answered, share) for share in (50, 95, 100)},
        **{f"wait_{share}": percentile(waited, share) for share in (50, 95)},
        "scores": {pupil.path.stem: pupil.score for pupil in pupils},
    }


def of_store(course: Course, pupils: Sequence[Pupil], began: float) -> Row:
    """What the store says: when the last report was there, and how far estimates were off.

    :param began: time.time() at the beginning of the minute
    """
    query = select(*ATTEMPTS.c["public_id", "received", "finished"]).where(ATTEMPTS.c.finished.is_not(None))
    with Gradebook.open_existing(course.data / "gradebook.sqlite") as book, book.reading() as connection:
        times = {id: (moment(received), moment(finished)) for id, received, finished in connection.execute(query)}
    theirs = [(pupil.estimate, *times[pupil.id]) for pupil in pupils if pupil.id in times]
    waits = [(estimate, ended - received) for estimate, received, ended in theirs if ended - received >= LONG_WAIT]
    ratios = [estimate / waited for estimate, waited in waits]
    return {
        "seconds": max((ended for _, _, ended in theirs), default=began) - began,
        "estimates": len(ratios),
        "estimates_within": sum(abs(ratio - 1) <= 0.25 for ratio in ratios),
        **{f"estimate_ratio_{share}": percentile(ratios or [1.0], share) for share in (5, 50, 95)},
    }


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


class Pupil:
    """A student who hands in once, and asks for the state until there is a report, as often as `submit()` does."""

    def __init__(self, course: Course, client: httpx.AsyncClient, path: Path, moment: float) -> None:
        self.path = path
        self._client = client
        self._moment = moment
        self._headers = {"Authorization": f"Bearer {course.tokens[path.stem]}"}
        self.statuses: list[int] = []
        self.errors = 0  # requests without an answer
        self.answered = self.waited = self.estimate = 0.0
        self.id = self.state = ""
        self.score: float | None = None

    async def run(self) -> None:
        content = self.path.read_bytes()
        await asyncio.sleep(max(0.0, self._moment - time.monotonic()))
        began = time.monotonic()
        accepted = await self._ask("POST", f"{API}/submissions", files={"file": (self.path.name, content)})
        self.answered = time.monotonic() - began
        if accepted is None or accepted.status_code != 202:
            return
        self.id, self.estimate = accepted.json()["id"], accepted.json()["estimate_seconds"]
        pause, answer = 0.2, accepted
        while self.state not in ENDED:
            await asyncio.sleep(max(pause, float(answer.headers.get("Retry-After", 0))))
            pause = min(2.0, pause * 1.3)
            state = await self._ask("GET", f"/api/v1/submissions/{self.id}")
            if state is not None and state.status_code == 200:
                answer, self.state, self.score = state, state.json()["state"], state.json()["score"]
        self.waited = time.monotonic() - began

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        try:
            answer = await self._client.request(method, path, headers=self._headers, **more)
        except httpx.HTTPError:
            self.errors += 1
            return None
        self.statuses.append(answer.status_code)
        return answer


def same_scores(out: Path, scores: dict[str, float | None]) -> int:
    """Return how many students have the score of `grader grade`."""
    return sum(
        json.loads((out / "reports" / f"{student}.json").read_text())["score"] == round(score, 2)
        for student, score in scores.items()
        if score is not None
    )


# ---- a full store


def store(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Each page of a store with many submissions, several times."""
    data = work / "data"
    students = [f"student-{number:05d}" for number in range(options.students)]
    path = classroom.make(work / "class", 2)[1].path
    with served(data, students[:1]) as course:  # one real report, of which the store is filled
        asyncio.run(warm_up_as(course, students[0], path))
    student = full_store.fill(data, students, options.submissions)
    size = (data / "gradebook.sqlite").stat().st_size
    with served(data, students) as course:
        rows, memory = asyncio.run(each_page(course, student))
    return {
        "rows": rows,
        "submissions": options.submissions,
        "students": options.students,
        "store_mb": size / 1e6,
        "memory_mb": memory,
    }


async def warm_up_as(course: Course, student: str, path: Path) -> None:
    async with course.client(student) as client:
        await one_submission(client, path)


async def each_page(course: Course, student: str) -> tuple[list[Row], list[float]]:
    """Return the times of each page, and the server's memory after each round."""
    async with course.client("instructor") as instructor, course.client(student) as own:
        await instructor.post("/assignments/digits/pause")
        newest = (await instructor.get(f"/assignments/digits/students/{student}")).headers["location"]
        staff = ["class", "queue", "attempts", "attempts?before=50000", "students", "students?after=student-00500"]
        pages: list[tuple[httpx.AsyncClient, str, str]] = [
            *((instructor, "instructor", f"/assignments/digits/{page}") for page in (*staff, "scores.csv")),
            *((instructor, "instructor", f"{newest}{page}") for page in ("", "/report.html", "/printed")),
            (instructor, "instructor", f"{API}/grades"),
            *((own, "student", f"/assignments/digits{page}") for page in ("", "?before=50000")),
            *((own, "student", f"{newest}{page}") for page in ("", "/report.html", "/report.notebook.html", "/file")),
        ]
        times: dict[tuple[str, str], list[float]] = {}
        memory = []
        for _ in range(ROUNDS):
            for client, who, path in pages:
                began = time.monotonic()
                answer = await client.get(path)
                assert answer.status_code == 200, (path, answer.status_code)
                name = path.replace(newest, "/submissions/ID")
                times.setdefault((who, name), []).append(time.monotonic() - began)
            memory.append(course.memory_mb)
    rows = [
        {"who": who, "page": page, "first": taken[0], "median": statistics.median(taken[1:]), "worst": max(taken[1:])}
        for (who, page), taken in times.items()
    ]
    return rows, memory


ROUNDS = 20
PARTS = {"latency": latency, "ladder": ladder, "store": store}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this one; may be repeated")
    parser.add_argument("--single", type=int, default=40, help="submissions one after another (default: %(default)s)")
    parser.add_argument(
        "--rungs", type=int, nargs="+", default=[50, 100, 200, 500, 1000], help="students in one minute"
    )
    parser.add_argument("--submissions", type=int, default=100_000, help="in the full store (default: %(default)s)")
    parser.add_argument("--students", type=int, default=1000, help="in the full store (default: %(default)s)")
    parser.add_argument("--work", type=Path, help="folder for what is temporary: 3 GB (default: the system's)")
    parser.add_argument("--out", type=Path, default=HERE, help="where results and tables go (default: here)")
    options = parser.parse_args()
    options.size = options.single
    return options


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    main()
