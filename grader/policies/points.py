"""Points as whole millionths, so that they add and compare exactly. Reports hold floats, which don't."""

from __future__ import annotations

UNIT = 1_000_000  # in a point
HUNDREDTH = UNIT // 100
WHOLE = 100 * UNIT  # 100 percent, in millionths of a percent


def to_units(value: float) -> int:
    """Return points, or percent, in millionths."""
    return round(value * UNIT)


def to_points(units: int) -> float:
    """Return the points that so many millionths are: of equal millionths, equal floats."""
    return units / UNIT


def share_up(units: int, percent: int) -> int:
    """Return a percentage of points, rounded up to hundredths: what remains favours the student.

    :param percent: in millionths of a percent
    """
    return -(-units * percent // (WHOLE * HUNDREDTH)) * HUNDREDTH


def share_down(units: int, percent: int) -> int:
    """Return a percentage of points, rounded down to hundredths.

    :param percent: in millionths of a percent
    """
    return units * percent // (WHOLE * HUNDREDTH) * HUNDREDTH
