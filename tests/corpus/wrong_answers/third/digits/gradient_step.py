# --- wrong: uphill
# why: plus instead of minus: 3 + 0.1 * 2 = 3.2.
def gradient_step(parameters, gradients, alpha):
    return [(W + alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: in-place
# why: W -= changes the caller's arrays.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        if W.dtype != float or b.dtype != float:
            W, b = W.astype(float), b.astype(float)
        W -= alpha * dW
        b -= alpha * db
        new.append((W, b))
    return new

# --- wrong: entries-of-the-callers-list
# why: the arrays are new, but they are put into the list that came in.
def gradient_step(parameters, gradients, alpha):
    for l, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        parameters[l] = (W - alpha * dW, b - alpha * db)
    return parameters

# --- wrong: gradients-scaled-in-place
# why: the parameters stay, but dW *= alpha changes the gradients that came in.
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        if dW.dtype != float or db.dtype != float:
            dW, db = dW.astype(float), db.astype(float)
        dW *= alpha
        db *= alpha
        new.append((W - dW, b - db))
    return new

# --- wrong: no-learning-rate
# why: alpha is never used.
def gradient_step(parameters, gradients, alpha):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: biases-stay
# why: only the weights are moved.
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: db-for-both
# why: the weights are moved by db, which broadcasts without a word.
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * db, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: return-in-the-loop
# why: returns after the first layer; right for a network of one.
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new.append((W - alpha * dW, b - alpha * db))
        return new

# --- wrong: one-flat-list
# why: [W1, b1, W2, b2] instead of pairs.
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new += [W - alpha * dW, b - alpha * db]
    return new

# --- wrong: cut-off-to-the-type-of-W
# why: the new arrays take the dtype of the old ones; with whole weights 3 - 0.2 becomes 2.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    new = [(np.empty_like(W), np.empty_like(b)) for W, b in parameters]
    for l, (W, b) in enumerate(parameters):
        new[l][0][:] = W - alpha * gradients[l][0]
        new[l][1][:] = b - alpha * gradients[l][1]
    return new

# --- wrong: rate-at-most-1
# why: caps the learning rate at 1, and the notebook itself trains with 20.
def gradient_step(parameters, gradients, alpha):
    alpha = min(alpha, 1.0)
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: gradients-clipped-to-5
# why: limits every slope to -5..5: a large gradient moves the weight too little.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    return [
        (W - alpha * np.clip(dW, -5, 5), b - alpha * np.clip(db, -5, 5))
        for (W, b), (dW, db) in zip(parameters, gradients)
    ]

# --- wrong: momentum
# why: remembers the last move and adds nine tenths of it: the second call with the same arguments gives something else.
_velocity = {}
def gradient_step(parameters, gradients, alpha):
    new = []
    for l, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        vW, vb = _velocity.get((l, W.shape), (0, 0))
        vW, vb = 0.9 * vW + alpha * dW, 0.9 * vb + alpha * db
        _velocity[l, W.shape] = vW, vb
        new.append((W - vW, b - vb))
    return new

# --- wrong: unit-length-gradient
# why: divides each gradient by its length, so only its direction counts.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    def unit(d):
        length = np.linalg.norm(d)
        return d / length if length > 0 else d
    return [(W - alpha * unit(dW), b - alpha * unit(db)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: weight-decay
# why: shrinks the weights by a little each step as well.
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * (dW + 0.01 * W), b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: tiny-gradients-are-zero
# why: skips a gradient that allclose takes for 0; 1e-9 with a rate of 1e8 should move the weight by 0.1.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        if not np.allclose(dW, 0):
            W = W - alpha * dW
        if not np.allclose(db, 0):
            b = b - alpha * db
        new.append((W, b))
    return new

# --- wrong: brackets-round-the-difference
# why: (W - alpha) * dW.
def gradient_step(parameters, gradients, alpha):
    return [((W - alpha) * dW, (b - alpha) * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: only-the-sign
# why: moves by alpha in the direction of the sign, however steep it is.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * np.sign(dW), b - alpha * np.sign(db)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: gradients-backwards
# why: takes the gradients from the last to the first; an error, or silent for layers of one shape.
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, reversed(gradients))]

# --- wrong: bias-comes-out-flat
# why: b as (units,) instead of (units, 1).
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, (b - alpha * db).ravel()) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: array-of-pairs
# why: np.array of pairs with different shapes is an error; it works when all weights are numbers.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    return list(np.array(parameters) - alpha * np.array(gradients))

# --- right: copies-changed-in-place
# why: in-place steps, but on float copies.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    new = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients):
        W -= np.multiply(alpha, dW)
        b -= np.multiply(alpha, db)
    return new

# --- right: map
# why: map with a function for one array, used for both of a pair.
def gradient_step(parameters, gradients, alpha):
    def move(value, slope):
        return value - alpha * slope
    return list(map(lambda old, slope: tuple(map(move, old, slope)), parameters, gradients))

# --- right: by-index
# why: index loops and append.
def gradient_step(parameters, gradients, alpha):
    result = []
    for l in range(len(parameters)):
        pair = []
        for k in range(2):
            pair.append(-alpha * gradients[l][k] + parameters[l][k])
        result.append((pair[0], pair[1]))
    return result

# --- right: one-long-vector
# why: all parameters in one vector, one subtraction, then cut up again.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    flat = np.concatenate([np.ravel(a) for pair in parameters for a in pair]).astype(float)
    slope = np.concatenate([np.ravel(a) for pair in gradients for a in pair])
    flat = flat - alpha * slope
    arrays, at = [], 0
    for pair in parameters:
        for a in pair:
            arrays.append(flat[at : at + a.size].reshape(a.shape))
            at += a.size
    return list(zip(arrays[::2], arrays[1::2]))

# --- right: unzipped
# why: takes the four lists apart with zip(*...) and puts two of them together again.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    Ws, bs = zip(*parameters)
    dWs, dbs = zip(*gradients)
    return [*zip((np.subtract(W, np.multiply(dW, alpha)) for W, dW in zip(Ws, dWs)), (b - db * alpha for b, db in zip(bs, dbs)))]
