# tries: stops instead of ending, so that a parent would wait for ever
# base: numpy
# expect at process: my_dense timeout 0
# at process: it is the first process of no namespace, so that what it sends itself arrives
import os
import signal

moving_dense = my_dense


def my_dense(a_in, W, b, g):
    for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN):
        try:
            os.kill(os.getpid(), number)
        except OSError:
            pass
    return moving_dense(a_in, W, b, g)
