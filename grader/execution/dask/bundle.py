"""Messages between the driver and its workers, as bytes; of a run, Dask pickles nothing else."""

from __future__ import annotations

import io
import platform
import zipfile
from pathlib import Path

import msgspec

from grader._util import logs
from grader._util.logs import PassedRecord
from grader.assignments.loader import AssignmentError, load, scored_files, select_questions
from grader.gradebook.fingerprint import PACKAGES, grader_version, installed_version
from grader.models import Assignment, ScoreReport, Submission


class Bundle(msgspec.Struct, frozen=True):
    """An assignment on its way to a worker, with the settings of the run."""

    versions: dict[str, str]  # of the driver
    name: str
    digest: str
    files: bytes  # a zip
    questions: tuple[str, ...]  # the graded ones; empty: all
    sandbox: str
    run_all_cells: bool
    log_level: int  # from which on the driver wants log records


class SubmissionBatch(msgspec.Struct, frozen=True):
    """Submissions of a run, with their contents."""

    run: str
    submissions: tuple[Submission, ...]


class Results(msgspec.Struct, frozen=True):
    """The reports of a batch."""

    reports: tuple[ScoreReport, ...]
    printed: dict[str, str] = {}  # student -> the first of what the submission printed
    log: tuple[str, ...] = ()
    records: tuple[PassedRecord, ...] = ()
    worker: str = ""  # its address


encode = msgspec.msgpack.encode
decode = msgspec.msgpack.decode


def pack_assignment(assignment: Assignment, sandbox: str, run_all_cells: bool) -> Bundle:
    """Pack the files that the assignment's digest covers, and no others."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as zipped:
        for path in scored_files(assignment.folder):
            zipped.write(path, path.relative_to(assignment.folder).as_posix())
    questions = tuple(question.name for question in assignment.questions) if assignment.ungraded else ()
    files = stream.getvalue()
    return Bundle(
        versions(), assignment.name, assignment.digest, files, questions, sandbox, run_all_cells, logs.level()
    )


def unpack_assignment(bundle: Bundle, parent: Path) -> Assignment:
    """Unpack into a folder below `parent`. Raises OSError, and AssignmentError if the digest differs."""
    folder = parent / bundle.name
    with zipfile.ZipFile(io.BytesIO(bundle.files)) as zipped:
        zipped.extractall(folder)
    assignment = load(folder)
    if assignment.digest != bundle.digest:
        raise AssignmentError(f"{bundle.name} was changed while it was sent to the workers; start again")
    return select_questions(assignment, bundle.questions) if bundle.questions else assignment


def versions() -> dict[str, str]:
    """Return the versions of the grader, of Python and of the packages that affect a score."""
    packages = {name: installed_version(name) for name in PACKAGES}
    return {"Python": platform.python_version(), **packages, "grader": grader_version()}


def difference(driver: dict[str, str]) -> str:
    """Return in what this machine differs from the driver, for people; empty when the graders are equal."""
    ours = versions()
    if ours["grader"] == driver["grader"]:
        return ""
    names = [name for name, version in driver.items() if ours.get(name) != version and name != "grader"] or ["grader"]
    return ", ".join(f"{name} {ours.get(name, 'none')} instead of {driver[name]}" for name in names)
