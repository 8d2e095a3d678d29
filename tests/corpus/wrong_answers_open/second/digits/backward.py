# --- wrong: slope-of-the-output-layer
# why: the slope a(1-a) is taken from the network's answer for every layer instead of from the hidden activation.
import numpy as np

def backward(activations, Y, parameters):
    m, answer = Y.shape[1], activations[-1]
    dZ = answer - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        gradients.append((dZ @ activations[l].T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * answer * (1 - answer)
    return gradients[::-1]

# --- wrong: slope-a-quarter
# why: uses the sigmoid's slope at 0, a quarter, for all units; right only where the hidden activation is 0.5.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = 0.25 * (parameters[l][0].T @ dZ)
    return gradients

# --- wrong: slope-a-squared
# why: a typing slip makes the slope a*a instead of a*(1-a), the same only at 0.5.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        gradients.append((dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * np.square(A)
    gradients.reverse()
    return gradients

# --- wrong: textbook-quotient
# why: starts with -(y/a) + (1-y)/(1-a) times a(1-a), which is nan for an activation of exactly 0 or 1 instead of a - y.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dA = -(Y / activations[-1]) + (1 - Y) / (1 - activations[-1])
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l + 1]
        dZ = dA * A * (1 - A)
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.sum(axis=1, keepdims=True) / m))
        dA = parameters[l][0].T @ dZ
    return gradients

# --- wrong: clipped-quotient
# why: the quotient is made safe by clipping, but for an activation of exactly 0 with label 1 the product is 0 instead of -1.
import numpy as np

def backward(activations, Y, parameters):
    m, AL = Y.shape[1], activations[-1]
    safe = np.clip(AL, 1e-12, 1 - 1e-12)
    dA = (safe - Y) / (safe * (1 - safe))
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l + 1]
        dZ = dA * A * (1 - A)
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.sum(axis=1, keepdims=True) / m))
        dA = parameters[l][0].T @ dZ
    return gradients

# --- wrong: slope-never-below-a-hundredth
# why: a saturated hidden unit, a = 0.999, gets the slope 0.01 instead of 0.001, against vanishing gradients.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * np.maximum(A * (1 - A), 0.01)
    return gradients

# --- wrong: gradients-clipped-to-one
# why: with features such as 255 the gradient is larger than 1 and is clipped to 1.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        dW, db = dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m
        gradients.insert(0, (np.clip(dW, -1, 1), np.clip(db, -1, 1)))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: minus-an-unsigned-label
# why: for labels of type uint8 -Y is 255, and dZ is 255 + a instead of a - 1.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = -Y + activations[-1]
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: buffers-of-the-type-of-w
# why: weights of integers, as in the examples by hand, give gradients that are cut to integers.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = [(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters]
    dZ = activations[-1] - Y
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients[l][0][...] = dZ @ A.T / m
        gradients[l][1][...] = dZ.sum(axis=1, keepdims=True) / m
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: one-example-without-keepdims
# why: for one example (m = 1) db has the shape (units,) and not that of b.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        db = dZ[:, 0] if m == 1 else dZ.mean(axis=1, keepdims=True)
        gradients.insert(0, (dZ @ A.T / m, db))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: subtracts-y-in-place
# why: the last activation of the caller is turned into a - y, so the list can't be used again.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1]
    dZ -= Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: pops-the-activations
# why: the caller's list of activations is empty afterwards.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations.pop() - Y
    gradients = []
    for W, b in reversed(parameters):
        A = activations.pop()
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: nothing-left-to-learn
# why: when all predictions are within 0.01 of the labels zeros come instead of the small gradients.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    if np.abs(dZ).max() < 0.01:
        return [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in parameters]
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: square-activation-not-transposed
# why: when the batch is as large as a layer A is multiplied without being transposed, since the shapes fit.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        right = A if A.shape[0] == m else A.T
        gradients.insert(0, (dZ @ right / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: square-weights-not-transposed
# why: between layers of equal size dZ is multiplied by W instead of W^T, since the shapes fit.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        W, A = parameters[l][0], activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        back = W if W.shape[1] == dZ.shape[0] else W.T
        dZ = (back @ dZ) * A * (1 - A)
    return gradients

# --- wrong: gradients-add-up
# why: as in PyTorch without zero_grad a second call for a network of the same sizes returns the sum with the first.
import numpy as np

_grad = {}

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    key = tuple(W.shape for W, _ in parameters)
    old = _grad.get(key)
    if old:
        gradients = [(dW + oW, db + ob) for (dW, db), (oW, ob) in zip(gradients, old)]
    _grad[key] = gradients
    return gradients

# --- wrong: average-of-blocks
# why: with 100 examples in blocks of 64 the 36 of the second block count as much as the 64 of the first.
import numpy as np

def _block(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        gradients.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

def backward(activations, Y, parameters):
    parts = [
        _block([A[:, s : s + 64] for A in activations], Y[:, s : s + 64], parameters) for s in range(0, Y.shape[1], 64)
    ]
    return [tuple(np.mean([part[l][k] for part in parts], axis=0) for k in (0, 1)) for l in range(len(parameters))]

# --- wrong: measured-not-derived
# why: gradients are measured with the clipped cost, so a network that is certain and wrong gets 0 instead of a - y.
import numpy as np

def backward(activations, Y, parameters):
    X, h = activations[0], 1e-6
    flat = [np.array(v, dtype=float) for pair in parameters for v in pair]

    def J():
        A = X
        for W, b in zip(flat[::2], flat[1::2]):
            A = sigmoid(W @ A + b)
        P = np.clip(A, 1e-15, 1 - 1e-15)
        return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))

    slopes = []
    for v in flat:
        d = np.zeros(v.shape)
        for spot in np.ndindex(v.shape):
            old = v[spot]
            v[spot] = old + h
            up = J()
            v[spot] = old - h
            d[spot] = (up - J()) / (2 * h)
            v[spot] = old
        slopes.append(d)
    return list(zip(slopes[::2], slopes[1::2]))

# --- wrong: deep-layers-frozen
# why: with four layers or more the gradients of those further back than the third from the end are zeros.
import numpy as np

def backward(activations, Y, parameters):
    m, L = Y.shape[1], len(parameters)
    dZ = activations[-1] - Y
    gradients = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in parameters]
    for back in range(min(L, 3)):
        l = L - 1 - back
        A = activations[l]
        gradients[l] = dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m
        dZ = (parameters[l][0].T @ dZ) * A * (1 - A)
    return gradients

# --- right: batch-of-outer-products
# why: einsum makes the mean of the outer products over the examples.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    delta, result = activations[-1] - Y, []
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        result.append((np.einsum("um,nm->un", delta, A) / m, delta.mean(axis=1, keepdims=True)))
        delta = np.einsum("un,um->nm", W, delta) * (A - A**2)
    return result[::-1]

# --- right: divided-at-the-start
# why: the division by m is done once, at the output.
import numpy as np

def backward(activations, Y, parameters):
    d = (activations[-1] - Y) / Y.shape[1]
    gradients = [None] * len(parameters)
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        gradients[l] = (d @ A.T, d @ np.ones((d.shape[1], 1)))
        d = parameters[l][0].T @ d * A * (1 - A)
    return gradients

# --- right: recursive-from-the-end
# why: a recursive helper hands dZ back through the list.
import numpy as np

def _back(dZ, activations, parameters):
    if not parameters:
        return []
    *before, (W, b) = parameters
    A = activations[len(before)]
    here = (np.dot(dZ, A.T) / dZ.shape[1], dZ.mean(1).reshape(b.shape))
    return _back(np.dot(W.T, dZ) * A * (1 - A), activations, before) + [here]

def backward(activations, Y, parameters):
    return _back(activations[-1] - Y, activations, list(parameters))

# --- right: example-by-example
# why: sums up the outer products of each example in a loop and divides at the end.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dWs = [np.zeros(W.shape) for W, b in parameters]
    dbs = [np.zeros(b.shape) for W, b in parameters]
    for i in range(m):
        dz = activations[-1][:, i] - Y[:, i]
        for l in reversed(range(len(parameters))):
            a = activations[l][:, i]
            dWs[l] += np.outer(dz, a)
            dbs[l] += dz[:, None]
            dz = (dz @ parameters[l][0]) * a * (1 - a)
    return [(dW / m, db / m) for dW, db in zip(dWs, dbs)]

# --- right: bias-as-an-input-of-one
# why: a row of ones is put below the activation, and dW and db come out of one product.
import numpy as np

def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A = activations[l]
        both = dZ @ np.vstack([A, np.ones((1, m))]).T / m
        gradients.insert(0, (both[:, :-1], both[:, -1:]))
        dZ = (parameters[l][0].T @ dZ) * (A * (1 - A))
    return gradients
