"""Attempt at an imported assignment: the solution has to pass each case, and the stubs none.

The solution and the tests are code of an author whom the user may not know, and the grader runs both in its own
processes. So the attempt runs in bubblewrap, grader included, with the folder to try as the only file of the user. The
solution and the stubs are graded there as processes without a sandbox of their own. As with a worker, the kernel limits
the processes of an attempt, except root's, and the grader counts its threads. The stubs are made here, where nbconvert
has been imported already.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from pathlib import Path

import grader
from grader.authoring.importers import attempt_program
from grader.authoring.importers.attempt_program import MARK
from grader.authoring.importers.base import CaseKey, ImportFailed
from grader.authoring.release import build_release
from grader.sandbox.host import mounts
from grader.sandbox.host.launcher import BubblewrapLauncher
from grader.sandbox.protocol.limits import MAX_POLLED_THREADS

PACKAGE = Path(grader.__file__).parent
TMP_BYTES = 1 << 30  # files of the attempt, in memory
MAX_SECONDS = 3600  # of an attempt: two submissions, and code of the author that may wait for ever
WATCH_SECONDS = 0.1  # between two looks at the threads


def is_isolated(sandbox: str) -> bool:
    """Return whether an attempt at this sandbox level is isolated from the user's files."""
    return sandbox == BubblewrapLauncher.level


def try_cases(folder: Path, sandbox: str, attempt: int) -> dict[CaseKey, str]:
    """Return the cases that the solution fails or the stubs pass, each with the reason. Raises UserError.

    :param attempt: number that seeds the random generators of the submissions: a case that passes by chance is found
    """
    stubs = build_release(folder)[f"{folder.name}.ipynb"]
    if not is_isolated(sandbox):
        return dict(attempt_program.failing_cases(folder, stubs, sandbox, attempt))
    output, errors = _run(_command(folder, attempt), stubs)
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    try:
        found = json.loads(lines[-1].removeprefix(MARK))
        return {(str(question), str(function)): str(why) for question, function, why in found}
    except (IndexError, ValueError, TypeError):
        why = (errors.strip().splitlines() or ["no reason given"])[-1]
        raise ImportFailed(why.removeprefix("grader: ").replace(f"/attempt/{folder.name}", str(folder))) from None


def _command(folder: Path, attempt: int) -> list[str]:
    """Return the command that runs attempt_program.py in bubblewrap, for the folder."""
    packages = ":".join(["/program", *mounts.package_path()])
    return [
        *("bwrap", "--unshare-all", "--unshare-user", "--new-session", "--die-with-parent", "--cap-drop", "ALL"),
        *(*mounts.system_mounts(), *mounts.interpreter_mounts(), *mounts.device_mounts()),
        *("--proc", "/proc", "--size", str(TMP_BYTES), "--tmpfs", "/tmp"),
        *("--ro-bind", str(PACKAGE), "/program/grader", "--ro-bind", str(folder), f"/attempt/{folder.name}"),
        *("--setenv", "PYTHONPATH", packages, "--setenv", "PYTHONDONTWRITEBYTECODE", "1"),
        *("--remount-ro", "/", "--chdir", "/tmp", "--"),
        *(mounts.INTERPRETER, "-m", attempt_program.__name__, f"/attempt/{folder.name}", str(attempt)),
    ]


def _run(command: list[str], content: bytes) -> tuple[str, str]:
    """Return output and error output of a command that reads `content`.

    Raises ImportFailed if it takes too long, or too many threads.
    """
    environment, pipe = mounts.worker_environment(), subprocess.PIPE
    unsent: bytes | None = content  # communicate takes it once, and keeps what it couldn't send in time
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as process:
        try:
            for _ in range(int(MAX_SECONDS / WATCH_SECONDS)):
                given, unsent = unsent, None
                with contextlib.suppress(subprocess.TimeoutExpired):
                    output, errors = process.communicate(given, timeout=WATCH_SECONDS)
                    return output.decode(errors="replace"), errors.decode(errors="replace")
                if _count_threads(process.pid) > MAX_POLLED_THREADS:
                    raise ImportFailed(f"the notebook's code started more than {MAX_POLLED_THREADS} threads")
            raise ImportFailed(f"the notebook's code took more than {MAX_SECONDS} seconds")
        finally:
            process.kill()  # bubblewrap takes everything inside along


def _count_threads(process: int) -> int:
    """Return the number of threads of a process and its descendants; no more are counted once there are too many."""
    found, todo = 0, [str(process)]
    while todo and found <= MAX_POLLED_THREADS:
        with contextlib.suppress(OSError):  # it has just ended
            for thread in Path("/proc", todo.pop(), "task").iterdir():
                found += 1
                with contextlib.suppress(OSError):
                    todo += (thread / "children").read_text().split()
    return found
