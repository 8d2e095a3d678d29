# holds: tf.function around a graded function, in which g gets no numbers
# expect: my_dense_v error 0
# expect: everything else passed
# %% = imports
# %% = model
# %% = dense
# %% = sequential
# %%
@tf.function
def my_dense_v(A_in, W, b, g):
    return g(tf.matmul(A_in, W) + b)
# %% = sequential_v
