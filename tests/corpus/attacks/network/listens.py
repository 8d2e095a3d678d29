# tries: opens a door to itself
# base: numpy
listening = []
deaf_dense = my_dense


def my_dense(a_in, W, b, g):
    import socket

    for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_UNIX, "\0leftovers")):
        try:
            sock = socket.socket(family)
            sock.bind(address)
            sock.listen()
            listening.append(sock)
        except OSError:
            pass
    return deaf_dense(a_in, W, b, g)
