# tries: looks for what others have handed in, and for their reports
# base: numpy
# expect: my_dense failed 0
import os
import sys
from pathlib import Path

own_dense = my_dense
CHECKS = ("check", "examples", "figures", "hints", "reading", "relations", "running", "submitting", "suspects", "trying")
GIVEN = {"__pycache__", "digits.npz", "threes_and_fives.npz", "README.md", "requirements.txt", "requirements-tensorflow.txt", *(f"{name}.py" for name in CHECKS)}


def found():
    places = [Path("/tmp"), Path("."), Path(".."), Path("/dev/shm"), Path("/var/tmp"), Path("/out"), Path("/support")]
    for place in places:
        around = {part for part in Path(sys.prefix).parts if place.resolve() == Path("/tmp")}  # the interpreter may lie there
        try:
            if {path.name for path in place.iterdir()} - GIVEN - {"work"} - around:
                return True
        except OSError:
            continue
    return any(os.path.exists(f"/proc/self/fd/{n}/..") for n in range(3, 256))


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
