# tries: replaces the functions that write and read values
# base: numpy
# expect: my_dense crashed 0
import sys


def my_dense(a_in, W, b, g):
    wire = next(module for name, module in sys.modules.items() if name.endswith("sandbox.protocol.channel"))
    wire.pack = lambda value: b"all tests passed"
    wire.unpack = lambda *args: {"status": "ok", "id": 1, "value": True}
    return g(W @ a_in + b)
