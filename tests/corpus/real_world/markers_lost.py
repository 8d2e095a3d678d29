# holds: graded markers in every other combination: one gone, doubled, moved, indented, in the wrong cell
# expect: everything else passed
# no notes
# %% = imports
# %%
# UNQ_C3
# UNQ_C1
# %% = model
# %%
# UNQ_C1
# %%
# GRADED FUNCTION: my_dense
### START CODE HERE ###
def my_dense(a_in, W, b, g):
        ### END CODE HERE ###
    return g(a_in @ W + b)
### START CODE HERE ###
# %% = sequential
# %%
    # UNQ_C2
    ### END CODE HERE ###
    def my_dense_v(A_in, W, b, g):
        return g(A_in @ W + b)
        ### START CODE HERE ###
        ### END CODE HERE ###
# %%
# UNQ_C2
# UNQ_C3
# %% = sequential_v
