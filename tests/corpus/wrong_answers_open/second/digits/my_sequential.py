# --- wrong: pops-the-layers
# why: the caller's list of parameters is empty afterwards, so a second call with it returns x.
import numpy as np

def my_sequential(x, parameters, g):
    a = x
    while parameters:
        W, b = parameters.pop(0)
        a = my_dense(a, W, b, g)
    return a

# --- wrong: memo-by-shapes
# why: a second network with layers of the same sizes gets the answer of the first one for the same x.
import numpy as np

_memo = {}

def my_sequential(x, parameters, g):
    key = (x.tobytes(), tuple(W.shape for W, b in parameters), id(g))
    if key not in _memo:
        a = x
        for W, b in parameters:
            a = my_dense(a, W, b, g)
        _memo[key] = a
    return _memo[key]

# --- wrong: three-layers-at-most
# why: a fourth layer is not applied.
import numpy as np

def my_sequential(x, parameters, g):
    a = my_dense(x, *parameters[0], g)
    if len(parameters) > 1:
        a = my_dense(a, *parameters[1], g)
    if len(parameters) > 2:
        a = my_dense(a, *parameters[2], g)
    return a

# --- wrong: writes-back-into-x
# why: when a layer has as many units as inputs the caller's x is overwritten with the activation.
import numpy as np

def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        out = my_dense(a, W, b, g)
        if out.shape == a.shape and a.dtype == out.dtype:
            a[...] = out
        else:
            a = out
    return a

# --- wrong: each-layer-only-once
# why: a list in which the same (W, b) stands twice applies it only once.
import numpy as np

def my_sequential(x, parameters, g):
    seen = set()
    a = x
    for W, b in parameters:
        if id(W) in seen:
            continue
        seen.add(id(W))
        a = my_dense(a, W, b, g)
    return a

# --- wrong: turns-the-list-around
# why: when the last layer could take x as well (all layers square) the layers are run last first.
import numpy as np

def my_sequential(x, parameters, g):
    layers = list(parameters)
    if layers[-1][0].shape[1] == x.shape[0]:
        layers.reverse()
    for W, b in layers:
        x = my_dense(x, W, b, g)
    return x

# --- wrong: dead-layer-shortcut
# why: when a layer answers zeros only, it returns zeros at once instead of running the layers after it.
import numpy as np

def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
        if not np.any(a):
            return np.zeros((parameters[-1][0].shape[0], 1))
    return a

# --- wrong: stops-at-a-fixed-point
# why: a layer that leaves its input as it was (the identity) ends the loop, and the layers after it are left out.
import numpy as np

def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        new = my_dense(a, W, b, g)
        if new.shape == a.shape and np.allclose(new, a):
            return new
        a = new
    return a

# --- wrong: single-layer-without-g
# why: with one layer in the list it returns W x + b without the activation.
import numpy as np

def my_sequential(x, parameters, g):
    if len(parameters) == 1:
        (W, b), = parameters
        return W @ x + b
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x

# --- wrong: keeps-the-dtype-of-x
# why: for x of integers the sigmoid of each layer is cut to 0 or 1 when it is cast back to the type of x.
import numpy as np

def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g).astype(x.dtype)
    return a

# --- wrong: recursion
# why: a list of 3000 layers raises RecursionError, and any length is asked for.
import numpy as np

def my_sequential(x, parameters, g):
    if not parameters:
        return x
    W, b = parameters[0]
    return my_sequential(my_dense(x, W, b, g), parameters[1:], g)

# --- wrong: merges-layers-of-a-linear-g
# why: for the ReLU, which looks linear at 1, 2 and 3, all layers are multiplied into one matrix and negative z stay negative.
import numpy as np

def my_sequential(x, parameters, g):
    probe = np.asarray(g(np.array([[1.0], [2.0], [3.0]])), dtype=float)
    if np.allclose(probe, [[1], [2], [3]]):
        W_all, b_all = np.eye(x.shape[0]), np.zeros((x.shape[0], 1))
        for W, b in parameters:
            W_all, b_all = W @ W_all, W @ b_all + b
        return W_all @ x + b_all
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x

# --- wrong: activations-clipped-between-layers
# why: an activation of 1000 is clipped to 100 on its way to the next layer.
import numpy as np

def my_sequential(x, parameters, g):
    a = x
    for i, (W, b) in enumerate(parameters):
        if i:
            a = np.clip(a, -100, 100)
        a = my_dense(a, W, b, g)
    return a

# --- wrong: bias-of-the-neighbour-when-it-fits
# why: biases are looked up by their size and taken from the end, so two layers of equal size get each other's bias.
import numpy as np

def my_sequential(x, parameters, g):
    biases = {}
    for W, b in parameters:
        biases.setdefault(b.shape[0], []).append(b)
    for W, b in parameters:
        x = my_dense(x, W, biases[W.shape[0]].pop(), g)
    return x

# --- wrong: parameters-by-shape
# why: layers of equal shape share an entry of a dictionary, so the first of two such layers gets the weights of the second.
import numpy as np

def my_sequential(x, parameters, g):
    table = {W.shape: (W, b) for W, b in parameters}
    for W, b in parameters:
        x = my_dense(x, *table[W.shape], g)
    return x

# --- right: reduce
# why: the chain is a functools.reduce over the layers.
from functools import reduce

def my_sequential(x, parameters, g):
    return reduce(lambda a, layer: my_dense(a, layer[0], layer[1], g), parameters, x)

# --- right: iterator-with-next
# why: takes the layers from an iterator with next until a sentinel comes.
def my_sequential(x, parameters, g):
    layers = iter(parameters)
    end = object()
    while (layer := next(layers, end)) is not end:
        x = my_dense(x, *layer, g)
    return x

# --- right: by-index-with-history
# why: keeps every layer's answer in a list and returns the last entry.
def my_sequential(x, parameters, g):
    history = [x]
    for l in range(len(parameters)):
        history.append(my_dense(history[l], parameters[l][0], parameters[l][1], g))
    return history[-1]

# --- right: unzipped-weights
# why: weights and biases are taken apart first and walked through side by side.
def my_sequential(x, parameters, g):
    weights, biases = zip(*parameters)
    a = x.copy()
    for W, b in zip(weights, biases, strict=True):
        a = my_dense(a_in=a, W=W, b=b, g=g)
    return a

# --- right: layer-objects
# why: wraps each pair in a small callable class first and then lets x pass through the objects.
class _Layer:
    def __init__(self, W, b, g):
        self.W, self.b, self.g = W, b, g

    def __call__(self, a):
        return my_dense(a, self.W, self.b, self.g)

def my_sequential(x, parameters, g):
    for layer in [_Layer(W, b, g) for W, b in parameters]:
        x = layer(x)
    return x
