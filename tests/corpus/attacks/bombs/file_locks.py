# tries: locks on single bytes of a file, of which the kernel keeps each; they are real if a second one is refused
# base: numpy
# expect: my_dense failed 0
import fcntl
import os

own_dense = my_dense


def locked():
    first, second = (os.open("lock", os.O_CREAT | os.O_RDWR) for _ in range(2))
    for number in range(1000):
        fcntl.lockf(first, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 2 * number)
    fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if locked() else b * 0 + 7
