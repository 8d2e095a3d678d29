"""Dates by the clock on the wall: a day ends at the same hour, also when the clock was changed meanwhile.

All results are in UTC. Python compares two times of one zone by the clock on the wall, which is wrong where that was
changed between them; and a time of an hour that comes twice equals no time of another zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1024)  # a class asks for the same dates
def latest_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC. Of a time that the clock shows twice or never, return the later reading.

    A due date in the hour that is skipped in spring or repeated in autumn is read as the student would like it.
    """
    return max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def add_days(moment: datetime, days: int, zone: str = "") -> datetime:
    """Return the time so many days after a time in UTC, at the same hour by the clock of the zone."""
    if not zone:
        return moment + timedelta(days=days)
    here = ZoneInfo(zone)
    return latest_instant(moment.astimezone(here).replace(tzinfo=None) + timedelta(days=days), here)
