"""Dates by the clock on the wall: a day ends at the same hour, also when the clock was changed meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1024)  # a class asks for the same dates
def latest_instant(local: datetime, zone: tzinfo) -> datetime:
    """Return a local time as an aware one. Of a time that the clock shows twice or never, return the later reading.

    A due date in the hour that is skipped in spring or repeated in autumn is read as the student would like it.
    """
    readings = (local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1))
    return max(readings, key=lambda each: each.astimezone(UTC))


def add_days(moment: datetime, days: int, zone: str = "") -> datetime:
    """Return the time so many days later, at the same hour by the clock of the zone (of the time itself if empty)."""
    here = moment.astimezone(ZoneInfo(zone)) if zone else moment
    assert here.tzinfo is not None
    return latest_instant(here.replace(tzinfo=None) + timedelta(days=days), here.tzinfo)
