# tries: a power that takes longer than a lifetime
# base: numpy
# expect: my_dense timeout 0


def my_dense(a_in, W, b, g):
    return b + 9**9**9
