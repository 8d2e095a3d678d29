# --- wrong: bias-inside-the-bracket
# why: a (W + b) adds the bias to every weight, so it counts as often as the inputs add up to; right when they add up to 1.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.dot(a_in, W + b))

# --- wrong: bias-as-a-column
# why: b is made a column, so (j,) + (j, 1) is a table of j times j.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.matmul(a_in, W) + b.reshape(-1, 1)
    return g(z)

# --- wrong: returns-after-the-first-unit
# why: the return stands in the loop: all units but the first still hold 0.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros(W.shape[1])
    for k in range(W.shape[1]):
        z[k] = np.dot(a_in, W[:, k]) + b[k]
        return g(z)

# --- wrong: room-for-whole-numbers
# why: np.zeros(..., dtype=int) cuts every weighted sum off at the point; right in the worked example.
import numpy as np
def my_dense(a_in, W, b, g):
    units = W.shape[1]
    z = np.zeros(units, dtype=int)
    for k in range(units):
        z[k] = np.sum(a_in * W[:, k]) + b[k]
    return g(z)

# --- wrong: bias-of-the-unit-before
# why: units counted from 1, and 1 taken off for the bias once too often: unit k gets b[k - 1], and the first that of the last.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros(W.shape[1])
    for k in range(1, W.shape[1] + 1):
        z[k - 1] = np.dot(a_in, W[:, k - 1]) + b[k - 2]
    return g(z)

# --- wrong: sums-up-in-b
# why: z is b itself, so the weighted sums are written into the caller's biases.
import numpy as np
def my_dense(a_in, W, b, g):
    z = b
    for i in range(len(a_in)):
        for k in range(len(b)):
            z[k] += a_in[i] * W[i, k]
    return g(z)

# --- wrong: last-input-left-out
# why: the loop over the inputs ends one too early.
import numpy as np
def my_dense(a_in, W, b, g):
    n, j = W.shape
    z = np.array(b, dtype=float)
    for k in range(j):
        for i in range(n - 1):
            z[k] += a_in[i] * W[i, k]
    return g(z)

# --- wrong: weights-read-row-by-row
# why: W.reshape(j, n) has the shape of the transpose but not its numbers: row k isn't the weights of unit k.
import numpy as np
def my_dense(a_in, W, b, g):
    n, j = W.shape
    rows = W.reshape(j, n)
    z = np.zeros(j)
    for k in range(j):
        z[k] = np.dot(rows[k], a_in) + b[k]
    return g(z)
