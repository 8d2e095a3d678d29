# tries: an object that becomes an array of itself, again and again
# base: numpy
# expect: my_dense bad_value 0


class Matryoshka:
    def __array__(self, *args, **kwargs):
        box = np.empty((), dtype=object)
        box[()] = self
        return box


def my_dense(a_in, W, b, g):
    return Matryoshka()
