# tries: makes itself fit for a core dump before it crashes, which a program of the machine would take, as root, to the disk
# base: numpy
# expect: my_dense failed 0
import ctypes

own_dense = my_dense
PR_SET_DUMPABLE, PR_SET_PTRACER, PR_SCHED_CORE, ANYBODY = 4, 0x59616D61, 62, -1


def allowed():
    libc = ctypes.CDLL(None)
    ways = ((PR_SET_DUMPABLE, 1), (PR_SET_PTRACER, ANYBODY), (PR_SCHED_CORE, 1))  # the last: no core beside it for others
    return any(libc.prctl(way, ctypes.c_long(value), 0, 0, 0) == 0 for way, value in ways)


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if allowed() else b * 0 + 7
