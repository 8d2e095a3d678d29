# tries: connects to sockets that services leave in the file system
# base: numpy
# expect: my_dense failed 0
import socket

own_dense = my_dense
PLACES = (
    *("/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"),
    *("/run/systemd/journal/dev-log", "/dev/log", "/tmp/.X11-unix/X0", "/run/user/0/bus", "/run/nscd/socket"),
)


def connected():
    for place in PLACES:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                socket.socket(socket.AF_UNIX, kind).connect(place)
                return True
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if connected() else b * 0 + 7
