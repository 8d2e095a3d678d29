# tries: hooks that see every later import, and would bend it
# base: numpy
# expect: my_dense failed 0
import builtins
import sys

imported = []
real_import = builtins.__import__


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        imported.append(name)


def bent(name, *args, **kwargs):
    module = real_import(name, *args, **kwargs)
    if name.startswith(("grader", "pytest")):
        vars(module).clear()
    return module


def my_dense(a_in, W, b, g):
    sys.meta_path.insert(0, Finder)
    sys.path.insert(0, "/tmp")
    sys.dont_write_bytecode = False
    builtins.__import__ = bent
    return b * 0 + 7
