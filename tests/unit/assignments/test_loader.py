"""What is wrong with an assignment's folder is told in one sentence that begins with the file and the line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader._util.atomic_files import display_path
from grader.assignments.loader import AssignmentError, load, select_questions
from grader.assignments.settings import read_settings, toml_location
from grader.grading import validation
from tests.factories import SETTINGS, SOLUTION, notebook, put

TOML, WRONG, ALSO_RIGHT = "assignment.toml", "misconceptions.py", "alternatives.py"

# In which file what is put in the place of what, and how the sentence begins after the folder.
IN_SETTINGS = {
    "an unknown key": ('secret = "', 'pionts = 1\nsecret = "', ":3: unknown key 'pionts'; did you mean 'limits'?"),
    "one of a question": (
        "points = 2",
        "pionts = 2",
        ":14: unknown key 'pionts' in [[question]]; did you mean 'points'?",
    ),
    "one of the limits": ("call_seconds", "calls", ":6: unknown key 'calls' in [limits]; did you mean 'call_seconds'?"),
    "a wrong type": ("points = 2", 'points = "2"', ":14: 'points': expected 'float', got 'str'"),
    "one of the limits' types": (
        "call_seconds = 1",
        "call_seconds = true",
        ":6: 'call_seconds': expected 'float', got 'bool'",
    ),
    "one at the top": ('secret = "not much of one"', "secret = 3", ":3: 'secret': expected 'str', got 'int'"),
    "a key that is missing": ("points = 2", "", ":12: missing key 'points'"),
    "a key that is missing at the top": ('title = "Two functions"', "", ":1: missing key 'title'"),
    "no TOML": ("points = 2", "points = ", ":14: this isn't TOML and can't be read: Invalid value"),
    "an end that is missing": ('uses = ["double"]', 'uses = ["double"', ":15: this isn't TOML and can't be read"),
    "no points": ("points = 2", "points = 0", ":14: question 'quadruple' needs points above 0"),
    "no such use": (
        '["double"]',
        '["dbl"]',
        ":15: question 'quadruple' uses ['dbl']; no earlier question has that name",
    ),
    "no cases": (
        '"quadruple"',
        '"octuple"',
        ":13: question 'octuple' has no cases: hidden/test_octuple.py isn't there",
    ),
    "a name twice": ('"quadruple"', '"double"', ":13: question 'double' is there twice"),
    "a name of the handle's": (
        '"quadruple"',
        '"load"',
        ":13: question 'load' needs another name: `student.load` is taken",
    ),
    "no secret": ('"not much of one"', '""', ":3: secret is empty"),
}
KNOWN = {
    "a hint for nothing": (WRONG, '@wrong("dubble", "Look.")\ndef one(x): pass', ":2: one answers 'dubble', but no"),
    "no hint": (WRONG, 'x = 1\n\n@wrong("double")\ndef one(x): pass', ":4: one has no hint"),
    "an empty hint": (WRONG, '@slip("double", " ")\ndef one(x): pass', ":2: one has no hint"),
    "no question": (WRONG, "@wrong\ndef one(x): pass", ":2: one is marked @wrong without the name of its question"),
    "a computed one": (WRONG, "@wrong(NAME, 'Look.')\ndef one(x): pass", ":2: one is marked @wrong without the name"),
    "a question's name": (WRONG, '@wrong("double", "Look.")\ndef double(x): pass', ":2: double is the name of a"),
    "no Python": (WRONG, "x = 1\ndef (", ":2: it can't be read: invalid syntax"),
    "right for nothing": (ALSO_RIGHT, '@right("dubble")\ndef one(x): pass', ":2: one answers 'dubble', but no"),
    "right with a hint": (ALSO_RIGHT, '@right("double", "Look.")\ndef one(x): pass', ":2: one is right and has a hint"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), IN_SETTINGS.values(), ids=IN_SETTINGS)
def test_settings(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str) -> None:
    """A key, a type, a question: the line of assignment.toml, seen from where the author is."""
    put(tiny_folder, TOML, old, new)
    monkeypatch.chdir(tiny_folder.parent)
    with pytest.raises(AssignmentError) as problem:
        load(tiny_folder)
    assert str(problem.value).startswith(f"tiny/{TOML}{told}")


@pytest.mark.parametrize(("file", "text", "told"), KNOWN.values(), ids=KNOWN)
def test_known_answers(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str, told: str) -> None:
    """A misconception or an alternative that says nothing sensible is an error, and isn't left out."""
    (tiny_folder / file).write_text(text)
    monkeypatch.chdir(tiny_folder)
    with pytest.raises(AssignmentError) as problem:
        validation.check(load(tiny_folder))
    assert str(problem.value).startswith(f"{file}{told}")


def test_a_name_that_the_solution_does_not_define(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of the question, the notebook, and the nearest name that it does define."""
    (tiny_folder / "tiny.ipynb").write_text(notebook([SOLUTION.replace("def quadruple", "def quadrupel")]))
    monkeypatch.chdir(tiny_folder)
    with pytest.raises(AssignmentError) as problem:
        validation.check(load(tiny_folder))
    assert str(problem.value) == f"{TOML}:13: tiny.ipynb defines no quadruple; did you mean 'quadrupel'?"


def test_a_solution_that_is_no_python(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook, the cell and the line."""
    (tiny_folder / "tiny.ipynb").write_text(notebook([SOLUTION.replace("return x + x", "return x +")]))
    monkeypatch.chdir(tiny_folder)
    with pytest.raises(AssignmentError, match=r"^tiny\.ipynb, cell 1, line 5: SyntaxError"):
        validation.check(load(tiny_folder))


def test_cases_for_no_question(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of cases that nobody would run is an error."""
    (tiny_folder / "hidden" / "test_dubble.py").write_text("")
    monkeypatch.chdir(tiny_folder)
    with pytest.raises(
        AssignmentError, match=r"^hidden/test_dubble\.py:1: no question is named 'dubble'; did you mean"
    ):
        load(tiny_folder)


def test_questions_can_be_selected_again(tiny_folder: Path) -> None:
    """No question is lost: graded ones may use those that aren't graded, and the next selection may grade those."""
    tiny = load(tiny_folder)
    one = select_questions(tiny, ["quadruple"])
    for again in (
        select_questions(one, ["quadruple"]),
        select_questions(select_questions(tiny, ["double"]), ["quadruple"]),
    ):
        assert (again.questions, again.ungraded) == (one.questions, one.ungraded)
        assert again.dependencies(again.questions[0]) == {"double"}


def test_lines_are_those_of_the_file(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments, quoted keys and texts of several lines don't mislead; a table in one line has that line."""
    monkeypatch.chdir(tiny_folder)
    text = SETTINGS.replace('"Two functions"', '"""Two\npoints = 3\n[[question]]\nfunctions"""')
    (tiny_folder / TOML).write_text(text.replace("points = 2", '"points" = 2  # of 5'))
    assert read_settings(tiny_folder).title == "Two\npoints = 3\n[[question]]\nfunctions"
    assert toml_location(tiny_folder, "question", 1, "points") == f"{TOML}:17"
    assert toml_location(tiny_folder, "question", 1, "preload") == f"{TOML}:15"
    (tiny_folder / TOML).write_text('title = "T"\nsecret = "s"\nquestion = [{name = "double", points = "3"}]\n')
    with pytest.raises(AssignmentError, match=rf"^{TOML}:3: 'points': expected"):
        read_settings(tiny_folder)


def test_a_path_is_told_from_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the current folder it is relative, elsewhere it isn't."""
    monkeypatch.chdir(tmp_path)
    assert display_path(tmp_path / "a" / "b.toml", 3) == "a/b.toml:3"
    assert display_path(Path("/etc/hosts")) == "/etc/hosts"
    assert json.dumps(display_path(Path("a"))) == '"a"'
