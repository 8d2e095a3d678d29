# holds: cells that raise in the middle: NameError, UnboundLocalError
# expect: everything else passed
# %% = imports
# %%
print(undefined_so_far)
# %% = model
# %%
def total(values):
    for v in values:
        amount += v
    return amount

total([1, 2, 3])
# %% = dense
# %%
assert my_dense(np.ones(2), np.ones((2, 1)), np.zeros(1), np.tanh) == 7, "why?"
# %% = sequential
# %% = dense_v
# %%
raise SystemExit("done for today")
# %% = sequential_v
