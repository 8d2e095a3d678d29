# holds: results that are tensors, computed in float32
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    z = tf.linalg.matvec(tf.transpose(tf.cast(W, tf.float32)), tf.cast(a_in, tf.float32))
    return tf.convert_to_tensor(g(z + tf.cast(b, tf.float32)))
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    return tf.Variable(g(tf.matmul(A_in, W) + b))
# %% = sequential_v
