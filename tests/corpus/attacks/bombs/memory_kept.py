# tries: keeps nearly all of its memory between the calls; there is enough left for what follows
# base: numpy
hoard = []
light_dense = my_dense


def my_dense(a_in, W, b, g):
    if not hoard:
        hoard.append(np.ones(100 * 2**20, dtype=np.uint8))
    return light_dense(a_in, W, b, g)
