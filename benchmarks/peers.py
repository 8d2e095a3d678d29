"""The peers: each in a venv of its own, each at its best setting here, each with the same checks.

A peer gets the class's notebooks and, for each question, one test that runs its hidden cases (bench_checks.py) on the
notebook's namespace. All of a peer's start-up that can be shared is shared: one command grades many notebooks where
the peer can do that. As many commands run side by side as there are cores.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measure

from grader.model import Assignment
from grader.validate import solution_as_module

HERE = Path(__file__).parent
VENVS = HERE / ".peers"
HOME = VENVS / "home"
KIT = {  # what the hidden cases import, besides NumPy
    "bench_checks.py": HERE / "bench_checks.py",
    "peer_plugin.py": HERE / "peer_plugin.py",
    "grader/checks.py": HERE.parent / "grader" / "checks.py",
    "grader/keras_model.py": HERE.parent / "grader" / "keras_model.py",
    "grader/sandbox/keras_models.py": HERE.parent / "grader" / "sandbox" / "keras_models.py",
}
WARM = "import tensorflow, matplotlib.pyplot, nbconvert, ipykernel"
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


class PeerUnavailable(Exception):
    """The peer can't be run here; the message says what was tried and what came of it."""


@dataclass(frozen=True)
class Room:
    """Where a peer works, and what it works on."""

    folder: Path
    binaries: Path
    assignment: Assignment
    sample: Sequence[Path]
    jobs: int

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def kit(self) -> Path:
        return self.folder / "kit"

    @property
    def account(self) -> Path:
        return self.folder / "account.jsonl"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **settings(),
            "PATH": f"{self.binaries}:/usr/bin:/bin",
            "PYTHONPATH": str(self.kit),
            "BENCH_ACCOUNT": str(self.account),
        }

    def shares(self) -> list[list[Path]]:
        """The sample, dealt out to the jobs."""
        return [part for job in range(self.jobs) if (part := list(self.sample[job :: self.jobs]))]

    def run(self, *command: str, folder: Path | None = None) -> None:
        """Something that needs to be done once, before the clock starts."""
        done = subprocess.run(command, env=self.environment, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise PeerUnavailable(f"`{Path(command[0]).name} {command[1]}` failed: {done.stderr.strip()[-300:]}")


def settings() -> dict[str, str]:
    """One thread for each process, as there is a process for each core; no search for graphics cards."""
    return {
        "HOME": str(HOME),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "-1",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


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
        return sum(self.sign in path.read_text(encoding="utf-8") for path in folder.glob(self.pattern))


PEERS = (
    Peer("nbconvert", nbconvert, "nbconvert + pytest", "*.ipynb"),
    Peer("otter", otter, "otter run", "*/results.json"),
    Peer("nbgrader", nbgrader, "nbgrader autograde", "*/*/*.ipynb", '"output_type"'),
)


def run(
    peer: Peer, assignment: Assignment, sample: Sequence[Path], folder: Path, jobs: int
) -> tuple[measure.Measured, Counter[bool]]:
    """What a peer took for the sample, and how many cases passed and failed. Raises PeerUnavailable."""
    room = Room(folder, install(peer) / "bin", assignment, sample, jobs)
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


def install(peer: Peer) -> Path:
    """The peer's venv, made when it isn't there or its requirements have changed. Raises PeerUnavailable."""
    venv, requirements = VENVS / peer.name, HERE / "peers" / f"{peer.name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    ready = venv / "ready"
    if ready.exists() and ready.read_text() == digest:
        return venv
    print(f"setting up {peer.label} in {venv} (once; a few minutes)", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", str(venv)],
        [*pip, "-r", str(requirements)],
        [str(venv / "bin" / "python"), "-c", WARM],
    ):
        environment = {**os.environ, **(settings() if command[-1] == WARM else {})}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise PeerUnavailable(f"installing {requirements.name} failed: {done.stderr.strip()[-300:]}")
    ready.write_text(digest)
    return venv


def fill_kit(room: Room) -> None:
    """What the peers' tests need: the hidden cases, the solution as a module, the code that runs them."""
    for name, path in KIT.items():
        target = room.kit / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (room.kit / "grader" / "student.py").write_text("from grader.keras_model import KerasModel\n")
    (room.kit / "reference.py").write_bytes(solution_as_module(room.assignment))
    shutil.copytree(room.assignment.hidden, room.kit / "hidden", ignore=shutil.ignore_patterns("__pycache__"))


def support(room: Room) -> list[Path]:
    return [path for path in sorted(room.assignment.support.iterdir()) if path.is_file()]


def with_support(room: Room, folder: Path) -> Path:
    """A folder with the files that a student gets beside the notebook."""
    folder.mkdir(parents=True)
    for path in support(room):
        shutil.copy(path, folder)
    return folder


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
