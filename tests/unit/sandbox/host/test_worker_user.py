"""Who runs submissions at the level `process`: a user of their own, where root grades and that user can read Python."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.sandbox.host.worker_user import SAME_USER, WORKER_USER, choose, is_public

ALL = "1ffffffffff"
DOCKER = "a80425fb"


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The process of a root that may do anything."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "status").write_text(f"Name:\tx\nCapEff:\t{ALL}\n")
    for name in ("uid_map", "gid_map"):
        (tmp_path / name).write_text("         0          0 4294967295\n")
    return tmp_path


def test_root_gives_submissions_a_user_of_their_own(proc: Path) -> None:
    """In a container with Docker's capabilities as well."""
    assert choose([Path("/usr/lib")], proc) == WORKER_USER
    (proc / "status").write_text(f"CapEff:\t{DOCKER}\n")
    assert choose([Path("/usr/lib")], proc) == WORKER_USER


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("status", "CapEff:\t0\n"),
        ("status", "CapEff:\tnothing\n"),
        ("status", ""),
        ("uid_map", "0 1000 1\n"),
        ("gid_map", "0 1000 1\n"),
        ("uid_map", "no number\n"),
    ],
)
def test_it_needs_the_right_to_become_that_user(proc: Path, file: str, text: str) -> None:
    """Capabilities, and a user that exists in this namespace."""
    (proc / file).write_text(text)
    assert choose([Path("/usr/lib")], proc) == SAME_USER


def test_an_ordinary_user_starts_workers_as_itself(proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert choose([], proc) == SAME_USER


def test_an_interpreter_in_a_private_home_is_left_to_its_owner(proc: Path, tmp_path: Path) -> None:
    """Another user couldn't reach it. A folder that can't be listed counts as well."""
    home = tmp_path / "home"
    (home / "python").mkdir(parents=True)
    tmp_path.chmod(0o755)
    home.chmod(0o700)
    assert choose([home / "python"], proc) == SAME_USER
    home.chmod(0o711)
    (home / "python").chmod(0o711)
    assert not is_public(home / "python")
    assert is_public(home / "nowhere")
