"""What a hidden case can ask for by naming it as an argument."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.student import Student

if TYPE_CHECKING:
    from grader.plugin import Grading, Reference


def plugin(grading: Grading) -> ModuleType:
    """A pytest plugin with the fixtures. None asks for `request`, which would cost more than what it gives."""

    @pytest.fixture
    def student() -> Student:
        """The submission's functions, callable by name; they run in the sandbox."""
        return grading.current.student

    @pytest.fixture(scope="session")
    def reference() -> Reference:
        """The solution's own functions; they run here."""
        return grading.reference

    @pytest.fixture
    def rng() -> np.random.Generator:
        """Random inputs: always the same for a submission and a case, never the same for two submissions."""
        return np.random.default_rng(grading.current.seed(grading.case))

    module = ModuleType(f"{__name__}.given")
    vars(module).update(student=student, reference=reference, rng=rng)
    return module
