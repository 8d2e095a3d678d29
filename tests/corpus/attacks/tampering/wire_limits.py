# tries: lifts the worker's limits for values; those of the other side stay
# base: numpy
# expect: my_dense crashed 0
import sys


def my_dense(a_in, W, b, g):
    for name, module in list(sys.modules.items()):
        if name.endswith(("sandbox.protocol.frames", "sandbox.guest.values")):
            module.MAX_TREE = module.MAX_BODY = module.MAX_ITEMS = module.MAX_DEPTH = 10**9
    return [0] * 600_000
