# tries: a buffer that grows without an end, beside one that is large already
# base: numpy
# expect: my_dense out_of_memory 0


def my_dense(a_in, W, b, g):
    hoard, growing = bytes(700 << 20), bytearray()
    while True:
        growing += bytes(1 << 24)
