# tries: asks its own line who the grader is, for a handle of that process, and for parts of the kernel that few use
# base: numpy
# expect: my_dense failed 0
import os
import socket

own_dense = my_dense
SO_PEERCRED, SO_COOKIE, SO_PEERPIDFD, SO_ATTACH_FILTER = 17, 57, 77, 26


def told():
    for descriptor in range(3, 64):
        try:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(descriptor))
        except OSError:
            continue
        for option in (SO_PEERCRED, SO_COOKIE, SO_PEERPIDFD):
            try:
                line.getsockopt(socket.SOL_SOCKET, option, 12)
                return True
            except OSError:
                pass
        line.close()
    ours, theirs = socket.socketpair()
    for way in (
        lambda: ours.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, bytes(16)),
        lambda: ours.send(b"x", socket.MSG_OOB),
        lambda: socket.socketpair(30, socket.SOCK_STREAM),  # AF_TIPC
    ):
        try:
            way()
            return True
        except PermissionError:
            pass
        except OSError:
            return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if told() else b * 0 + 7
