"""Attempt at an imported assignment: the solution has to pass each case, and the stubs none.

The solution and the tests are code of an author whom the user may not know, and the grader runs both in its own
processes. So the attempt runs in bubblewrap, grader included, with the folder to try as the only file of the user. The
solution and the stubs are graded there as processes without a sandbox of their own.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grader
from grader.assignments.loader import load
from grader.authoring.importers.base import ImportFailed
from grader.authoring.release import build_release
from grader.execution.grader import Grader
from grader.models import Submission
from grader.sandbox.host import mounts
from grader.sandbox.host.launcher import BubblewrapLauncher

Key = tuple[str, str]  # question and function of a case
PACKAGE = Path(grader.__file__).parent
TMP_BYTES = 1 << 30  # files of the attempt, in memory
MARK = "grader attempt: "  # before the result: the solution may print too


def is_isolated(sandbox: str) -> bool:
    """Return whether an attempt at this sandbox level is isolated from the user's files."""
    return sandbox == BubblewrapLauncher.level


def try_cases(folder: Path, sandbox: str) -> dict[Key, str]:
    """Return the cases that the solution fails or the stubs pass, each with the reason. Raises UserError."""
    if not is_isolated(sandbox):
        return dict(_failing_cases(folder, sandbox))
    done = subprocess.run(
        _command(folder), capture_output=True, text=True, check=False, env=mounts.worker_environment()
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    try:
        found = json.loads(lines[-1].removeprefix(MARK))
        return {(str(question), str(function)): str(why) for question, function, why in found}
    except (IndexError, ValueError, TypeError):
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ImportFailed(why.removeprefix("grader: ").replace(f"/attempt/{folder.name}", str(folder))) from None


def _command(folder: Path) -> list[str]:
    """Return the command that runs this module in bubblewrap, for the folder."""
    packages = ":".join(["/program", *mounts.package_path()])
    return [
        *("bwrap", "--unshare-all", "--unshare-user", "--new-session", "--die-with-parent", "--cap-drop", "ALL"),
        *(*mounts.system_mounts(), *mounts.interpreter_mounts(), *mounts.device_mounts()),
        *("--proc", "/proc", "--size", str(TMP_BYTES), "--tmpfs", "/tmp"),
        *("--ro-bind", str(PACKAGE), "/program/grader", "--ro-bind", str(folder), f"/attempt/{folder.name}"),
        *("--setenv", "PYTHONPATH", packages, "--setenv", "PYTHONDONTWRITEBYTECODE", "1"),
        *("--remount-ro", "/", "--chdir", "/tmp", "--"),
        *(mounts.INTERPRETER, "-m", __name__, f"/attempt/{folder.name}"),
    ]


def _failing_cases(folder: Path, sandbox: str) -> Iterator[tuple[Key, str]]:
    assignment = load(folder)
    file = assignment.notebook.name
    contents = {"solution": assignment.notebook.read_bytes(), "stubs": build_release(folder)[file]}
    class_ = [Submission(who, file, text, hashlib.sha256(text).hexdigest()) for who, text in contents.items()]
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


if __name__ == "__main__":
    from grader.errors import UserError

    try:
        failing = [(*key, why) for key, why in _failing_cases(Path(sys.argv[1]), "off")]
    except UserError as problem:
        sys.exit(f"grader: {problem}")
    print(MARK + json.dumps(failing))
