# holds: data read from data/ without the helper, and code that needs it
# expect: everything else passed
# no notes
# %% = imports
# %%
import os
X = np.load("data/X.npy")
y = np.load(os.path.join(os.getcwd(), "data", "y.npy"))
n_pixels = X.shape[1]
assert X.shape == (1000, 400) and y.shape == (1000, 1) and 0 <= X.min() < X.max() <= 1, "the data"
# %%
model = Sequential([tf.keras.Input((n_pixels,))] + [Dense(n, "sigmoid") for n in (25, 15, len(y[0]))])
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
