"""python tests/fuzz/fuzz.py wire|values|intake|loader [SECONDS]

Coverage-guided fuzzing of what reads untrusted bytes: whatever comes, an answer, and no exception but our own.
"""

from __future__ import annotations

import datetime
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris
import numpy as np
import pandas as pd

with atheris.instrument_imports(include=["grader"]):
    from grader.notebooks import statements
    from grader.notebooks.cells import NotebookUnreadable
    from grader.sandbox.protocol import frames, tagged_values
    from grader.submissions import collect as intake

ROOM = Path(tempfile.mkdtemp(prefix="fuzz-"))


def fuzz_wire(data: bytes) -> None:
    """A frame: header, tree and body, as they would come from a worker."""
    try:
        value = read_frame(data)
    except frames.WireError:
        return
    frames.pack(value)  # what was a value once is one again


def fuzz_values(data: bytes) -> None:
    """A frame with tagged values, such as sets, dates and tables."""
    try:
        value = read_frame(data, lambda tag, parts: tagged_values.from_parts(*parts))
        frames.pack(tagged_values.wrap(value))
    except (frames.WireError, frames.NotAValue):  # a value may be small to send and large to send back
        return


def read_frame(data: bytes, build: frames.Builder = frames.reject_tagged) -> Any:
    """Return the value of a frame. The header may be any bytes: the tree is then half of the rest."""
    try:
        tree, _ = frames.read_lengths(data[: frames.HEADER.size].ljust(frames.HEADER.size, b"\0"))
    except frames.WireError:
        tree = len(data) // 2
    rest = data[frames.HEADER.size :]
    return frames.unpack(rest[:tree], rest[tree:], build)


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


TARGETS: dict[str, Callable[[bytes], None]] = {
    "wire": fuzz_wire,
    "values": fuzz_values,
    "intake": fuzz_intake,
    "loader": fuzz_loader,
}
TABLE = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=pd.Index([3, 5], name="n"))
# One of each kind of tagged value: no random bytes become a table.
SEEDS: tuple[Any, ...] = (
    *(2**70, 1j, range(3), {1, "a"}, frozenset({2}), {1: 2}, np.float32(0.5), pd.NA, pd.Timestamp("2024-02-29")),
    *(datetime.datetime(2024, 2, 29, 12), datetime.date(2024, 2, 29), datetime.time(12), datetime.timedelta(1)),
    *(np.array(["a", "bc"]), np.array([{1}, None]), np.array(["2024-02-29"], dtype="M8[D]"), TABLE, TABLE["b"]),
    *(TABLE.set_index(["a", "b"]).index, TABLE["b"].astype("category"), TABLE["b"].astype("string")),
)


def seeds() -> Path:
    """Return a folder with frames of values that cross."""
    folder = ROOM / "seeds"
    folder.mkdir()
    for n, value in enumerate(SEEDS):
        (folder / str(n)).write_bytes(frames.pack(tagged_values.wrap(value)))
    return folder


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
            *([str(seeds())] if target is fuzz_values else []),
        ],
        target,
    )
    atheris.Fuzz()
