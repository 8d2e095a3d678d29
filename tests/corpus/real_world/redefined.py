# holds: functions redefined later: the last definition counts
# expect: my_dense_v failed 0
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    return None
# %% = sequential
# %% = dense
# %% = dense_v
# %%
model_again = model
# %% = sequential_v
# %%
def my_dense_v(A_in, W, b, g):
    """Trying to do without W."""
    return A_in
