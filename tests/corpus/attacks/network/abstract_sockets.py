# tries: connects to sockets that have no file, which a mount namespace doesn't hide
# base: numpy
# expect: my_dense failed 0
import socket

own_dense = my_dense


def connected():
    names = ["/tmp/.X11-unix/X0", "/tmp/dbus-session", "/org/freedesktop/systemd1/notify", "grader", "leftovers"]
    try:
        names += [line.split()[-1] for line in open("/proc/self/net/unix") if "@" in line]
    except OSError:
        pass
    for name in names:
        try:
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect("\0" + name.lstrip("@"))
            return True
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if connected() else b * 0 + 7
