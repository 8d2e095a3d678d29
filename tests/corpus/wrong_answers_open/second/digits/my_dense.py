# --- wrong: buffer-of-input-dtype
# why: with pixels as integers and real weights z is cut to whole numbers before g, 0.5 becomes 0.
import numpy as np

def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1), dtype=a_in.dtype)
    for j in range(W.shape[0]):
        z[j, 0] = np.sum(W[j] * a_in[:, 0]) + b[j, 0]
    return g(z)

# --- wrong: guesses-the-layout-of-w
# why: when W is square it is taken for a Keras kernel and transposed; z is W^T a + b instead of W a + b.
import numpy as np

def my_dense(a_in, W, b, g):
    if W.shape[0] == a_in.shape[0]:
        W = W.T
    return g(W @ a_in + b)

# --- wrong: z-clipped
# why: z = 1000 with g(z) = z gives 500, because z is clipped to +-500 to be safe for exp.
import numpy as np

def my_dense(a_in, W, b, g):
    z = np.clip(np.dot(W, a_in) + b, -500, 500)
    return g(z)

# --- wrong: z-rounded
# why: with small weights, z = 0.00123, it gives g(0.0012) since z is rounded to four digits.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.round(W @ a_in + b, 4))

# --- wrong: adds-into-b
# why: z is summed up in b itself, so the caller's bias is changed and the next call with it is wrong.
import numpy as np

def my_dense(a_in, W, b, g):
    z = b
    for k in range(a_in.shape[0]):
        z += W[:, [k]] * a_in[k, 0]
    return g(z)

# --- wrong: multiplies-into-w
# why: the products are stored in W itself, so the caller's weights are changed.
import numpy as np

def my_dense(a_in, W, b, g):
    if W.dtype.kind == "f":
        W *= a_in.T
    else:
        W = W * a_in.T
    return g(W.sum(axis=1, keepdims=True) + b)

# --- wrong: one-buffer-for-all-calls
# why: with g(z) = z the array returned first is overwritten by the next call for as many units.
import numpy as np

_z = {}

def my_dense(a_in, W, b, g):
    z = _z.setdefault(W.shape[0], np.empty((W.shape[0], 1)))
    for j in range(W.shape[0]):
        z[j, 0] = W[j] @ a_in[:, 0] + b[j, 0]
    return g(z)

# --- wrong: equal-rows-computed-once
# why: two units with the same weights but different biases both get the first one's z.
import numpy as np

def my_dense(a_in, W, b, g):
    known = {}
    z = np.zeros((W.shape[0], 1))
    for j, row in enumerate(W):
        key = row.tobytes()
        if key not in known:
            known[key] = row @ a_in[:, 0] + b[j, 0]
        z[j, 0] = known[key]
    return g(z)

# --- wrong: blank-input-shortcut
# why: for an input of zeros it returns the bias without the activation, b instead of g(b).
import numpy as np

def my_dense(a_in, W, b, g):
    if not np.any(a_in):
        return np.array(b, dtype=float)
    return g(W @ a_in + b)

# --- wrong: single-precision
# why: with a = (1e8, 1, -1e8) and weights 1 the 1 is lost and z is 0 instead of 1.
import numpy as np

def my_dense(a_in, W, b, g):
    z = b.astype(np.float32)
    for k in range(a_in.shape[0]):
        z = z + W[:, [k]].astype(np.float32) * np.float32(a_in[k, 0])
    return g(z.astype(float))

# --- wrong: at-most-twenty-five-units
# why: a layer with 30 units gets z = 0 for the last five, since the loop stops at the 25 of the assignment.
import numpy as np

def my_dense(a_in, W, b, g):
    units = W.shape[0]
    z = np.zeros((units, 1))
    for j in range(min(units, 25)):
        z[j] = W[j, :] @ a_in + b[j]
    return g(z)

# --- wrong: one-input-without-bias
# why: with a single input (n = 1) the bias is forgotten.
import numpy as np

def my_dense(a_in, W, b, g):
    if a_in.shape[0] == 1:
        return g(W * a_in)
    return g(np.matmul(W, a_in) + b)

# --- wrong: only-positive-inputs-count
# why: inputs below 0 are left out of the sum as if they were paper; W=(1,1), a=(2,-3) gives 2 instead of -1.
import numpy as np

def my_dense(a_in, W, b, g):
    ink = a_in[:, 0] > 0
    return g(W[:, ink] @ a_in[ink] + b)

# --- wrong: bias-as-a-row-then-diagonal-lost
# why: adds b as a row and takes the first column, so every unit gets the bias of the first one.
import numpy as np

def my_dense(a_in, W, b, g):
    Z = (W @ a_in) + b.T
    return g(Z[:, :1])

# --- wrong: g-cast-to-bool-steps
# why: with g = a function that returns True and False the numbers are g(z) times z, because a boolean answer is taken for a mask.
import numpy as np

def my_dense(a_in, W, b, g):
    z = W @ a_in + b
    a = np.asarray(g(z))
    return z * a if a.dtype == bool else a

# --- wrong: first-four-hundred-inputs
# why: with more than 400 inputs the rest of the features is ignored.
import numpy as np

N = 400

def my_dense(a_in, W, b, g):
    z = np.zeros((len(b), 1))
    for j in range(len(b)):
        total = 0.0
        for w, a in zip(W[j, :N], a_in[:N, 0]):
            total += w * a
        z[j, 0] = total + b[j, 0]
    return g(z)

# --- right: bias-as-an-extra-weight
# why: b is put beside W and a 1 below a, so a single product does it all.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.hstack([W, b]) @ np.vstack([a_in, np.ones((1, 1))]))

# --- right: einsum
# why: the sum over the inputs is spelt out as an einsum.
import numpy as np

def my_dense(a_in, W, b, g):
    return g(np.einsum("jk,ki->ji", W, a_in) + b)

# --- right: weighted-columns
# why: sums the columns of W, each multiplied by its input, instead of looping over the units.
import numpy as np

def my_dense(a_in, W, b, g):
    z = np.array(b, dtype=float)
    for k in range(W.shape[1]):
        z = z + W[:, k : k + 1] * a_in[k]
    return g(z)

# --- right: row-times-kernel
# why: works as Keras does, with a row and the transposed weights, and turns z back before g.
import numpy as np

def my_dense(a_in, W, b, g):
    z = (a_in.T @ W.T + b.T).T
    return g(z)

# --- right: list-of-neurons
# why: one neuron is a small inner function, and the column is built from a list of its answers.
import numpy as np

def my_dense(a_in, W, b, g):
    def neuron(weights, bias):
        return float(np.inner(weights, a_in[:, 0])) + float(bias[0])

    return g(np.array([[neuron(w, beta)] for w, beta in zip(W, b)]))
