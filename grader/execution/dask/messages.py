"""What the driver and its workers tell each other, as bytes: of all that Dask pickles, nothing else is ours."""

from __future__ import annotations

import platform
from functools import cache

import msgspec

from grader.gradebook.fingerprint import PACKAGES, grader_version, installed_version
from grader.models import ScoreReport, Submission


class Hello(msgspec.Struct, frozen=True):
    """What a worker is, told before it gets anything."""

    grader: str
    versions: dict[str, str]  # Python's and those of the packages that have a say in a score
    problem: str = ""  # why it can't give the level of protection that is wanted


class Bundle(msgspec.Struct, frozen=True):
    """An assignment on its way to a worker, with the settings of the run."""

    key: str  # of the run on this assignment
    name: str
    digest: str
    files: bytes  # a zip
    questions: tuple[str, ...]  # the graded ones; all of them when none is named
    sandbox: str
    whole: bool


class SubmissionBatch(msgspec.Struct, frozen=True):
    """Submissions to be graded, with their contents."""

    key: str
    submissions: tuple[Submission, ...]


class Results(msgspec.Struct, frozen=True):
    """What became of a batch."""

    reports: tuple[ScoreReport, ...] = ()
    printed: dict[str, str] = {}
    log: tuple[str, ...] = ()
    unknown: bool = False  # the worker has no such assignment (any more): it must get it again
    trouble: str = ""  # why this worker can't grade, which is no fault of the submissions
    unfit: str = ""  # why no worker can: the assignment is at fault


encode = msgspec.msgpack.encode
decode = msgspec.msgpack.decode


@cache
def versions() -> dict[str, str]:
    return {"Python": platform.python_version(), **{name: installed_version(name) for name in PACKAGES}}


def hello(problem: str) -> Hello:
    return Hello(grader_version(), versions(), problem)


def difference(theirs: Hello) -> str:
    """In what a worker differs from this machine, in words; nothing when it doesn't."""
    if theirs.grader == grader_version():
        return ""
    names = [name for name, ours in versions().items() if theirs.versions.get(name) != ours]
    found = [f"{name} {theirs.versions.get(name, 'none')} instead of {versions()[name]}" for name in names]
    return ", ".join(found) or f"grader {theirs.grader} instead of {grader_version()}"
