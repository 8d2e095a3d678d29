"""What a report depends on beside the submission: the assignment, the grader that made it, and its settings.

Two runs on the same basis give the same reports, so what one has graded the other need not grade again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from grader import __version__
from grader.models import Assignment, Submission

PACKAGES = ("numpy", "tensorflow", "keras", "pytest", "nbformat")  # that have a say in what a case or a cell does


class RunFingerprint(msgspec.Struct, frozen=True):
    """What the reports of one run have in common."""

    assignment: str
    assignment_digest: str
    grader_version: str
    settings: str

    @classmethod
    def for_run(cls, assignment: Assignment, sandbox: str = "full", whole: bool = False) -> RunFingerprint:
        settings = f"sandbox {sandbox}{', whole notebook' if whole else ''}"
        if assignment.ungraded:
            settings += f", only {', '.join(question.name for question in assignment.questions)}"
        return cls(assignment.name, assignment.digest, grader_version(), settings)

    def report_key(self, submission: Submission) -> str:
        """A digest of all that the report of a submission depends on."""
        handed_in = msgspec.to_builtins(msgspec.structs.replace(submission, content=b""))  # its digest stands for it
        return hashlib.sha256(json.dumps([msgspec.to_builtins(self), handed_in]).encode()).hexdigest()


@cache
def grader_version() -> str:
    """The version, and a digest of our own sources, of Python and of the packages: 0.1.0+3f2a9c."""
    digest = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        digest.update(f"{name} {installed_version(name)}\0".encode())
    here = Path(__file__).parents[1]
    for path in sorted(here.rglob("*.py")):
        digest.update(f"{path.relative_to(here).as_posix()}\0".encode() + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:6]}"


def installed_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
