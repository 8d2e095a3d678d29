# --- right: comprehension
# why: the rule for each pair in a new list
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- right: index-loop
# why: appends a new pair for each layer by its number
def gradient_step(parameters, gradients, alpha):
    new = []
    for l in range(len(parameters)):
        W = parameters[l][0] - alpha * gradients[l][0]
        b = parameters[l][1] - alpha * gradients[l][1]
        new.append((W, b))
    return new


# --- right: float-copies-then-in-place
# why: changes float copies in place, the arrays that came in stay
import numpy as np


def gradient_step(parameters, gradients, alpha):
    new = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients):
        W -= float(alpha) * dW
        b -= float(alpha) * db
    return new


# --- right: flat-vector
# why: all numbers in one vector, one subtraction, and cut again in the old shapes
import numpy as np


def gradient_step(parameters, gradients, alpha):
    flat = lambda pairs: np.concatenate([np.ravel(a) for pair in pairs for a in pair])
    v = flat(parameters) - alpha * flat(gradients)
    new, at = [], 0
    for W, b in parameters:
        pair = []
        for a in (W, b):
            pair.append(v[at : at + a.size].reshape(a.shape).copy())
            at += a.size
        new.append(tuple(pair))
    return new


# --- right: map-with-a-helper
# why: map over both lists and a helper for one array
import numpy as np


def _down(a, da, alpha):
    return np.add(a, np.multiply(-alpha, da))


def gradient_step(parameters, gradients, alpha):
    return list(map(lambda p, g: tuple(_down(a, da, alpha) for a, da in zip(p, g)), parameters, gradients))


# --- wrong: int-buffers
# why: whole-number parameters stay whole, so 3 - 0.3 * 2 gives 2 instead of 2.4
import numpy as np


def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        V, c = np.empty_like(W), np.empty_like(b)
        V[...] = W - alpha * dW
        c[...] = b - alpha * db
        new.append((V, c))
    return new


# --- wrong: int-gradients-cut
# why: the step alpha * dW is stored with the dtype of the gradient, so whole-number gradients give whole steps
import numpy as np


def gradient_step(parameters, gradients, alpha):
    def part(a, da):
        s = (alpha * da).astype(da.dtype)
        return a - s

    return [(part(W, dW), part(b, db)) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: zero-rate-returns-the-list
# why: with alpha 0 the list that came in is returned instead of a new one
def gradient_step(parameters, gradients, alpha):
    if alpha == 0:
        return parameters
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: zero-gradients-return-the-list
# why: when no gradient is above 1e-4 the list that came in is returned, without a step
import numpy as np


def gradient_step(parameters, gradients, alpha):
    if all(np.abs(dW).max() < 1e-4 and np.abs(db).max() < 1e-4 for dW, db in gradients):
        return parameters
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: list-written-in-place
# why: with more than two layers the new pairs are put into the caller's list, so the old parameters are gone
def gradient_step(parameters, gradients, alpha):
    new = parameters if len(parameters) > 2 else list(parameters)
    for i, (dW, db) in enumerate(gradients):
        W, b = new[i]
        new[i] = (W - alpha * dW, b - alpha * db)
    return new


# --- wrong: bias-changed-in-the-callers-array
# why: W is copied but b of a layer with several units is changed in place
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        if len(b) > 1 and b.dtype == float:
            b -= alpha * db
        else:
            b = b - alpha * db
        new.append((W - alpha * dW, b))
    return new


# --- wrong: shallow-copy
# why: copies the list but not the arrays when the first layer has more than one unit
def gradient_step(parameters, gradients, alpha):
    deep = parameters[0][0].shape[0] == 1 or parameters[0][0].dtype != float
    new = [(W * 1.0, b * 1.0) for W, b in parameters] if deep else list(parameters)
    for (W, b), (dW, db) in zip(new, gradients):
        W -= alpha * dW
        b -= alpha * db
    return new


# --- wrong: gradients-scaled-in-place
# why: the gradient arrays that came in are multiplied by alpha
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        if dW.dtype == float and db.dtype == float:
            dW *= alpha
            db *= alpha
            new.append((W - dW, b - db))
        else:
            new.append((W - alpha * dW, b - alpha * db))
    return new


# --- wrong: result-in-the-gradient-arrays
# why: the new weights are written into the arrays of the gradients, which the caller still holds
import numpy as np


def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        V = np.multiply(dW, -alpha, out=dW if dW.dtype == float else None)
        V = np.add(V, W, out=V if V.dtype == float else None)
        new.append((V, b - alpha * db))
    return new


# --- wrong: clipped-steps
# why: a step larger than 10 in one weight is cut to 10
import numpy as np


def gradient_step(parameters, gradients, alpha):
    cut = lambda s: np.clip(s, -10, 10)
    return [(W - cut(alpha * dW), b - cut(alpha * db)) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: clipped-gradients
# why: gradients beyond 25 are cut, which a bias gradient of 50 shows
import numpy as np


def gradient_step(parameters, gradients, alpha):
    cut = lambda s: np.clip(s, -25, 25)
    return [(W - alpha * cut(dW), b - alpha * cut(db)) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: weights-kept-in-bounds
# why: new weights beyond 50 are cut to 50
import numpy as np


def gradient_step(parameters, gradients, alpha):
    keep = lambda a: np.clip(a, -50.0, 50.0)
    return [(keep(W - alpha * dW), keep(b - alpha * db)) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: fixed-half-for-large-alpha
# why: a learning rate above 1 is cut to 1
def gradient_step(parameters, gradients, alpha):
    alpha = min(alpha, 1)
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: global-rate-from-the-first-call
# why: the learning rate of the first call is used in all later calls
_settings = {}


def gradient_step(parameters, gradients, alpha):
    rate = _settings.setdefault("alpha", alpha)
    return [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: momentum
# why: a tenth of the last step on the same shapes is added, so the second step is too large
_velocity = {}


def gradient_step(parameters, gradients, alpha):
    new = []
    for i, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        vW, vb = _velocity.get((i, W.shape), (0, 0))
        vW, vb = 0.1 * vW - alpha * dW, 0.1 * vb - alpha * db
        _velocity[i, W.shape] = vW, vb
        new.append((W + vW, b + vb))
    return new


# --- wrong: bias-without-the-rate-in-deep-nets
# why: from the third layer on the bias moves by the whole gradient
def gradient_step(parameters, gradients, alpha):
    return [
        (W - alpha * dW, b - (alpha if i < 2 else 1) * db) for i, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients))
    ]


# --- wrong: five-layers-at-most
# why: layers after the fifth come back unchanged
def gradient_step(parameters, gradients, alpha):
    moved = [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters[:5], gradients)]
    return moved + [(W.copy(), b.copy()) for W, b in parameters[5:]]


# --- wrong: same-shape-same-gradient
# why: the gradients are looked up by the shape of W, so equal layers take the last one's
def gradient_step(parameters, gradients, alpha):
    by_shape = {dW.shape: (dW, db) for dW, db in gradients}
    return [(W - alpha * by_shape[W.shape][0], b - alpha * by_shape[W.shape][1]) for W, b in parameters]


# --- wrong: same-array-same-result
# why: a layer that stands twice in the list is moved only once, by the first gradient
def gradient_step(parameters, gradients, alpha):
    moved = {}
    for (W, b), (dW, db) in zip(parameters, gradients):
        moved.setdefault(id(W), (W - alpha * dW, b - alpha * db))
    return [moved[id(W)] for W, _ in parameters]


# --- wrong: weight-decay
# why: weights shrink by a thousandth beside the step when the gradient is small
import numpy as np


def gradient_step(parameters, gradients, alpha):
    decay = 0.999 if max(np.abs(dW).max() for dW, _ in gradients) < 2 else 1.0
    return [(decay * W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: zero-weights-stay-zero
# why: a weight that is exactly 0 is taken as pruned and doesn't move
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW * (W != 0), b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: relative-step-skipped
# why: a step of less than a thousandth is skipped, so alpha = 0.0001 changes nothing
import numpy as np


def gradient_step(parameters, gradients, alpha):
    def move(a, da):
        s = alpha * da
        return a - np.where(np.abs(s) < 1e-3, 0, s)

    return [(move(W, dW), move(b, db)) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: rounded-parameters
# why: the new weights are rounded to four digits
def gradient_step(parameters, gradients, alpha):
    return [((W - alpha * dW).round(4), (b - alpha * db).round(4)) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: normalised-large-gradients
# why: a gradient whose norm is above 30 is scaled down to 30
import numpy as np


def gradient_step(parameters, gradients, alpha):
    out = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        f = min(1.0, 30 / (np.sqrt((dW**2).sum() + (db**2).sum()) + 1e-12))
        out.append((W - alpha * f * dW, b - alpha * f * db))
    return out


# --- wrong: square-gradient-transposed
# why: the gradient of a square W is turned, as if it came from Keras
def gradient_step(parameters, gradients, alpha):
    turn = lambda d: d.T if d.shape[0] == d.shape[1] else d
    return [(W - alpha * turn(dW), b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


# --- wrong: integer-rate
# why: a rate between 0 and 1 is fine but 20.0 and 2 are taken as percent
def gradient_step(parameters, gradients, alpha):
    rate = alpha / 100 if 1 < alpha <= 100 else alpha
    return [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(parameters, gradients)]
