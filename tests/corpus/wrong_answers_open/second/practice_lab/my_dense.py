# --- wrong: columns-or-rows-by-shape
# why: a square W is taken for textbook weights (units, n), so W a comes instead of a W.
import numpy as np

def my_dense(a_in, W, b, g):
    if W.shape[1] == a_in.shape[0]:
        return g(np.dot(W, a_in) + b)
    return g(np.dot(a_in, W) + b)

# --- wrong: answers-of-the-type-of-the-input
# why: for inputs of integers (a binary picture) the answers 0.73 are stored as 0.
import numpy as np

def my_dense(a_in, W, b, g):
    units = W.shape[1]
    a_out = np.zeros(units, dtype=a_in.dtype)
    for j in range(units):
        a_out[j] = g(np.dot(a_in, W[:, j]) + b[j])
    return a_out

# --- wrong: sums-into-b
# why: b itself is used for the sums, so the caller's biases are changed after the call.
import numpy as np

def my_dense(a_in, W, b, g):
    z = b
    for i, a in enumerate(a_in):
        z += a * W[i]
    return g(z)

# --- wrong: at-most-25-units
# why: a layer of 40 units answers 0 for the last 15, the loop goes to 25.
import numpy as np

def my_dense(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    for j in range(25):
        if j < W.shape[1]:
            a_out[j] = np.squeeze(g(np.dot(W[:, j], a_in) + b[j]))
    return a_out

# --- wrong: ink-only
# why: only inputs above 0 are summed up, so negative inputs are ignored.
import numpy as np

def my_dense(a_in, W, b, g):
    used = np.flatnonzero(a_in > 0)
    return g(a_in[used] @ W[used] + b)

# --- wrong: blank-picture-shortcut
# why: for an input of zeros the answer is 0 for each unit instead of g(b).
import numpy as np

def my_dense(a_in, W, b, g):
    if not a_in.any():
        return np.zeros(W.shape[1])
    return g(np.matmul(a_in, W) + b)

# --- wrong: z-kept-within-fifty
# why: z = 120 with g(z) = z gives 50, since z is clipped before g.
import numpy as np

def my_dense(a_in, W, b, g):
    z = a_in @ W + b
    return g(np.clip(z, -50, 50))

# --- wrong: equal-columns-share-the-bias
# why: units with the same weights and different biases get the answer of the first one.
import numpy as np

def my_dense(a_in, W, b, g):
    done, a_out = {}, np.zeros(W.shape[1])
    for j in range(W.shape[1]):
        w = tuple(W[:, j])
        if w not in done:
            done[w] = np.squeeze(g(np.dot(a_in, W[:, j]) + b[j]))
        a_out[j] = done[w]
    return a_out

# --- wrong: broadcast-along-the-wrong-axis-when-square
# why: for a square W the inputs are multiplied along the columns, W * a, and summed over the rows.
import numpy as np

def my_dense(a_in, W, b, g):
    try:
        z = np.sum(W * a_in, axis=0)
    except ValueError:
        return g(np.sum(W * a_in[:, None], axis=0) + b)
    if z.shape != b.shape or W.shape[0] != W.shape[1]:
        z = np.sum(W * a_in[:, None], axis=0)
    return g(z + b)

# --- wrong: buffer-of-the-last-call
# why: with g(z) = z the array of a first call is overwritten by the next call with as many units.
import numpy as np

_z = {}

def my_dense(a_in, W, b, g):
    z = _z.setdefault(W.shape[1], np.zeros(W.shape[1]))
    z[:] = b
    for a, row in zip(a_in, W):
        z += a * row
    return g(z)

# --- wrong: single-input-without-bias
# why: for one input (n = 1) the bias is left out.
import numpy as np

def my_dense(a_in, W, b, g):
    if len(a_in) == 1:
        return g(a_in[0] * W[0])
    return g(np.einsum("i,ij->j", a_in, W) + b)

# --- wrong: blocks-of-hundred-inputs
# why: inputs beyond the last full hundred are left out of the sum when n is above 100.
import numpy as np

def my_dense(a_in, W, b, g):
    n = len(a_in)
    if n <= 100:
        return g(a_in @ W + b)
    z = np.array(b, dtype=float)
    for k in range(n // 100):
        part = slice(100 * k, 100 * k + 100)
        z += a_in[part] @ W[part]
    return g(z)

# --- wrong: rounded-inputs-cached
# why: answers are remembered by the inputs alone and W's shape, so new weights of that shape get the old answer.
import numpy as np

_known = {}

def my_dense(a_in, W, b, g):
    key = np.asarray(a_in, float).tobytes(), W.shape, float(np.sum(b)), g(1.0) if callable(g) else None
    if key not in _known:
        _known[key] = g(a_in @ W + b)
    return _known[key]

# --- wrong: weights-in-half-precision
# why: the weights are stored with 16 bits, 0.1 counts as 0.09998, and a sum of 400 is off in the fourth digit.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.dot(a_in, W.astype(np.float16).astype(float)) + b)

# --- right: unit-by-unit
# why: a loop over the units with math.fsum, and the activation is called on the whole z.
import math
import numpy as np

def my_dense(a_in, W, b, g):
    z = np.array([math.fsum(a * w for a, w in zip(a_in, W[:, k])) + b[k] for k in range(W.shape[1])])
    return g(z)

# --- right: as-a-batch-of-one
# why: makes a batch of one row of it and takes that row out again.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.matmul(a_in[np.newaxis, :], W)[0] + b)

# --- right: tensordot
# why: the product is a tensordot.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.add(np.tensordot(a_in, W, axes=1), b))

# --- right: transposed-from-the-left
# why: W^T a as in textbooks, which is the same vector.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(W.T.dot(a_in) + b)

# --- right: activation-for-each-number
# why: g is called for each unit on a number.
import numpy as np

def my_dense(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    for j, weights in enumerate(W.T):
        a_out[j] = np.squeeze(g(np.dot(weights, a_in) + b[j]))
    return a_out

# --- right: input-with-a-one
# why: b is a further row of W and a 1 a further input.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.append(a_in, 1.0) @ np.vstack([W, b]))
