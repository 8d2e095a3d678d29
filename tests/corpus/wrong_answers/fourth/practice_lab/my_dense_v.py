# --- wrong: b-transposed
# why: b.T does nothing to (j,) but makes (1, j) a column: an error, or biases for examples when m = j.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.matmul(A_in, W) + b.T)

# --- wrong: first-of-b
# why: b[0] takes the row out of (1, j), but of (j,) it is the bias of the first unit, for all units.
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b[0])

# --- wrong: squeezed
# why: np.squeeze drops axes of length 1, so one example or one unit gives a result without rows or columns.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.squeeze(A_in @ W + b)
    return g(Z)

# --- wrong: g-before-the-product
# why: bends the inputs instead of the sums: g(A) W + b.
def my_dense_v(A_in, W, b, g):
    return g(A_in) @ W + b

# --- wrong: bias-copies-in-the-wrong-order
# why: repeats b m times and puts it into (j, m) before turning it, which mixes the biases of different units.
import numpy as np
def my_dense_v(A_in, W, b, g):
    m, j = A_in.shape[0], W.shape[1]
    B = np.tile(np.ravel(b), m).reshape(j, m).T
    return g(A_in @ W + B)

# --- wrong: written-over-the-batch
# why: each example's row of A_in is replaced by its answer: an error unless n = j, and the caller's batch is lost.
import numpy as np
def my_dense_v(A_in, W, b, g):
    for i in range(A_in.shape[0]):
        A_in[i] = A_in[i] @ W + np.ravel(b)
    return g(A_in)

# --- wrong: last-example-forgotten
# why: range(m - 1) leaves the last row at 0 before g.
import numpy as np
def my_dense_v(A_in, W, b, g):
    m = A_in.shape[0]
    Z = np.zeros((m, W.shape[1]))
    for i in range(m - 1):
        Z[i] = np.dot(A_in[i], W) + np.ravel(b)
    return g(Z)

# --- wrong: examples-added-up
# why: Z is a single row for all examples, so their sums are added up and all rows of the answer are alike; right for one example.
import numpy as np
def my_dense_v(A_in, W, b, g):
    m = A_in.shape[0]
    Z = np.zeros(W.shape[1])
    for i in range(m):
        Z += A_in[i] @ W
    return g(np.tile(Z, (m, 1)) + b)
