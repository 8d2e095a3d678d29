# tries: lowers the recursion limit so far that the worker can't answer any more
# base: numpy
# expect: my_dense error 0
import sys


def my_dense(a_in, W, b, g):
    sys.setrecursionlimit(40)
    try:
        return down(0)
    finally:
        sys.setrecursionlimit(3000)


def down(n):
    return down(n + 1)
