# tries: stops instead of ending, so that a parent would wait for ever
# base: numpy
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
