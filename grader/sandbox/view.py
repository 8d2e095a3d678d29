"""Outside: what a sandbox shows of the machine, and what a worker finds in its environment."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")


def environment() -> dict[str, str]:
    """All that a worker finds in its environment."""
    passed_on = {key: value for key, value in os.environ.items() if key.startswith("OPENBLAS_")}
    return passed_on | {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",  # so that sets have one order; the interpreter's option -I would ignore it
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
    }


def system_mounts() -> Iterator[str]:
    """The operating system's libraries, read-only."""
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    for name in SYSTEM_FILES:
        yield from ("--ro-bind-try", name, name)


def places() -> list[Path]:
    """Where the interpreter and its packages are, beside what the system has."""
    found = {Path(sys.base_prefix), Path(sys.prefix), *map(Path, sysconfig.get_paths().values())}
    found = {place for place in found if place.is_dir() and not place.is_relative_to("/usr")}
    return [p for p in sorted(found) if not any(p != q and p.is_relative_to(q) for q in found)]


def interpreter_mounts() -> Iterator[str]:
    """The interpreter and its packages, read-only, at the places where they are."""
    for place in places():
        yield from ("--ro-bind", str(place), str(place))
    installed = Path(sysconfig.get_path("purelib"), "grader")
    if installed.is_dir():  # the grader's own files are nobody's business in there
        yield from ("--tmpfs", str(installed))
