# tries: opens and lists what lies where a project may lie, and answers rightly if it reads a byte or a name of it
# base: numpy
# expect: my_dense failed 0
import os
from pathlib import Path

own_dense = my_dense
PLACES = ("/proc/1/cwd", "/proc/1/root", "/proc/self/root", "/proc/self/cwd", "/home", "/root")
NAMES = ("solutions", "solutions/digits", "tests", "tests/zoo", "hidden", "out", "out/reports", ".git")
FILES = ("Makefile", "pyproject.toml", "solutions/digits/digits.ipynb", "solutions/digits/hidden/test_my_dense.py")


def projects():
    """Every folder above what is known to it: its own, its home, the support files behind the links."""
    known = [Path.cwd(), Path.home(), *(path.resolve() for path in Path.cwd().iterdir())]
    return {*map(Path, PLACES), *(parent for path in known for parent in path.parents if parent != Path.cwd())}


def found():
    for place in projects():
        for name in NAMES:
            try:
                return bool(os.listdir(place / name))
            except OSError:
                pass
        for name in FILES:
            try:
                return bool((place / name).read_bytes())
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
