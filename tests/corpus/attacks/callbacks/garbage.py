# tries: calls the given function with all that it isn't made for
# base: numpy
tame_dense = my_dense
GARBAGE = [
    *((), (None,), ("passed",), (b"\0",), ({"a": 1},), ([[1], [2, 3]],), (1, 2, 3), (10**18,), (True,), (1 + 2j,)),
    *((object(),), (print,), (Ellipsis,), (np.zeros((3, 0)),), (np.array("text"),), (np.nan,), ([],), ({1},)),
]


def my_dense(a_in, W, b, g):
    for args in GARBAGE:
        try:
            g(*args)
        except Exception:
            pass
    for name, value in (("out", b.copy()), ("where", False), ("dtype", "O"), ("casting", "unsafe"), ("signature", "O->O")):
        try:
            g(b, **{name: value})
        except Exception:
            pass
    return tame_dense(a_in, W, b, g)
