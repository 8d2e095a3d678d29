"""Mistakes that nobody listed get a hint, and no hint misleads: each sentence stands in a table that was reviewed.

`python tests/helpers/relation_tables.py` writes the tables anew.
"""

from __future__ import annotations

import re

import pytest

from grader.assignments.known_answers import alternatives
from grader.assignments.loader import load
from tests.factories import ROOT
from tests.helpers import relation_tables as tables

ASSIGNMENTS = ("digits", "practice_lab")
LEAST = 0.8  # of the mistakes that the hidden cases catch: named, or told by a relation
SENTENCE = re.compile(r"This is no known mistake, but your answers show a pattern\. [A-Z`].*[.?]")


@pytest.mark.long
@pytest.mark.parametrize("set_name", tables.SETS)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_most_mistakes_that_nobody_listed_are_told(name: str, set_name: str) -> None:
    """Four of five are named or told by a relation, each in the words that were reviewed."""
    found = tables.independent_table(load(ROOT / "solutions" / name), set_name)
    assert found == tables.read(name, set_name)
    caught = {each: said for each, said in found.items() if said != tables.UNCAUGHT}
    silent = [each for each, said in caught.items() if said == tables.SILENT]
    assert len(silent) <= (1 - LEAST) * len(caught), silent


@pytest.mark.long
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_relation_contradicts_no_known_mistake(name: str) -> None:
    """With naming switched off, what relations say was reviewed; of right answers they say nothing."""
    assignment = load(ROOT / "solutions" / name)
    found = tables.known_table(assignment)
    assert found == tables.read(name, "known")
    right = {f"{each.question}/{each.name}" for each in alternatives(assignment)}
    assert {said for each, said in found.items() if each in right} == {tables.SILENT}
    assert all(said == tables.SILENT or SENTENCE.fullmatch(said) for said in found.values())
