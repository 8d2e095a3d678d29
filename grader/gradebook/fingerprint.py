"""Fingerprint of a run: the assignment, the grader and its settings, on which reports depend beside the submission.

Two runs with equal fingerprints give equal reports, so a run can reuse the reports of an earlier one.
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

PACKAGES = ("numpy", "tensorflow", "keras", "pytest", "nbformat")  # packages whose version can change a result


class RunFingerprint(msgspec.Struct, frozen=True):
    """Everything but the submission that the reports of a run depend on."""

    assignment: str
    assignment_digest: str
    grader_version: str
    settings: str

    @classmethod
    def for_run(cls, assignment: Assignment, sandbox: str = "full", run_all_cells: bool = False) -> RunFingerprint:
        """Return the fingerprint of a run at a sandbox level; `run_all_cells` is the option --whole-notebook."""
        settings = f"sandbox {sandbox}{', whole notebook' if run_all_cells else ''}"
        if assignment.ungraded:
            settings += f", only {', '.join(question.name for question in assignment.questions)}"
        return cls(assignment.name, assignment.digest, grader_version(), settings)

    def report_key(self, submission: Submission) -> str:
        """Return the digest of everything that the report of a submission depends on."""
        handed_in = msgspec.to_builtins(msgspec.structs.replace(submission, content=b""))  # the digest is in it
        return hashlib.sha256(json.dumps([msgspec.to_builtins(self), handed_in]).encode()).hexdigest()


@cache
def grader_version() -> str:
    """Return the version with a digest of the grader's sources, Python and the PACKAGES, such as 0.1.0+3f2a9c."""
    digest = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        digest.update(f"{name} {installed_version(name)}\0".encode())
    here = Path(__file__).parents[1]
    for path in sorted(here.rglob("*.py")):
        digest.update(f"{path.relative_to(here).as_posix()}\0".encode() + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:6]}"


def installed_version(package: str) -> str:
    """Return the version of an installed package, "none" if it isn't installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
