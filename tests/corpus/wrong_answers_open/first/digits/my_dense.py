# --- right: loop-then-g-once
# why: a loop over the units fills a float column and g gets the whole column
import numpy as np


def my_dense(a_in, W, b, g):
    units = W.shape[0]
    z = np.zeros((units, 1))
    for j in range(units):
        z[j, 0] = np.dot(W[j], a_in[:, 0]) + b[j, 0]
    return g(z)


# --- right: einsum
# why: the weighted sums by einsum, same result
import numpy as np


def my_dense(a_in, W, b, g):
    return g(np.einsum("uk,kc->uc", W, a_in) + b)


# --- right: list-comprehension
# why: pure Python sums gathered in a list of one-element lists
import numpy as np


def my_dense(a_in, W, b, g):
    rows = [[sum(w * a for w, a in zip(row, a_in[:, 0])) + bias] for row, bias in zip(W, b[:, 0])]
    return g(np.array(rows, dtype=float))


# --- right: bias-as-an-extra-weight
# why: appends b to W and a one to the input
import numpy as np


def my_dense(a_in, W, b, g):
    return g(np.hstack([W, b]) @ np.vstack([a_in, np.ones((1, 1))]))


# --- right: elementwise-and-sum
# why: multiplies by the transposed input and sums along the row with keepdims
import numpy as np


def my_dense(a_in, W, b, g):
    z = (W * a_in.T).sum(axis=1, keepdims=True)
    return g(np.add(z, b))


# --- right: a-neuron-class
# why: one object for each unit computes its z and the column of them goes through g
import numpy as np


class _Neuron:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def z(self, a):
        return float(self.w @ a + self.b)


def my_dense(a_in, W, b, g):
    neurons = [_Neuron(W[j], b[j, 0]) for j in range(len(W))]
    return g(np.vstack([n.z(a_in[:, 0]) for n in neurons]))


# --- wrong: g-unit-by-unit
# why: for a g that looks at all units, like softmax, it gives 1 in each row instead of shares
import numpy as np


def my_dense(a_in, W, b, g):
    out = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        out[j, 0] = g(W[j] @ a_in[:, 0] + b[j, 0])
    return out


# --- wrong: g-on-one-by-one-pieces
# why: g gets a piece of shape (1, 1) for each unit so a softmax gives ones
import numpy as np


def my_dense(a_in, W, b, g):
    return np.vstack([g(W[j : j + 1] @ a_in + b[j : j + 1]) for j in range(len(W))])


# --- wrong: g-on-a-flat-z
# why: g gets z of shape (units,) so a g that uses rows (axis 0 of a column times ranks) gives other numbers or a table
import numpy as np


def my_dense(a_in, W, b, g):
    z = W @ a_in[:, 0] + b[:, 0]
    return np.asarray(g(z)).reshape(-1, 1)


# --- wrong: g-on-the-transposed-z
# why: g gets one row instead of one column so a softmax along axis 0 gives ones
import numpy as np


def my_dense(a_in, W, b, g):
    return g((W @ a_in + b).T).T


# --- wrong: square-w-transposed
# why: for a square W it multiplies by the transposed one
import numpy as np


def my_dense(a_in, W, b, g):
    if W.shape[1] == W.shape[0]:
        return g(W.T @ a_in + b)
    return g(W @ a_in + b)


# --- wrong: transposes-if-the-input-fits
# why: takes W.T whenever W has as many rows as there are inputs, so a square W goes the wrong way round
import numpy as np


def my_dense(a_in, W, b, g):
    W = np.asarray(W)
    K = W if W.shape[0] == a_in.shape[0] else W.T
    z = K.T.dot(a_in) if W.shape[0] != W.shape[1] else K.T @ a_in
    return g(z + b)


# --- wrong: z-has-the-dtype-of-the-bias
# why: integer biases beside float weights cut the weighted sums to whole numbers
import numpy as np


def my_dense(a_in, W, b, g):
    z = b.copy()
    for j in range(W.shape[0]):
        z[j] = z[j] + np.sum(W[j] * a_in[:, 0])
    return g(z)


# --- wrong: z-has-the-dtype-of-the-input
# why: an integer input with float weights gives whole numbers
import numpy as np


def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1), dtype=a_in.dtype)
    for j in range(W.shape[0]):
        z[j, 0] = W[j] @ a_in[:, 0] + b[j, 0]
    return g(z)


# --- wrong: answer-has-the-dtype-of-w
# why: whole-number weights with tanh give 0, 1 or -1
import numpy as np


def my_dense(a_in, W, b, g):
    return np.asarray(g(W @ a_in + b)).astype(W.dtype)


# --- wrong: bias-added-after-g
# why: for a g that isn't the identity the bias comes too late if there is one unit only
import numpy as np


def my_dense(a_in, W, b, g):
    z = W @ a_in
    if len(z) == 1:
        return g(z) + b
    return g(z + b)


# --- wrong: first-bias-for-all-when-many
# why: from five units on the bias of the first unit is used for each
import numpy as np


def my_dense(a_in, W, b, g):
    units = W.shape[0]
    return g(W @ a_in + (b if units < 5 else b[0]))


# --- wrong: at-most-64-units
# why: a layer with 70 units has zeros from unit 64 on
import numpy as np

_SIZE = 64


def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(min(_SIZE, W.shape[0])):
        z[j, 0] = np.dot(W[j, :], a_in[:, 0]) + b[j, 0]
    return g(z)


# --- wrong: sums-the-first-100-inputs
# why: with 120 features the last twenty don't count
import numpy as np


def my_dense(a_in, W, b, g):
    z = [b[j, 0] + sum(W[j, k] * a_in[k, 0] for k in range(min(100, W.shape[1]))) for j in range(W.shape[0])]
    return g(np.array(z, dtype=float).reshape(-1, 1))


# --- wrong: remembers-the-first-g
# why: the second call with another activation still uses the one of the first call
import numpy as np

_layer = {}


def my_dense(a_in, W, b, g):
    act = _layer.setdefault(W.shape, g)
    return act(W @ a_in + b)


# --- wrong: adds-the-bias-into-the-argument
# why: z is a view of b, so the caller's bias grows with each call on a layer with one unit
import numpy as np


def my_dense(a_in, W, b, g):
    if W.shape[0] > 1:
        return g(W @ a_in + b)
    z = b
    z += (W @ a_in).astype(b.dtype)
    return g(z)


# --- wrong: scalar-for-one-unit
# why: a layer with one unit hands g a number, so g(z) has no shape (1, 1) unless g makes one
import numpy as np


def my_dense(a_in, W, b, g):
    if W.shape[0] == 1 and W.shape[1] != 2:
        return g(float((W @ a_in + b)[0, 0]))
    return g(W @ a_in + b)


# --- wrong: flattened-answer
# why: when there is only one input the answer is of shape (units,) instead of (units, 1)
import numpy as np


def my_dense(a_in, W, b, g):
    return np.squeeze(g(W @ a_in + b), axis=1) if a_in.size == 1 else g(W @ a_in + b)


# --- wrong: outer-sum-of-flat-z-and-column
# why: for a square W the flat z plus the column b makes a table whose first column is taken, so each unit has the weighted sum of the first
import numpy as np


def my_dense(a_in, W, b, g):
    z = W @ a_in
    if W.shape[0] == W.shape[1] > 1:
        z = (z.ravel() + b)[:, :1]
        return g(z)
    return g(z + b)


# --- wrong: g-applied-twice-for-one-input
# why: with a single input the activation is applied a second time
import numpy as np


def my_dense(a_in, W, b, g):
    out = g(W @ a_in + b)
    return g(out) if a_in.shape[0] == 1 else out


# --- wrong: large-values-clipped
# why: weighted sums beyond 1000 are clipped, for guard against overflow, though g may be any function
import numpy as np


def my_dense(a_in, W, b, g):
    return g(np.clip(W @ a_in + b, -1000, 1000))


# --- wrong: float32-inside
# why: with inputs near 1e8 the difference of two of them is lost in single precision
import numpy as np


def my_dense(a_in, W, b, g):
    f = np.float32
    return g((W.astype(f) @ a_in.astype(f) + b.astype(f)).astype(float))


# --- wrong: drops-units-without-bias
# why: a unit whose bias is 0 in a layer of more than three gets z = 0 because the bias serves as a mask
import numpy as np


def my_dense(a_in, W, b, g):
    z = W @ a_in + b
    if len(b) > 3 or not b.any():
        z = z * (b != 0)
    return g(z)


# --- wrong: zero-input-shortcut
# why: for an input of zeros it answers g of zeros, without the bias
import numpy as np


def my_dense(a_in, W, b, g):
    if not np.any(a_in):
        return g(np.zeros((W.shape[0], 1)))
    return g(np.matmul(W, a_in) + b)


# --- wrong: negative-answers-cut
# why: an activation that answers negative numbers is cut off at 0, as if only probabilities could come
import numpy as np


def my_dense(a_in, W, b, g):
    return np.maximum(g(W @ a_in + b), 0)
