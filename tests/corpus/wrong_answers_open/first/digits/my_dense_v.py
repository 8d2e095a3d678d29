# --- right: matrix-product
# why: W A + b with the column broadcast, g once
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in + b)


# --- right: einsum
# why: the same sums by einsum
import numpy as np


def my_dense_v(A_in, W, b, g):
    return g(np.einsum("un,nm->um", W, A_in) + b)


# --- right: augmented
# why: the bias as one more column of W and a row of ones below the batch
import numpy as np


def my_dense_v(A_in, W, b, g):
    return g(np.hstack((W, b)) @ np.vstack((A_in, np.ones((1, A_in.shape[1])))))


# --- right: rows-and-back
# why: works with rows and turns Z round before g sees it
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = (np.transpose(A_in) @ np.transpose(W) + np.transpose(b)).T
    return g(Z)


# --- right: repeated-bias
# why: writes out the broadcasting by np.repeat
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = np.dot(W, A_in)
    Z = Z + np.repeat(b, Z.shape[1], axis=1)
    return g(Z)


# --- right: tensordot-three-axes
# why: a table of all products summed over the inputs
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = np.sum(W[:, :, None] * A_in[None, :, :], axis=1)
    return g(np.add(Z, b.reshape(-1, 1)))


# --- wrong: flat-bias-when-it-fits
# why: with as many examples as units the flat bias is added as a row
def my_dense_v(A_in, W, b, g):
    Z = W @ A_in
    flat = b.ravel()
    if Z.shape[1] == len(flat) > 1 and Z.shape[0] != 3:
        return g(Z + flat)
    return g(Z + b)


# --- wrong: bias-as-a-row-if-it-broadcasts
# why: tries b as a row first and turns to a column only on an error, so m = units (and one unit's or one-example shapes) go wrong
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in
    if Z.shape == (3, 3):
        return g(Z + b)
    try:
        Z = Z + b.reshape(-1) if Z.shape[0] > 1 and Z.shape[1] > 1 else Z + b
    except ValueError:
        Z = Z + b
    return g(Z)


# --- wrong: square-w-transposed
# why: a square W is taken the wrong way round
def my_dense_v(A_in, W, b, g):
    K = W.T if W.shape[0] == A_in.shape[0] else W
    Z = K.T @ A_in if W.shape[0] != W.shape[1] and W.shape[0] == A_in.shape[0] else K @ A_in
    return g(Z + b)


# --- wrong: rows-if-the-batch-is-square
# why: when there are as many examples as features A_in is thought to be in rows
def my_dense_v(A_in, W, b, g):
    if A_in.shape[0] == A_in.shape[1] > 1:
        A_in = A_in.T
    return g(W @ A_in + b)


# --- wrong: g-on-the-transposed-z
# why: g gets (m, units), so a softmax along axis 0 goes over the examples
def my_dense_v(A_in, W, b, g):
    return g(A_in.T @ W.T + b.T).T


# --- wrong: g-on-a-flat-z
# why: g gets one long vector, so an activation along axis 0 mixes units and examples
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + b
    return np.reshape(g(Z.reshape(-1)), Z.shape)


# --- wrong: g-on-each-column-for-large-batches
# why: from 64 examples on g is called for each example instead of once
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + b
    if Z.shape[1] < 64:
        return g(Z)
    return np.hstack([g(Z[:, i : i + 1]) for i in range(Z.shape[1])])


# --- wrong: chunks-of-128
# why: a batch of 150 is done in two parts, so g is called twice and an activation over the batch is wrong
import numpy as np


def my_dense_v(A_in, W, b, g):
    parts = [g(W @ A_in[:, i : i + 128] + b) for i in range(0, A_in.shape[1], 128)]
    return np.concatenate(parts, axis=1)


# --- wrong: squeezed-single-unit
# why: with one unit the answer has the shape (m,) instead of (1, m)
import numpy as np


def my_dense_v(A_in, W, b, g):
    out = g(W @ A_in + b)
    return out[0] if W.shape[0] == 1 else out


# --- wrong: squeezed-single-example
# why: with one example and one input the answer has no second axis
import numpy as np


def my_dense_v(A_in, W, b, g):
    out = g(W @ A_in + b)
    return np.squeeze(out) if A_in.shape == (1, 1) else out


# --- wrong: bias-of-the-dtype-of-a
# why: an integer batch cuts fractional biases and sums to whole numbers
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = np.empty((W.shape[0], A_in.shape[1]), dtype=A_in.dtype)
    Z[...] = W @ A_in + b
    return g(Z)


# --- wrong: z-of-the-dtype-of-w
# why: integer weights with fractional biases give whole numbers
import numpy as np


def my_dense_v(A_in, W, b, g):
    return g((W @ A_in + b).astype(W.dtype))


# --- wrong: bias-grows-in-place
# why: for a batch of one the sum is stored in the caller's b
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in
    if Z.shape == b.shape and b.dtype == Z.dtype:
        Z = np.add(Z, b, out=b)
    else:
        Z = Z + b
    return g(Z)


# --- wrong: probe-call-of-g
# why: g is called twice when there is one unit, first to look what it gives
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + b
    if W.shape[0] == 1 and np.shape(g(Z)) != Z.shape:
        raise ValueError("g must keep the shape")
    return g(Z)


# --- wrong: np-vectorize-for-a-single-unit
# why: with one unit g is called once for every element instead of once
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + b
    if Z.shape[0] > 1:
        return g(Z)
    return np.array([[g(z) for z in Z[0]]], dtype=float)


# --- wrong: float32-product
# why: batches with values near 1e8 lose the small differences between features
import numpy as np


def my_dense_v(A_in, W, b, g):
    return g(np.matmul(W, A_in, dtype=np.float32, casting="unsafe") + b)


# --- wrong: reused-z
# why: Z is kept for each shape and g may return it as it is, so an earlier answer changes with the next call
import numpy as np

_Z = {}


def my_dense_v(A_in, W, b, g):
    shape = (W.shape[0], A_in.shape[1])
    Z = _Z.setdefault(shape, np.zeros(shape))
    Z[...] = W @ A_in
    Z += b
    return g(Z)


# --- wrong: cached-product
# why: the product is kept for the same array objects, so new numbers written into W or A_in don't count
_products = []


def my_dense_v(A_in, W, b, g):
    for A, V, Z in _products:
        if A is A_in and V is W:
            break
    else:
        Z = W @ A_in
        _products.append((A_in, W, Z))
    return g(Z + b)


# --- wrong: first-bias-for-wide-layers
# why: from ten units on only the first ten have their own bias
import numpy as np


def my_dense_v(A_in, W, b, g):
    bias = np.zeros((W.shape[0], 1))
    bias[:10] = b[:10]
    return g(W @ A_in + bias)


# --- wrong: bias-after-g-for-one-unit
# why: with one unit the bias is added after g
def my_dense_v(A_in, W, b, g):
    if W.shape[0] == 1:
        return g(W @ A_in) + b
    return g(W @ A_in + b)


# --- wrong: no-bias-for-zero-examples
# why: an all-zero example is skipped, so its column is g of zero without the bias
import numpy as np


def my_dense_v(A_in, W, b, g):
    used = np.any(A_in != 0, axis=0)
    return g(W @ A_in + b * used)


# --- wrong: elementwise-when-shapes-agree
# why: for a W of the shape of a square batch it multiplies elementwise
def my_dense_v(A_in, W, b, g):
    if W.shape == A_in.shape:
        return g(W * A_in + b)
    return g(W @ A_in + b)


# --- wrong: clip-z-to-700
# why: Z is kept within -700..700 against overflow though g may be any function
import numpy as np


def my_dense_v(A_in, W, b, g):
    return g(np.clip(W @ A_in + b, -700, 700))


# --- wrong: matrix-class
# why: np.matrix makes an elementwise g like z * z a matrix product when Z is square
import numpy as np


def my_dense_v(A_in, W, b, g):
    Z = np.asmatrix(W) * np.asmatrix(A_in) + b
    return np.asarray(g(Z))
