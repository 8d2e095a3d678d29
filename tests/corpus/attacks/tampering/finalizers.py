# tries: objects that act when the worker forgets them
# base: numpy
# expect: my_dense failed 0
import gc


class Trap:
    def __del__(self):
        raise SystemExit("out")


def my_dense(a_in, W, b, g):
    trap = Trap()
    trap.again = trap
    gc.callbacks.append(lambda phase, information: None)
    gc.set_threshold(1)
    return b * 0 + 7
