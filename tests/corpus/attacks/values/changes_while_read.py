# tries: a list that is another one each time it is read
# base: numpy
# expect: my_dense failed 0


class Moody(list):
    times = 0

    def __iter__(self):
        Moody.times += 1
        return iter([[Moody.times]] * 3)

    def __len__(self):
        return 3


def my_dense(a_in, W, b, g):
    return Moody()
