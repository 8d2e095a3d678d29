# --- wrong: textbook-columns-when-it-fits
# why: a batch with as many examples as inputs is taken for columns and transposed.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if A_in.shape[0] == W.shape[0] and W.shape[0] > 2:
        A_in = A_in.T
    return g(np.matmul(A_in, W) + b)

# --- wrong: bias-as-a-column-when-square
# why: with as many units as examples the bias is made a column and added to every column.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = A_in @ W
    b = np.ravel(b)
    if b.size == Z.shape[0]:
        return g(Z + b.reshape(-1, 1))
    return g(Z + b)

# --- wrong: batch-of-one-flattened
# why: for one example the result has the shape (j,) and not (1, j).
import numpy as np

def my_dense_v(A_in, W, b, g):
    A_out = np.asarray(g(A_in @ W + b))
    return A_out[0] if A_out.shape[0] == 1 else A_out

# --- wrong: changes-the-shape-of-b
# why: b.shape = ... gives the caller's (j,) array the shape (1, j).
import numpy as np

def my_dense_v(A_in, W, b, g):
    b.shape = (1, b.size)
    return g(np.dot(A_in, W) + b)

# --- wrong: matrix-product-in-g
# why: g gets a np.matrix, so g(z) = z * z multiplies matrices instead of elements.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.asmatrix(A_in) * np.asmatrix(W) + np.asmatrix(b)
    return np.asarray(g(Z))

# --- wrong: type-of-the-batch
# why: for a batch of integers Z is cut to integers before g.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.zeros((A_in.shape[0], W.shape[1]), dtype=A_in.dtype)
    Z[:] = np.matmul(A_in, W) + b
    return g(Z)

# --- wrong: blank-rows-stay-zero
# why: the row of an example that is all zeros is 0 instead of g(b).
import numpy as np

def my_dense_v(A_in, W, b, g):
    out = np.zeros((A_in.shape[0], W.shape[1]))
    ink = np.any(A_in, axis=1)
    if ink.any():
        out[ink] = g(A_in[ink] @ W + b)
    return out

# --- wrong: whole-batches-of-32
# why: of 50 examples only the first 32 get an answer, the incomplete batch stays 0.
import numpy as np

def my_dense_v(A_in, W, b, g):
    m = A_in.shape[0]
    if m < 32:
        return g(A_in @ W + b)
    out = np.zeros((m, W.shape[1]))
    for start in range(0, m - m % 32, 32):
        out[start : start + 32] = g(A_in[start : start + 32] @ W + b)
    return out

# --- wrong: equal-rows-once
# why: examples that occur twice are computed once and the rows come sorted.
import numpy as np

def my_dense_v(A_in, W, b, g):
    rows, index = np.unique(A_in, axis=0, return_index=True)
    rows = A_in[np.sort(index)]
    return g(rows @ W + b)

# --- wrong: stores-the-product-in-the-batch
# why: for a layer with as many units as inputs the caller's batch is overwritten.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if W.shape[0] == W.shape[1] and A_in.dtype == float:
        A_in[:] = A_in @ W
        return g(A_in + b)
    return g(A_in @ W + b)

# --- wrong: buffer-by-shape
# why: with g(z) = z a first result is overwritten by the next call of the same shape.
import numpy as np

_Z = {}

def my_dense_v(A_in, W, b, g):
    Z = _Z.setdefault((A_in.shape[0], W.shape[1]), np.zeros((A_in.shape[0], W.shape[1])))
    np.matmul(A_in, W, out=Z, casting="unsafe")
    Z += b
    return g(Z)

# --- wrong: small-weights-dropped
# why: weights below 0.001 are dropped to make W sparse, which matters for large inputs.
import numpy as np

def my_dense_v(A_in, W, b, g):
    keep = np.abs(W) >= 1e-3
    return g(A_in @ (W * keep) + b)

# --- wrong: first-thousand-rows
# why: a batch is cut after the 1000 pictures of the data set.
import numpy as np

M = 1000

def my_dense_v(A_in, W, b, g):
    A_in = A_in[:M]
    return g(A_in @ W + np.tile(b, (M, 1))[: len(A_in)])

# --- wrong: one-bias-for-one-by-j
# why: b of shape (1, j) is averaged over its first axis and its last when j equals m, so all units get one bias.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if b.ndim == 2 and b.shape[1] == A_in.shape[0]:
        b = b.mean(axis=1, keepdims=True)
    return g(A_in @ W + b)

# --- wrong: mean-subtracted-in-large-batches
# why: with more than two examples the columns of the batch are moved to mean 0 first, as in batch normalisation.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if A_in.shape[0] > 2:
        A_in = A_in - A_in.mean(axis=0, keepdims=True)
    return g(A_in @ W + b)

# --- right: einsum-with-letters
# why: an einsum over example, input and unit.
import numpy as np

def my_dense_v(A_in, W, b, g):
    return g(np.einsum("mi,ij->mj", A_in, W) + np.reshape(b, (1, -1)))

# --- right: one-example-after-the-other
# why: a loop over the rows that calls my_dense with b flattened.
import numpy as np

def my_dense_v(A_in, W, b, g):
    bias = np.ravel(b)
    return np.stack([np.asarray(my_dense(row, W, bias, g)) for row in A_in])

# --- right: tensorflow-product
# why: the product is made by TensorFlow in double precision, z and the result are arrays.
import numpy as np
import tensorflow as tf

def my_dense_v(A_in, W, b, g):
    Z = tf.matmul(tf.cast(A_in, tf.float64), tf.cast(W, tf.float64)) + tf.cast(b, tf.float64)
    return g(Z.numpy())

# --- right: column-of-ones
# why: the bias is a further row of W for a column of ones.
import numpy as np

def my_dense_v(A_in, W, b, g):
    m = A_in.shape[0]
    return g(np.hstack([A_in, np.ones((m, 1))]) @ np.vstack([W, np.reshape(b, (1, -1))]))

# --- right: transposed-and-back
# why: computes with columns as in textbooks and turns Z back before g.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.dot(W.T, A_in.T) + np.reshape(b, (-1, 1))
    return g(np.ascontiguousarray(Z.T))

# --- right: bias-in-place-on-a-copy
# why: starts from the bias repeated for each example and adds the products one input at a time.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.repeat(np.reshape(b, (1, -1)).astype(float), A_in.shape[0], axis=0)
    for i in range(W.shape[0]):
        Z += np.outer(A_in[:, i], W[i])
    return g(Z)
