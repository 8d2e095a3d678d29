# tries: answers a question with the function that it was lent for another one
# base: numpy
# expect: my_dense failed 0
# expect: my_dense_v error 0
lent = []


def my_dense(a_in, W, b, g):
    return b * 0 + 7


def my_sequential(x, parameters, g):
    lent.append(my_dense)
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x


def my_dense_v(A_in, W, b, g):
    return np.hstack([lent[0](A_in[:, i : i + 1], W, b, g) for i in range(A_in.shape[1])])
