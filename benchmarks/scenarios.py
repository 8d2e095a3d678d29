"""What is measured: each scenario is a function that gives rows for the table."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import classroom
import measure
import peer_room
import peers
import replacement
from classroom import Member
from measure import Measured

from grader.assignments.loader import load

ROOT = Path(__file__).parent.parent
DIGITS = ROOT / "solutions" / "digits"
PEER_SAMPLE = 6  # notebooks at most: a peer takes seconds for each

Row = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark."""

    size: int
    runs: int
    jobs: int
    with_peers: bool
    long: bool
    work: Path  # a folder for all that is made on the way

    def room(self, name: str) -> Path:
        """A new empty folder."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def grader(
        self, submissions: Path, questions: Sequence[str] = (), name: str = "reports", cluster: bool = False
    ) -> Measured:
        """`grader grade`, as anyone would call it: with a job for each core, or with a Dask worker for each."""
        out = self.room(name)
        program = [str(Path(sys.executable).with_name("grader")), "grade", str(submissions)]
        command = [*program, "--assignment", str(DIGITS), "--out", str(out)]
        command += ["--cluster", f"local:{self.jobs}"] if cluster else ["--jobs", str(self.jobs)]
        command += [f"--question={question}" for question in questions]
        return measure.run(command, shows(out / "reports"), self.work / "grader.log")

    def floor(self, submissions: Path, questions: Sequence[str] = ()) -> Measured:
        out = self.room("floor")
        command = [sys.executable, str(Path(__file__).with_name("floor.py"))]
        command += [str(DIGITS), str(submissions), str(out), str(self.jobs), *questions]
        environment = {**peer_room.settings(), "HOME": str(self.work), "PYTHONPATH": str(ROOT)}
        return measure.run(command, shows(out), self.work / "floor.log", environment=environment)


def shows(folder: Path) -> Callable[[], bool]:
    """Whether there is a first result in a folder."""
    return lambda: any(folder.glob("*.json"))


def row(label: str, submissions: int, runs: Sequence[Measured]) -> Row:
    """A line of a table: medians over the runs, and what each run gave."""
    middle = {key: statistics.median(asdict(run)[key] for run in runs) for key in asdict(runs[0])}
    return {
        "label": label,
        "submissions": submissions,
        "per_minute": 60 * submissions / middle["seconds"],
        "cpu_per_submission": middle["cpu_seconds"] / submissions,
        **middle,
        "runs": [asdict(run) for run in runs],
    }


def whole_class(bench: Bench) -> dict[str, Any]:
    """All questions, TensorFlow's included: the grader, the floor, the peers."""
    members = classroom.make(bench.room("class"), bench.size)
    rows = against_the_floor(bench, members)
    same = same_points(bench.work)
    if bench.with_peers:
        rows += list(the_peers(bench, members))
    return {"rows": rows, "same_points": same}


def numpy_class(bench: Bench) -> dict[str, Any]:
    """Notebooks that keep to NumPy, graded on the questions that need no TensorFlow."""
    members = classroom.make(bench.room("class"), bench.size, numpy=True)
    rows = against_the_floor(bench, members, numpy_questions())
    return {"rows": rows, "same_points": same_points(bench.work)}


def against_the_floor(bench: Bench, members: Sequence[Member], questions: Sequence[str] = ()) -> list[Row]:
    """The grader and the floor, in turn, so that both see the same weather on the machine."""
    folder = members[0].path.parent
    ours, floors = [], []
    for _ in range(bench.runs):
        ours.append(bench.grader(folder, questions))
        floors.append(bench.floor(folder, questions))
    return [row("grader", len(members), ours), row("floor", len(members), floors)]


def same_points(work: Path) -> Mapping[str, int]:
    """How many submissions got the same points, question by question, from the grader and from the floor."""
    count = {"same": 0, "different": 0, "no result from the floor": 0}
    for path in (work / "reports" / "reports").glob("*.json"):
        ours = {question["name"]: question["score"] for question in json.loads(path.read_text())["questions"]}
        other = work / "floor" / path.name
        if not other.exists():
            count["no result from the floor"] += 1
        else:
            count["same" if json.loads(other.read_text()) == ours else "different"] += 1
    return count


def the_peers(bench: Bench, members: Sequence[Member]) -> Iterator[Row]:
    """Each peer with the first ordinary notebooks of the class: nothing slow, nothing that ends the kernel."""
    ordinary = [member.path for member in members if member.kind in classroom.ORDINARY]
    sample = ordinary[: max(2, min(PEER_SAMPLE, bench.size // 10))]
    for peer in peers.PEERS:
        tell(f"{peer.label}, {len(sample)} notebooks")
        try:
            taken, cases = peers.run(peer, load(DIGITS), sample, bench.room(f"peers/{peer.name}"), bench.jobs)
        except peer_room.PeerUnavailable as problem:
            yield {"label": peer.label, "unavailable": str(problem)}
        else:
            yield {**row(peer.label, len(sample), [taken]), "cases": {"passed": cases[True], "failed": cases[False]}}


def single(bench: Bench) -> dict[str, Any]:
    """One notebook, from a cold start, with TensorFlow and without."""
    folder = bench.room("class")
    classroom.make(folder, 1, numpy=True)
    both: dict[str, Sequence[str]] = {"all questions": (), "NumPy questions": numpy_questions()}
    return {
        "rows": [
            row(f"grader, {label}", 1, [bench.grader(folder, questions) for _ in range(bench.runs)])
            for label, questions in both.items()
        ]
    }


def loops(bench: Bench) -> dict[str, Any]:
    """A class in which each fifth submission never ends, and the same class with right answers in their place."""
    members = classroom.make(bench.room("class"), max(classroom.LOOPING_EACH, bench.size // 4), looping=True)
    looping = [member for member in members if member.kind == "looping"]
    honest = [member.path.stem for member in members if member.kind != "looping"]
    with_loops = bench.grader(bench.work / "class", name="with-loops")
    for member in looping:
        classroom.write(replace(member, kind="right"))
    without = bench.grader(bench.work / "class")
    return {
        "rows": [
            row(f"grader, {len(looping)} of them endless", len(members), [with_loops]),
            row("grader, none endless", len(members), [without]),
        ],
        "limits_seconds": len(looping) * load(DIGITS).limits.call_seconds / bench.jobs,
        "honest_seconds": [typical(bench.work / name / "reports", honest) for name in ("with-loops", "reports")],
    }


def typical(reports: Path, students: Sequence[str]) -> float:
    """The median of the seconds that these students' submissions took."""
    reports_of = [json.loads((reports / f"{name}.json").read_text()) for name in students]
    return float(statistics.median(report["seconds"] for report in reports_of))


def growth(bench: Bench) -> dict[str, Any]:
    """Classes of growing size, NumPy questions: does a submission take the same, does the memory stay where it was?"""
    rows = []
    for size in (bench.size // 2, bench.size * 5, *([bench.size * 50] if bench.long else [])):
        tell(f"a class of {size:,}")
        classroom.make(bench.room("class"), size, numpy=True)
        taken = bench.grader(bench.work / "class", numpy_questions())
        rows.append(row(f"grader, {size:,} submissions", size, [taken]))
    return {"rows": rows}


def cluster(bench: Bench) -> dict[str, Any]:
    """Dask workers on this machine beside jobs on this machine, in turn: what does the way through Dask cost?"""
    classroom.make(bench.room("class"), bench.size)
    jobs, workers = [], []
    for _ in range(bench.runs):
        jobs.append(bench.grader(bench.work / "class"))
        workers.append(bench.grader(bench.work / "class", name="on-workers", cluster=True))
    count = bench.jobs
    return {
        "rows": [
            row(f"grader, --jobs {count}", bench.size, jobs),
            row(f"grader, --cluster local:{count}", bench.size, workers),
        ],
        "same_scores": scores(bench.work / "reports") == scores(bench.work / "on-workers"),
    }


def scores(out: Path) -> str:
    return (out / "scores.csv").read_text()


def replaced(bench: Bench) -> dict[str, Any]:
    """How long a submission waits for a new worker when it has lost one."""
    rows = []
    for label, preload in {"NumPy": ["numpy"], "NumPy and TensorFlow": ["numpy", "tensorflow"]}.items():
        for way in replacement.WAYS:
            median, worst = replacement.measure(load(DIGITS), preload, way)
            rows.append({"label": f"{label} imported, the worker {way}", "median_ms": median, "worst_ms": worst})
    return {"rows": rows, "times": replacement.TIMES}


def numpy_questions() -> list[str]:
    """Those that ask for no module beside NumPy."""
    return [question.name for question in load(DIGITS).questions if not question.preload]


def tell(what: str) -> None:
    print(f"  {what}", flush=True)


SCENARIOS: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "class": whole_class,
    "numpy": numpy_class,
    "single": single,
    "loops": loops,
    "growth": growth,
    "cluster": cluster,
    "replaced": replaced,
}
