# tries: an endless loop that no exception ends
# base: numpy
# expect: my_dense timeout 0


def my_dense(a_in, W, b, g):
    while True:
        try:
            while True:
                g(b)
        except BaseException:
            pass
