"""What a hidden case can ask for by naming it as an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.probes import Recorder
from grader.student import Student

if TYPE_CHECKING:
    from grader.plugin import Grading, Reference

GRADING: pytest.StashKey[Grading] = pytest.StashKey()


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student | Recorder:
    """The submission's functions, callable by name; they run in the sandbox."""
    return request.config.stash[GRADING].current.student


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Reference:
    """The solution's own functions; they run here."""
    return request.config.stash[GRADING].reference


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random inputs: always the same for a submission and a case, never the same for two submissions."""
    return np.random.default_rng(request.config.stash[GRADING].current.seed(request.node.name))
