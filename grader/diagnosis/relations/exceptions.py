"""Relations of exceptions: what the messages of all calls have in common."""

from __future__ import annotations

import re

import numpy as np

from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome
from grader.diagnosis.relations.leaves import is_array, leaf_at, leaves
from grader.diagnosis.relations.sizes import named_count

SHAPE = re.compile(r"[(\[](\d+(?:, ?\d+)*),?[)\]]")  # as NumPy and TensorFlow write it: (3, 4), (3,) or [3,4]
INDEX = re.compile(r"index (\d+) is out of bounds for axis (\d+) with size (\d+)")
PRODUCT = re.compile(r"core dimension 0.*\(size (\d+) is different from (\d+)\)")  # rows and columns that `@` got
UNKNOWN = re.compile(r"NameError: name '(\w+)' is not defined")


def unknown_name(evidence: Evidence) -> str | None:
    """Return a sentence if all wrong calls fail at one name that nothing binds."""
    messages = [str(outcome.given.get(("raised",), "")) for outcome in evidence.wrong]
    found = {match[1] if (match := UNKNOWN.search(message)) else "" for message in messages}
    if len(messages) < MIN_PROBES or len(found) != 1 or not (name := found.pop()):
        return None
    if name in evidence.signature.parameters:
        return None
    other = "an argument under another name, misspelled, or from a cell that you didn't submit"
    return f"`{name}` isn't defined when your function runs: is it {other}?"


def _raised(evidence: Evidence) -> list[Outcome]:
    """Return the calls that raise an exception; none if these are few, or few of the wrong ones."""
    found = [outcome for outcome in evidence.wrong if outcome.raised]
    return found if len(found) >= max(MIN_PROBES, len(evidence.wrong) / 2) else []


def mismatched_shapes(evidence: Evidence) -> str | None:
    """Return a sentence if the wrong calls fail at two shapes, which are those of the same two arrays in each call."""
    raised = _raised(evidence)
    if not raised:
        return None
    found = [_shapes(outcome) for outcome in raised]
    if any(len(pair) != 2 for pair in found):
        return None
    names = []
    for k in (0, 1):
        named = [_arrays_of(outcome, pair[k]) for outcome, pair in zip(raised, found, strict=True)]
        same = set.intersection(*map(set, named))
        if len(same) != 1:
            return None
        names.append(same.pop())
    one, other = names
    calls = "In all calls" if len(raised) == len(evidence.outcomes) else "Where an exception is raised,"
    return (
        f"{calls} an array of the shape of {one} meets one of the shape of {other}, and these don't fit together: "
        "which of their axes belong to each other?"
    )


def mismatched_product(evidence: Evidence) -> str | None:
    """Return a sentence if the wrong calls fail at a product of matrices, and its sizes have names."""
    raised = _raised(evidence)
    if not raised:
        return None
    found = [PRODUCT.search(str(outcome.given.get(("raised",), ""))) for outcome in raised]
    sizes = [(int(match[1]), int(match[2])) for match in found if match]
    if len(sizes) < len(found):
        return None
    rows, columns = (named_count(raised, [pair[k] for pair in sizes]) for k in (0, 1))
    if not rows or not columns:
        return None
    calls = "In all calls" if len(raised) == len(evidence.outcomes) else "Where an exception is raised,"
    return (
        f"{calls} the array on the left of a matrix product has as many columns as this: {columns}; and the one on the "
        f"right as many rows as this: {rows}. These must be equal: which axis should be summed over?"
    )


def index_beyond_end(evidence: Evidence) -> str | None:
    """Return a sentence if the wrong calls fail at an index beyond the end, of a size that has a name."""
    raised = _raised(evidence)
    if not raised:
        return None
    found = [INDEX.search(str(outcome.given.get(("raised",), ""))) for outcome in raised]
    sizes = [int(match[3]) for match in found if match]
    words = named_count(raised, sizes) if len(sizes) == len(found) else ""
    calls = "In all calls" if len(raised) == len(evidence.outcomes) else "Where an exception is raised,"
    what = f"{calls} an index goes beyond the end of an axis that has as many entries as this: {words}."
    return f"{what} Where does the index come from?" if words else None


def _shapes(outcome: Outcome) -> list[tuple[int, ...]]:
    """Return the shapes in the message of an exception; none if there was no exception."""
    message = str(outcome.given.get(("raised",), ""))
    found = [tuple(map(int, re.findall(r"\d+", match[1]))) for match in SHAPE.finditer(message)][:2]
    return [shape for shape in found if len(shape) > 1]  # a flat one is that of biases, and of what a layer gives


def _arrays_of(outcome: Outcome, shape: tuple[int, ...]) -> list[str]:
    """Return names of the arrays among the arguments that have a shape, or have it when they are transposed."""
    found = []
    for name, value in outcome.arguments.items():
        for path, leaf in leaves(value):
            if not is_array(leaf) or not leaf.ndim:
                continue
            words = f"`{name}{''.join(f'[{step}]' for step in path)}`"
            if leaf.shape == shape:
                found.append(words)
            elif np.transpose(leaf).shape == shape:
                found.append(f"{words} transposed")
    want = leaf_at(outcome.expected, ())
    return found or (["the right result"] if is_array(want) and want.shape == shape else [])
