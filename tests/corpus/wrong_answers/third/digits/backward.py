# --- wrong: no-mean
# why: the gradients aren't divided by m; right for one example.
import numpy as np
def backward(activations, Y, parameters):
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        gradients.insert(0, (dZ @ activations[l].T, dZ.sum(axis=1, keepdims=True)))
        dZ = parameters[l][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: m-is-the-number-of-features
# why: takes m from the rows of X: right only when there are as many features as examples.
import numpy as np
def backward(activations, Y, parameters):
    m = activations[0].shape[0]
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: divides-at-every-layer
# why: dZ is divided by m at the output and each dW again by m.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = (activations[-1] - Y) / m
    for l in range(len(parameters) - 1, -1, -1):
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: truth-minus-prediction
# why: the sign of every gradient is turned round.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = Y - activations[-1]
    for l in range(len(parameters) - 1, -1, -1):
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = parameters[l][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: last-layer-first
# why: the list isn't turned round at the end: last layer first.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for l in reversed(range(len(parameters))):
        gradients.append((dZ @ activations[l].T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = parameters[l][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: own-activation-in-dW
# why: dW with the layer's own activation instead of that of the layer before; the shape is right for square layers only.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters), 0, -1):
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = parameters[l - 1][0].T @ dZ * activations[l - 1] * (1 - activations[l - 1])
    return gradients

# --- wrong: slope-one-layer-too-late
# why: a(1 - a) of the layer just left: an error, broadcast from one row, or silently wrong for layers of one size.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters), 0, -1):
        gradients.insert(0, (dZ @ activations[l - 1].T / m, dZ.mean(axis=1, keepdims=True)))
        if l > 1:
            dZ = parameters[l - 1][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: no-slope
# why: the slope of the sigmoid is forgotten going back; right for one layer.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = W.T @ dZ
    return gradients[::-1]

# --- wrong: slope-at-the-output-too
# why: multiplies the output error by a(1 - a): the gradient of the squared error.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dA = activations[-1] - Y
    for l in range(len(parameters), 0, -1):
        dZ = dA * activations[l] * (1 - activations[l])
        gradients.insert(0, (dZ @ activations[l - 1].T / m, dZ.mean(axis=1, keepdims=True)))
        dA = parameters[l - 1][0].T @ dZ
    return gradients

# --- wrong: slope-of-tanh
# why: 1 - a^2 is the slope of tanh.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = W.T @ dZ * (1 - A**2)
    return gradients[::-1]

# --- wrong: slope-from-sigmoid-of-the-activation
# why: takes the sigmoid of what is an activation already for the slope.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = W.T @ dZ * sigmoid(A) * (1 - sigmoid(A))
    return gradients[::-1]

# --- wrong: W-not-transposed
# why: W @ dZ going back: an error unless W is square, and then wrong.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        W = parameters[l][0]
        gradients.insert(0, (dZ @ activations[l].T / m, dZ.mean(axis=1, keepdims=True)))
        if l > 0:
            back = W if W.shape[0] == W.shape[1] else W.T
            dZ = back @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: db-without-keepdims
# why: db has the shape (units,), not (units, 1); the next step then broadcasts b to a table.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, dZ.sum(axis=1) / m))
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- wrong: one-db-for-all-units
# why: np.mean over units and examples, filled into the shape of b: right for layers of one unit.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, np.full(b.shape, np.mean(dZ))))
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- wrong: error-written-into-the-activations
# why: dZ -= Y on the last activation changes the list that came in.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1]
    dZ -= Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- wrong: steps-before-it-goes-back
# why: makes the step W - dW first and goes back through the new weights.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        dW, db = dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)
        gradients.append((dW, db))
        W = W - dW
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- wrong: gradients-clipped-to-1
# why: clips against exploding gradients: with features in hundreds the gradient is in hundreds too.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((np.clip(dZ @ A.T / m, -1, 1), np.clip(dZ.mean(axis=1, keepdims=True), -1, 1)))
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- wrong: whole-parameters-whole-gradients
# why: zeros_like(W) is of integers when W is, and the gradients are cut off to 0.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = [(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters]
    dZ = activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        dW, db = gradients[l]
        dW[...] = dZ @ activations[l].T / m
        db[...] = dZ.mean(axis=1, keepdims=True)
        dZ = parameters[l][0].T @ dZ * activations[l] * (1 - activations[l])
    return gradients

# --- wrong: division-by-a-times-1-minus-a
# why: dJ/dA first, which divides by a(1 - a), and then times a(1 - a): nan when a prediction is exactly 0 or 1.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    A = activations[-1]
    with np.errstate(all="ignore"):
        dA = -(Y / A - (1 - Y) / (1 - A))
    gradients = []
    for l in range(len(parameters), 0, -1):
        with np.errstate(all="ignore"):
            dZ = dA * activations[l] * (1 - activations[l])
        gradients.insert(0, (dZ @ activations[l - 1].T / m, dZ.mean(axis=1, keepdims=True)))
        dA = parameters[l - 1][0].T @ dZ
    return gradients

# --- wrong: only-mistakes-count
# why: examples that are on the right side of 0.5 get the error 0.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = (activations[-1] - Y) * ((activations[-1] >= 0.5) != Y)
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)))
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- wrong: kept-by-shape
# why: keeps the gradients in a dict by the shape of W, so two layers of one shape become one.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    found = {}
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        found[W.shape] = (dZ @ A.T / m, dZ.mean(axis=1, keepdims=True))
        dZ = W.T @ dZ * A * (1 - A)
    return [found[W.shape] for W, b in parameters]

# --- wrong: all-in-one-list
# why: [dW1, db1, dW2, db2] instead of a list of pairs.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients = [dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)] + gradients
        dZ = W.T @ dZ * A * (1 - A)
    return gradients

# --- wrong: bias-first
# why: pairs (db, dW) instead of (dW, db).
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for (W, b), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ.mean(axis=1, keepdims=True), dZ @ A.T / m))
        dZ = W.T @ dZ * A * (1 - A)
    return gradients[::-1]

# --- right: mean-taken-at-the-output
# why: dZ is divided by m once, at the output, and nothing afterwards.
import numpy as np
def backward(activations, Y, parameters):
    dZ = (activations[-1] - Y) / Y.shape[1]
    gradients = [None] * len(parameters)
    for l in range(len(parameters))[::-1]:
        A, W = activations[l], parameters[l][0]
        gradients[l] = (np.matmul(dZ, A.T), np.sum(dZ, axis=1, keepdims=True))
        dZ = (W.T @ dZ) * (A - A * A)
    return gradients

# --- right: bias-as-a-column-of-ones
# why: one product gives dW and db together: the activations get a row of ones.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ, result = activations[-1] - Y, []
    for (W, b), A in zip(reversed(parameters), reversed(activations[:-1])):
        both = dZ @ np.vstack([A, np.ones((1, m))]).T / m
        result = [(both[:, :-1], both[:, -1:])] + result
        dZ = W.T @ dZ * A * (1 - A)
    return result

# --- right: recursion
# why: each layer is a call that returns the gradients of the layers up to it.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    def down_to(l, dZ):
        if l < 0:
            return []
        A = activations[l]
        own = dZ.dot(A.T) / m, dZ.mean(axis=1, keepdims=True)
        return down_to(l - 1, A * (1 - A) * parameters[l][0].T.dot(dZ)) + [own]
    return down_to(len(parameters) - 1, activations[-1] - Y)

# --- right: example-by-example
# why: for each example the outer products, added up and divided by m at the end.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    sums = [(np.zeros(np.shape(W)), np.zeros(np.shape(b))) for W, b in parameters]
    for i in range(m):
        d = activations[-1][:, i] - Y[:, i]
        for l in range(len(parameters) - 1, -1, -1):
            a = activations[l][:, i]
            sums[l][0][...] += np.outer(d, a)
            sums[l][1][...] += d[:, None]
            d = (d @ parameters[l][0]) * a * (1 - a)
    return [(dW / m, db / m) for dW, db in sums]

# --- right: einsum-and-deque
# why: the sums as indices, and appendleft for the order.
from collections import deque
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = deque()
    delta = activations[-1] - Y
    for A, (W, b) in zip(activations[-2::-1], parameters[::-1]):
        gradients.appendleft((np.einsum("jm,km->jk", delta, A) / m, np.einsum("jm->j", delta)[:, None] / m))
        delta = np.einsum("jk,jm,km,km->km", W, delta, A, 1.0 - A)
    return list(gradients)
