"""Where a peer works: its venv, its folder, and what its tests need besides the notebooks."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.quality.solution import solution_as_module
from grader.models import Assignment

HERE = Path(__file__).parent
VENVS = HERE / ".peers"
HOME = VENVS / "home"
# Of the grader: what the hidden cases import, besides NumPy.
MODULES = (
    *("checks", "models", "sandbox/limits", "sandbox/client/errors", "sandbox/client/model_view"),
    *("sandbox/guest/model_codec", "sandbox/guest/shared_memory"),
)
KIT = {
    **{name: HERE / name for name in ("bench_checks.py", "peer_plugin.py")},
    **{f"grader/{name}.py": HERE.parent / "grader" / f"{name}.py" for name in MODULES},
}
WARM = "import tensorflow, matplotlib.pyplot, nbconvert, ipykernel"


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
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "-1",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def install(name: str) -> Path:
    """The peer's venv, made when it isn't there or its requirements have changed. Raises PeerUnavailable."""
    venv, requirements = VENVS / name, HERE / "peers" / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    ready = venv / "ready"
    if ready.exists() and ready.read_text() == digest:
        return venv
    print(f"setting up {name} in {venv} (once; a few minutes)", flush=True)
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
