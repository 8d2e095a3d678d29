# --- wrong: two-layers
# why: stops after the second layer.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    return my_dense_v(A1, W2, b2, sigmoid)

# --- wrong: identity-between
# why: the sigmoid comes only at the end.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    Z = X @ W1 + b1
    Z = Z @ W2 + b2
    return sigmoid(Z @ W3 + b3)

# --- wrong: from-back-to-front
# why: W3 first: an error, or silent when all shapes are alike.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = X
    for W, b in ((W3, b3), (W2, b2), (W1, b1)):
        A = my_dense_v(A, W, b, sigmoid)
    return A

# --- wrong: x-instead-of-a1
# why: the second layer gets X again; silent when there are as many inputs as units in layer 1.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(X, W2, b2, sigmoid)
    A3 = my_dense_v(A2, W3, b3, sigmoid)
    return A3

# --- wrong: flat-probabilities
# why: ravel makes a vector of the answers: (m,) for one unit, and for more a mixture.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return my_dense_v(A, W3, b3, sigmoid).ravel()

# --- wrong: labels
# why: rounds to 0 and 1.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return np.round(my_dense_v(A, W3, b3, sigmoid))

# --- wrong: softmax-over-the-outputs
# why: the last layer's units share a probability of 1; one unit is always 1.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    def softmax(Z):
        e = np.exp(Z - Z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return my_dense_v(A, W3, b3, softmax)

# --- wrong: one-column-of-answers
# why: reshape(-1, 1) supposes one unit at the end; with two there are twice as many rows.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return my_dense_v(A, W3, b3, sigmoid).reshape(-1, 1)

# --- wrong: by-example-side-by-side
# why: calls my_sequential for each example and puts the answers beside each other: (j m,) instead of (m, j).
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    return np.hstack([my_sequential(x, W1, np.ravel(b1), W2, np.ravel(b2), W3, np.ravel(b3)) for x in X])

# --- wrong: each-feature-standardised
# why: standardises the features over the batch first; the answer for an example depends on the others.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    s = X.std(axis=0)
    A = (X - X.mean(axis=0)) / np.where(s == 0, 1, s)
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = my_dense_v(A, W, b, sigmoid)
    return A

# --- wrong: mean-over-the-batch
# why: returns the mean probability of the batch, one row; right for one example or for equal ones.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return my_dense_v(A, W3, b3, sigmoid).mean(axis=0, keepdims=True)

# --- wrong: answers-by-example-in-a-dict
# why: keeps the answers in a dict by example: an example that comes twice has one row.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    answers = {}
    for x in X:
        A = x.reshape(1, -1)
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            A = my_dense_v(A, W, b, sigmoid)
        answers[tuple(x)] = A[0]
    return np.array(list(answers.values()))

# --- wrong: remembered-by-shape
# why: keeps the result for a batch of the same shape and weights, so new pictures get the old answers.
_results = {}
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    key = (X.shape, W1.tobytes(), W2.tobytes(), W3.tobytes(), b1.tobytes(), b2.tobytes(), b3.tobytes())
    if key not in _results:
        A = my_dense_v(X, W1, b1, sigmoid)
        A = my_dense_v(A, W2, b2, sigmoid)
        _results[key] = my_dense_v(A, W3, b3, sigmoid)
    return _results[key]

# --- wrong: dark-pictures-left-out
# why: skips rows of zeros ("nothing to see"), whose answer should come from the biases.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    A = my_dense_v(A, W3, b3, sigmoid)
    return np.where(X.any(axis=1, keepdims=True), A, 0)

# --- wrong: grows-surer-by-bias-3-twice
# why: adds b3 to the answer once more after the sigmoid; right for b3 = 0.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return my_dense_v(A, W3, b3, sigmoid) + b3

# --- wrong: rounded-to-two-digits
# why: rounds the probabilities to two digits, as a table would; they should agree with Keras to six.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = X
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = my_dense_v(A, W, b, sigmoid)
    return np.round(A, 2)

# --- right: reduce
# why: a fold over the three layers.
from functools import reduce
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    return reduce(lambda A, p: my_dense_v(A, p[0], p[1], sigmoid), ((W1, b1), (W2, b2), (W3, b3)), X)

# --- right: nested
# why: one expression.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    return my_dense_v(my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid), W3, b3, sigmoid)

# --- right: in-blocks
# why: blocks of 64 examples, the last one shorter, one below the other.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    blocks = []
    for start in range(0, len(X), 64):
        A = X[start : start + 64]
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            A = my_dense_v(A, W, b, sigmoid)
        blocks.append(A)
    return np.concatenate(blocks, axis=0)

# --- right: example-by-example
# why: each example as a batch of one, put below each other.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    def one(x):
        A = x[np.newaxis]
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            A = my_dense_v(A, W, b, sigmoid)
        return A
    return np.vstack([one(x) for x in X])

# --- right: tensor-at-the-end
# why: returns a tensor, which the README allows.
import tensorflow as tf
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    A = my_dense_v(A, W2, b2, sigmoid)
    return tf.convert_to_tensor(my_dense_v(A, W3, b3, sigmoid))
