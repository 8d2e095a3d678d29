# tries: gives the loader's functions another sense: my_dense is now something else
# base: numpy
# expect: my_dense failed 0
import sys


def my_dense(a_in, W, b, g):
    loader = next(module for name, module in sys.modules.items() if name.endswith("sandbox.guest.program"))
    get = loader.Program.get

    def bent(self, name):
        return (lambda *args: args[2] * 0 + 7) if name == "my_dense" else get(self, name)

    loader.Program.get = bent
    return b * 0 + 7
