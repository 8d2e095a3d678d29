"""The pytest fixtures that hidden cases ask for by argument name."""

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
    """Forwards to the proxy of the submission being graded, so that a fixture of any scope may hold it."""

    def __init__(self, grading: GradingSession) -> None:
        self._grading = grading

    def __getattr__(self, name: str) -> Any:
        return getattr(self._grading.current.student, name)


def plugin(grading: GradingSession) -> ModuleType:
    """Return a pytest plugin with the fixtures.

    Few fixtures ask for `request`, which costs more than most of them return. Values of an author's module-scoped
    fixtures are kept for the cases of one question and one submission.
    """

    @pytest.fixture(scope="session")
    def student() -> CurrentStudent:
        """The submission's functions, callable by name; they run in the sandbox."""
        return CurrentStudent(grading)

    @pytest.fixture(scope="session")
    def reference() -> ReferenceSolution:
        """The solution's functions; they run in the grading process."""
        return grading.reference

    @pytest.fixture
    def rng() -> np.random.Generator:
        """Random generator for inputs: equal for equal submission and case, different for two submissions."""
        return np.random.default_rng(grading.current.seed(grading.case))

    @pytest.fixture(scope="session")
    def exhibit() -> Exhibits:
        """Collects what a case shows of an answer; kept if the case loses points."""
        return grading.exhibits

    @pytest.fixture(scope="module")
    def question_rng(request: pytest.FixtureRequest) -> np.random.Generator:
        """Random generator for module-scoped fixtures: equal for all cases of a question of one submission."""
        return np.random.default_rng(grading.current.seed(request.node.name))

    module = ModuleType(f"{__name__}.given")
    vars(module).update(student=student, reference=reference, rng=rng, exhibit=exhibit)
    vars(module).update(question_rng=question_rng)
    return module


def prepare_fixtures(item: pytest.Function) -> None:
    """Call the grader's fixtures that a case asks for before pytest does: see pytest_internals.py for why."""
    pytest_internals.prefill(item, _is_grader_fixture)


def persistent_fixtures(items: Iterable[pytest.Function]) -> list[pytest.FixtureDef[Any]]:
    """Return the fixtures of these cases that pytest keeps from one submission to the next."""
    return [each for each in pytest_internals.fixtures_of(items) if each.scope == "session" or _is_grader_fixture(each)]


def _is_grader_fixture(fixture: pytest.FixtureDef[Any]) -> bool:
    """Return whether a fixture is defined in this module, not by an author."""
    return fixture.func.__module__ == __name__
