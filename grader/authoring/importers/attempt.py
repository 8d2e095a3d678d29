"""Attempt at an imported assignment: the solution has to pass each case, and the stubs none.

The solution and the tests are code of an author whom the user may not know, and the grader runs both in its own
processes. So the attempt runs in bubblewrap, grader included, with the folder to try as the only file of the user. The
solution and the stubs are graded there as processes without a sandbox of their own. As with a worker, the kernel limits
the processes of an attempt, except root's, and the grader counts its threads.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grader
from grader.assignments.loader import load
from grader.authoring.importers.base import CaseKey, ImportFailed
from grader.authoring.release import build_release
from grader.execution.grader import Grader
from grader.models import Submission
from grader.sandbox.host import mounts
from grader.sandbox.host.launcher import BubblewrapLauncher
from grader.sandbox.protocol.limits import MAX_POLLED_THREADS

PACKAGE = Path(grader.__file__).parent
TMP_BYTES = 1 << 30  # files of the attempt, in memory
MAX_SECONDS = 3600  # of an attempt: two submissions, and code of the author that may wait for ever
WATCH_SECONDS = 0.1  # between two looks at the threads
MARK = "grader attempt: "  # before the result: the solution may print too


def is_isolated(sandbox: str) -> bool:
    """Return whether an attempt at this sandbox level is isolated from the user's files."""
    return sandbox == BubblewrapLauncher.level


def try_cases(folder: Path, sandbox: str, attempt: int) -> dict[CaseKey, str]:
    """Return the cases that the solution fails or the stubs pass, each with the reason. Raises UserError.

    :param attempt: number that seeds the random generators of the submissions: a case that passes by chance is found
    """
    if not is_isolated(sandbox):
        return dict(_failing_cases(folder, sandbox, attempt))
    output, errors = _run(_command(folder, attempt))
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    try:
        found = json.loads(lines[-1].removeprefix(MARK))
        return {(str(question), str(function)): str(why) for question, function, why in found}
    except (IndexError, ValueError, TypeError):
        why = (errors.strip().splitlines() or ["no reason given"])[-1]
        raise ImportFailed(why.removeprefix("grader: ").replace(f"/attempt/{folder.name}", str(folder))) from None


def _command(folder: Path, attempt: int) -> list[str]:
    """Return the command that runs this module in bubblewrap, for the folder."""
    packages = ":".join(["/program", *mounts.package_path()])
    return [
        *("bwrap", "--unshare-all", "--unshare-user", "--new-session", "--die-with-parent", "--cap-drop", "ALL"),
        *(*mounts.system_mounts(), *mounts.interpreter_mounts(), *mounts.device_mounts()),
        *("--proc", "/proc", "--size", str(TMP_BYTES), "--tmpfs", "/tmp"),
        *("--ro-bind", str(PACKAGE), "/program/grader", "--ro-bind", str(folder), f"/attempt/{folder.name}"),
        *("--setenv", "PYTHONPATH", packages, "--setenv", "PYTHONDONTWRITEBYTECODE", "1"),
        *("--remount-ro", "/", "--chdir", "/tmp", "--"),
        *(mounts.INTERPRETER, "-m", __name__, f"/attempt/{folder.name}", str(attempt)),
    ]


def _run(command: list[str]) -> tuple[str, str]:
    """Return output and error output of a command. Raises ImportFailed if it takes too long, or too many threads."""
    environment, pipe = mounts.worker_environment(), subprocess.PIPE
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, env=environment
    ) as process:
        try:
            for _ in range(int(MAX_SECONDS / WATCH_SECONDS)):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.communicate(timeout=WATCH_SECONDS)
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


def _failing_cases(folder: Path, sandbox: str, attempt: int) -> Iterator[tuple[CaseKey, str]]:
    assignment = load(folder)
    file = assignment.notebook.name
    contents = {"solution": assignment.notebook.read_bytes(), "stubs": build_release(folder)[file]}
    seed = str(attempt).encode()  # the grader seeds the generators of a submission with its digest
    class_ = [Submission(who, file, text, hashlib.sha256(seed + text).hexdigest()) for who, text in contents.items()]
    with Grader(assignment, sandbox=sandbox, workers=1) as pool:
        reports = list(pool.grade_many(class_))
    for report in reports:
        for question in report.questions:
            for case in question.cases:
                key = (question.name, f"test_{case.name}")
                if report.student == "solution" and not case.points:
                    yield key, f"the solution fails it in the sandbox: {case.message or case.status}"
                elif report.student == "stubs" and case.points:
                    yield key, "the stubs pass it"


def _limit_processes() -> None:
    """Limit the processes of this user namespace for good, threads included. The kernel doesn't count root's."""
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = MAX_POLLED_THREADS if hard == resource.RLIM_INFINITY else min(MAX_POLLED_THREADS, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


if __name__ == "__main__":
    from grader.errors import UserError

    _limit_processes()
    try:
        failing = [(*key, why) for key, why in _failing_cases(Path(sys.argv[1]), "off", int(sys.argv[2]))]
    except UserError as problem:
        sys.exit(f"grader: {problem}")
    print(MARK + json.dumps(failing))
