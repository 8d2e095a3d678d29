"""Grades one submission where a platform has unpacked a bundle: with the limits that fit there, and a deadline."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader._util.wording import format_number
from grader.assignments.loader import load
from grader.delivery.options import BundleSettings
from grader.errors import InternalError
from grader.execution.grader import Grader
from grader.models import Assignment, Limits, ScoreReport, Submission
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.launcher import ProcessLauncher
from grader.sandbox.host.worker_user import WORKER_USER
from grader.submissions.collect import STUDENT, collect

LEVEL = "process"  # containers of platforms allow no namespaces
START_SECONDS = 30.0  # of the platform's time, for starting the grader and its sandbox
# A container may have half a core, where a second of processor time takes two; and a submission that times out there is
# graded once more, to confirm it.
SECONDS_PER_PROCESSOR_SECOND = 4.0
END_SECONDS = 10.0  # before the platform's limit, for writing a result
OWN_MEMORY_MB = 300  # of the container, for the grader and its fork server
OWN_MEMORY_WITH_TENSORFLOW_MB = 900
LEAST_MEMORY_MB, LEAST_MEMORY_WITH_TENSORFLOW_MB = 256, 1024  # with less, a worker can't import its packages
MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # cgroups, version 2 and 1


class GradedHere(NamedTuple):
    """A report, and sentences about the place where it was made."""

    report: ScoreReport
    remarks: tuple[str, ...]


class Identity(NamedTuple):
    """What a platform says about a submission and who made it."""

    student: str = "submission"  # safe as a path
    name: str = ""
    late: bool = False
    handed_in: str = ""


def open_bundle(source: Path) -> tuple[Assignment, BundleSettings]:
    """Return assignment and settings of an unpacked bundle, and keep its cache beside it.

    The assignment was checked when the bundle was made: that would take a tenth of a second more.
    Raises InternalError if it can't be read, and AssignmentError.
    """
    os.environ["XDG_CACHE_HOME"] = str(source / "cache")
    try:
        settings = BundleSettings.read_from(source)
    except (OSError, ValueError) as problem:
        raise InternalError(f"the bundle in {source} isn't complete: {problem}") from None
    return load(source / "assignment" / settings.assignment), settings


def read_folder(folder: Path, assignment: Assignment, identity: Identity) -> Submission:
    """Return what a platform has put into a folder as one submission. Raises IntakeError."""
    support = frozenset(path.name for path in assignment.support.rglob("*"))
    (found,) = collect(folder, assignment.name, support, platform=STUDENT)
    return msgspec.structs.replace(found, **identity._asdict())


def grade_here(assignment: Assignment, submission: Submission, minutes: int) -> GradedHere:
    """Grade a submission at the level `process`, where the platform ends everything after some minutes.

    A report that needs review is made once more. Raises InternalError if there is none in time, or only one that needs
    review again; SandboxUnavailable; and AssignmentError.
    """
    check_worker_user(assignment)
    limits = fitted_limits(assignment, minutes, container_memory())
    with Grader(assignment, sandbox=LEVEL, workers=1, limits=limits, check_sandbox=False) as grader:
        try:
            report = grader.grade(submission, minutes * 60 - END_SECONDS)
            if report.needs_review:
                report = grader.grade(submission, minutes * 30)
        except TimeoutError:
            raise InternalError(f"the grader has no result after {minutes} minutes; grade again") from None
        problems = " ".join(grader.log)
    if report.needs_review:
        raise InternalError(f"the grader itself failed, so this submission has no result yet; grade again. {problems}")
    return GradedHere(report, tuple(_remarks(assignment.limits, limits)))


def check_worker_user(assignment: Assignment) -> None:
    """Raise SandboxUnavailable if submissions would run as the user who may read the hidden cases."""
    if ProcessLauncher(assignment.support).worker_user() != WORKER_USER:
        raise SandboxUnavailable(
            "submissions can't run as a user of their own here",
            "Run the autograder as root, with the capabilities that Docker gives by default, and leave the bundle's"
            " environment readable for all users",
        )


def container_memory() -> int | None:
    """Return the bytes of memory that this container may use; None if there is no limit."""
    for name in MEMORY_LIMITS:
        with suppress(OSError, ValueError):  # there is no such file, or it says "max"
            return int(Path(name).read_text())
    return None


def fitted_limits(assignment: Assignment, minutes: int, memory: int | None) -> Limits:
    """Return the limits of a submission that fit into the minutes and bytes that the platform gives."""
    limits = assignment.limits
    seconds = (minutes * 60 - START_SECONDS) / SECONDS_PER_PROCESSOR_SECOND
    heavy = "tensorflow" in assignment.modules
    own, least = (
        (OWN_MEMORY_WITH_TENSORFLOW_MB, LEAST_MEMORY_WITH_TENSORFLOW_MB) if heavy else (OWN_MEMORY_MB, LEAST_MEMORY_MB)
    )
    room = limits.memory_mb if memory is None else max(least, (memory >> 20) - own)
    return msgspec.structs.replace(
        limits,
        total_seconds=min(limits.total_seconds, seconds),
        load_seconds=min(limits.load_seconds, seconds),
        memory_mb=min(limits.memory_mb, room),
    )


def _remarks(wanted: Limits, limits: Limits) -> list[str]:
    """Return a sentence for each limit that is lower than the assignment's."""
    found = []
    if limits.total_seconds < wanted.total_seconds:
        seconds = format_number(limits.total_seconds), format_number(wanted.total_seconds)
        found.append(f"A submission has {seconds[0]} seconds of processor time here, instead of {seconds[1]}.")
    if limits.memory_mb < wanted.memory_mb:
        found.append(f"A submission has {limits.memory_mb} MB of memory here, instead of {wanted.memory_mb}.")
    return found
