"""All that the grader uses of pytest beyond its public API, for pytest 8.3 to 9.

A case is run without pytest's own protocol, whose hooks and reports cost as much as a case; and fixtures are filled in
before it starts, because pytest makes a request for each, which costs ten times as much as what the fixture gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

Fixture = pytest.FixtureDef[Any]


def init_request(item: pytest.Function) -> None:
    """Make an item ready to run once more: no case sees another's values. As in pytest's own protocol."""
    item._initrequest()


def set_up(item: pytest.Function) -> None:
    """Make the fixtures of an item, those of its module included."""
    item.session._setupstate.setup(item)


def tear_down(item: pytest.Function, *, module: bool) -> None:
    """Finish what was made for an item, and for its module if that is said."""
    there = item.getparent(pytest.Module)
    assert there
    until: Any = there.parent if module else there  # pytest's own type says an item, and takes any node
    item.session._setupstate.teardown_exact(until)


def prefill(item: pytest.Function, wanted: Callable[[Fixture], bool]) -> None:
    """Call the wanted fixtures that an item asks for, itself or through others, so that pytest finds them made."""
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
    """Drop the finalizers of what has ended: pytest would keep them, and their values, as long as the fixtures."""
    for fixture in fixtures:
        fixture._finalizers[:] = [each for each in fixture._finalizers if not _has_ended(each)]


def _has_ended(finalizer: object) -> bool:
    """Whether what it would finish has been finished."""
    finish = getattr(finalizer, "func", None)
    return isinstance(fixture := getattr(finish, "__self__", None), pytest.FixtureDef) and fixture.cached_result is None
