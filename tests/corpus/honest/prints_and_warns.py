# tries: writes to the screen and warns at every call, as unfinished work does: neither costs anything
import logging
import sys
import warnings

quiet_dense = my_dense


def my_dense(a_in, W, b, g):
    print("a_in is", a_in, flush=True)
    print("W is", W, file=sys.stderr)
    warnings.warn("is this right?")
    logging.getLogger().warning("b is %s", b)
    return quiet_dense(a_in, W, b, g)
