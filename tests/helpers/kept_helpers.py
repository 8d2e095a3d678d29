"""What grading processes share stays for the next Grader of the same test process.

A fork server and a template take a second of processor time to start, and hundreds of tests make a Grader.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.execution.shared_processes import FORK_SERVERS, TEMPLATES, ServerKey
from grader.sandbox.host.launcher import BubblewrapLauncher

MAX_SERVERS = 2  # that nobody uses: with TensorFlow each has 400 MB


class KeptHelpers:
    """Keeps the template, and the fork servers that were used last."""

    def __init__(self) -> None:
        self.most = MAX_SERVERS
        self._servers: list[ServerKey] = []
        self._template = False
        self._release = FORK_SERVERS.release

    def release(self, key: ServerKey) -> None:
        """Keep a fork server in place of one that was used earlier."""
        if self.most and not self._template:
            TEMPLATES.acquire(None)
            self._template = True
        self._servers.append(key)
        self.end_servers(self.most)

    def end(self) -> None:
        """End all of them, if nobody uses them."""
        self.end_servers(0)
        if self._template:
            TEMPLATES.release(None)
            self._template = False

    def end_servers(self, most: int) -> None:
        """Keep so many of those that nobody uses, and end the others."""
        while len(self._servers) > most:
            self._release(self._servers.pop(0))


@contextlib.contextmanager
def shared_launcher(*modules: str) -> Iterator[BubblewrapLauncher]:
    """A launcher of the fork server that Graders use for assignments with these modules, and no files for students."""
    key = ServerKey("full", Path(), 0, modules, 0)
    FORK_SERVERS.acquire(key)
    try:
        control = FORK_SERVERS.running(key).connect()
        assert control
        with BubblewrapLauncher(None, modules, control) as launcher:
            yield launcher
    finally:
        FORK_SERVERS.release(key)


@pytest.fixture(autouse=True, scope="session")
def kept_helpers() -> Iterator[KeptHelpers]:
    """What is kept in this process of the tests."""
    kept = KeptHelpers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FORK_SERVERS, "release", kept.release)
        yield kept
    kept.end()


@pytest.fixture
def no_server_kept(kept_helpers: KeptHelpers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the fork servers and the template of a test end with their Grader, as they do for users."""
    monkeypatch.setattr(kept_helpers, "most", 0)
    kept_helpers.end()
