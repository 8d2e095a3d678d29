"""What a hidden case can ask for by naming it as an argument."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

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


def give(item: pytest.Function) -> None:
    """Has ready what a case asks for of these, itself or through an author's fixture.

    pytest would make a request for each, which costs ten times as much as what it gives.
    """
    request = item._request
    for name, found in request._arg2fixturedefs.items():
        if len(found) == 1 and _is_ours(found[0]) and not found[0].argnames:
            found[0].cached_result = (found[0].func(), None, None)
            request._fixture_defs[name] = found[0]


def lasting(items: Iterable[pytest.Function]) -> list[pytest.FixtureDef[Any]]:
    """The fixtures of these cases that stay from one submission to the next."""
    closures = (item._fixtureinfo.name2fixturedefs for item in items)
    found = {id(fixture): fixture for closure in closures for each in closure.values() for fixture in each}
    return [each for each in found.values() if each.scope == "session" or _is_ours(each)]


def forget(fixtures: Iterable[pytest.FixtureDef[Any]]) -> None:
    """Lets go of what was made with them and has ended: pytest would keep that for as long as they stay."""
    for fixture in fixtures:
        fixture._finalizers[:] = [each for each in fixture._finalizers if not _has_ended(each)]


def _is_ours(fixture: pytest.FixtureDef[Any]) -> bool:
    """Whether it is one of these, and no author's."""
    return fixture.func.__module__ == __name__


def _has_ended(finalizer: object) -> bool:
    """Whether what it would finish has been finished."""
    finish = getattr(finalizer, "func", None)
    return isinstance(fixture := getattr(finish, "__self__", None), pytest.FixtureDef) and fixture.cached_result is None
