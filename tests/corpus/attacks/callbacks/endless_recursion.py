# tries: a lent function calls a function of the submission, which calls the lent function, which calls...
# base: numpy
# expect: my_dense failed 0
# expect: my_sequential crashed 0


def my_dense(a_in, W, b, g):
    return b * 0 + 7


def my_sequential(x, parameters, g):
    W, b = parameters[0]

    def deeper(z):
        return my_dense(x, W, b, deeper)

    return deeper(x)
