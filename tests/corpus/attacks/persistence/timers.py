# tries: alarms that ring in the middle of other questions
# base: numpy
import signal

still_dense = my_dense


def my_dense(a_in, W, b, g):
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.01)
    return still_dense(a_in, W, b, g)
