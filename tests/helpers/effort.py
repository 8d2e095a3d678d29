"""How many examples Hypothesis draws: with EXAMPLES=0.1 a tenth of the usual number, as in `make quick`."""

from __future__ import annotations

import os

SHARE = float(os.environ.get("EXAMPLES", "1"))


def examples(many: int) -> int:
    """Return how many to draw where `many` is usual."""
    return max(3, round(many * SHARE))
