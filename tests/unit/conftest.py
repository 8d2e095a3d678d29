"""Fixture for unit tests: none of them starts a process."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

STARTS = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}
watching = False
started: list[str] = []


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if watching and event in STARTS:
        started.append(f"{event}: {arguments}")
        raise PermissionError("a unit test may not start a process: such tests belong in tests/integration")


sys.addaudithook(refuse)  # can't be removed, so `watching` turns it off for the tests of other folders


@pytest.fixture(autouse=True)
def no_process() -> Iterator[None]:
    """Fail a test that starts a process, even where the code under test swallows the refusal."""
    global watching
    watching = True
    started.clear()
    try:
        yield
    finally:
        watching = False
    assert started == []
