# tries: folders in folders, so deep that whoever removes them stumbles
# base: numpy
# expect at process: my_dense crashed 0
# at process: there is no file system of a fixed size, so that what takes too much is ended
import os

flat_dense = my_dense
depth = iter(range(1200))


def my_dense(a_in, W, b, g):
    for _ in depth:
        os.mkdir("d")
        os.chdir("d")
    return flat_dense(a_in, W, b, g)
