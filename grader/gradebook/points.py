"""A score and its maximum, and when one is lower than another."""

from __future__ import annotations

import msgspec

from grader._util.wording import format_number

ROUNDING = 1e-9  # difference of points that is none


class Points(msgspec.Struct, frozen=True):
    """A score and its maximum."""

    score: float
    max_score: float

    def __str__(self) -> str:
        """Return both as words."""
        return f"{format_number(self.score)} of {format_number(self.max_score)}"

    def is_below(self, other: Points) -> bool:
        """Return whether this is fewer points than another score, or a smaller share of the maximum."""
        shares = self.score * other.max_score - other.score * self.max_score
        return self.score < other.score - ROUNDING or shares < -ROUNDING
