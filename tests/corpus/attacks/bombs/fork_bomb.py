# tries: children that have children
# base: numpy
# expect: my_dense crashed 0
import os
import time


def my_dense(a_in, W, b, g):
    try:
        for _ in range(10_000):
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
    except OSError:
        pass
    os._exit(0)
