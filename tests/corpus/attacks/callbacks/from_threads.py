# tries: calls the given function from many threads at once
# base: numpy
import threading

lone_dense = my_dense


def my_dense(a_in, W, b, g):
    threads = [threading.Thread(target=lambda: [g(b) for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lone_dense(a_in, W, b, g)
