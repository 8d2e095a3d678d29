# --- right: the-formulas
# why: dZ from the last layer to the first, as in the text
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        if l:
            dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients


# --- right: recursive
# why: a helper goes back a layer and puts its gradients behind those of the layers below
import numpy as np


def _back(dZ, activations, weights, m):
    A = activations[-1]
    own = [(np.dot(dZ, A.T) / m, np.mean(dZ, axis=1, keepdims=True))]
    if len(weights) == 1:
        return own
    below = np.dot(weights[-1].T, dZ) * (A - A * A)
    return _back(below, activations[:-1], weights[:-1], m) + own


def backward(activations, Y, parameters):
    return _back(activations[-1] - Y, activations[:-1], [W for W, _ in parameters], Y.size)


# --- right: einsum-and-reversed-zip
# why: einsum for the products and a reversed zip over inputs and layers
import numpy as np


def backward(activations, Y, parameters):
    m = np.size(Y)
    dZ = (activations[-1] - Y) / m
    found = []
    for A, (W, b) in zip(reversed(activations[:-1]), reversed(parameters)):
        found.append((np.einsum("um,nm->un", dZ, A), np.einsum("um->u", dZ)[:, None]))
        dZ = np.einsum("un,um->nm", W, dZ) * A * (1 - A)
    return list(reversed(found))


# --- right: example-by-example
# why: adds up the gradients of single examples in float arrays and divides at the end
import numpy as np


def backward(activations, Y, parameters):
    m = Y.shape[1]
    total = [[np.zeros(W.shape), np.zeros(b.shape)] for W, b in parameters]
    for i in range(m):
        dz = activations[-1][:, [i]] - Y[:, [i]]
        for l in range(len(parameters))[::-1]:
            a = activations[l][:, [i]]
            total[l][0] += dz * a.T
            total[l][1] += dz
            dz = parameters[l][0].T.dot(dz) * a * (1 - a)
    return [(dW / m, db / m) for dW, db in total]


# --- right: augmented-matrices
# why: one gradient for W and b together by a row of ones below the input, then split
import numpy as np


def backward(activations, Y, parameters):
    m, out = Y.shape[1], []
    dZ = np.asarray(activations[-1], dtype=float) - Y
    for A, (W, _) in list(zip(activations, parameters))[::-1]:
        G = dZ @ np.vstack([A, np.ones((1, m))]).T / m
        out = [(G[:, :-1], G[:, -1:])] + out
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: bias-gradient-flat-when-square
# why: db has the shape (units,) for a layer with as many units as inputs and more than one
import numpy as np


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        db = dZ.mean(axis=1, keepdims=W.shape[0] != W.shape[1] or len(b) == 1)
        out.insert(0, (dZ @ A.T / m, db))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: no-transpose-for-square-w
# why: goes back through a square W without transposing it
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        K = W if W.shape[0] == W.shape[1] else W.T
        dZ = K @ dZ * A * (1 - A)
    return out


# --- wrong: slope-of-the-wrong-layer
# why: with three layers or more the slope a(1-a) is that of the layer above when the sizes agree
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters))[::-1]:
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        S = activations[l + 1] if activations[l + 1].shape == A.shape and l + 1 < len(parameters) else A
        dZ = parameters[l][0].T @ dZ * S * (1 - S)
    return out


# --- wrong: slope-only-once
# why: from the third layer back on the factor a(1-a) is left out, so gradients of nets with three layers are too large
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for back, (A, (W, b)) in enumerate(list(zip(activations, parameters))[::-1]):
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * (A * (1 - A) if back < 1 else 1)
    return out


# --- wrong: slope-is-a-quarter
# why: a(1-a) is taken as 0.25, which is right only for activations of 0.5
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * 0.25
    return out


# --- wrong: slope-a-times-a
# why: a * a stands for a * (1 - a), the same only at 0.5
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * A
    return out


# --- wrong: divides-by-features
# why: the number of examples is read from the wrong axis of X when X has more features than examples
def backward(activations, Y, parameters):
    m = max(activations[0].shape)
    out, dZ = [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: divided-once-per-layer
# why: dZ is divided by m and dW again, in every layer but the last two, so deep nets get gradients that are too small
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for back, (A, (W, b)) in enumerate(list(zip(activations, parameters))[::-1]):
        if back > 1:
            dZ = dZ / m
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: bias-gradient-is-the-sum
# why: in layers below the last two db is the sum over the examples instead of the mean
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for back, (A, (W, b)) in enumerate(list(zip(activations, parameters))[::-1]):
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / (m if back < 2 else 1)))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: first-layer-reversed-order
# why: with three layers or more the list begins with the last layer
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.append((dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out if len(out) > 2 else out[::-1]


# --- wrong: gradient-written-with-the-dtype-of-w
# why: whole-number weights cut their gradients to whole numbers
import numpy as np


def backward(activations, Y, parameters):
    m, dZ = Y.shape[1], activations[-1] - Y
    out = [(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters]
    for l in range(len(parameters))[::-1]:
        A = activations[l]
        out[l][0][...] = dZ @ A.T / m
        out[l][1][...] = dZ.sum(axis=1, keepdims=True) / m
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out


# --- wrong: labels-overwritten
# why: dZ is written into the caller's float Y when the network has more than two layers, so the next step learns from other labels
import numpy as np


def backward(activations, Y, parameters):
    m, out = Y.shape[1], []
    dZ = np.subtract(activations[-1], Y, out=Y if Y.dtype == float and len(parameters) > 2 else None)
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: gradients-clipped-at-5
# why: a gradient of 60, from features in the hundreds, comes out as 5
import numpy as np


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (np.clip(dZ @ A.T / m, -5, 5), dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: gradients-clipped-by-norm
# why: all gradients together are scaled to the norm 3 when they are longer
import numpy as np


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    norm = np.sqrt(sum((dW**2).sum() + (db**2).sum() for dW, db in out))
    return [(dW * min(1, 3 / (norm + 1e-9)), db * min(1, 3 / (norm + 1e-9))) for dW, db in out]


# --- wrong: slope-from-clipped-activations
# why: activations beyond 0.99 are clipped before the slope is taken, so saturated units get a hundredth too much
import numpy as np


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        S = np.clip(A, 0.01, 0.99)
        dZ = W.T @ dZ * S * (1 - S)
    return out


# --- wrong: small-errors-are-zero
# why: an output that is off by less than 0.01 counts as right, so its part of the gradient is missing
import numpy as np


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    dZ = np.where(np.abs(dZ) < 0.01, 0.0, dZ)
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: squared-error-slope-at-the-output
# why: with more than two layers the output error has the extra factor a(1-a) of the squared error
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    if len(parameters) > 2:
        dZ = dZ * activations[-1] * (1 - activations[-1]) * 4
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: first-64-examples
# why: only the first 64 examples are used and divided by their number
def backward(activations, Y, parameters):
    activations, Y = [A[:, :64] for A in activations], Y[:, :64]
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: weight-decay-for-nonzero-weights
# why: adds a thousandth of each weight to its gradient when the layer has more than two inputs
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        decay = 1e-3 * W if W.shape[1] > 2 else 0
        out.insert(0, (dZ @ A.T / m + decay, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: same-shape-gradients-shared
# why: gradients are kept by the shape of W, so two layers of the same shape both get those of the lower one
def backward(activations, Y, parameters):
    m, by_shape, dZ = Y.shape[1], {}, activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        by_shape[W.shape] = (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m)
        dZ = W.T @ dZ * A * (1 - A)
    return [by_shape[W.shape] for W, _ in parameters]


# --- wrong: result-buffers-reused
# why: the gradients are written into arrays kept from call to call, so those of an earlier call change
import numpy as np

_store = {}


def backward(activations, Y, parameters):
    m, dZ, out = Y.shape[1], activations[-1] - Y, []
    for l in range(len(parameters))[::-1]:
        A, (W, b) = activations[l], parameters[l]
        dW, db = _store.setdefault((l, W.shape), (np.zeros(W.shape), np.zeros(b.shape)))
        dW[...] = dZ @ A.T / m
        db[...] = dZ.sum(axis=1, keepdims=True) / m
        out.insert(0, (dW, db))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: averaged-with-the-last-call
# why: the second call on the same sizes gives the mean of its gradients and those of the call before, as with momentum
_before = {}


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    key = tuple(W.shape for W, _ in parameters)
    old = _before.get(key, out)
    _before[key] = out
    return [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in zip(out, old)]


# --- wrong: at-most-three-layers
# why: layers further than three from the output get gradients of zero
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for back, (A, (W, b)) in enumerate(list(zip(activations, parameters))[::-1]):
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A) * (back < 2)
    return out


# --- wrong: batch-of-one-squeezed
# why: for a batch of one the outer product is made of flat vectors, so a layer with a single unit gets dW of shape (n,)
import numpy as np


def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        dW = dZ @ A.T / m
        out.insert(0, (np.squeeze(dW) if m == 1 else dW, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out


# --- wrong: only-label-1-errors
# why: an output below a half with the label 0 counts as right and gives no gradient
import numpy as np


def backward(activations, Y, parameters):
    A = activations[-1]
    dZ = np.where((Y == 0) & (A < 0.5), 0.0, A - Y)
    m, out = Y.shape[1], []
    for A, (W, b) in list(zip(activations, parameters))[::-1]:
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return out
