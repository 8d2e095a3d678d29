# holds: (j, 1) for (j,)
# expect: my_dense failed 0
# expect: everything else passed
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    return g(np.matmul(W.T, a_in.reshape(-1, 1)) + b.reshape(-1, 1))
# %% = sequential
# %% = dense_v
# %% = sequential_v
