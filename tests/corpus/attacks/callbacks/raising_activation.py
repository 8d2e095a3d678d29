# tries: a lent function gets an activation that raises, exits and lies
# base: numpy
# expect: my_dense failed 0


def my_dense(a_in, W, b, g):
    return b * 0 + 7


def strange(z):
    raise SystemExit(0)


def stranger(z):
    return object()


quiet_sequential = my_sequential


def my_sequential(x, parameters, g):
    W, b = parameters[0]
    for activation in (strange, stranger, type, my_dense):
        try:
            my_dense(x, W, b, activation)
        except Exception:
            pass
    return quiet_sequential(x, parameters, g)
