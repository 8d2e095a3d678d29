"""Measures what a cluster costs beyond grading: synthetic submissions, whose grading is a pause.

python benchmarks/scale.py [--size 100000] [--minutes 5] [--out docs]

The scheduler, its connections, the driver, the gradebook and the files of the reports are real. Writes scale.json
beside this file, and the tables of docs/scale.md.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import platform
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import classroom
import msgspec
import simulated
import table
from bench import processor

from grader.assignments.loader import load, select_questions
from grader.execution.dask.address import Scheduler
from grader.execution.dask.pool import DaskPool
from grader.execution.grader import Grader
from grader.execution.output import OutputFolder
from grader.gradebook.fingerprint import RunFingerprint
from grader.models import Assignment, Submission
from grader.submissions.spool import SubmissionSpool

HERE = Path(__file__).parent
ROOT = HERE.parent
DIGITS = ROOT / "solutions" / "digits"
QUESTIONS = ("standardize", "sigmoid", "my_dense", "my_sequential")
NO_PAGES = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
MEASURED = "measured.json"

# label, processes, threads of each, seconds of a submission, part of --size
CREWS = (
    ("1", 1, 1, 0.1, 0.002),
    ("2", 2, 1, 0.1, 0.004),
    ("64, asleep", 4, 16, 0.1, 0.1),
    ("64, asleep, as fast as it goes", 4, 16, 0.01, 1.0),
)


@dataclass(frozen=True)
class Measured:
    """One run on a crew of workers."""

    label: str
    workers: int
    pause: float
    submissions: int  # that were done in the time
    seconds: float  # from the first report on
    scheduler_ms: float  # of processor time, for each submission
    driver_ms: float
    scheduler_mb: float  # at most
    driver_mb: float
    driver_start_mb: float  # before the first submission was sent, with the names of all in memory

    @property
    def rate(self) -> float:
        return self.submissions / self.seconds


class Notebooks:
    """Contents as intake keeps them, made when they are asked for: no two alike, of the size of a real one."""

    def __init__(self) -> None:
        self._text = classroom.released().encode()

    def get(self, digest: str) -> bytes:
        return self._text + digest.encode()


def main() -> None:
    options = parse()
    deadline = time.monotonic() + 60 * options.minutes
    rows = []
    with tempfile.TemporaryDirectory(prefix="scale-") as work:
        report = Path(work, "report.json")
        report.write_bytes(a_report())
        for label, processes, threads, pause, part in CREWS:
            size = max(64, int(options.size * part))
            print(f"{label} workers, {size:,} submissions of {pause:g} s ...", flush=True)
            found = apart([label, processes, threads, pause, size, deadline - time.monotonic()], report, Path(work))
            print(f"    {found.submissions:,} in {found.seconds:.1f} s: {found.rate:,.0f} a second", flush=True)
            rows.append(found)
        written(options, rows)


def written(options: argparse.Namespace, rows: list[Measured]) -> None:
    results = {**about(), "size": options.size, "report_bytes": len(a_report()), "rows": [asdict(row) for row in rows]}
    results["notebook_bytes"] = len(Notebooks().get(""))
    (options.out / "scale.json").write_text(json.dumps(results, indent=1) + "\n")
    update(ROOT / "docs" / "scale.md" if options.out == HERE else options.out / "scale.md", rows, results)


def apart(crew: list[Any], report: Path, work: Path) -> Measured:
    """One run in a process of its own, so that its memory and its time are its own."""
    room = Path(tempfile.mkdtemp(dir=work))
    environment = {**os.environ, simulated.REPORT: str(report), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--one", json.dumps([*crew, str(room)])]
    subprocess.run(command, env=environment, check=True)
    return msgspec.json.decode((room / MEASURED).read_bytes(), type=Measured)


def one(label: str, processes: int, threads: int, pause: float, size: int, left: float, room: str) -> None:
    """The driver's side of one run."""
    assignment = load(DIGITS)
    submissions = [synthetic(number) for number in range(size)]
    with workers(processes, threads, pause, Path(room)) as (scheduler, address):
        batch = DaskPool(
            assignment,
            submissions,
            Scheduler(address),
            contents=cast(SubmissionSpool, Notebooks()),  # it has all that is asked of them
            grade=simulated.grade,
        )
        before = high_mb(os.getpid())
        with (
            OutputFolder.open(Path(room), RunFingerprint.for_run(assignment), submissions) as output,
            closing(iter(batch)) as reports,
        ):
            output.add(next(reports))
            began, spent = time.monotonic(), [spent_ms(pid) for pid in (scheduler, os.getpid())]
            done = 0
            for report in reports:
                output.add(report)
                done += 1
                if time.monotonic() > began + left:
                    break
            seconds = time.monotonic() - began
            spent = [spent_ms(pid) - at_first for pid, at_first in zip((scheduler, os.getpid()), spent, strict=True)]
            at_most = {"scheduler_mb": high_mb(scheduler), "driver_mb": high_mb(os.getpid()), "driver_start_mb": before}
    found = Measured(label, processes * threads, pause, done, seconds, spent[0] / done, spent[1] / done, **at_most)
    Path(room, MEASURED).write_bytes(msgspec.json.encode(found))


def synthetic(number: int) -> Submission:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return Submission(f"student-{number:06d}", "digits.ipynb", b"", digest)


def a_report() -> bytes:
    """What grading a real notebook on some questions gives."""
    assignment: Assignment = select_questions(load(DIGITS), QUESTIONS)
    with tempfile.TemporaryDirectory() as folder:
        (member,) = classroom.make(Path(folder), 1, numpy=True)
        content = member.path.read_bytes()
    submission = Submission("one", member.path.name, content, hashlib.sha256(content).hexdigest())
    with Grader(assignment, workers=1) as grader:
        report = grader.grade(submission)
    return msgspec.json.encode(report)


@contextmanager
def workers(processes: int, threads: int, pause: float, room: Path) -> Iterator[tuple[int, str]]:
    """A scheduler, whose process and address this gives, and workers; all on the loopback."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    path = os.pathsep.join((str(ROOT), str(HERE)))
    environment = {**os.environ, "PYTHONPATH": path, simulated.SECONDS: str(pause)}
    environment["DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED"] = "False"

    def start(program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *options, *NO_PAGES]
        with (room / f"{program}.log").open("ab") as log:
            return subprocess.Popen(command, env=environment, cwd=room, stdout=log, stderr=log)

    fixed = ("--no-nanny", "--host", "127.0.0.1", "--memory-limit", "0", "--nthreads", str(threads))
    started = [start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port))]
    started += [start("dask_worker", address, *fixed, "--local-directory", str(room)) for _ in range(processes)]
    try:
        wait_for(lambda: listens(port))
        yield started[0].pid, address
    finally:
        for process in started:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)


def spent_ms(pid: int) -> float:
    """The processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def high_mb(pid: int) -> float:
    """The most memory that a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


COLUMNS: list[table.Column] = [
    ("workers", lambda row: row["label"]),
    ("a submission takes, s", lambda row: f"{row['pause']:g}"),
    ("submissions", lambda row: f"{row['submissions']:,}"),
    ("seconds", lambda row: f"{row['seconds']:.1f}"),
    ("a second", lambda row: f"{row['submissions'] / row['seconds']:,.1f}"),
    ("of what is possible", lambda row: f"{share(row):.0%}"),
    ("scheduler, ms each", lambda row: f"{row['scheduler_ms']:.2f}"),
    ("driver, ms each", lambda row: f"{row['driver_ms']:.2f}"),
    ("scheduler, MB", lambda row: f"{row['scheduler_mb']:,.0f}"),
    ("driver, MB", lambda row: f"{row['driver_start_mb']:,.0f}, then {row['driver_mb']:,.0f}"),
]


def share(row: table.Row) -> float:
    """The rate, of what so many workers could do if nothing but grading took time."""
    return float(row["submissions"] / row["seconds"] * row["pause"] / row["workers"])


def update(page: Path, rows: list[Measured], results: dict[str, Any]) -> None:
    """Puts the table between the marks of the page."""
    text = f"{table.grid(COLUMNS, [asdict(row) for row in rows])}\n{table.origin(results)}\n"
    print(text)
    whole = page.read_text(encoding="utf-8") if page.exists() else f"{table.BEGIN}\n{table.END}\n"
    head, _, rest = whole.partition(table.BEGIN)
    page.write_text(f"{head}{table.BEGIN}\n\n{text}\n{table.END}{rest.partition(table.END)[2]}", encoding="utf-8")


def about() -> dict[str, str]:
    names = ("distributed", "numpy")
    cores, kernel = len(os.sched_getaffinity(0)), f"{platform.system()} {platform.release()}"
    return {
        "date": datetime.date.today().isoformat(),
        "command": shlex.join(["python", "benchmarks/scale.py", *sys.argv[1:]]),
        "machine": f"{processor()}, {cores} cores, {kernel}, load {os.getloadavg()[2]:.1f}",
        "versions": ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)]),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=100_000, help="submissions of the last run (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=5, help="after which what isn't done is left (default: 5)")
    parser.add_argument("--out", type=Path, default=HERE, help="where results go (default: here, and docs/scale.md)")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*json.loads(sys.argv[2]))
    else:
        main()
