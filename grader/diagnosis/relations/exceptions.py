"""Relations of exceptions: what the messages of all calls have in common."""

from __future__ import annotations

import re

from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence

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
