# tries: an object that says that it is a number
# base: numpy
# expect: cost bad_value 0


class Claimed:
    __class__ = property(lambda self: float)


def cost(Y_hat, Y):
    return Claimed()
