"""Modules that neither the machine nor the assignment has."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox.guest import missing_modules
from grader.sandbox.guest.program import Missing, Program
from tests.factories import notebook

Load = Callable[..., Program]


@pytest.fixture
def load() -> Iterator[Load]:
    """Runs the cells of a notebook as a worker does."""
    finders, modules = list(sys.meta_path), set(sys.modules)

    def loaded(*cells: str) -> Program:
        program = Program(notebook(cells).encode(), "a.ipynb", ["f"])
        missing_modules.install(program)
        program.run_rest()
        return program

    yield loaded
    sys.meta_path[:] = finders
    for name in set(sys.modules) - modules:
        del sys.modules[name]


@pytest.mark.parametrize(
    "statement",
    [
        "import nosuch_module",
        "import nosuch_module as other",
        "import nosuch_module.inner.most",
        "from nosuch_module import *",
        "from nosuch_module import name, other as another",
        "from nosuch_module.inner import name",
        "import nosuch_module, json",
    ],
)
def test_importing_works_and_leaves_a_note(load: Load, statement: str) -> None:
    """Whatever the form, the import costs nothing, and a note names the line and the module."""
    program = load(f"{statement}\nimport json", "def f(): return json.dumps(3)")
    assert program.get("f")() == "3"
    assert program.notes == ["cell 1, line 1: there is no module nosuch_module here; its import was skipped"]


def test_a_part_of_a_namespace_package_may_be_missing(load: Load) -> None:
    """`google` is a folder that several packages share: `google.colab` is missing as a module of its own would be."""
    program = load("from google.colab import drive, userdata", "drive.mount('/content')", "def f(): return 3")
    assert program.get("f")() == 3
    assert program.notes == [
        "cell 1, line 1: there is no module google.colab here; its import was skipped",
        "cell 2, line 1: ModuleNotFoundError: there is no module google.colab here, so drive can't be used",
    ]


@pytest.mark.parametrize(
    "use",
    [
        *("thing()", "thing.part", "thing['key']", "thing + 1", "1 * thing", "thing @ thing", "len(thing)"),
        *("if thing: pass", "with thing: pass", "class A(thing): pass", "thing > 2", "float(thing)", "3 in thing"),
        *("list(thing)", "@thing\ndef g(): pass", "nosuch_module.other(1)", "nosuch_module.other.part"),
    ],
)
def test_using_it_fails_in_that_statement_alone(load: Load, use: str) -> None:
    """An error that names the module and what was wanted of it, and the next statement runs."""
    program = load("import nosuch_module\nfrom nosuch_module import thing", use, "def f(): return 3")
    assert program.get("f")() == 3
    (told,) = [note for note in program.notes if note.startswith("cell 2")]
    assert "ModuleNotFoundError: there is no module nosuch_module here, so " in told
    assert told.endswith(" can't be used")


def test_a_star_import_brings_no_names(load: Load) -> None:
    """What such a helper file would have defined is not defined."""
    program = load("from nosuch_module import *", "def f(): return helper")
    with pytest.raises(NameError):
        program.get("f")()
    with pytest.raises(Missing):
        program.get("helper")


def test_what_is_there_already_stays(load: Load) -> None:
    """A name that an earlier statement gave a value isn't lost to a module that nobody has."""
    program = load("from math import pi, tau", "from nosuch_module import pi\nimport nosuch_module as tau")
    assert program.get("pi") > 3
    assert program.get("tau") > 6


def test_who_tries_finds_out(load: Load) -> None:
    """In the body of a `try` the import fails as ever, also after another statement was given a stand-in."""
    program = load(
        "import nosuch_module",
        "try:\n    import nosuch_module\n    here = True\nexcept ImportError:\n    here = False",
        "def f():\n    try:\n        from nosuch_module import x\n    except ImportError:\n        return here\n",
    )
    assert program.get("f")() is False


def test_what_stands_in_a_handler_is_an_import_like_others(load: Load) -> None:
    """Only the body of a `try` is expected to fail; its handlers are not."""
    program = load("try:\n    1 / 0\nexcept ZeroDivisionError:\n    import nosuch_module", "def f(): return 3")
    assert "there is no module nosuch_module" in program.notes[0]


def test_a_function_may_import_when_it_is_called(load: Load) -> None:
    """An import inside of a function gets a stand-in too."""
    assert load("def f():\n    import nosuch_module\n    return 3").get("f")() == 3


def test_libraries_get_none(load: Load) -> None:
    """What a library probes for is missing, even while the submission imports that library."""
    program = load("import importlib", "def f(): return importlib.import_module('nosuch_module')")
    with pytest.raises(ModuleNotFoundError, match="No module named 'nosuch_module'"):
        program.get("f")()
    assert load("import json.nosuch_module", "def f(): return 3").notes == [
        "cell 1, line 1: ModuleNotFoundError: No module named 'json.nosuch_module'"
    ]
    assert "nosuch_module" not in json.dumps(sorted(sys.modules))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("failing", ["from nosuch_module import sin", "from json import sin", "sin = 1 / 0"])
@pytest.mark.parametrize("order", [1, -1])
def test_what_a_star_brings_stays_when_another_binding_fails(whole: bool, failing: str, order: int) -> None:
    """As in Python: the statement that fails binds nothing, and the name means what the star import gave it."""
    finders = list(sys.meta_path)
    cells = ["from math import *", failing][::order]
    program = Program(notebook([*cells, "def f(): return sin(0.0)"]).encode(), "a.ipynb", ["f"])
    missing_modules.install(program)
    try:
        if whole:
            program.run_rest()
        assert program.get("f")() == 0.0
        assert len(program.notes) == 1
    finally:
        sys.meta_path[:] = finders


def test_where_no_star_brings_the_name_the_stand_in_stays(load: Load) -> None:
    """Its use says which module is missing."""
    program = load("from math import *", "from nosuch_module import sigmoid", "def f(): return sigmoid(0)")
    with pytest.raises(ModuleNotFoundError, match="there is no module nosuch_module here, so sigmoid can't be used"):
        program.get("f")()
