"""Values of `--cluster`: workers on this machine, the address of a scheduler, or a file that describes a cluster."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from grader._util import extras
from grader.execution.dask.errors import ClusterError
from grader.execution.limits import ASSUMED_WORKERS, MAX_LOCAL_WORKERS

EXPECTED = "expected local:N, tcp://HOST:PORT, tls://HOST:PORT, or a .yaml or .toml file"
NO_PAGES = "127.0.0.1:0"  # Dask starts its web server in any case; plugin.py stops it
LOCAL: dict[str, Any] = {
    "threads_per_worker": 1,
    "host": "127.0.0.1",
    "protocol": "tls://",
    "security": True,  # a certificate for the run: other users of the machine, who lack it, can't run code here
    "scheduler_kwargs": {"dashboard": False, "dashboard_address": NO_PAGES},
    "worker_dashboard_address": NO_PAGES,
    "memory_limit": None,
    "silence_logs": "CRITICAL",
    "preload": ["grader.execution.dask.preload"],
}


class Scheduler(msgspec.Struct, frozen=True):
    """A scheduler that somebody has started, with workers of its own."""

    address: str


class ClusterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cluster that is made for the run: a class by name, as those of dask-jobqueue, and its arguments."""

    name: str = msgspec.field(name="class")
    workers: int
    arguments: dict[str, Any] = {}


Target = Scheduler | ClusterConfig


def capacity(text: str) -> int:
    """Return how many submissions a cluster grades at a time, as far as its address says it. Raises as `parse` does."""
    target = parse(text)
    return target.workers if isinstance(target, ClusterConfig) else ASSUMED_WORKERS


def parse(text: str) -> Target:
    """Return what a value means. Raises ClusterError, and MissingPackages if Dask isn't installed."""
    extras.require("cluster", "--cluster")
    if text.startswith("local:"):
        count = text.removeprefix("local:")
        if not count.isdecimal() or not 0 < int(count) <= MAX_LOCAL_WORKERS:
            raise ClusterError(
                f"--cluster {text}: expected a number of workers from 1 to {MAX_LOCAL_WORKERS}, as in local:4"
            )
        return ClusterConfig("distributed.LocalCluster", int(count), {**LOCAL, "n_workers": int(count)})
    if text.startswith(("tcp://", "tls://")):
        return Scheduler(text)
    path = Path(text)
    if "://" in text or path.suffix not in (".yaml", ".yml", ".toml"):
        raise ClusterError(f"--cluster {text}: {EXPECTED}")
    import yaml  # which comes with Dask

    try:
        content = path.read_text(encoding="utf-8")
        found = tomllib.loads(content) if path.suffix == ".toml" else yaml.safe_load(content)
        return msgspec.convert(found, ClusterConfig)
    except (OSError, ValueError, yaml.YAMLError) as problem:
        raise ClusterError(f"--cluster {path} can't be used: {' '.join(str(problem).split())}") from None
