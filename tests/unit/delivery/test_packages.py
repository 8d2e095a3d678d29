"""What a bundle installs: the part of the lock that grading the assignment needs, with hashes."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from grader.delivery.files import BundleError
from grader.delivery.packages import locked_packages
from grader.models import Assignment
from tests.factories import ROOT

pytestmark = pytest.mark.thorough  # reads the lock with all its hashes each time
NAME = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)
HASH = f"--hash=sha256:{'0' * 64}"


def names(text: str) -> set[str]:
    return set(NAME.findall(text))


def test_an_assignment_gets_what_grading_needs_and_no_more(tiny: Assignment) -> None:
    """Not TensorFlow, nor what pages, the portal or authors need."""
    found = names(locked_packages(tiny, None))
    assert {
        "numpy",
        "pytest",
        "pluggy",
        "nbformat",
        "jsonschema",
        "rpds-py",
        "msgspec",
        "matplotlib",
        "pillow",
    } <= found
    assert not found & {"tensorflow", "keras", "jinja2", "fastapi", "nbconvert", "sphinx", "ipykernel"}


def test_an_assignment_with_tensorflow_gets_it(digits: Assignment) -> None:
    found = names(locked_packages(digits, None))
    assert {"tensorflow", "keras", "h5py", "protobuf"} <= found
    assert not found & {"jinja2", "fastapi"}


def test_every_package_is_pinned_by_hashes_and_needs_no_other(digits: Assignment) -> None:
    """As pip demands by --require-hashes, and as the grader's own lock has it."""
    text = locked_packages(digits, None)
    lock = (ROOT / "requirements.txt").read_text()
    for line in text.splitlines():
        assert line in lock
        assert re.match(r"[a-z0-9-]+==\S+( ; .+)? \\$| +--hash=sha256:[0-9a-f]{64}( \\)?$", line), line


def test_a_package_that_the_lock_lacks_must_be_given(tiny: Assignment, tmp_path: Path) -> None:
    """With version and hash: the message names the package, the file and the option."""
    needs = msgspec.structs.replace(tiny, preload=("numpy", "astral_maths.core"))
    with pytest.raises(
        BundleError, match=r"tiny needs astral-maths, and the grader's own lock doesn't.*--requirements"
    ):
        locked_packages(needs, None)
    more = tmp_path / "more.txt"
    more.write_text(f"# ours\nastral-maths==1.0 \\\n    {HASH}\nother==2 {HASH}\n")
    assert {"astral-maths", "other", "numpy"} <= names(locked_packages(needs, more))
    more.write_text(f"other==2 {HASH}\n")
    with pytest.raises(BundleError, match=r"more\.txt doesn't hold it either"):
        locked_packages(needs, more)


@pytest.mark.parametrize("content", ["astral-maths==1.0\n", "astral-maths>=1\n", "", b"\xff\xfe\x00"])
def test_further_packages_without_hashes_are_refused(tiny: Assignment, tmp_path: Path, content: str | bytes) -> None:
    more = tmp_path / "more.txt"
    more.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BundleError, match=r"more\.txt"):
        locked_packages(tiny, more)
