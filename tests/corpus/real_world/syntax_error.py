# holds: a syntax error in one cell
# expect: my_dense_v error 0
# expect: everything else passed
# note: cell 5, line 2: SyntaxError
# %% = imports
# %% = model
# %% = dense
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    Z = np.matmul(A_in, W + b
    return g(Z)
# %% = sequential_v
