# tries: computes the result and doesn't return it
# expect: my_dense failed 0


def my_dense(a_in, W, b, g):
    a = g(W @ a_in + b)
