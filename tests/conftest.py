"""What several test files share."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from grader import Grader
from grader.assignments.loader import load
from grader.models import Assignment, ScoreReport
from grader.sandbox.host.launcher import BubblewrapLauncher
from tests.factories import ROOT, submission, tiny_assignment
from tests.helpers.effort import examples

pytest_plugins = ["tests.helpers.browsing", "tests.helpers.gradebooks", "tests.helpers.kept_helpers"]
pytest_plugins += ["tests.helpers.postgres"]
settings.register_profile("effort", max_examples=examples(100), deadline=None)
settings.load_profile("effort")

gc.disable()  # until all tests are collected: nothing of what is imported and collected is garbage

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a script: children would ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, the same one for all processes of pytest-xdist."""
    room = tmp_path_factory.getbasetemp()
    return room.parent if "PYTEST_XDIST_WORKER" in os.environ else room


@pytest.fixture(autouse=True, scope="session")
def cache_folder(shared_folder: Path) -> Iterator[Path]:
    """What programs remember for a user is remembered for the tests alone: known answers, and what fonts there are."""
    folder = shared_folder / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True, scope="session")
def sandbox_checked_once() -> Iterator[None]:
    """Whether bubblewrap works is found out once: each Grader and command would start a sandbox for it, in 0.2 s."""
    check = BubblewrapLauncher.check
    passed: set[str | None] = set()

    def check_once(launcher: BubblewrapLauncher) -> None:
        place = shutil.which("bwrap")
        if place not in passed:
            check(launcher)
            passed.add(place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BubblewrapLauncher, "check", check_once)
        yield


# These files take longest: started first, they don't keep everybody waiting at the end.
FIRST = (
    *("test_unprivileged", "test_corpus", "test_written_answers", "test_readme", "test_cluster", "test_importers"),
    *("test_grading", "test_resume", "test_neighbours", "test_patterns", "test_validate", "test_real_world"),
    *("test_regrade_previews", "test_similar", "test_portal", "test_pool", "test_diagnosis", "test_kills"),
    *("test_page_limits", "test_assignment_digits", "test_databases", "test_cli", "test_watch", "test_page_queue"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST))


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what stays to the end: thousands of tests, and all that they import."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def digits() -> Assignment:
    """The assignment of this repository."""
    return load(ROOT / "solutions" / "digits")


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """The folder of such an assignment, for tests to break."""
    return tiny_assignment(tmp_path)


@pytest.fixture
def fit_folder(tiny_folder: Path) -> Path:
    """The same, with cases that give nothing to zeros: those that `grader validate` has nothing to say against."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("points(1)", 'points(1, needs="test_numbers")'))
    return tiny_folder


@pytest.fixture
def tiny(tiny_folder: Path) -> Assignment:
    """That assignment, loaded."""
    return load(tiny_folder)


@pytest.fixture(scope="module")
def graders() -> Iterator[Callable[[Assignment], Grader]]:
    """Return the function that gives a Grader for an assignment: the same one for the same content.

    A fork server and a grading process cost a second each, so three of them stay until the end of a file.
    """
    kept: dict[object, Grader] = {}

    def grader_of(assignment: Assignment) -> Grader:
        key = (assignment.digest, assignment.question_names, assignment.limits)
        if key in kept:
            kept[key] = kept.pop(key)  # the last that is ended
        else:
            if len(kept) == 3:
                kept.pop(next(iter(kept))).close()
            kept[key] = Grader(assignment, workers=1)
        return kept[key]

    yield grader_of
    for one in kept.values():
        one.close()


@pytest.fixture
def grade(graders: Callable[[Assignment], Grader]) -> Callable[..., ScoreReport]:
    """Return the function that grades the text of one module."""

    def graded(assignment: Assignment, code: str) -> ScoreReport:
        return graders(assignment).grade(submission(code))

    return graded
