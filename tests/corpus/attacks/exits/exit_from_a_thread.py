# tries: a thread ends the process while the function waits
# base: numpy
# expect: my_dense crashed 0
import os
import threading
import time


def my_dense(a_in, W, b, g):
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(1)
