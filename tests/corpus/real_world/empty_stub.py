# holds: a stub without a body, which doesn't parse
# expect: my_dense error 0
# expect: everything else passed
# %% = imports
# %% = model
# %%
# UNQ_C2
def my_dense(a_in, W, b, g):
    ### START CODE HERE ###

    ### END CODE HERE ###
# %% = sequential
# %% = dense_v
# %% = sequential_v
