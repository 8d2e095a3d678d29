"""The peers: each in a venv of its own, each at its best setting here, each with the same checks.

A peer gets the class's notebooks and, for each question, one test that runs its hidden cases (bench_checks.py) on the
notebook's namespace. All of a peer's start-up that can be shared is shared: one command grades many notebooks where
the peer can do that. As many commands run side by side as there are cores.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measure
from peer_room import PeerUnavailable, Room, fill_kit, install, support, with_support

from grader.models import Assignment

HERE = Path(__file__).parent
OTTER_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}


@test_case(points={points})
def test_{name}(env):
    import bench_checks

    bench_checks.ask({name!r}, env)
"""


def nbconvert(room: Room) -> list[str]:
    """nbconvert executes several notebooks one after another; their last cell runs pytest in the kernel."""
    arguments = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "peer_plugin",
        "--rootdir",
        str(room.kit),
        str(room.kit / "hidden"),
    ]
    for path in room.sample:
        desk = with_support(room, room.folder / "class" / path.stem)
        add_cells(path, desk / path.name, [code_cell(f"import pytest\npytest.main({arguments!r})", "checks")])
    command = "jupyter-nbconvert --execute --allow-errors --to notebook --output-dir"
    return [
        f"{command} {room.out} " + " ".join(str(room.folder / "class" / path.stem / path.name) for path in share)
        for share in room.shares()
    ]


def otter(room: Room) -> list[str]:
    """`otter run` takes one notebook."""
    tests = room.folder / "tests"
    tests.mkdir()
    for question in room.assignment.questions:
        text = OTTER_TEST.format(name=question.name, points=question.points)
        (tests / f"{question.name}.py").write_text(text)
    archive = room.folder / "autograder.zip"
    options = ["--no-config", "--no-requirements", "--no-environment", "-t", str(tests), "-o", str(archive)]
    beside = [path.name for path in support(room)]  # a name with folders in it would land in these folders
    room.run(str(room.binaries / "otter"), "generate", *options, *beside, folder=room.assignment.support)
    for path in room.sample:
        (room.out / path.stem).mkdir()
    return [f"otter run --no-logo -a {archive} -o {room.out / path.stem} {path}" for path in room.sample]


def nbgrader(room: Room) -> list[str]:
    """`nbgrader autograde` grades a course, one notebook after another: a course for each job."""
    cells = [grade_cell(question.name, question.points) for question in room.assignment.questions]
    name = room.assignment.notebook.name
    commands = []
    for number, share in enumerate(room.shares()):
        course = room.folder / f"course-{number}"
        source = with_support(room, course / "source" / "digits")
        add_cells(HERE.parent / "assignment" / "digits" / name, source / name, cells)
        (course / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'bench'\nc.ExecutePreprocessor.timeout = 600\n"
            f"c.CourseDirectory.autograded_directory = {str(room.out)!r}\n"
        )
        room.run(str(room.binaries / "nbgrader"), "generate_assignment", "digits", folder=course)
        for path in share:
            add_cells(path, with_support(room, course / "submitted" / path.stem / "digits") / name, cells)
        commands.append(f"cd {course} && nbgrader autograde digits --create")
    return commands


@dataclass(frozen=True)
class Peer:
    name: str
    prepare: Callable[[Room], list[str]]
    label: str
    pattern: str  # what a result is, below the folder of results
    sign: str = ""  # what stands in it once the work is done

    def results(self, folder: Path) -> int:
        return sum(self.sign in path.read_text(errors="replace") for path in folder.glob(self.pattern))


PEERS = (
    Peer("nbconvert", nbconvert, "nbconvert + pytest", "*.ipynb"),
    Peer("otter", otter, "otter run", "*/results.json"),
    Peer("nbgrader", nbgrader, "nbgrader autograde", "*/*/*.ipynb", '"output_type"'),
)


def run(
    peer: Peer, assignment: Assignment, sample: Sequence[Path], folder: Path, jobs: int
) -> tuple[measure.Measured, Counter[bool]]:
    """What a peer took for the sample, and how many cases passed and failed. Raises PeerUnavailable."""
    room = Room(folder, install(peer.name) / "bin", assignment, sample, jobs)
    room.out.mkdir(parents=True)
    fill_kit(room)
    commands = folder / "commands"
    commands.write_text("\n".join(peer.prepare(room)) + "\n")
    each = ["xargs", "-a", str(commands), "-d", "\\n", "-P", str(jobs), "-I{}", "sh", "-c", "{}"]
    try:
        measured = measure.run(
            each,
            lambda: peer.results(room.out) > 0,
            folder / "log",
            environment=room.environment,
            folder=folder,
        )
    except measure.CommandFailed as problem:
        raise PeerUnavailable(str(problem)) from problem
    if (came := peer.results(room.out)) != len(sample):
        raise PeerUnavailable(
            f"{came} results came for {len(sample)} notebooks; its log ends: {log_end(folder / 'log')}"
        )
    lines = room.account.read_text().splitlines() if room.account.exists() else []
    return measured, Counter(json.loads(line)[2] for line in lines)


def add_cells(source: Path, target: Path, cells: list[dict[str, Any]]) -> None:
    document = json.loads(source.read_text(encoding="utf-8"))
    document["cells"] += cells
    target.write_text(json.dumps(document), encoding="utf-8")


def code_cell(source: str, name: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def grade_cell(name: str, points: float) -> dict[str, Any]:
    """nbgrader's cell for autograder tests."""
    cell = code_cell(f"import bench_checks\nbench_checks.ask({name!r}, globals())", f"test-{name.replace('_', '-')}")
    mark = {
        "grade": True,
        "grade_id": f"test-{name}",
        "locked": True,
        "points": points,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return {**cell, "metadata": {"nbgrader": mark}}


def log_end(path: Path) -> str:
    return path.read_text(errors="replace").strip()[-300:]
