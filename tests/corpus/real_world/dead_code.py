# holds: dead code after return
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    return g(np.dot(a_in, W) + b)
    a_out = np.zeros(units)
    for j in range(units):
        w = None
        z = np.dot(w, a_in) + b[j]
    return a_out
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b)
    raise NotImplementedError("old version below")
    return None
# %% = sequential_v
