"""When students may see a result on a platform."""

from __future__ import annotations

from grader.models import ScoreReport


def visibility(report: ScoreReport) -> str:
    """Return the visibility of a report in Gradescope's terms.

    An assignment without a policy shows results at once. This is the one place where a policy decides otherwise.
    """
    return "visible"
