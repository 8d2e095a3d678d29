# tries: asks for addresses of names, by every way that C and Python have
# base: numpy
# expect: my_dense failed 0
import ctypes
import socket

own_dense = my_dense
libc = ctypes.CDLL(None)


def answered():
    for name in ("example.org", "localhost.localdomain", "a.root-servers.net"):
        for way in (socket.gethostbyname, socket.gethostbyname_ex, lambda name: socket.getaddrinfo(name, 443)):
            try:
                way(name)
                return True
            except OSError:
                pass
        libc.gethostbyname.restype = ctypes.c_void_p
        if libc.gethostbyname(name.encode()):
            return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if answered() else b * 0 + 7
