"""Everything the grader uses of pytest beyond its public API, for pytest 8.3 to 9.

A case runs without pytest's protocol, whose hooks and reports cost as much as a case. Fixtures are filled in before
the case starts: pytest would create a SubRequest for each, which costs ten times as much as the fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any

import pytest
from _pytest.config import get_config

Fixture = pytest.FixtureDef[Any]


class InterruptedFixtures:
    """Plugin that lets pytest make a fixture again which a BaseException kept from being made.

    pytest doesn't run its finalizers, because there is no value, and refuses it from then on, because it has some.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Fixture) -> Generator[None, object, object]:
        """Make a fixture."""
        try:
            return (yield)
        except Exception:  # kept by pytest, as a value is
            raise
        except BaseException:  # SandboxLost, BudgetExceeded or Ctrl-C: pytest keeps none of them
            fixturedef._finalizers.clear()
            raise


def import_plugins() -> None:
    """Import pytest's own plugins, which `pytest.main` imports one by one."""
    get_config()


def init_request(item: pytest.Function) -> None:
    """Prepare an item to run once more with fresh fixture values, as pytest's protocol does."""
    item._initrequest()


def set_up(item: pytest.Function) -> None:
    """Create the fixtures of an item, those of its module included."""
    item.session._setupstate.setup(item)


def tear_down(item: pytest.Function, *, module: bool) -> None:
    """Finish the fixtures of an item; with `module`, those of its module too."""
    there = item.getparent(pytest.Module)
    assert there
    until: Any = there.parent if module else there  # pytest's own type says an item, and takes any node
    item.session._setupstate.teardown_exact(until)


def prefill(item: pytest.Function, wanted: Callable[[Fixture], bool]) -> None:
    """Call the selected fixtures that an item uses, directly or through others, so that pytest finds them cached.

    :param wanted: selects fixtures; those with arguments of their own are left to pytest
    """
    request = item._request
    for name, found in request._arg2fixturedefs.items():
        if len(found) == 1 and wanted(found[0]) and not found[0].argnames:
            found[0].cached_result = (found[0].func(), None, None)
            request._fixture_defs[name] = found[0]


def fixtures_of(items: Iterable[pytest.Function]) -> list[Fixture]:
    """Return every fixture that one of the items may use, once."""
    closures = (item._fixtureinfo.name2fixturedefs for item in items)
    found = {id(fixture): fixture for closure in closures for each in closure.values() for fixture in each}
    return list(found.values())


def drop_finalizers(fixtures: Iterable[Fixture]) -> None:
    """Drop finalizers that have run. pytest keeps them, and the values they hold, as long as the fixtures."""
    for fixture in fixtures:
        fixture._finalizers[:] = [each for each in fixture._finalizers if not _has_ended(each)]


def _has_ended(finalizer: object) -> bool:
    """Return whether the fixture that a finalizer would finish is finished already."""
    finish = getattr(finalizer, "func", None)
    return isinstance(fixture := getattr(finish, "__self__", None), pytest.FixtureDef) and fixture.cached_result is None
