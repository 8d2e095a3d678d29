# tries: calls itself for ever, until Python says that it is too deep
# expect: my_sequential error 0


def my_sequential(x, parameters, g):
    return my_sequential(my_dense(x, *parameters[0], g), parameters, g)
