# tries: gives the activation back as the result, and as a part of one
# base: numpy
# expect: my_dense bad_value 0
# expect: my_dense_v bad_value 0


def my_dense(a_in, W, b, g):
    return g


def my_dense_v(A_in, W, b, g):
    return [A_in, g]
