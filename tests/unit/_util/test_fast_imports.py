"""Imports without garbage collection in between."""

import gc
import importlib
import sys
from collections.abc import Iterator

import pytest

from grader._util.fast_imports import fast_imports

UNUSED = "tabnanny"  # a module that nothing else imports


@pytest.fixture(autouse=True)
def collectable() -> Iterator[None]:
    """Let the collector look at the objects of other tests again."""
    yield
    gc.unfreeze()


def test_nothing_is_collected_while_modules_are_imported() -> None:
    """Garbage collection is off inside, and on again afterwards, for new objects only."""
    gc.unfreeze()
    sys.modules.pop(UNUSED, None)
    with fast_imports():
        assert not gc.isenabled()
        importlib.import_module(UNUSED)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_without_a_new_module_garbage_stays_collectable() -> None:
    """A function may import late, each time it is called."""
    gc.unfreeze()
    with fast_imports():
        importlib.import_module("gc")
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_an_import_that_fails_leaves_collection_on() -> None:
    """A module that isn't there raises as ever."""
    with pytest.raises(ModuleNotFoundError), fast_imports():
        importlib.import_module("nowhere.to_be_found")
    assert gc.isenabled()
