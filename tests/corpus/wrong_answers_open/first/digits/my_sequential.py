# --- right: plain-loop
# why: each layer by my_dense, the answer of one is the input of the next
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
    return a


# --- right: recursive
# why: the first layer, then the rest of the list
def my_sequential(x, parameters, g):
    if len(parameters) == 0:
        return x
    W, b = parameters[0]
    return my_sequential(my_dense(x, W, b, g), parameters[1:], g)


# --- right: reduce
# why: functools.reduce over the list
from functools import reduce


def my_sequential(x, parameters, g):
    return reduce(lambda a, layer: my_dense(a, layer[0], layer[1], g), parameters, x)


# --- right: while-with-an-iterator
# why: takes the layers from an iterator until there are none
def my_sequential(x, parameters, g):
    layers = iter(parameters)
    while (layer := next(layers, None)) is not None:
        x = my_dense(x, *layer, g)
    return x


# --- right: class-of-layers
# why: builds layer objects and calls them in turn
class _Layer:
    def __init__(self, W, b, g):
        self.W, self.b, self.g = W, b, g

    def __call__(self, a):
        return my_dense(a, self.W, self.b, self.g)


def my_sequential(x, parameters, g):
    network = [_Layer(W, b, g) for W, b in parameters]
    for layer in network:
        x = layer(x)
    return x


# --- right: keeps-every-answer
# why: collects all answers and returns the last
def my_sequential(x, parameters, g):
    answers = [x]
    for index in range(len(parameters)):
        answers.append(my_dense(answers[-1], parameters[index][0], parameters[index][1], g))
    return answers.pop()


# --- wrong: at-most-three-layers
# why: with four layers the last one is left out
def my_sequential(x, parameters, g):
    for W, b in parameters[:3]:
        x = my_dense(x, W, b, g)
    return x


# --- wrong: at-most-four-by-hand
# why: with five layers the fifth is left out
def my_sequential(x, parameters, g):
    a = my_dense(x, *parameters[0], g)
    if len(parameters) > 1:
        a = my_dense(a, *parameters[1], g)
    if len(parameters) > 2:
        a = my_dense(a, *parameters[2], g)
    if len(parameters) > 3:
        a = my_dense(a, *parameters[3], g)
    return a


# --- wrong: at-most-ten-layers
# why: a network with twelve layers stops after the tenth
def my_sequential(x, parameters, g):
    for _, (W, b) in zip(range(10), parameters):
        x = my_dense(x, W, b, g)
    return x


# --- wrong: same-shape-layers-once
# why: layers in a dict by their shape, so of several square layers only one is left
def my_sequential(x, parameters, g):
    layers = {W.shape: (W, b) for W, b in parameters}
    for W, b in layers.values():
        x = my_dense(x, W, b, g)
    return x


# --- wrong: skips-a-layer-that-comes-again
# why: the same (W, b) object twice in the list is applied only once
def my_sequential(x, parameters, g):
    done = set()
    for W, b in parameters:
        if id(W) in done:
            continue
        done.add(id(W))
        x = my_dense(x, W, b, g)
    return x


# --- wrong: layer-found-by-index
# why: looks for the place of the layer by its W, so a second layer that shares W gets the bias of the first
def my_sequential(x, parameters, g):
    weights = [id(W) for W, _ in parameters]
    for W, _ in parameters:
        x = my_dense(x, W, parameters[weights.index(id(W))][1], g)
    return x


# --- wrong: sigmoid-in-the-last-layer
# why: with four layers or more the last has the sigmoid instead of g
def my_sequential(x, parameters, g):
    last = len(parameters) - 1
    for i, (W, b) in enumerate(parameters):
        x = my_dense(x, W, b, sigmoid if i == last >= 3 else g)
    return x


# --- wrong: last-layer-without-g-when-square
# why: a last layer with as many units as inputs is taken as linear, so g is missing there
def my_sequential(x, parameters, g):
    for i, (W, b) in enumerate(parameters):
        linear = i == len(parameters) - 1 and W.shape[0] == W.shape[1] > 1
        x = my_dense(x, W, b, (lambda z: z) if linear else g)
    return x


# --- wrong: pops-the-list
# why: takes the layers out of the caller's list, which is empty afterwards
def my_sequential(x, parameters, g):
    while parameters:
        W, b = parameters.pop(0)
        x = my_dense(x, W, b, g)
    return x


# --- wrong: pops-only-long-lists
# why: for more than three layers the caller's list is shorter after the call
def my_sequential(x, parameters, g):
    while len(parameters) > 3:
        W, b = parameters[0]
        del parameters[0]
        x = my_dense(x, W, b, g)
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x


# --- wrong: input-buffer-keeps-its-dtype
# why: an integer x with square float layers gives whole numbers because the answers are written into a copy of x
def my_sequential(x, parameters, g):
    a = x.copy()
    for W, b in parameters:
        out = my_dense(a, W, b, g)
        if out.shape == a.shape:
            a[...] = out
        else:
            a = out.astype(x.dtype)
    return a


# --- wrong: writes-into-x
# why: when a layer has as many units as inputs its answer is stored in the x that the caller holds
def my_sequential(x, parameters, g):
    for W, b in parameters:
        out = my_dense(x, W, b, g)
        if out.shape == x.shape and x.dtype == out.dtype and len(x) > 1:
            x[:] = out
        else:
            x = out
    return x


# --- wrong: g-unit-by-unit
# why: own layer with one unit at a time, so softmax gives ones
import numpy as np


def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = np.vstack([g(W[[j]] @ a + b[[j]]) for j in range(len(W))])
    return a


# --- wrong: g-on-a-row
# why: carries the example as a row, so g sees the units side by side and an axis-0 softmax gives ones
import numpy as np


def my_sequential(x, parameters, g):
    a = x.T
    for W, b in parameters:
        a = g(a @ W.T + b.T)
    return a.T


# --- wrong: square-layers-transposed
# why: turns each W whose first size fits the input, which a square one does too
def my_sequential(x, parameters, g):
    for W, b in parameters:
        if W.shape[0] == x.shape[0] and W.shape[0] == W.shape[1]:
            W = W.T
        x = my_dense(x, W, b, g)
    return x


# --- wrong: residual-when-the-shape-stays
# why: from the second layer on a layer that keeps the size has its input added
def my_sequential(x, parameters, g):
    for i, (W, b) in enumerate(parameters):
        out = my_dense(x, W, b, g)
        x = out + x if i and out.shape == x.shape and len(x) > 1 else out
    return x


# --- wrong: stops-at-an-all-zero-answer
# why: stops as soon as an answer is all zero (dead ReLUs), so the biases of later layers and their shape are missing
import numpy as np


def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, g)
        if not np.any(x):
            break
    return x


# --- wrong: product-of-all-weights-first
# why: a g that leaves 1 and 2 as they are, like ReLU, is taken as the identity inside the net and applied at the end only
import numpy as np


def my_sequential(x, parameters, g):
    probe = np.array([[1.0], [2.0]])
    if np.array_equal(g(probe), probe):
        for W, b in parameters:
            x = W @ x + b
        return g(x)
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x


# --- wrong: cache-by-layer-shapes
# why: the second network with the same shapes and the same x gets the answer of the first
_seen = {}


def my_sequential(x, parameters, g):
    key = (x.tobytes(), tuple(W.shape for W, _ in parameters), g)
    if key not in _seen:
        a = x
        for W, b in parameters:
            a = my_dense(a, W, b, g)
        _seen[key] = a
    return _seen[key].copy()


# --- wrong: inner-square-layers-reversed
# why: with four layers or more, inner layers that are all square are applied in the reversed order
def my_sequential(x, parameters, g):
    layers = parameters
    if len(parameters) > 3:
        mid = [p for p in parameters[1:-1] if p[0].shape[0] == p[0].shape[1]]
        if len(mid) == len(parameters) - 2:
            layers = [parameters[0]] + mid[::-1] + [parameters[-1]]
    for W, b in layers:
        x = my_dense(x, W, b, g)
    return x


# --- wrong: rounded-between-layers
# why: rounds what goes from layer to layer to three digits
import numpy as np


def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = np.round(my_dense(x, W, b, g), 3)
    return x


# --- wrong: flat-answer-for-one-unit
# why: a last layer with a single unit and more than three layers gives a number instead of shape (1, 1)
def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x.item() if x.size == 1 and len(parameters) > 3 else x


# --- wrong: clips-between-layers
# why: what one layer hands to the next is clipped to -100..100, so identity activations on large inputs give other numbers
import numpy as np


def my_sequential(x, parameters, g):
    for i, (W, b) in enumerate(parameters):
        x = my_dense(x if i == 0 else np.clip(x, -100, 100), W, b, g)
    return x
