# holds: a batch squeezed to one axis, which is wrong where there are rows and columns
# expect: my_dense_v failed 21
# expect: everything else passed
# %% = imports
# %% = model
# %% = dense
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    return np.squeeze(g(np.matmul(A_in, W) + b))
# %% = sequential_v
