"""Relations between a student's answers and the right ones that hold for any numeric function.

They are tried where no known mistake explains the answers, from the most specific to the least. Each is a function
from the evidence to a sentence or None, and states what holds for every probe. So a sentence is true of the answers,
however they came about.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.diagnosis.relations import (
    arithmetic,
    behaviour,
    conditions,
    dependence,
    exceptions,
    experiments,
    form,
    numbers,
    places,
    sizes,
    variants,
    zeros,
)
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
    "kind": sizes.kind,
    "constant": numbers.constant,
    "shapes": form.shapes,
    "numbers": numbers.number_relation,
    "applied_again": variants.applied_again,
    "reductions": form.reductions,
    "other_arguments": variants.other_arguments,
    "combined_with_argument": arithmetic.combined_with_argument,
    "settings": places.settings,
    "inputs": places.inputs,
    "layers": places.layers,
    "first_wrong_entry": form.first_wrong_entry,
    "by_row": numbers.by_row,
    "wrong_labels": places.wrong_labels,
    "wrong_places": places.wrong_places,
    "by_value": places.by_value,
    "wrong_entries": places.wrong_entries,
    "not_finite": numbers.not_finite,
    "nearly_right": numbers.nearly_right,
    "condition": conditions.condition,
    "magnitude": conditions.magnitude,
    "unknown_name": exceptions.unknown_name,
    "changes_results": experiments.changes_results,
    "remembers_calls": experiments.remembers_calls,
    "ignores_argument": dependence.ignores_argument,
    "mismatched_shapes": exceptions.mismatched_shapes,
    "mismatched_product": exceptions.mismatched_product,
    "index_beyond_end": exceptions.index_beyond_end,
    "mixes_examples": dependence.mixes_examples,
    "experiment": experiments.experiment,
    "size": experiments.size,
    "localised": zeros.localised,
    "sizes": sizes.sizes,
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
    "combined_with_argument",
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
