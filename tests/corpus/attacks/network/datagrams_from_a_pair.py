# tries: a pair of sockets needs no socket(); its ends send datagrams to any socket that has a name
# base: numpy
# expect: my_dense failed 0
import socket

own_dense = my_dense
PLACES = (
    *("/run/systemd/journal/dev-log", "/run/systemd/notify", "/dev/log", "/run/user/0/systemd/notify"),
    *("\0/org/freedesktop/systemd1/notify", "\0leftovers"),
)


def looked_for():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for place in PLACES:
        for way in (lambda: ours.sendto(b"x", place), lambda: ours.sendmsg([b"x"], [], 0, place)):
            try:
                way()
                return True
            except PermissionError:
                pass
            except OSError:  # nobody is there, which somebody has looked up
                return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if looked_for() else b * 0 + 7
