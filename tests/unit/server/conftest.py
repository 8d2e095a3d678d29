"""Fixtures of the portal's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.portals import TestPortal


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestPortal]:
    """A portal with people, whose dispatcher doesn't run."""
    made = TestPortal(tmp_path)
    yield made
    made.portal.close()
