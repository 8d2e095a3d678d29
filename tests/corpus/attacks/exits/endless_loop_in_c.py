# tries: never comes back from C code, with all signals blocked
# base: numpy
# expect: my_dense timeout 0
import signal


def my_dense(a_in, W, b, g):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    return sum(range(10**14))
