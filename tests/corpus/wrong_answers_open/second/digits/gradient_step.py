# --- wrong: no-step-for-alpha-zero
# why: for alpha 0 the list that came in is returned itself and not a new one.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    if not alpha:
        return parameters
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: alpha-made-positive
# why: a negative alpha goes downhill as well, W - |alpha| dW instead of W - alpha dW.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    alpha = abs(alpha)
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: alpha-at-most-one
# why: alpha = 20, as in the notebook's third curve, is cut to 1.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    rate = min(alpha, 1.0)
    return [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: copies-keep-integers
# why: weights of integers, W = 3 as in the example by hand, are written back as integers: 2 instead of 2.8.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    new = [(W.copy(), b.copy()) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients):
        W[...] = W - alpha * dW
        b[...] = b - alpha * db
    return new

# --- wrong: gradients-limited-to-fifty
# why: a gradient of 200 is clipped to 50 before the step.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    step = lambda v, d: v - alpha * np.clip(d, -50, 50)
    return [(step(W, dW), step(b, db)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: small-gradients-ignored
# why: a gradient of 0.0005 counts as 0, so with alpha = 10 the weight stays instead of moving by 0.005.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    def moved(v, d):
        return v - alpha * np.where(np.abs(d) < 1e-3, 0, d)

    return [(moved(W, dW), moved(b, db)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: result-rounded
# why: weights are rounded to three digits, 0.01234 becomes 0.012.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    return [
        (np.round(W - alpha * dW, 3), np.round(b - alpha * db, 3)) for (W, b), (dW, db) in zip(parameters, gradients)
    ]

# --- wrong: mean-of-the-bias-gradients
# why: all biases of a layer move by the mean of db; right only for layers with one unit.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * np.mean(db)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: reshaped-instead-of-transposed
# why: dW is brought to (inputs, units) by reshape and turned back by .T, which scrambles it unless one side is 1.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    result = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        kernel = W.T - alpha * np.reshape(dW, W.T.shape)
        result.append((kernel.T, b - alpha * db))
    return result

# --- wrong: momentum
# why: a velocity is kept between the calls, so the second step with the same gradients is 1.9 times as long.
import numpy as np

_velocity = {}

def gradient_step(parameters, gradients, alpha, beta=0.9):
    new = []
    for l, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        key = l, W.shape
        vW, vb = _velocity.get(key, (0, 0))
        vW, vb = beta * vW + dW, beta * vb + db
        _velocity[key] = vW, vb
        new.append((W - alpha * vW, b - alpha * vb))
    return new

# --- wrong: rate-decays-with-every-call
# why: a counter of the calls makes the second step shorter than alpha says.
import itertools

_calls = itertools.count()

def gradient_step(parameters, gradients, alpha):
    alpha = alpha / (1 + 0.05 * next(_calls))
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: one-layer-without-a-list
# why: for a network of one layer the pair (W, b) is returned and not a list of pairs.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    new = [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]
    return new[0] if len(new) == 1 else new

# --- wrong: scales-the-gradients-in-place
# why: dW *= alpha changes the arrays of gradients that came in.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        dW *= alpha
        db *= alpha
        new.append((W - dW, b - db))
    return new

# --- wrong: half-precision
# why: the new weights are stored with 16 bits, 0.1 becomes 0.09998.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    f = np.float16
    return [((W - alpha * dW).astype(f), (b - alpha * db).astype(f)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: new-arrays-by-the-old-ones-id
# why: when the same array stands in two layers both get the result of the last one's gradient.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    new = {}
    for pair, slopes in zip(parameters, gradients):
        for v, d in zip(pair, slopes):
            new[id(v)] = v - alpha * d
    return [(new[id(W)], new[id(b)]) for W, b in parameters]

# --- wrong: writes-into-a-kept-buffer
# why: the arrays returned by a first call are overwritten by a second one, so training twice from one start mixes both.
import numpy as np

_store = {}

def gradient_step(parameters, gradients, alpha):
    result = []
    for l, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        nW, nb = _store.setdefault((l, W.shape), (np.empty(W.shape), np.empty(b.shape)))
        np.subtract(W, alpha * dW, out=nW)
        np.subtract(b, alpha * db, out=nb)
        result.append((nW, nb))
    return result

# --- wrong: stops-at-a-zero-gradient
# why: a layer whose dW is zero is taken for the end, so its bias and all layers after it are left unchanged.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    result = [(W.copy(), b.copy()) for W, b in parameters]
    for l, (dW, db) in enumerate(gradients):
        if not np.any(dW):
            break
        W, b = parameters[l]
        result[l] = W - alpha * dW, b - alpha * db
    return result

# --- right: map-over-pairs
# why: a nested tuple expression over the pairs, with the layers and gradients zipped strictly.
def gradient_step(parameters, gradients, alpha):
    return [
        tuple(value - alpha * slope for value, slope in zip(layer, slopes, strict=True))
        for layer, slopes in zip(parameters, gradients, strict=True)
    ]

# --- right: copies-as-floats-then-in-place
# why: subtracts in place, but from float copies of its own.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    new = []
    for l in range(len(parameters)):
        W, b = (np.array(v, dtype=float) for v in parameters[l])
        W -= np.multiply(alpha, gradients[l][0])
        b -= np.multiply(alpha, gradients[l][1])
        new.append((W, b))
    return new

# --- right: one-long-vector
# why: all numbers go into one vector, the step is made there, and the vector is cut up again.
import numpy as np

def gradient_step(parameters, gradients, alpha):
    flat = lambda pairs: np.concatenate([np.ravel(v) for pair in pairs for v in pair])
    theta = flat(parameters) - alpha * flat(gradients)
    new, at = [], 0
    for W, b in parameters:
        cut = at + W.size
        new.append((theta[at:cut].reshape(W.shape), theta[cut : cut + b.size].reshape(b.shape)))
        at = cut + b.size
    return new

# --- right: add-the-opposite
# why: adds minus alpha times the gradient.
from operator import itemgetter

def gradient_step(parameters, gradients, alpha):
    Ws, bs = (list(map(itemgetter(k), parameters)) for k in (0, 1))
    dWs, dbs = (list(map(itemgetter(k), gradients)) for k in (0, 1))
    return [(-alpha * dW + W, -alpha * db + b) for W, b, dW, db in zip(Ws, bs, dWs, dbs)]
