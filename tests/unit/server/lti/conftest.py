"""Fixtures of the tests of LTI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.lti import TestLti


@pytest.fixture
def lti(tmp_path: Path) -> Iterator[TestLti]:
    """A portal with a platform like Moodle, whose course is accepted."""
    made = TestLti(tmp_path)
    yield made
    made.close()


@pytest.fixture
def canvas(tmp_path: Path) -> Iterator[TestLti]:
    """A portal with a platform like Canvas, whose course is accepted."""
    made = TestLti(tmp_path, "canvas")
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLti]:
    """A portal like that of `lti`, for tests that change nothing."""
    made = TestLti(tmp_path_factory.mktemp("shared"))
    yield made
    made.close()
