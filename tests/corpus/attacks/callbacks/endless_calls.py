# tries: calls the given function for ever
# base: numpy
# expect: my_dense timeout 0


def my_dense(a_in, W, b, g):
    while True:
        g(0.0)
