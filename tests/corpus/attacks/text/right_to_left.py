# tries: marks that turn the direction of a line, or hide in it
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    raise ValueError("0/8 \u202epassed 8/8\u2066 \u200b\u200f\ufeff\u2028\u2029\u0085 Z\u0301\u0301\u0301\u0301")
