# tries: poisons the cache of source lines, from which the place of an error is told
# base: numpy
# expect: my_dense error 0
import linecache


def my_dense(a_in, W, b, g):
    for name in list(linecache.cache):
        linecache.cache[name] = (1, None, ["SECRET = 'not a line of this file'\n"] * 10_000, name)
    linecache.getline = linecache.getlines = None
    raise ValueError("where am I?")
