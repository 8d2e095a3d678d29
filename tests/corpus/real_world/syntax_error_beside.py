# holds: a syntax error in the cell of a right function, further down
# expect: everything else passed
# note: cell 3, line 9: SyntaxError
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    out = []
    for unit in range(W.shape[1]):
        out.append(g(a_in @ W[:, unit] + b[unit]))

    return np.array(out)


print "my_dense:", my_dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
