# holds: a my_dense that takes the sigmoid whatever g is
# expect: my_dense failed 0
# expect: my_dense_v failed 0
# expect: everything else passed
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    return sigmoid(np.dot(a_in, W) + b)
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    return 1 / (1 + np.exp(-(A_in @ W + b)))
# %% = sequential_v
