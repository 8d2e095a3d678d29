# tries: more open files than it may have: on their way over a socket, or in tables that threads have for themselves
# base: numpy
# expect: my_dense failed 0
import ctypes
import functools
import os
import socket
import threading

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)
CLOSE_RANGE, UNSHARE = 436, 2
opened = []


def open_many(kept):
    libc.syscall(CLOSE_RANGE, 100_000, 100_000, UNSHARE)
    try:
        while len(kept) < 200:
            kept.append(os.open("/dev/null", os.O_RDONLY))
            opened.append(kept[-1])
    except OSError:
        pass
    threading.Event().wait()


def sent():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    count = 0
    try:
        while count < 300:
            pairs = [socket.socketpair() for _ in range(20)]
            socket.send_fds(ours, [b"x"], [end.fileno() for pair in pairs for end in pair])
            count += 40
    except OSError:
        pass
    return count


@functools.cache
def more_than_it_may():
    if sent():
        return True
    for _ in range(4):
        threading.Thread(target=open_many, args=([],), daemon=True).start()
    for _ in range(100):
        if len(opened) > 256:
            return True
        threading.Event().wait(0.01)
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if more_than_it_may() else b * 0 + 7
