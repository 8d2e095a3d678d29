# tries: a message that no encoding takes
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    raise ValueError("\ud800\udfff half \udc80")
