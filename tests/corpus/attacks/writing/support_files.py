# tries: changes the files that every submission gets, through the links to them
# base: numpy
# expect: my_dense failed 0
import os
from pathlib import Path

own_dense = my_dense


def written():
    for path in (*Path(".").iterdir(), *Path("/support").glob("*")):
        for way in (
            lambda path: open(path, "ab").close(),
            lambda path: os.chmod(path, 0o777),
            lambda path: os.remove(os.path.realpath(path)),
            lambda path: os.utime(path),
        ):
            try:
                way(path)
                return True
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if written() else b * 0 + 7
