# --- wrong: whole-weights-stay-whole
# why: the new values are stored in a copy of the old array; when that holds whole numbers, 2.8 becomes 2.
def gradient_step(parameters, gradients, alpha):
    new = [(W.copy(), b.copy()) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients):
        W[:] = W - alpha * dW
        b[:] = b - alpha * db
    return new

# --- wrong: copies-the-list-only
# why: the list is copied but not the arrays in it, so -= changes the caller's weights.
def gradient_step(parameters, gradients, alpha):
    new = list(parameters)
    for (W, b), (dW, db) in zip(new, gradients):
        W -= alpha * dW
        b -= alpha * db
    return new

# --- wrong: writes-into-the-callers-list
# why: new = parameters is no copy: the pairs are replaced in the list of the caller.
def gradient_step(parameters, gradients, alpha):
    new = parameters
    for l in range(len(parameters)):
        W, b = parameters[l]
        dW, db = gradients[l]
        new[l] = (W - alpha * dW, b - alpha * db)
    return new

# --- wrong: gradients-cut-at-one
# why: clips the gradients to -1 ... 1 so that nothing explodes; steps for larger gradients are too small.
import numpy as np
def gradient_step(parameters, gradients, alpha):
    return [
        (W - alpha * np.clip(dW, -1, 1), b - alpha * np.clip(db, -1, 1))
        for (W, b), (dW, db) in zip(parameters, gradients)
    ]

# --- wrong: step-in-proportion-to-the-weight
# why: W (1 - alpha dW) is W - alpha W dW: right for a weight of 1 only, and a bias of 0 never moves.
def gradient_step(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new.append((W * (1 - alpha * dW), b * (1 - alpha * db)))
    return new
