# tries: runs over the end of the C stack, which no Python limit guards
# base: numpy
# expect: my_dense crashed 0
import faulthandler


def my_dense(a_in, W, b, g):
    faulthandler.enable(open("trace", "w"))
    faulthandler._stack_overflow()
