# holds: set_floatx('float64'), a device block, weights that are loaded from a file that isn't there
# expect: everything else passed
# %% = imports
# %%
tf.keras.backend.set_floatx('float64')
tf.random.set_seed(1234)
np.set_printoptions(precision=2)
# %%
with tf.device("/CPU:0"):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.Dense(25, input_shape=(400,), activation="sigmoid"))
    model.add(tf.keras.layers.Dense(15, activation="sigmoid"))
    model.add(tf.keras.layers.Dense(1, activation="sigmoid"))
model.load_weights("weights/best.h5")
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
