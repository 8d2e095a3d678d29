"""Assertions of imported tests accept no answer that the assertion of the source rejects."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from grader.assertions import alike, equals
from grader.checks import CheckFailed


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (5.0, math.inf),
        (-math.inf, math.inf),
        (0j, complex(0, math.inf)),
        (np.float32(5), np.float32(np.inf)),
        (math.nan, 1.0),
        (1.0, math.nan),
        ([1.0, 5.0], [1.0, math.inf]),
    ],
)
def test_only_infinity_is_like_infinity(got: Any, expected: Any) -> None:
    """Every finite number is less than a share of infinity away from it."""
    alike(expected, expected)
    with pytest.raises(CheckFailed):
        alike(got, expected)


def test_a_huge_integer_is_told_without_its_digits() -> None:
    """Python refuses to write more than 4300 of them."""
    with pytest.raises(CheckFailed, match="got an int"):
        equals(1 << 60_000, 1)
