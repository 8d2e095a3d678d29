"""Answers by people who knew the assignment's text alone: tests/corpus/wrong_answers/SET/ASSIGNMENT/QUESTION.py.

EXCUSED lists by name what the cases say wrongly, each with the reason. A line that is no longer true fails too.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from grader.assignments.loader import load
from tests.factories import ROOT
from tests.helpers import answer_sets
from tests.helpers.answer_sets import Result

CORPUS = Path(__file__).parents[1] / "corpus" / "wrong_answers"
SETS = sorted((folder.parent.name, folder.name) for folder in CORPUS.glob("*/*") if folder.is_dir())
EXCUSED = tomllib.loads((CORPUS / "excused.toml").read_text(encoding="utf-8"))
MOST = 0.02  # of the wrong answers of a set that may have full marks
LEAST = 15  # entries, below which a set says nothing

pytestmark = [pytest.mark.long, pytest.mark.parametrize(("name", "assignment"), SETS)]


@cache
def results(name: str, assignment: str) -> list[Result]:
    """Every entry of a set, graded in one batch."""
    loaded = load(ROOT / "solutions" / assignment)
    return answer_sets.graded(loaded, answer_sets.read(CORPUS / name / assignment, loaded.question_names))


@cache
def checked(name: str, assignment: str) -> dict[str, str]:
    """What the checks that students have say of each entry."""
    return answer_sets.public(load(ROOT / "solutions" / assignment), [each.entry for each in results(name, assignment)])


def excused(name: str, assignment: str, what: str) -> set[str]:
    """The entries of a set that are listed, as QUESTION/SLUG."""
    listed = EXCUSED.get(what, {})
    assert all(reason.strip() for reason in listed.values())
    return {key.split(" ")[1] for key in listed if key.split(" ")[0] == f"{name}/{assignment}"}


def told(found: list[Result]) -> str:
    return "\n".join(map(answer_sets.line, found))


def test_there_is_something_to_grade(name: str, assignment: str) -> None:
    """Answers to every question of the assignment: wrong ones, and in most sets right ones too."""
    found = results(name, assignment)
    assert len(found) >= LEAST
    assert {each.entry.question for each in found} == set(load(ROOT / "solutions" / assignment).question_names)
    assert name == "fourth" or any(each.entry.right for each in found)
    assert not all(each.entry.right for each in found)


def test_hardly_a_wrong_answer_has_full_marks(name: str, assignment: str) -> None:
    """At most 2 % of a set, each of them listed with the reason."""
    wrong = [each for each in results(name, assignment) if not each.entry.right]
    slipped = [each for each in wrong if each.full]
    assert {each.entry.name for each in slipped} == excused(name, assignment, "full marks"), told(slipped)
    assert len(slipped) <= MOST * len(wrong), told(slipped)


def test_a_right_answer_has_full_marks(name: str, assignment: str) -> None:
    """Every one, and it costs nobody else anything."""
    lost = [each for each in results(name, assignment) if each.entry.right and (not each.full or each.elsewhere)]
    assert {each.entry.name for each in lost} == excused(name, assignment, "right and loses points"), told(lost)


def test_a_wrong_answer_costs_no_other_question(name: str, assignment: str) -> None:
    """What builds on it is graded with a right one."""
    found = [each for each in results(name, assignment) if not each.entry.right and each.elsewhere]
    assert {each.entry.name for each in found} == excused(name, assignment, "costs another question"), told(found)


def test_no_answer_that_fails_a_public_check_has_full_marks(name: str, assignment: str) -> None:
    """What the checks that students have call wrong loses points; what is right passes them."""
    public = checked(name, assignment)
    found = [each for each in results(name, assignment) if (public[each.entry.name] != "passed") is each.full]
    bad = [each for each in found if each.full or each.entry.right]
    assert not bad, "\n".join(f"{each.entry.name}: {public[each.entry.name]}" for each in bad)
