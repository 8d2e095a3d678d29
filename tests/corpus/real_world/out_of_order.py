# holds: names used before they are defined, because the cells ran out of order
# expect: everything else passed
# note: cell 1, line 1: Sequential is used before cell 5, line 3 defines it; that definition was run first
# %%
model = Sequential([Dense(n, activation=ACT) for n in SIZES])
# %%
W1, b1 = np.zeros((400, SIZES[0])), np.zeros(SIZES[0])
print(my_dense(np.ones(400), W1, b1, sigmoid))
# %% = sequential_v
# %% = sequential
# %% = imports
# %% = dense
# %% = dense_v
# %%
SIZES = (25, 15, 1)
ACT = "sigmoid"
