# holds: results squeezed to 0-d
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    return np.squeeze(g(np.matmul(a_in, W) + b))
# %%
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    h = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return tf.squeeze(my_dense(h, W3, b3, sigmoid))
# %% = dense_v
# %% = sequential_v
