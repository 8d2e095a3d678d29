# tries: exceptions that can't be made text
# base: numpy
# expect: sigmoid error 0
# expect: my_dense error 0
# expect: cost error 0


class Silent(Exception):
    def __str__(self):
        raise SystemExit(0)


class Itself(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__


class Number(Exception):
    __str__ = lambda self: 5


def sigmoid(z):
    raise Silent


def my_dense(a_in, W, b, g):
    raise Itself


def cost(Y_hat, Y):
    raise Number
