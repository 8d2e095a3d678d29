# tries: writes where the next submission, the interpreter or the grader would see it
# base: numpy
# expect: my_dense failed 0
import os
import sys
import sysconfig

own_dense = my_dense
PLACES = (
    *("/", "/grader", "/grader/sandbox", "/grader/sandbox/guest", "/grader/notebooks", "/support", "/usr", "/usr/lib", "/etc", "/var", "/var/tmp", "/run", "/home"),
    *("/root", "/dev", "/proc", "/out", sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()),
    *map(os.path.dirname, (np.__file__, os.__file__, sys.executable)),
)


def written():
    for place in PLACES:
        try:
            os.close(os.open(f"{place}/mark.py", os.O_CREAT | os.O_WRONLY))
            return True
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if written() else b * 0 + 7
