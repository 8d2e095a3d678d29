# tries: raises the exceptions by which the worker itself tells things
# base: numpy
# expect: sigmoid error 0
# expect: my_dense error 0
# expect: cost bad_value 0
import sys

wire = next(module for name, module in sys.modules.items() if name.endswith("sandbox.wire"))


def sigmoid(z):
    raise wire.Closed


def my_dense(a_in, W, b, g):
    raise wire.DeadlinePassed


def cost(Y_hat, Y):
    raise wire.NotAValue("nothing")
