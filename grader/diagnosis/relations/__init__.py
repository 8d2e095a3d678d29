"""Relations between a student's answers and the right ones that hold for any numeric function.

They are tried where no known mistake explains the answers, from the most specific to the least. Each is a function
from the evidence to a sentence or None, and states what holds for every probe. So a sentence is true of the answers,
however they came about.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.diagnosis.relations import behaviour, conditions, exceptions, experiments, form, numbers, places, variants
from grader.diagnosis.relations.evidence import Evidence

Relation = Callable[[Evidence], str | None]
RELATIONS: dict[str, Relation] = {
    "differs_between_calls": behaviour.differs_between_calls,
    "changes_arguments": behaviour.changes_arguments,
    "calls_too_often": behaviour.calls_too_often,
    "returns_none": form.returns_none,
    "an_argument": variants.an_argument,
    "entries": form.entries,
    "named_entry": form.named_entry,
    "constant": numbers.constant,
    "shapes": form.shapes,
    "numbers": numbers.number_relation,
    "applied_again": variants.applied_again,
    "reductions": form.reductions,
    "other_arguments": variants.other_arguments,
    "settings": places.settings,
    "layers": places.layers,
    "first_wrong_entry": form.first_wrong_entry,
    "wrong_places": places.wrong_places,
    "by_row": numbers.by_row,
    "wrong_entries": places.wrong_entries,
    "not_finite": numbers.not_finite,
    "nearly_right": numbers.nearly_right,
    "condition": conditions.condition,
    "magnitude": conditions.magnitude,
    "unknown_name": exceptions.unknown_name,
    "changes_results": experiments.changes_results,
    "remembers_calls": experiments.remembers_calls,
    "experiment": experiments.experiment,
    "size": experiments.size,
}


EXACT = {
    "returns_none",
    "an_argument",
    "entries",
    "named_entry",
    "shapes",
    "numbers",
    "applied_again",
    "reductions",
    "other_arguments",
}  # give every number of the answers: one of them is a simpler explanation than two mistakes

ALONE = ("entries", "shapes", "reductions", "applied_again", "other_arguments")  # explain a single answer well enough


def find_relation(evidence: Evidence) -> tuple[str, str] | None:
    """Return name and sentence of the first relation that holds, or None."""
    with np.errstate(all="ignore"):  # whatever numbers a student returns
        for name, relation in RELATIONS.items():
            if sentence := relation(evidence):
                return name, sentence
        evidence.least = 1
        for name in ALONE if evidence.alone else ():
            if sentence := RELATIONS[name](evidence):
                return name, sentence
    return None
