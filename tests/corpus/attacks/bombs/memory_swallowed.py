# tries: fills the memory and goes on when there is none left
# base: numpy
# expect: my_dense timeout 0


def my_dense(a_in, W, b, g):
    hoard = []
    while True:
        try:
            hoard.append(bytearray(1 << 22))
        except MemoryError:
            pass
