# tries: a message of fifty megabytes
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    raise ValueError("x\n" * (25 << 20))
