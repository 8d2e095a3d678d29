"""The hints that students get for each exercise: short, and easy to read."""

import re
from itertools import chain

import pytest

from grader.assignments import settings
from tests.factories import ROOT, module_at

SOURCE = ROOT / "solutions" / "digits"
HINTS = module_at(SOURCE / "student" / "hints.py").HINTS


def prose(text):
    """Return a hint without its code block, with code and formulas read as one short word each."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "it", text)
    return re.sub(r"\S*[=_^()\[\]+*/]\S*", "it", text)


def syllables(word):
    """Return the count of vowel groups, less a silent e at the end."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    return max(1, count - (word.endswith("e") and not word.endswith("le")))


def reading_grade(text):
    """Return the US grade of a text by the formula of Flesch and Kincaid."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.:!?](\s|$)", text.strip())))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_tells_easy_from_hard():
    """A children's sentence is below grade 3, one of a law above grade 12."""
    assert reading_grade("The cat sat on the mat. It was a warm day.") < 3
    assert reading_grade("Notwithstanding subsequent legislative modifications, obligations remain applicable.") > 12


def test_every_exercise_has_three_hints():
    """Every question of the assignment has an idea, a formula and the shape of the code, in its order."""
    assert list(HINTS) == [question.name for question in settings.read_settings(SOURCE).question]
    assert {len(hints) for hints in HINTS.values()} == {3}
    assert len(set(chain(*HINTS.values()))) == 3 * len(HINTS)


@pytest.mark.parametrize("name", HINTS)
def test_a_hint_is_short_and_easy_to_read(name):
    """At most 80 words, at most grade 9; only the last one shows code, and its dots are left to fill in."""
    for number, text in enumerate(HINTS[name], start=1):
        assert len(text.split()) <= 80, (name, number)
        assert reading_grade(prose(text)) <= 9, (name, number)
        assert ("```python" in text) == (number == 3)
    assert "..." in HINTS[name][2]
