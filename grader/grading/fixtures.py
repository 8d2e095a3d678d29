"""What a hidden case can ask for by naming it as an argument."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.grading import pytest_internals

if TYPE_CHECKING:
    from grader.grading.exhibits import Exhibits
    from grader.grading.session import GradingSession, ReferenceSolution


class CurrentStudent:
    """The handle of whichever submission is being graded: a fixture of any scope may hold it."""

    def __init__(self, grading: GradingSession) -> None:
        self._grading = grading

    def __getattr__(self, name: str) -> Any:
        return getattr(self._grading.current.student, name)


def plugin(grading: GradingSession) -> ModuleType:
    """A pytest plugin with the fixtures. Few ask for `request`, which costs more than what it gives.

    What a module-scoped fixture of an author makes is kept for the cases of one question and one submission.
    """

    @pytest.fixture(scope="session")
    def student() -> CurrentStudent:
        """The submission's functions, callable by name; they run in the sandbox."""
        return CurrentStudent(grading)

    @pytest.fixture(scope="session")
    def reference() -> ReferenceSolution:
        """The solution's own functions; they run here."""
        return grading.reference

    @pytest.fixture
    def rng() -> np.random.Generator:
        """Random inputs: always the same for a submission and a case, never the same for two submissions."""
        return np.random.default_rng(grading.current.seed(grading.case))

    @pytest.fixture(scope="session")
    def exhibit() -> Exhibits:
        """Takes what a case has to show of an answer; it is kept when the case loses points."""
        return grading.exhibits

    @pytest.fixture(scope="module")
    def question_rng(request: pytest.FixtureRequest) -> np.random.Generator:
        """The same for what several cases of a question share: for module-scoped fixtures."""
        return np.random.default_rng(grading.current.seed(request.node.name))

    module = ModuleType(f"{__name__}.given")
    vars(module).update(student=student, reference=reference, rng=rng, exhibit=exhibit)
    vars(module).update(question_rng=question_rng)
    return module


def prefill(item: pytest.Function) -> None:
    """Call the fixtures of this file that a case asks for, before pytest does."""
    pytest_internals.prefill(item, _is_grader_fixture)


def persistent_fixtures(items: Iterable[pytest.Function]) -> list[pytest.FixtureDef[Any]]:
    """Return the fixtures of these cases that stay from one submission to the next."""
    return [each for each in pytest_internals.fixtures_of(items) if each.scope == "session" or _is_grader_fixture(each)]


def _is_grader_fixture(fixture: pytest.FixtureDef[Any]) -> bool:
    """Whether a fixture is one of this file, and no author's."""
    return fixture.func.__module__ == __name__
