# tries: raises what `except Exception` doesn't catch
# base: numpy
# expect: sigmoid error 0
# expect: my_dense error 0
# expect: cost error 0


class Unheard(BaseException):
    pass


def sigmoid(z):
    raise KeyboardInterrupt


def my_dense(a_in, W, b, g):
    raise GeneratorExit


def cost(Y_hat, Y):
    raise Unheard
