# tries: threads that go on when the function has returned
# base: numpy
import threading
import time

short_dense = my_dense
threads = []


def spin():
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass
    time.sleep(1000)


def my_dense(a_in, W, b, g):
    if not threads:
        threads.append(threading.Thread(target=spin, daemon=True))
        threads.append(threading.Thread(target=spin))
        for thread in threads:
            thread.start()
    return short_dense(a_in, W, b, g)
