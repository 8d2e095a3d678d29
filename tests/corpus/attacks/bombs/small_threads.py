# tries: threads with so little stack that memory bounds none; the kernel counts none of root's, and others' up to 256
# base: numpy
# expect: my_dense crashed 0
import os
import threading
import time


def my_dense(a_in, W, b, g):
    threading.stack_size(1 << 15)
    while True:
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            os.abort()
