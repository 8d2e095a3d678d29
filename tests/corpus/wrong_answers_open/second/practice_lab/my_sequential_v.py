# --- wrong: stacks-single-answers-with-a-row-bias
# why: for biases of shape (1, j) the single answers have two axes and the stacked result three.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    def one(x):
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            x = sigmoid(x @ W + b)
        return x

    return np.stack([one(x) for x in X])

# --- wrong: batch-of-one-flattened
# why: for one example the shape is (j,) instead of (1, j).
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = X
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = my_dense_v(A, W, b, sigmoid)
    return np.squeeze(np.asarray(A), axis=0) if len(X) == 1 else A

# --- wrong: first-layer-linear
# why: the first layer has no activation, which is not seen while W2 is 0.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, lambda z: z)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return my_dense_v(A2, W3, b3, sigmoid)

# --- wrong: first-layer-skipped-when-shapes-fit
# why: when there are as many inputs as units in layer 1, layer 2 gets X.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    layers = [(W2, b2), (W3, b3)]
    if X.shape[1] != W2.shape[0]:
        layers.insert(0, (W1, b1))
    for W, b in layers:
        X = my_dense_v(X, W, b, sigmoid)
    return X

# --- wrong: one-column-only
# why: with several units in the last layer only the first column is returned.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)
    return np.asarray(my_dense_v(A, W3, b3, sigmoid))[:, 0].reshape(-1, 1)

# --- wrong: inputs-standardised
# why: the columns of the batch are standardised first, so an answer depends on the other examples.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    s = X.std(axis=0)
    A = (X - X.mean(axis=0)) / np.where(s < 1e-9, 1, s)
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = my_dense_v(A, W, b, sigmoid)
    return A

# --- wrong: columns-when-it-fits
# why: a batch with as many examples as inputs is transposed.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    if X.shape[0] == W1.shape[0]:
        X = X.T
    return my_dense_v(my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid), W3, b3, sigmoid)

# --- wrong: mean-bias-of-the-first-layer
# why: all units of layer 1 get the mean of b1.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = sigmoid(X @ W1 + np.mean(b1))
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return my_dense_v(A2, W3, b3, sigmoid)

# --- wrong: overwrites-x
# why: when layer 1 has as many units as inputs X itself is overwritten with the activations.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = X
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        out = my_dense_v(A, W, b, sigmoid)
        if np.shape(out) == A.shape:
            A[...] = out
        else:
            A = out
    return A

# --- wrong: one-class-per-row
# why: with several units in the last layer each row is divided by its sum, as if they were classes.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)
    P = np.asarray(my_dense_v(A, W3, b3, sigmoid))
    return P / P.sum(axis=1, keepdims=True) if P.shape[1] > 1 else P

# --- wrong: half-precision-for-many
# why: with more than 100 examples it computes with 16 bits.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    dtype = np.float16 if len(X) > 100 else float
    A = X.astype(dtype)
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = np.asarray(my_dense_v(A, W.astype(dtype), b.astype(dtype), sigmoid))
    return A.astype(float)

# --- wrong: only-distinct-examples
# why: an example that occurs twice in X gets one row only.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    distinct = list(dict.fromkeys(map(tuple, X.tolist())))
    A = np.array(distinct)
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = my_dense_v(A, W, b, sigmoid)
    return A

# --- wrong: answers-remembered-by-the-last-layer
# why: answers are remembered by X and the last layer, so other weights in the first two layers are not seen.
import numpy as np

_answers = {}

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    key = X.tobytes(), W3.tobytes(), b3.tobytes()
    if key not in _answers:
        A = X
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            A = my_dense_v(A, W, b, sigmoid)
        _answers[key] = A
    return _answers[key]

# --- wrong: hidden-bias-of-equal-size-shared
# why: when layers 1 and 2 have as many units, layer 2 gets b1.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    bias = {np.size(b): b for b in (b3, b2, b1)}
    A = X
    for W in (W1, W2, W3):
        A = my_dense_v(A, W, bias[W.shape[1]], sigmoid)
    return A

# --- wrong: dead-pixels-removed
# why: inputs that are 0 in the first example are taken for the margin and left out for all examples.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    ink = X[0] != 0
    A = my_dense_v(X[:, ink], W1[ink], b1, sigmoid)
    return my_dense_v(my_dense_v(A, W2, b2, sigmoid), W3, b3, sigmoid)

# --- right: loop-with-accumulate
# why: itertools.accumulate over the layers, the last is returned.
from itertools import accumulate

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    layers = [(W1, b1), (W2, b2), (W3, b3)]
    *_, last = accumulate(layers, lambda A, layer: my_dense_v(A, *layer, sigmoid), initial=X)
    return last

# --- right: example-by-example
# why: answers one example after the other with my_sequential and flat biases.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    flat = [np.ravel(b) for b in (b1, b2, b3)]
    return np.array([np.ravel(my_sequential(x, W1, flat[0], W2, flat[1], W3, flat[2])) for x in X])

# --- right: nested-calls-with-a-partial
# why: a partial with the activation, three nested calls.
from functools import partial

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    layer = partial(my_dense_v, g=sigmoid)
    return layer(layer(layer(X, W1, b1), W2, b2), W3, b3)

# --- right: tensors-all-the-way
# why: computes with TensorFlow in double precision and returns a tensor.
import tensorflow as tf

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = tf.cast(X, tf.float64)
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = tf.sigmoid(A @ tf.cast(W, tf.float64) + tf.cast(b, tf.float64))
    return A

# --- right: in-batches-of-seven
# why: works through the examples in batches of seven, the last one shorter.
import numpy as np

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    parts = []
    for start in range(0, len(X), 7):
        A = X[start : start + 7]
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            A = my_dense_v(A, W, b, sigmoid)
        parts.append(np.asarray(A))
    return np.concatenate(parts)

# --- right: keras-network-with-these-weights
# why: builds a Keras model of double precision with the weights and asks it.
import numpy as np
import tensorflow as tf

def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    net = tf.keras.Sequential([tf.keras.Input((W1.shape[0],), dtype="float64")])
    for W in (W1, W2, W3):
        net.add(tf.keras.layers.Dense(W.shape[1], activation="sigmoid", dtype="float64"))
    net.set_weights([W1, np.ravel(b1), W2, np.ravel(b2), W3, np.ravel(b3)])
    return net(X)
