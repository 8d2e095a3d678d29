# tries: escapes that clear, retitle and type on a terminal
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    raise ValueError("\x1b[2J\x1b]0;owned\x07\x1b[31m\x9b1m\x1bP+q\x1b\\\rpassed 8/8\x08\x00\x7f")
