# The cells that the notebooks of this folder share, as students have them.

# %% = imports
import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
from tensorflow.keras.activations import linear, relu
from tensorflow.keras.losses import BinaryCrossentropy
from autils import *
from public_tests import *

# %% = data
X, y = load_data()
print(X[0][100:110])
print("shapes:", X.shape, y.shape)

# %% = model
model = Sequential([
    tf.keras.Input(shape=(400,)),
    Dense(25, activation="sigmoid", name="hidden_a"),
    Dense(15, activation="sigmoid", name="hidden_b"),
    Dense(1, activation="sigmoid", name="out")], name="digits_net")

# %% = look
model.summary()
test_c1(model)
(hidden_a, hidden_b, out) = model.layers
W1, b1 = hidden_a.get_weights()
W2, b2 = hidden_b.get_weights()
W3, b3 = out.get_weights()
print(W1.shape, b1.shape, W2.shape, b2.shape, W3.shape, b3.shape)

# %% = train
model.compile(loss=BinaryCrossentropy(), optimizer=tf.keras.optimizers.Adam(learning_rate=0.001))
model.fit(X, y, epochs=20)

# %% = dense
def my_dense(a_in, W, b, g):
    n_units = W.shape[1]
    out = np.zeros(n_units)
    for unit in range(n_units):
        total = np.dot(a_in, W[:, unit]) + b[unit]
        out[unit] = g(total)
    return out

# %% = sequential
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    h1 = my_dense(x, W1, b1, sigmoid)
    h2 = my_dense(h1, W2, b2, sigmoid)
    return my_dense(h2, W3, b3, sigmoid)

# %% = dense_v
def my_dense_v(A_in, W, b, g):
    Z = np.matmul(A_in, W) + b
    return g(Z)

# %% = sequential_v
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    H1 = my_dense_v(X, W1, b1, sigmoid)
    H2 = my_dense_v(H1, W2, b2, sigmoid)
    return my_dense_v(H2, W3, b3, sigmoid)

# %% = predict
P = my_sequential_v(X, *load_weights())
labels = (np.asarray(P) > 0.5) * 1
print("wrong:", (labels != y).sum(), "first:", labels[0], "last:", labels[-1])
