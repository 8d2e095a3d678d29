"""What `--cluster` names: workers on this machine, a scheduler that runs, or a file that says what to make."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from grader._util import extras
from grader.execution.dask.errors import ClusterUnfit

WANTED = "wanted local:N, tcp://HOST:PORT, tls://HOST:PORT, or a .yaml or .toml file"
MOST = 1024  # workers on one machine


class Local(msgspec.Struct, frozen=True):
    """Workers on this machine."""

    workers: int


class Scheduler(msgspec.Struct, frozen=True):
    """A scheduler that somebody has started, with workers of its own."""

    address: str


class ClusterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cluster that is made for the run: a class by name, as those of dask-jobqueue, and what it is called with."""

    name: str = msgspec.field(name="class")
    workers: int
    arguments: dict[str, Any] = {}


Target = Local | Scheduler | ClusterConfig


def parse(text: str) -> Target:
    """What a text names. Raises ClusterUnfit, and MissingPackages where Dask is not installed."""
    extras.require("cluster", "--cluster")
    if text.startswith("local:"):
        count = text.removeprefix("local:")
        if not count.isdecimal() or not 0 < int(count) <= MOST:
            raise ClusterUnfit(f"--cluster {text}: wanted a number of workers from 1 to {MOST}, as in local:4")
        return Local(int(count))
    if text.startswith(("tcp://", "tls://")):
        return Scheduler(text)
    path = Path(text)
    if "://" in text or path.suffix not in (".yaml", ".yml", ".toml"):
        raise ClusterUnfit(f"--cluster {text}: {WANTED}")
    try:
        return msgspec.convert(_read(path), ClusterConfig)
    except (OSError, ValueError) as problem:  # what the parsers raise are ValueErrors, or made ones
        raise ClusterUnfit(f"--cluster {path} can't be used: {' '.join(str(problem).split())}") from None


def _read(path: Path) -> object:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    import yaml  # which comes with Dask

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise ValueError(str(problem)) from None
