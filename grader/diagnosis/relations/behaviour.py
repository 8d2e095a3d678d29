"""Relations of behaviour: arguments changed in place, functions called too often, and calls that remember others."""

from __future__ import annotations

from grader.diagnosis.relations import variants
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence

MOST_WRONG = 0.25  # of the calls, where a changed argument is still what counts
DIFFERS = (
    "Your function gives different answers to equal calls: does it keep something from one call to the next, "
    "or draw random numbers?"
)


def changes_arguments(evidence: Evidence) -> str | None:
    """Return a sentence if the values are right and an argument is changed."""
    changed = {name for outcome in evidence.outcomes for name in outcome.changed}
    count = sum(bool(outcome.changed) for outcome in evidence.outcomes)
    few = len(evidence.wrong) <= MOST_WRONG * len(evidence.outcomes)
    if not (few or all(outcome.raised for outcome in evidence.wrong)) or not changed or count < MIN_PROBES:
        return None
    names = " and ".join(f"`{name}`" for name in sorted(changed))
    some = f" in {len(evidence.right)} of {len(evidence.outcomes)} calls" if evidence.wrong else ""
    right = f"Your answers are right{some}, but your function changes {names}"
    return f"{right}, which the caller goes on using: work on a copy."


def calls_too_often(evidence: Evidence) -> str | None:
    """Return a sentence if the values are right and functions among the arguments are called too often."""
    count = sum(outcome.too_often for outcome in evidence.outcomes)
    if count < MIN_PROBES or (evidence.wrong and not variants.calls_by_parts(evidence)):
        return None
    names = [name for name, value in evidence.outcomes[0].arguments.items() if callable(value)]
    if len(names) != 1:
        return None
    return f"`{names[0]}` is called more often than needed: it can take all its numbers in one call."


def differs_between_calls(evidence: Evidence) -> str | None:
    """Return a sentence if equal calls get different answers."""
    if not evidence.wrong or evidence.repeatable:
        return None
    return DIFFERS
