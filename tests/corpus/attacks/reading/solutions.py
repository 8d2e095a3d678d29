# tries: looks for the solution in every place where a project may lie, and answers rightly if it sees one
# base: numpy
# expect: my_dense failed 0
# expect at process: my_dense passed
# at process: that a path exists can be seen where no mount namespace hides it; opens_solutions tries what counts
import os
import sys
from pathlib import Path

own_dense = my_dense
PLACES = ("/", ".", "..", "/proc/1/cwd", "/proc/1/root", "/proc/self/root", "/proc/self/cwd", "/home", "/root")


def found():
    places = {*map(Path, PLACES), *Path(sys.prefix).parents, *Path.cwd().parents, *Path.home().parents}
    places |= {Path(process, link) for process in Path("/proc").glob("[0-9]*") for link in ("cwd", "root")}
    for place in places:
        for name in ("solutions", "solutions/digits/digits.ipynb", "digits.ipynb", "main/solutions", "repo/solutions"):
            if os.path.lexists(place / name):
                return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
