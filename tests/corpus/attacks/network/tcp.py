# tries: connects to ports of the machine that grades
# base: numpy
# expect: my_dense failed 0
import socket

own_dense = my_dense


def connected():
    for host in ("127.0.0.1", "::1", "localhost"):
        for port in (9, 22, 53, 80, 443, 8080, 8888):
            try:
                socket.create_connection((host, port), timeout=0.05).close()
                return True
            except ConnectionRefusedError:
                return True  # somebody answered
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if connected() else b * 0 + 7
