# tries: memory of the kernel's in the buffers of sockets and pipes, which it first makes as large as they go
# base: numpy
# expect: my_dense failed 0
import fcntl
import os
import socket

own_dense = my_dense
MOST = 96 << 20  # of 126 pairs with buffers as they come


def filled():
    """Bytes that it was able to leave in buffers."""
    held, count = [], 0
    try:
        while True:
            pair = socket.socketpair()
            held.append(pair)
            for end in pair:
                end.setblocking(False)
                try:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
                except OSError:
                    pass
                try:
                    while True:
                        count += end.send(bytes(1 << 16))
                except BlockingIOError:
                    pass
    except OSError:
        pass
    for pair in held:
        for end in pair:
            end.close()
    return count


def widened():
    """Whether a pipe takes more than it comes with."""
    for pipe in os.pipe():
        try:
            return fcntl.fcntl(pipe, 1031, 1 << 20) > 1 << 16  # F_SETPIPE_SZ
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if filled() > MOST or widened() else b * 0 + 7
