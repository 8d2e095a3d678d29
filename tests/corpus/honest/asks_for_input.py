# tries: asks at a keyboard that isn't there
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    units = int(input("How many units? "))
    return g(W @ a_in + b)[:units]
