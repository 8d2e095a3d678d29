# tries: looks around the interpreter and its packages, and in /usr, where containers have their programs
# base: numpy
# expect: my_dense failed 0
import os
import sys
import sysconfig
from pathlib import Path

own_dense = my_dense
SYSTEM = ("/usr/src", "/usr/src/app", "/usr/local/src", "/usr/share/doc", "/usr/bin", "/usr/local/bin", "/opt", "/srv")
EXPECTED = {"bin", "lib", "lib64", "python"}


def found():
    around = {Path(place) for place in (sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(sys.executable))}
    around |= {parent for place in sysconfig.get_paths().values() for parent in list(Path(place).parents)[1:-1]}
    for place in around:
        try:
            if set(os.listdir(place)) - EXPECTED and place.name not in ("lib", "lib64"):
                return True
        except OSError:
            pass
    for place in map(Path, SYSTEM):
        try:
            return bool(os.listdir(place))
        except OSError:
            pass
    for place in around:
        try:
            return bool((place / "pyvenv.cfg").read_bytes())
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
