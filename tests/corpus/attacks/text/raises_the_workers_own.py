# tries: raises the exceptions by which the worker itself tells things
# base: numpy
# expect: sigmoid error 0
# expect: my_dense error 0
# expect: cost bad_value 0
import sys

wire, channel = (sys.modules[f"_grader.sandbox.protocol.{name}"] for name in ("frames", "channel"))


def sigmoid(z):
    raise channel.Closed


def my_dense(a_in, W, b, g):
    raise channel.DeadlinePassed


def cost(Y_hat, Y):
    raise wire.NotAValue("nothing")
