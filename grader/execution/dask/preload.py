"""Loaded by Dask in each worker on this machine: Ctrl-C at the terminal is the driver's affair."""

from __future__ import annotations

import os
from typing import Any


def dask_setup(worker: Any) -> None:
    os.setpgid(0, 0)
