# tries: looks for a network card, and for raw access to it
# base: numpy
# expect: my_dense failed 0
import socket

own_dense = my_dense


def found():
    try:
        if [name for _, name in socket.if_nameindex() if name != "lo"]:
            return True
    except OSError:
        pass
    for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET, socket.SOCK_RAW)):
        try:
            socket.socket(family, kind, 1).close()
            return True
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
