# tries: sends datagrams, among them a question to a name server
# base: numpy
# expect: my_dense failed 0
import socket

own_dense = my_dense


def sent():
    for address in (("127.0.0.1", 9), ("127.0.0.53", 53), ("127.255.255.255", 9)):
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                sock.sendto(b"right answers", address)
                return True
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if sent() else b * 0 + 7
