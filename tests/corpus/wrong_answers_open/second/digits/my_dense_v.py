# --- wrong: rows-when-it-fits
# why: when the batch is as large as the number of features, A_in is taken for rows and transposed.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if A_in.shape[1] == W.shape[1]:
        A_in = A_in.T
    return g(W @ A_in + b)

# --- wrong: flat-bias-first
# why: when m equals the number of units b is added as a row instead of a column.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = W @ A_in
    try:
        Z = Z + b.ravel()
    except ValueError:
        Z = Z + b
    return g(Z) if Z.shape == (W.shape[0], A_in.shape[1]) else g(W @ A_in + b)

# --- wrong: blocks-of-a-thousand
# why: for a batch of more than 1000 examples g is called once for each block instead of once.
import numpy as np

def my_dense_v(A_in, W, b, g):
    m = A_in.shape[1]
    if m <= 1000:
        return g(W @ A_in + b)
    return np.hstack([g(W @ A_in[:, s : s + 1000] + b) for s in range(0, m, 1000)])

# --- wrong: product-stored-in-the-input
# why: with as many units as inputs the product is stored in A_in, so the caller's batch is changed.
import numpy as np

def my_dense_v(A_in, W, b, g):
    out = A_in if W.shape[0] == W.shape[1] and A_in.dtype.kind == "f" else None
    Z = np.matmul(W, A_in)
    if out is not None:
        out[:] = Z
        Z = out
    return g(Z + b)

# --- wrong: shared-z-buffer
# why: with g(z) = z a first result is overwritten by the next call of the same size.
import numpy as np

_buffers = {}

def my_dense_v(A_in, W, b, g):
    shape = W.shape[0], A_in.shape[1]
    if shape not in _buffers:
        _buffers[shape] = np.empty(shape)
    Z = _buffers[shape]
    Z[:] = W @ A_in
    Z += b
    return g(Z)

# --- wrong: z-has-the-dtype-of-the-batch
# why: for a batch of integer pixels Z is cut to integers before g.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.empty((W.shape[0], A_in.shape[1]), dtype=A_in.dtype)
    Z[...] = W @ A_in + b
    return g(Z)

# --- wrong: blank-examples-left-out
# why: an example of zeros gets the answer 0 instead of g(b), since only the other columns are computed.
import numpy as np

def my_dense_v(A_in, W, b, g):
    ink = A_in.any(axis=0)
    if ink.all():
        return g(W @ A_in + b)
    out = np.zeros((W.shape[0], A_in.shape[1]))
    out[:, ink] = g(W @ A_in[:, ink] + b)
    return out

# --- wrong: matrix-class
# why: g gets a np.matrix, for which z * z is the matrix product, so g(z) = z * z is not elementwise.
import numpy as np

def my_dense_v(A_in, W, b, g):
    return np.asarray(g(np.asmatrix(W) * np.asmatrix(A_in) + np.asmatrix(b)))

# --- wrong: g-on-the-transposed-z
# why: g gets Z^T, so a g that works along the columns (a softmax over axis 0) gives another result than g(Z).
import numpy as np

def my_dense_v(A_in, W, b, g):
    return g(A_in.T @ W.T + b.T).T

# --- wrong: bias-tiled-for-eight-hundred
# why: more than 800 examples raise an error, because the bias was repeated 800 times as in the notebook.
import numpy as np

M = 800

def my_dense_v(A_in, W, b, g):
    B = np.tile(b, M)[:, : A_in.shape[1]]
    return g(W @ A_in + B)

# --- wrong: small-weights-pruned
# why: weights below 0.001 count as 0; W = 0.0005 and a = 1000 gives 0 instead of 0.5.
import numpy as np

def my_dense_v(A_in, W, b, g):
    W = np.where(np.abs(W) < 1e-3, 0, W)
    return g(W @ A_in + b)

# --- wrong: half-precision-for-large-batches
# why: with more than 500 examples the batch is stored with 16 bits and about three digits remain.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if A_in.shape[1] > 500:
        A_in = A_in.astype(np.float16).astype(float)
    return g(W @ A_in + b)

# --- wrong: answers-clipped
# why: an answer below -1 is set to -1 (probabilities and tanh never are); g(z) = z with z = -3 gives -1.
import numpy as np

def my_dense_v(A_in, W, b, g):
    A = g(W @ A_in + b)
    return np.maximum(A, -1)

# --- wrong: w-kept-from-the-first-call
# why: W is copied to a contiguous array once per id and shape, so later changes in the same array are not seen.
import numpy as np

_contiguous = {}

def my_dense_v(A_in, W, b, g):
    key = id(W), W.shape
    if key not in _contiguous:
        _contiguous[key] = W, np.ascontiguousarray(W, dtype=float).copy()
    return g(_contiguous[key][1] @ A_in + b)

# --- wrong: single-input-averages-the-bias
# why: with one input per example the layer is taken for one unit and all units get the mean of the biases.
import numpy as np

def my_dense_v(A_in, W, b, g):
    if A_in.shape[0] == 1:
        return g(W * A_in + b.mean())
    return g(W @ A_in + b)

# --- wrong: nan-to-num-on-inputs-and-large-values
# why: values above one million are taken for broken pixels and set to 0.
import numpy as np

def my_dense_v(A_in, W, b, g):
    A = np.nan_to_num(A_in.astype(float))
    A[np.abs(A) > 1e6] = 0
    return g(W @ A + b)

# --- right: einsum-over-two-letters
# why: einsum instead of @, and the bias with broadcast_to.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.einsum("un,nm->um", W, A_in)
    return g(Z + np.broadcast_to(b, Z.shape))

# --- right: ones-below-the-batch
# why: the bias is one more column of W and the batch gets a row of ones.
import numpy as np

def my_dense_v(A_in, W, b, g):
    ones = np.ones((1, A_in.shape[1]))
    return g(np.concatenate([W, b], axis=1) @ np.concatenate([A_in, ones]))

# --- right: turned-twice
# why: computes with rows as Keras does and turns Z back before g is called.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.transpose(A_in.T.dot(W.T) + b.ravel())
    return g(Z)

# --- right: in-place-on-own-array
# why: adds the bias in place, but to an array of its own, a float array whatever comes in.
import numpy as np

def my_dense_v(A_in, W, b, g):
    Z = np.asarray(np.tensordot(W, A_in, axes=(1, 0)), dtype=float)
    Z += b
    return g(Z)

# --- right: three-axes-and-a-sum
# why: products by broadcasting into (units, n, m) and a sum over the inputs.
import numpy as np

def my_dense_v(A_in, W, b, g):
    return g((W[:, :, np.newaxis] * A_in[np.newaxis]).sum(axis=1) + b)
