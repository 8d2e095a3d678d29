"""python tests/fuzz/fuzz.py wire|intake|loader [SECONDS]

Coverage-guided fuzzing of what reads untrusted bytes: whatever comes, an answer, and no exception but our own.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader"]):
    from grader.notebooks import statements
    from grader.notebooks.cells import NotebookUnreadable
    from grader.sandbox.protocol import frames
    from grader.submissions import collect as intake

ROOM = Path(tempfile.mkdtemp(prefix="fuzz-"))


def fuzz_wire(data: bytes) -> None:
    """A frame: header, tree and body, as they would come from a worker."""
    try:
        tree, _ = frames.read_lengths(data[: frames.HEADER.size].ljust(frames.HEADER.size, b"\0"))
    except frames.WireError:
        tree = len(data) // 2
    rest = data[frames.HEADER.size :]
    try:
        value = frames.unpack(rest[:tree], rest[tree:])
    except frames.WireError:
        return
    frames.pack(value)  # what was a value once is one again


def fuzz_intake(data: bytes) -> None:
    """A file handed in, as a zip, a notebook and a module."""
    for ending in (".zip", ".ipynb", ".py"):
        path = ROOM / f"student{ending}"
        path.write_bytes(data)
        (submission,) = intake.collect(path, "digits")[:1]
        assert submission.student


def fuzz_loader(data: bytes) -> None:
    """The text of a notebook or module, read in statements."""
    for name in ("a.ipynb", "a.py"):
        try:
            statements.read(data, name)
        except NotebookUnreadable:
            continue


TARGETS: dict[str, Callable[[bytes], None]] = {"wire": fuzz_wire, "intake": fuzz_intake, "loader": fuzz_loader}

if __name__ == "__main__":
    target, seconds = TARGETS[sys.argv[1]], (sys.argv[2:] or ["20"])[0]
    print(f"{sys.argv[1]}: {seconds} s; an input that breaks it will be in {ROOM}", flush=True)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            "-rss_limit_mb=2048",
            "-timeout=20",
            "-verbosity=0",
            f"-artifact_prefix={ROOM}/",
        ],
        target,
    )
    atheris.Fuzz()
