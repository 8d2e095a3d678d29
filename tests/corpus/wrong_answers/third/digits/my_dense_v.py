# --- wrong: product-in-the-wrong-order
# why: A_in @ W: an error for most shapes, other numbers for square ones.
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b)

# --- wrong: kernel-as-in-keras
# why: W.T @ A_in, as if W were (inputs, units): only square W goes through, and wrongly.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.dot(W.T, A_in) + b)

# --- wrong: bias-as-a-row
# why: b.ravel() is added along the examples: an error unless m = units, and then the wrong way round.
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in + b.ravel())

# --- wrong: column-by-column
# why: a loop calls my_dense for each example, so g is called m times and never sees the whole Z.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return np.hstack([my_dense(A_in[:, [i]], W, b, g) for i in range(A_in.shape[1])])

# --- wrong: g-called-for-its-shape-first
# why: calls g twice, once to look at the shape; a g that counts its calls (or is slow) notices.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + b
    assert g(Z).shape == Z.shape
    return g(Z)

# --- wrong: g-gets-the-transpose
# why: g gets rows as examples; a softmax over the units (axis 0) then runs over the examples.
def my_dense_v(A_in, W, b, g):
    return g((W @ A_in + b).T).T

# --- wrong: bias-left-out
# why: no bias.
def my_dense_v(A_in, W, b, g):
    Z = W @ A_in
    return g(Z)

# --- wrong: bias-outside-g
# why: a bracket in the wrong place: g(W A) + b.
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in) + b

# --- wrong: bias-subtracted
# why: minus b, as a threshold: right for b = 0.
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in - b)

# --- wrong: adds-b-in-place-to-integers
# why: Z += b can't put fractions into whole numbers: an error when W and A_in are integers and b is not.
def my_dense_v(A_in, W, b, g):
    Z = W @ A_in
    Z += b
    return g(Z)

# --- wrong: bias-repeated-n-times
# why: copies b as often as there are features instead of examples: right for square A_in only.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in + np.repeat(b, len(A_in), axis=1))

# --- wrong: squeezed-for-one-example
# why: one example gives (units,), one unit (m,): squeeze takes the axes of length 1 away.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return np.squeeze(g(W @ A_in + b))

# --- wrong: star-instead-of-at
# why: * multiplies elementwise: an error, or other numbers when the shapes are alike.
def my_dense_v(A_in, W, b, g):
    return g(W * A_in + b)

# --- wrong: ones-and-bias-in-different-places
# why: the bias is the first column of the weights, but the row of ones is the last of the inputs.
import numpy as np
def my_dense_v(A_in, W, b, g):
    ones = np.ones((1, A_in.shape[1]))
    return g(np.hstack([b, W]) @ np.vstack([A_in, ones]))

# --- wrong: examples-come-out-as-rows
# why: the answer is (m, units): right only for one number, and silent when m = units.
def my_dense_v(A_in, W, b, g):
    return g(A_in.T @ W.T + b.T)

# --- wrong: blocks-of-64-without-the-rest
# why: computes Z in blocks of 64 examples; what is left over at the end (100 = 64 + 36) stays 0.
import numpy as np
def my_dense_v(A_in, W, b, g):
    m = A_in.shape[1]
    size = min(m, 64)
    Z = np.zeros((W.shape[0], m))
    for k in range(m // size):
        block = slice(k * size, (k + 1) * size)
        Z[:, block] = W @ A_in[:, block] + b
    return g(Z)

# --- wrong: nearly-the-same-columns-once
# why: takes columns for the same when allclose says so, and its 1e-8 is a lot for small numbers: 1e-9 and 5e-9 become one.
import numpy as np
def my_dense_v(A_in, W, b, g):
    if np.allclose(A_in, A_in[:, :1]):
        Z = np.repeat(W @ A_in[:, :1] + b, A_in.shape[1], axis=1)
    else:
        Z = W @ A_in + b
    return g(Z)

# --- wrong: np-inner
# why: np.inner sums over the last axis of both, so it needs n = m and computes W A^T.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.inner(W, A_in) + b)

# --- wrong: writes-into-A_in
# why: saves memory by writing W A into the caller's array when a layer has as many units as inputs.
import numpy as np
def my_dense_v(A_in, W, b, g):
    if W.shape[0] == W.shape[1] and A_in.dtype == W.dtype == float:
        A_in[...] = W @ A_in
        return g(A_in + b)
    return g(W @ A_in + b)

# --- wrong: np-matrix
# why: g gets a np.matrix, for which z * z is the matrix product and not elementwise.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.asmatrix(W) * np.asmatrix(A_in) + b
    return g(Z)

# --- right: einsum
# why: the product as indices.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.einsum("jk,km->jm", W, A_in) + b)

# --- right: transposed-twice
# why: computes in Keras's layout and turns the result round before g sees it.
def my_dense_v(A_in, W, b, g):
    return g((A_in.T @ W.T + b.T).T)

# --- right: bias-as-a-weight
# why: a row of ones below the inputs and the bias behind the weights.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.c_[W, b] @ np.r_[A_in, np.ones((1, A_in.shape[1]))])

# --- right: multi-dot
# why: np.linalg.multi_dot of two, and the bias by np.add.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.add(np.linalg.multi_dot([W, A_in]), b))

# --- right: tensordot
# why: tensordot over one axis, bias broadcast explicitly.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.tensordot(W, A_in, axes=1)
    return g(np.add(Z, np.broadcast_to(b, Z.shape)))
