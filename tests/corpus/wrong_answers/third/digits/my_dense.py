# --- wrong: weights-transposed
# why: W.T @ a: an error for a W that isn't square, and other numbers for one that is.
def my_dense(a_in, W, b, g):
    return g(W.T @ a_in + b)

# --- wrong: no-bias
# why: the bias is forgotten: (11, -3) instead of (21, 17) in the worked example.
def my_dense(a_in, W, b, g):
    return g(W @ a_in)

# --- wrong: sigmoid-whatever-comes
# why: calls sigmoid and not the g that came.
def my_dense(a_in, W, b, g):
    return sigmoid(W @ a_in + b)

# --- wrong: g-for-each-unit-alone
# why: calls g once per unit, so an activation that looks at all units, such as softmax, sees one and gives 1.
import numpy as np
def my_dense(a_in, W, b, g):
    out = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        z = W[j : j + 1] @ a_in + b[j : j + 1]
        out[j] = g(z)[0]
    return out

# --- wrong: bias-after-the-activation
# why: g(W a) + b: right for g(z) = z, wrong for each g that bends.
def my_dense(a_in, W, b, g):
    return g(W @ a_in) + b

# --- wrong: product-of-row-and-column-broadcast
# why: W[j] is (n,) and a_in is (n, 1), so W[j] * a_in is a table of n times n and its sum is sum(W) times sum(a).
import numpy as np
def my_dense(a_in, W, b, g):
    units = W.shape[0]
    z = np.zeros((units, 1))
    for j in range(units):
        z[j, 0] = np.sum(W[j] * a_in) + b[j, 0]
    return g(z)

# --- wrong: vector-instead-of-column
# why: z has the shape (units,), not (units, 1).
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.array([np.dot(W[j], a_in[:, 0]) + b[j, 0] for j in range(len(W))])
    return g(z)

# --- wrong: column-of-the-inputs-type
# why: z takes the dtype of a_in; with whole inputs and W = 0.5 the weighted sum 1.5 becomes 1.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1), dtype=a_in.dtype)
    for j in range(W.shape[0]):
        z[j, 0] = W[j] @ a_in[:, 0] + b[j, 0]
    return g(z)

# --- wrong: last-unit-left-out
# why: range(units - 1) leaves z = 0 for the last unit.
import numpy as np
def my_dense(a_in, W, b, g):
    units, n = W.shape
    z = np.zeros((units, 1))
    for j in range(units - 1):
        z[j] = W[j] @ a_in + b[j]
    return g(z)

# --- wrong: sum-from-k-equals-1
# why: the formula's k = 1..n taken literally: the first input (index 0) is never added.
import numpy as np
def my_dense(a_in, W, b, g):
    units, n = W.shape
    z = np.array(b, dtype=float)
    for j in range(units):
        for k in range(1, n):
            z[j, 0] += W[j, k] * a_in[k, 0]
    return g(z)

# --- wrong: loops-over-inputs-for-units
# why: as many turns as there are inputs: with 2 inputs and 3 units the third stays 0, with 3 and 2 it is an error; square is right.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(len(a_in)):
        z[j] = np.dot(W[j], a_in) + b[j]
    return g(z)

# --- wrong: first-bias-for-all
# why: b[0] is added to each unit.
def my_dense(a_in, W, b, g):
    return g(W @ a_in + b[0])

# --- wrong: bias-in-the-inner-loop
# why: the bias is added once for each input, n times in all; right for one input or b = 0.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        for k in range(W.shape[1]):
            z[j, 0] += W[j, k] * a_in[k, 0] + b[j, 0]
    return g(z)

# --- wrong: g-gets-a-row
# why: g gets z lying down; a softmax over the units (axis 0) then sees one row and gives 1 everywhere.
def my_dense(a_in, W, b, g):
    return g(a_in.T @ W.T + b.T).T

# --- wrong: skips-units-without-weights
# why: a unit whose weights are all 0 is passed over, but its z is its bias.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j, weights in enumerate(W):
        if not weights.any():
            continue
        z[j] = weights @ a_in + b[j]
    return g(z)

# --- wrong: float32-for-speed
# why: 32 bits keep seven digits: 16777217 - 16777216 gives 0 instead of 1.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.float32(W) @ np.float32(a_in) + np.float32(b)
    return g(z)

# --- wrong: z-clipped-against-overflow
# why: clips z to -500..500 before g; with g(z) = z and inputs in thousands it shows.
import numpy as np
def my_dense(a_in, W, b, g):
    z = W @ a_in + b
    return g(np.clip(z, -500, 500))

# --- wrong: one-buffer-for-all-calls
# why: writes z into a buffer kept between calls; with g(z) = z the result is the buffer, and the next layer reads it while writing it.
import numpy as np
_buffers = {}
def my_dense(a_in, W, b, g):
    z = _buffers.setdefault(len(W), np.zeros((len(W), 1)))
    for j in range(len(W)):
        z[j, 0] = W[j] @ a_in[:, 0] + b[j, 0]
    return g(z)

# --- wrong: bias-flattened
# why: (units, 1) + (units,) is a table of units times units; right for a single unit only.
def my_dense(a_in, W, b, g):
    return g(W @ a_in + b.flatten())

# --- wrong: activation-twice
# why: g is applied in the loop and once more at the end.
import numpy as np
def my_dense(a_in, W, b, g):
    a = g(np.matmul(W, a_in) + b)
    return g(a)

# --- right: bias-as-a-weight
# why: the bias is the weight of one more input that is always 1.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.hstack([W, b]) @ np.vstack([a_in, [[1]]]))

# --- right: einsum
# why: the sum as indices.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.einsum("jk,ki->ji", W, a_in) + b)

# --- right: plain-python-sums
# why: two loops in plain Python; g gets the whole column at the end.
import numpy as np
def my_dense(a_in, W, b, g):
    z = []
    for weights, bias in zip(W.tolist(), b.tolist()):
        total = bias[0]
        for w, a in zip(weights, a_in.tolist()):
            total += w * a[0]
        z.append([total])
    return g(np.array(z, dtype=float))

# --- right: rows-stacked
# why: one (1, 1) array for each unit, then vstack.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.vstack([W[[j]] @ a_in + b[[j]] for j in range(W.shape[0])]))

# --- right: broadcast-and-sum
# why: multiplies the weights by the input lying down and adds up each row.
import numpy as np
def my_dense(a_in, W, b, g):
    return g((W * a_in.T).sum(axis=1, keepdims=True) + b)

# --- right: inner
# why: np.inner of the rows of W with the input as a row.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.add(np.inner(W, a_in.T), b))
