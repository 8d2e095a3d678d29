# tries: a list of lists, a hundred thousand levels deep
# base: numpy
# expect: my_dense bad_value 0


def my_dense(a_in, W, b, g):
    answer = b
    for _ in range(100_000):
        answer = [answer]
    return answer
