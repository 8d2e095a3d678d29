"""Which hand-in counts, and with how many points."""

from __future__ import annotations

from collections.abc import Sequence

from grader.policies.policy import Policy
from grader.policies.records import Adjustment, Extension, Grade, HandIn


def decide(
    handins: Sequence[HandIn],
    policy: Policy,
    extensions: Sequence[Extension] = (),
    adjustments: Sequence[Adjustment] = (),
    *,
    max_score: float = 0.0,
    days_used: int = 0,
) -> Grade:
    """Return the grade of a student from their hand-ins, extensions and adjustments, in whatever order they come.

    :param max_score: points of the assignment, for a student whose hand-ins don't say it
    :param days_used: late days of the student's budget that other assignments took
    """
    raise NotImplementedError
