# holds: a graded function that raises UnboundLocalError
# expect: my_dense error 0
# expect: everything else passed
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    for j in range(W.shape[1]):
        z = z + np.dot(W[:, j], a_in)
    return g(z + b)
# %% = sequential
# %% = dense_v
# %% = sequential_v
