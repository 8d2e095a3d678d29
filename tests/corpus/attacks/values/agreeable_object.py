# tries: an object that is equal to everything and is no value at all
# base: numpy
# expect: my_dense bad_value 0


class Anything:
    __eq__ = lambda self, other: True
    __getattr__ = lambda self, name: Anything()
    __call__ = lambda self, *args: True
    __reduce__ = lambda self: (print, ("unpickled",))
    __getitem__ = lambda self, key: Anything()
    shape = (3, 1)


def my_dense(a_in, W, b, g):
    return Anything()
