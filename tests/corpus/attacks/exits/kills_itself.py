# tries: sends itself the signals that end a process; the first process of a namespace gets none from within, so what follows counts
# base: numpy
# expect at process: my_dense crashed 0
# at process: it is the first process of no namespace, so that what it sends itself arrives
import os
import signal

living_dense = my_dense


def my_dense(a_in, W, b, g):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        try:
            os.kill(os.getpid(), number)
        except OSError:
            pass
    return living_dense(a_in, W, b, g)
