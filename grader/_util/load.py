"""Cores and load of the machine."""

from __future__ import annotations

import os
import sys


def cores() -> list[int]:
    """Return the cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else list(range(os.cpu_count() or 1))


def load_per_core() -> float:
    """Return how many processes there were for each core, on average over the last minute."""
    return round(os.getloadavg()[0] / len(cores()), 2)


def load_factor() -> float:
    """Return the factor, 1 to 10, by which work may take longer because other processes use the cores."""
    return min(max(load_per_core(), 1.0), 10.0)
