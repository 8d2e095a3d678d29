# holds: np_config.enable_numpy_behavior(), and code that needs it
# expect: everything else passed
# no notes
# %% = imports
# %%
from tensorflow.python.ops.numpy_ops import np_config
np_config.enable_numpy_behavior()
# %% = model
# %% = dense
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    Z = tf.matmul(tf.constant(A_in).astype(np.float64), tf.constant(W).astype(np.float64)).T.T + b
    return tf.constant(g(Z)).reshape((A_in.shape[0], -1))
# %% = sequential_v
