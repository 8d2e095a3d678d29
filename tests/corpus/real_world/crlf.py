# holds: CRLF
# newlines: crlf
# nbformat: 4.2
# expect: everything else passed
# no notes
# %% = imports
# %% = data
# %% = model
# %% = dense
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    """Many
    lines."""
    Z = A_in @ W \
        + b
    return g(Z)
# %% = sequential_v
