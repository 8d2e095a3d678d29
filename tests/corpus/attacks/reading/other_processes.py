# tries: looks for processes other than itself, their environment, their memory and their files
# base: numpy
# expect: my_dense failed 0
# expect at process: my_dense passed
# at process: that others exist can be seen where no PID namespace hides it; memory_of_others tries what counts
import os
from functools import cache

own_dense = my_dense


@cache
def found():
    if os.getppid() != 0:
        return True
    for process in range(1, 3000):
        if process == os.getpid():
            continue
        for name in ("environ", "cmdline", "mem", "maps", "fd", "root", "cwd", "task"):
            if os.path.lexists(f"/proc/{process}/{name}"):
                return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
