# tries: many small lists, so that not a byte is left for the answer
# base: numpy
# expect: my_dense out_of_memory 0


def my_dense(a_in, W, b, g):
    hoard = [bytes(700 << 20)]
    while True:
        hoard.append([0] * 500)
