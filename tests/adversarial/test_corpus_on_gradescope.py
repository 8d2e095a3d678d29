"""The corpus in the root of the Gradescope bundle, at the level that it claims: verdicts and results are the grader's.

Each sample is graded as the platform does it: by a new `run_autograder`, as root without namespaces and network, with
half a core, and 768 MB or, with TensorFlow, 2 GB.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import jsonschema
import msgspec
import pytest

from grader.assignments.known_answers import misconceptions, slips
from grader.assignments.loader import load
from grader.delivery.one_submission import LEVEL
from grader.exports.gradescope import gradescope_results
from grader.models import Assignment, ScoreReport
from tests.factories import ROOT
from tests.helpers import corpus_reader as zoo
from tests.helpers.commands import ENVIRONMENT
from tests.helpers.platform_bundles import GRADESCOPE_SCHEMA, GradescopeRoot, secrets_of

pytestmark = pytest.mark.skipif(
    os.getuid() != 0, reason="a platform runs its autograder as root, and only root can make such a folder"
)
SAMPLES = zoo.samples()
# The endless ones need not wait longer, and a limit that fits into the container is the same here and there.
LIMITS = "[limits]\nload_seconds = 20\ncall_seconds = 3\ntotal_seconds = 60\nmemory_mb = {memory}\n\n"
# One returns values that don't fit into the memory of a small container, the other writes to TensorFlow's files.
WITH_ALL_MEMORY_AND_PACKAGES = ("attacks-values-huge_values", "attacks-writing-packages")
# Looks for paths that a machine with a project has, and no container: as at the level `full`, it sees none.
SEES_NOTHING = ("attacks-reading-solutions",)
CONTAINERS = 3  # at once: each has half a core
MAX_SECONDS = 3000
CHANGED = ("results", "submission", "source/cache", "submission_metadata.json")  # by grading, in a container


class Part(NamedTuple):
    """Samples that are graded with one assignment in one kind of container."""

    assignment: Path
    samples: Sequence[zoo.Sample]
    container_mb: int


def make_parts(folder: Path) -> list[Part]:
    """Return the samples without answers in TensorFlow, on the questions for NumPy alone, and all others."""
    with_tensorflow = [
        sample
        for sample in SAMPLES
        if (sample.base == "solution" and sample.form != "json") or sample.name in WITH_ALL_MEMORY_AND_PACKAGES
    ]
    without = [sample for sample in SAMPLES if sample not in with_tensorflow]
    light = make_assignment(folder / "light", memory=400)
    leave_out(light, zoo.TENSORFLOW)
    heavy = make_assignment(folder / "heavy", memory=1024)
    return [Part(light, without, 768), Part(heavy, with_tensorflow, 2048)]


def make_assignment(folder: Path, memory: int) -> Path:
    """Copy the assignment of this repository, with limits for the corpus."""
    made = Path(shutil.copytree(ROOT / "solutions" / "digits", folder / "digits"))
    settings = made / "assignment.toml"
    text = settings.read_text()
    assert "[limits]" not in text
    settings.write_text(re.sub(r"^(?=\[)", LIMITS.format(memory=memory), text, count=1, flags=re.MULTILINE))
    return made


def leave_out(assignment: Path, questions: set[str]) -> None:
    """Remove questions from the folder of an assignment, with their cases and known answers."""
    settings = assignment / "assignment.toml"
    head, *tables = settings.read_text().split("[[question]]\n")
    kept = [table for table in tables if not any(f'name = "{name}"' in table for name in questions)]
    assert len(kept) == len(tables) - len(questions)
    settings.write_text("[[question]]\n".join([head, *kept]))
    for name in questions:
        (assignment / "hidden" / f"test_{name}.py").unlink()
    for file in ("misconceptions.py", "alternatives.py"):
        path = assignment / file
        lines = path.read_text().splitlines(keepends=True)
        for node in reversed(ast.parse("".join(lines)).body):
            if isinstance(node, ast.FunctionDef) and node.decorator_list and answers(node) in questions:
                del lines[node.decorator_list[0].lineno - 1 : node.end_lineno]
        path.write_text("".join(lines))


def answers(function: ast.FunctionDef) -> object:
    """Return the question that a known answer is registered for."""
    (decorator,) = function.decorator_list
    return (
        decorator.args[0].value
        if isinstance(decorator, ast.Call) and isinstance(decorator.args[0], ast.Constant)
        else None
    )


@pytest.mark.long
@pytest.mark.timeout(MAX_SECONDS)
def test_every_sample_gets_its_verdict_and_leaves_nothing(tmp_path: Path) -> None:
    """Its verdict is the one at the level `process`; its results are those of `grader grade` at that level.

    Nothing that students can read has a secret, and no file of the container is another one afterwards.
    """
    for part in make_parts(tmp_path):
        room = tmp_path / f"{part.container_mb} MB"
        room.mkdir()
        root = GradescopeRoot.with_bundle(part.assignment, room, memory_mb=part.container_mb)
        root.install()
        assert root.set_up().startswith("The solution earns")
        before = files_of(root.folder)
        files = {sample.name: sample.folder(load(part.assignment)) for sample in part.samples}
        found = on_platform(root, files)
        wanted = by_command(root, part.assignment, files, room)
        check(part, found, wanted)
        assert all(files_of(folder) == before for folder in room.glob("container-*"))


def on_platform(root: GradescopeRoot, files: dict[str, dict[str, bytes]]) -> dict[str, tuple[dict[str, Any], str]]:
    """Return the results of each sample, and what the autograder printed."""
    free: SimpleQueue[GradescopeRoot] = SimpleQueue()
    for number in range(CONTAINERS):
        free.put(root.copy(root.folder.parent / f"container-{number}"))

    def graded(name: str) -> tuple[dict[str, Any], str]:
        container = free.get()
        try:
            results, printed = container.grade(files[name])
        finally:
            free.put(container)
        assert results, f"{name}: {printed}"
        return results, printed

    with ThreadPoolExecutor(CONTAINERS) as pool:
        return dict(zip(files, pool.map(graded, files), strict=True))


def by_command(
    root: GradescopeRoot, assignment: Path, files: dict[str, dict[str, bytes]], room: Path
) -> dict[str, ScoreReport]:
    """Return the reports of `grader grade` at the same level, with the packages of the bundle."""
    for student, each in files.items():
        for name, content in each.items():
            path = room / "class" / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    words = [root.python, "-I", "-m", "grader", "grade", room / "class", "--as-platform", "class"]
    words += ["--assignment", assignment, "--out", room / "out", "--sandbox", LEVEL, "--jobs", "2", "--no-pages"]
    done = subprocess.run([str(word) for word in words], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    paths = (room / "out" / "reports").glob("*.json")
    return {path.stem: msgspec.json.decode(path.read_bytes(), type=ScoreReport) for path in paths}


def check(part: Part, found: dict[str, tuple[dict[str, Any], str]], reports: dict[str, ScoreReport]) -> None:
    """Compare what the platform got with the verdicts and with the reports of the command. Name all that differ."""
    assignment = load(part.assignment)
    shown = shown_texts(assignment, reports)
    secrets = [secret for secret in secrets_of(assignment) if not any(secret in text for text in shown)]
    assert len(secrets) > 100
    problems = []
    for sample in part.samples:
        (results, printed), report = found[sample.name], reports[sample.name]
        wanted, said = gradescope_results(report), results["output"].splitlines()
        try:
            if sample.name in SEES_NOTHING:
                assert results["score"] == sum(points for _, points in sample.wanted(assignment).values())
                continue
            zoo.check(sample, report, sample.wanted(assignment, LEVEL))
            jsonschema.validate(results, GRADESCOPE_SCHEMA)
            assert results["score"] == wanted["score"]
            assert results["tests"] == wanted["tests"]
            assert said[: said.index("This is attempt 1.")] == wanted["output"].splitlines()
            assert said[-1].startswith(f"Graded at the sandbox level {LEVEL}.")
            own = "".join(content.decode(errors="replace") for content in sample.folder(assignment).values())
            everything = json.dumps(results) + printed
            assert not [secret for secret in secrets if secret in everything and secret not in own]
        except AssertionError as problem:
            problems.append((sample.name, str(problem)[:2000]))
    assert problems == []


def shown_texts(assignment: Assignment, reports: dict[str, ScoreReport]) -> set[str]:
    """Return what students read by design: the sentences of cases, and the hints of known mistakes."""
    titles = {case.title for report in reports.values() for question in report.questions for case in question.cases}
    return titles | {answer.hint for kind in (misconceptions, slips) for answer in kind(assignment)}


def files_of(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return the files of a container with mode, size and time of change, without what grading writes."""
    return dict(_files_of(folder))


def _files_of(folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(CHANGED):
            status = path.lstat()
            size = () if path.is_dir() else (status.st_size, status.st_mtime_ns)
            yield name, (status.st_mode, status.st_uid, *size)
