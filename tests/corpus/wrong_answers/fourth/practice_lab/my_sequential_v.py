# --- wrong: divided-by-255
# why: scales the pixels from 0 ... 255 to 0 ... 1, which they are already.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = X / 255
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = my_dense_v(A, W, b, sigmoid)
    return A

# --- wrong: flat-list-of-answers
# why: ravel makes the column (m, 1) flat, and mixes examples and units when there are several units.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    A3 = my_dense_v(A2, W3, b3, sigmoid)
    return np.ravel(A3)

# --- wrong: room-for-one-output
# why: keeps the first column of the last layer only; right when it has one unit.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    result = np.zeros((X.shape[0], 1))
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    result[:, 0] = my_dense_v(A2, W3, b3, sigmoid)[:, 0]
    return result

# --- wrong: rest-of-the-last-batch-lost
# why: works in batches of 32 and len(X) // 32 forgets the rest; those rows stay 0.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    size = 32
    result = np.zeros((len(X), W3.shape[1]))
    for i in range(len(X) // size):
        part = slice(i * size, (i + 1) * size)
        A1 = my_dense_v(X[part], W1, b1, sigmoid)
        A2 = my_dense_v(A1, W2, b2, sigmoid)
        result[part] = my_dense_v(A2, W3, b3, sigmoid)
    return result

# --- wrong: two-digits
# why: rounds the probabilities to two digits.
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    A3 = my_dense_v(A2, W3, b3, sigmoid)
    return np.round(A3, 2)

# --- wrong: remembers-a-batch-by-its-shape
# why: to save time it keeps the answer to a batch of each shape; another batch of that shape, or other weights, get the old one.
answers_so_far = {}
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    if X.shape not in answers_so_far:
        A1 = my_dense_v(X, W1, b1, sigmoid)
        A2 = my_dense_v(A1, W2, b2, sigmoid)
        answers_so_far[X.shape] = my_dense_v(A2, W3, b3, sigmoid)
    return answers_so_far[X.shape]

# --- wrong: textbook-columns
# why: computes with examples in columns and returns it so: (j, m) instead of (m, j).
import numpy as np
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = X.T
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = sigmoid(W.T @ A + np.reshape(b, (-1, 1)))
    return A

# --- wrong: batch-moved-to-mean-zero
# why: subtracts the mean of each pixel over the batch first, so the answer for a picture depends on the others.
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    X = X - X.mean(axis=0)
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return my_dense_v(A2, W3, b3, sigmoid)
