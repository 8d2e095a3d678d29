# tries: fills the disk in a folder that even its owner can't list
# base: numpy
# expect at process: my_dense crashed 0
# at process: there is no file system of a fixed size, so that what takes too much is ended
import os

open_dense = my_dense
places = iter(["dark"])


def my_dense(a_in, W, b, g):
    for place in places:
        os.mkdir(place, 0o300)
        try:
            for number in range(40):
                with open(f"{place}/{number}", "wb") as file:
                    file.write(bytes(8 << 20))
        except OSError:
            pass
    return open_dense(a_in, W, b, g)
