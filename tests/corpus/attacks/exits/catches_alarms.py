# tries: takes every signal that can be caught, and sleeps
# base: numpy
# expect: sigmoid timeout 0
import signal
import time


def sigmoid(z):
    for number in range(1, signal.NSIG):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.alarm(1)
    while True:
        time.sleep(1000)
