"""The bundle for Gradescope in a fresh root: built, unpacked, set up, and run as the platform runs it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader import Grader, Submission, load_assignment
from grader.exports.gradescope import gradescope_results
from tests.factories import ENDLESS_DOUBLE, RIGHT, ROOT, VARIANTS, tiny_assignment, with_student_file
from tests.helpers.platform_bundles import GRADESCOPE_SCHEMA, GradescopeRoot, secrets_of

pytestmark = pytest.mark.skipif(
    os.getuid() != 0, reason="a platform runs its autograder as root, and only root can make such a folder"
)
HUGE = RIGHT.replace("return 2 * x", "return [bytearray(2**20) for _ in range(2**14)]")
# A submission that returns, as its answer, who runs it and the names and beginnings of all files that it can reach.
SPY = """
import os

def double(x):
    seen = [f"user {os.getuid()}, groups {os.getgroups()}"]
    guesses = ["/autograder/source/assignment/tiny/hidden/test_double.py", "/autograder/source/bundle.json",
               "/autograder/results/results.json", "/autograder/source/assignment/tiny/tiny.ipynb",
               "/autograder/source/cache", "/autograder/submission/tiny.py", "/autograder/submission_metadata.json"]
    for folder in ("/autograder", "/tmp", "/root", "/etc", "/proc/1", "/proc/self"):
        for place, folders, files in os.walk(folder):
            guesses += [os.path.join(place, name) for name in files if "/environment/" not in place]
    for path in guesses:
        try:
            with open(path, "rb") as file:
                seen.append(f"OPENED {path}: {file.read(300)!r}")
        except OSError as problem:
            seen.append(f"{path}: {problem.strerror}")
    raise ValueError("; ".join(one for one in seen if one.startswith(("OPENED", "user")))[:450])
"""


@pytest.fixture(scope="module")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> GradescopeRoot:
    """The root of the tiny assignment after `setup.sh`, with the least memory and half a core."""
    room = tmp_path_factory.mktemp("gradescope")
    root = GradescopeRoot.with_bundle(with_student_file(tiny_assignment(room)), room, "--leaderboard", "--minutes", 3)
    root.install()
    assert root.set_up().startswith("The solution earns 5 of 5 points.")
    return root


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """The tiny assignment, graded on this machine."""
    with Grader(load_assignment(tiny_assignment(tmp_path_factory.mktemp("direct"))), workers=1) as grader:
        yield grader


@pytest.fixture(scope="module")
def spied(tiny_root: GradescopeRoot) -> tuple[dict[str, Any], str]:
    """The result of the spy, and what the autograder printed."""
    found, printed = tiny_root.grade({"tiny.py": SPY.encode()})
    assert found, printed
    return found, printed


@pytest.fixture(scope="module")
def graded(tiny_root: GradescopeRoot) -> Callable[[str], tuple[dict[str, Any] | None, str]]:
    """Return the function that returns the result of a module, which is graded once, and what was printed."""
    return cache(lambda code: tiny_root.grade({"tiny.py": code.encode()}, {"previous_submissions": [{}]}))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(RIGHT, id="right", marks=pytest.mark.long),
        pytest.param(VARIANTS[1], id="wrong"),
        pytest.param(VARIANTS[3], id="half", marks=pytest.mark.long),
    ],
)
def test_results_are_those_of_the_grader(
    code: str, graded: Callable[[str], tuple[dict[str, Any] | None, str]], direct: Grader
) -> None:
    """Points, tests and hints are those that `grader export` makes of the same submission.

    What is said beside them is the attempt, the limits and the level.
    """
    found, printed = graded(code)
    assert found, printed
    jsonschema.validate(found, GRADESCOPE_SCHEMA)
    wanted = gradescope_results(direct.grade(Submission.from_bytes("submission", "tiny.py", code.encode())))
    assert (found["score"], found["tests"]) == (wanted["score"], wanted["tests"])
    output = found["output"].splitlines()
    assert output[: output.index("This is attempt 2.")] == wanted["output"].splitlines()
    assert output[-1].startswith("Graded at the sandbox level process. Protections in force: own process, no network")
    assert found["leaderboard"] == [{"name": "Score", "value": found["score"]}]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(ENDLESS_DOUBLE, "ran out of time", id="time", marks=pytest.mark.long),
        pytest.param(HUGE, "ran out of memory", id="memory"),
    ],
)
def test_a_submission_that_takes_too_much_gets_a_result(code: str, why: str, tiny_root: GradescopeRoot) -> None:
    """Not a hang, and not a failed autograder: its other question is graded."""
    found, printed = tiny_root.grade({"tiny.py": code.encode()})
    assert found, printed
    assert why in json.dumps(found)
    assert found["score"] == 2


@pytest.mark.parametrize(
    ("files", "why"),
    [
        pytest.param({"tiny.ipynb": b"no notebook"}, "isn't a notebook", id="no notebook"),
        pytest.param({}, "no notebook", id="no file", marks=pytest.mark.long),
    ],
)
def test_what_cannot_be_read_is_a_result_with_the_reason(
    files: dict[str, bytes], why: str, tiny_root: GradescopeRoot
) -> None:
    """As is a folder without any file."""
    found, printed = tiny_root.grade(files)
    assert found, printed
    jsonschema.validate(found, GRADESCOPE_SCHEMA)
    assert (found["score"], found["tests"]) == (0, [])
    assert why in found["output"]


def test_a_fault_of_the_grader_leaves_no_result(tiny_root: GradescopeRoot) -> None:
    """So Gradescope shows no points, instead of 0; the reason is for instructors."""
    settings = tiny_root.folder / "source" / "bundle.json"
    kept = settings.read_bytes()
    try:
        settings.write_text("{")
        found, printed = tiny_root.grade({"tiny.py": RIGHT.encode()})
        assert found is None
        assert "No result, and no points lost: the bundle in /autograder/source isn't complete" in printed
        assert "Traceback" not in printed
    finally:
        settings.write_bytes(kept)


def test_a_submission_is_another_user_and_opens_nothing_of_the_course(spied: tuple[dict[str, Any], str]) -> None:
    """Hidden cases, settings, earlier results and the submission's file: names don't help it."""
    found, _ = spied
    (said,) = {line for test in found["tests"] for line in test["output"].splitlines() if "user " in line}
    assert "user 65533, groups []" in said
    opened = [part for part in said.split("; ") if "OPENED" in part]
    assert not [part for part in opened if "/autograder/" in part and "/student/" not in part]


def test_nothing_that_a_student_may_read_holds_a_secret(
    tiny_root: GradescopeRoot,
    graded: Callable[[str], tuple[dict[str, Any] | None, str]],
    spied: tuple[dict[str, Any], str],
) -> None:
    """Neither a file that another user could open, nor the results, nor what the autograder prints."""
    assignment = load_assignment(tiny_root.folder / "source" / "assignment" / "tiny")
    hidden = secrets_of(assignment)
    assert len(hidden) > 4
    texts = dict(readable_files(tiny_root.folder))
    assert "source/assignment/tiny/student/note.txt" in texts
    for code, (found, printed) in (
        (VARIANTS[1], graded(VARIANTS[1])),
        (SPY, spied),
    ):
        texts[f"the results of {code}"] = json.dumps(found) + printed
    for name, text in texts.items():
        assert not [secret for secret in hidden if secret in text], name


def readable_files(folder: Path, top: Path | None = None) -> Iterator[tuple[str, str]]:
    """Yield the name and content of the files that other users can reach by their modes, without the environment."""
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        if path.is_dir() and path.name != "environment" and mode & 0o001:
            yield from readable_files(path, top or folder)
        elif path.is_file() and mode & 0o004:
            yield path.relative_to(top or folder).as_posix(), path.read_text(errors="replace")


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_students_of_the_sample_class_get_their_scores(tmp_path: Path) -> None:
    """With all questions, in the root that the bundle has set up."""
    root = GradescopeRoot.with_bundle(ROOT / "solutions" / "digits", tmp_path, memory_mb=4096, cores=2)
    root.install()
    assert "100 of 100" in root.set_up()
    wanted = json.loads((ROOT / "tests" / "corpus" / "sample_class" / "expected.json").read_text())
    for name in ("student-02.ipynb", "student-08", "student-10.ipynb", "student-12.ipynb"):
        path = ROOT / "tests" / "corpus" / "sample_class" / name
        files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
        found, printed = root.grade({one.name: one.read_bytes() for one in files})
        assert found, printed
        jsonschema.validate(found, GRADESCOPE_SCHEMA)
        assert found["score"] == wanted[path.stem].get("score", 0), name
