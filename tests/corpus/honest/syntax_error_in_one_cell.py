# tries: a notebook with a cell that doesn't parse; its neighbours count
# base: nothing
# form: notebook
# expect: sigmoid passed
# expect: my_dense passed
# expect: my_sequential passed
# expect: cost error 0
# expect: everything else missing 0
import numpy as np
# %%
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)
# %%
def cost(Y_hat, Y:
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
# %%
def my_dense(a_in, W, b, g):
    return g(W @ a_in + b)


def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x
