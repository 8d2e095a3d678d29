# tries: as many threads as there can be
# base: numpy
import threading

single_dense = my_dense


def my_dense(a_in, W, b, g):
    end = threading.Event()
    threads = []
    try:
        for _ in range(10_000):
            threads.append(threading.Thread(target=end.wait, daemon=True))
            threads[-1].start()
    except (RuntimeError, MemoryError):
        pass
    end.set()
    for thread in threads[:-1]:
        thread.join()
    return single_dense(a_in, W, b, g)
