"""An assignment of another kind, made with `grader new` and then extended: text statistics with pandas."""

from __future__ import annotations

import importlib
import json
import re
import sys
from typing import Any

import pytest

from grader.assignments.loader import load
from grader.authoring.quality.solution import solution_as_module
from grader.authoring.quality.validate import validate
from grader.authoring.release import build_release
from grader.authoring.scaffold import create_assignment
from grader.grading import validation
from grader.models import Assignment, ScoreReport
from grader.sandbox.guest import fork_server
from tests.factories import submission
from tests.helpers.grading import GradedClass

SETTINGS = """
[[question]]
name = "words_of"
points = 4

[[question]]
name = "word_counts"
points = 4
uses = ["words_of"]

[[question]]
name = "lengths"
points = 2

[[question]]
name = "stop_words"
points = 1
"""
GIVEN = '''
import pandas as pd


def as_table(texts):
    """A row for each word: from which text it is, and the word."""
    rows = [(i, word) for i, text in enumerate(texts) for word in words_of(text)]
    return pd.DataFrame(rows, columns=["text", "word"])
'''
EXERCISES = [
    '''
def words_of(text):
    """The words of a text, in small letters, without the marks around them."""
    ### BEGIN SOLUTION
    words = [word.strip(".,;:!?").lower() for word in text.split()]
    return [word for word in words if word]
    ### END SOLUTION
''',
    '''
def word_counts(texts):
    """How often each word comes in all texts together, as a dict."""
    ### BEGIN SOLUTION
    return as_table(texts)["word"].value_counts().to_dict()
    ### END SOLUTION
''',
    '''
def lengths(words):
    """The number of letters of each word, as a Series."""
    ### BEGIN SOLUTION
    return pd.Series(words).str.len()
    ### END SOLUTION
''',
    """
### BEGIN SOLUTION
stop_words = ["a", "and", "the"]
### END SOLUTION
""",
]
CASES = {
    "words_of": '''
import pytest

from grader.checks import same


@pytest.mark.points(2)
def test_small_letters(student, reference, texts):
    """A text falls into its words, in small letters."""
    for text in texts:
        same(student.words_of(text), reference.words_of(text))


@pytest.mark.points(2)
def test_marks(student):
    """Marks before and after a word don't belong to it, and marks alone are no word."""
    same(student.words_of("Well... , what's this?! "), ["well", "what's", "this"])
    same(student.words_of(" "), [])
''',
    "word_counts": '''
import pytest

from grader.checks import same


@pytest.mark.points(2)
def test_one_text(student, reference, texts):
    """Each word of a text is counted."""
    same(student.word_counts(texts[:1]), reference.word_counts(texts[:1]))


@pytest.mark.points(2)
def test_all_texts(student, reference, texts):
    """The words of all texts are counted together."""
    same(student.word_counts(texts), reference.word_counts(texts))
''',
    "lengths": '''
import pytest

from grader.checks import equal


@pytest.mark.points(2)
def test_lengths(student, rng):
    """A number for each word; a Series of pandas comes as an array."""
    numbers = rng.integers(1, 9, size=5).tolist()
    equal(student.lengths(["x" * number for number in numbers]), numbers)
''',
    "stop_words": '''
import pytest

from grader.checks import same


@pytest.mark.points(1)
def test_three(student):
    """The three words, in the order of the alphabet."""
    same(student.get("stop_words"), ["a", "and", "the"])
''',
    "conftest": '''
import pytest

WORDS = ["the", "Cat", "sat", "on", "A", "mat", "and", "purred"]


@pytest.fixture
def texts(rng):
    """Three texts, with marks here and there."""
    return [" ".join(word + rng.choice(["", ",", "."]) for word in rng.choice(WORDS, size=9)) for _ in range(3)]
''',
}
MISCONCEPTIONS = """

@wrong("words_of", "Are The and the two words?")
def as_they_are(text):
    return [word.strip(".,;:!?") for word in text.split() if word.strip(".,;:!?")]


@wrong("word_counts", "How many texts came in?")
def first_text_alone(texts):
    return as_table(texts[:1])["word"].value_counts().to_dict()


@wrong("lengths", "A number for each word is wanted, not one for all.")
def together(words):
    return sum(len(word) for word in words)
"""
ALTERNATIVES = """

@right("word_counts")
def with_a_counter(texts):
    from collections import Counter
    return Counter(word for text in texts for word in words_of(text))


@right("lengths")
def with_a_list(words):
    return [len(word) for word in words]
"""


def cell(source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"id-{abs(hash(source))}",
        "metadata": {"tags": list(tags)},
        "source": source.strip("\n"),
        "outputs": [],
        "execution_count": None,
    }


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The starter with four more exercises, written as an author writes them."""
    folder = tmp_path_factory.mktemp("solutions") / "text_statistics"
    create_assignment(folder.name, folder)
    settings = (folder / "assignment.toml").read_text().replace("\n[[", '\npreload = ["numpy", "pandas"]\n\n[[', 1)
    (folder / "assignment.toml").write_text(settings + SETTINGS)
    notebook = folder / "text_statistics.ipynb"
    document = json.loads(notebook.read_text())
    document["cells"] += [cell(GIVEN, "module"), *map(cell, EXERCISES)]
    notebook.write_text(json.dumps(document))
    for name, text in CASES.items():
        (folder / "hidden" / (f"{name}.py" if name == "conftest" else f"test_{name}.py")).write_text(text)
    for file, text in (("misconceptions.py", MISCONCEPTIONS), ("alternatives.py", ALTERNATIVES)):
        with (folder / file).open("a") as stream:
            stream.write(text)
    assignment = load(folder)
    validation.check(assignment)
    return assignment


LENGTHS = "pd.Series(words).str.len()"
WRONG = {
    "words": [
        (".lower()", ""),
        ('["word"].value_counts()', '["text"].astype(str).value_counts()'),
        ('"and", "the"]', '"the"]'),
    ],
    "frame": [(LENGTHS, f"{LENGTHS}.to_frame()")],
    "groups": [(LENGTHS, "pd.Series(words).groupby(pd.Series(words))")],
}


@pytest.fixture(scope="module")
def reports(texts: Assignment) -> dict[str, ScoreReport]:
    """The reports of the solution with something wrong in it."""
    class_ = []
    for who, changes in WRONG.items():
        module = solution_as_module(texts).decode()
        for old, other in changes:
            assert old in module
            module = module.replace(old, other)
        class_.append(submission(module, who, "text_statistics.py"))
    return {report.student: report for report in GradedClass(texts, class_, workers=1)}


@pytest.mark.long
def test_its_cases_are_fit(texts: Assignment) -> None:
    """The solution earns everything and the stubs nothing, mistakes lose and are named, and no mutant survives."""
    quality = validate(texts, jobs=1)
    assert quality.problems == ()
    assert [(each.score, each.max_score) for each in quality.baselines] == [(21, 21)] * 2 + [(0, 21)] * 3
    assert quality.total.named == quality.total.misconceptions == 5
    habits = [remark for remark in quality.remarks if remark.startswith("no case kills the mutant")]
    assert quality.total.mutants == quality.total.killed + len(habits)
    assert quality.total.killed > 50 > 10 > len(habits)


def test_what_is_wrong_is_told_in_words(reports: dict[str, ScoreReport]) -> None:
    """Text, lists and dicts are compared as they are, and nothing that was wanted is told."""
    questions = {question.name: question for question in reports["words"].questions}
    told = {name: next((case.message for case in q.cases if case.message), "") for name, q in questions.items()}
    assert re.fullmatch(r"The result at index \d is wrong: got '\w+'\.", told["words_of"])
    assert told["word_counts"] == "The result has the key '0', which doesn't belong there."
    assert told["stop_words"] == "The result: got a list of length 2; expected a list of length 3."
    assert (questions["words_of"].lent, questions["word_counts"].lent) == ((), ("words_of",))


def test_what_of_pandas_crosses_the_wall(reports: dict[str, ScoreReport]) -> None:
    """A Series as its values, which is right here, and a table as its rows. Other objects are no values."""
    for who, status, told in (("frame", "failed", "shape (5, 1)"), ("groups", "bad_value", "SeriesGroupBy")):
        (lost,) = [question for question in reports[who].questions if question.score < question.max_score]
        assert (lost.name, lost.status) == ("lengths", status)
        assert told in lost.cases[0].message


def test_students_receive_no_answer(texts: Assignment) -> None:
    """The module has the helper, the stubs and the value that is to be written."""
    module = build_release(texts.folder)["text_statistics.py"].decode()
    assert "def as_table" in module and "stop_words = None" in module
    assert "value_counts" not in module and ".lower()" not in module


def test_what_an_assignment_names_is_imported_beside_tensorflow_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Keras would import only because it is there is hidden from it, unless it is asked for."""
    seen = {}
    for name in ("pandas", "sklearn"):
        monkeypatch.delitem(sys.modules, name, raising=False)

    def look(name: str) -> None:
        seen[name] = [each for each in ("pandas", "sklearn") if each in sys.modules]

    monkeypatch.setattr(importlib, "import_module", look)
    fork_server.import_all(["tensorflow", "pandas"])
    assert seen == {"tensorflow": ["sklearn"], "pandas": ["sklearn"]}
    assert "sklearn" not in sys.modules
