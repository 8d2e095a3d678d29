# tries: gives the function to itself, and functions of its own to it
# base: numpy
proud_dense = my_dense


def my_dense(a_in, W, b, g):
    for argument in (g, lambda z: z, my_dense, print, [g, g], {"g": g}):
        try:
            g(argument)
        except Exception:
            pass
    return proud_dense(a_in, W, b, g)
