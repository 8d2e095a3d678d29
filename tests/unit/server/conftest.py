"""Fixtures of the portal's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient

from tests.helpers.portals import TestPortal


@pytest.fixture(autouse=True, scope="session")
def one_event_loop() -> Iterator[None]:
    """Have all clients ask in one event loop: otherwise each request starts a thread with a loop, and more threads."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestPortal]:
    """A portal with people, whose dispatcher doesn't run."""
    made = TestPortal(tmp_path)
    yield made
    made.portal.close()
