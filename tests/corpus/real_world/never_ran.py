# holds: a name whose cell is gone: it worked in a kernel that still knew it
# expect: my_dense error 0
# expect: model error 0
# expect: everything else passed
# %% = imports
# %%
model = Sequential([Dense(25, activation=chosen), Dense(15, activation=chosen), Dense(1, activation=chosen)])
# %%
def my_dense(a_in, W, b, g):
    return apply_layer(a_in, W, b, g)
# %% = sequential
# %% = dense_v
# %% = sequential_v
