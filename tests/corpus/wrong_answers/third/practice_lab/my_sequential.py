# --- wrong: two-layers
# why: the third layer is forgotten: it returns what the second answers.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return a2

# --- wrong: second-layer-twice
# why: a line copied: the third layer uses W2 and b2 again (silent when the shapes agree).
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    a3 = my_dense(a2, W2, b2, sigmoid)
    return a3

# --- wrong: third-layer-after-the-first
# why: the last layer gets a1; silent when layers 1 and 2 have as many units.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    a3 = my_dense(a1, W3, b3, sigmoid)
    return a3

# --- wrong: last-layer-linear
# why: no sigmoid in the last layer.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(x, W1, b1, sigmoid)
    a = my_dense(a, W2, b2, sigmoid)
    return my_dense(a, W3, b3, lambda z: z)

# --- wrong: sigmoid-once-more
# why: sigmoid(my_dense(..., sigmoid)) at the end.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(x, W1, b1, sigmoid)
    a = my_dense(a, W2, b2, sigmoid)
    return sigmoid(my_dense(a, W3, b3, sigmoid))

# --- wrong: relu-hidden
# why: max(0, z) in the hidden layers.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    relu = lambda z: np.maximum(z, 0)
    return my_dense(my_dense(my_dense(x, W1, b1, relu), W2, b2, relu), W3, b3, sigmoid)

# --- wrong: biases-swapped
# why: b1 and b2 changed places: an error, or silent when both have one length.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b2, sigmoid)
    a2 = my_dense(a1, W2, b1, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: label
# why: returns 1 or 0 by the threshold 0.5, not the probability.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = x
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        a = my_dense(a, W, b, sigmoid)
    return (a >= 0.5).astype(int)

# --- wrong: all-three-answers
# why: returns (a1, a2, a3).
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    a3 = my_dense(a2, W3, b3, sigmoid)
    return a1, a2, a3

# --- wrong: first-unit-only
# why: returns a3[0]: as good as right for one unit at the end, but a last layer of three loses two.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    a3 = my_dense(a2, W3, b3, sigmoid)
    return a3[0]

# --- wrong: turns-weights-that-seem-to-lie
# why: transposes a W whose columns are as many as the inputs; a square W is turned though it was right.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = x
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        if W.shape[1] == len(a):
            W = W.T
        a = my_dense(a, W, b, sigmoid)
    return a

# --- wrong: one-layer-of-the-product
# why: multiplies the matrices together and bends once: the hidden sigmoids are lost.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    W = W1 @ W2 @ W3
    b = b1 @ W2 @ W3 + b2 @ W3 + b3
    return my_dense(x, W, b, sigmoid)

# --- wrong: remembered-by-picture
# why: remembers the answer for each x; after more training the weights are others and the answer is the old one.
_seen = {}
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    key = tuple(x)
    if key not in _seen:
        a = my_dense(x, W1, b1, sigmoid)
        a = my_dense(a, W2, b2, sigmoid)
        _seen[key] = my_dense(a, W3, b3, sigmoid)
    return _seen[key]

# --- wrong: weights-from-the-file
# why: loads the trained weights itself and ignores the arguments: right for the pictures in the notebook only.
from autils import load_weights
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    W1, b1, W2, b2, W3, b3 = load_weights()
    a = my_dense(x, W1, b1, sigmoid)
    a = my_dense(a, W2, b2, sigmoid)
    return my_dense(a, W3, b3, sigmoid)

# --- wrong: kept-off-0-and-1
# why: clips the probability to 0.01..0.99; a sure network says 0.9999.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(x, W1, b1, sigmoid)
    a = my_dense(a, W2, b2, sigmoid)
    return np.clip(my_dense(a, W3, b3, sigmoid), 0.01, 0.99)

# --- wrong: brightness-rescaled
# why: divides by the largest pixel "to be sure", so large and small inputs give the same.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    x = x / (np.abs(x).max() or 1)
    a = my_dense(x, W1, b1, sigmoid)
    a = my_dense(a, W2, b2, sigmoid)
    return my_dense(a, W3, b3, sigmoid)

# --- right: reduce
# why: a fold over the three pairs.
from functools import reduce
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    return reduce(lambda a, layer: my_dense(a, *layer, sigmoid), [(W1, b1), (W2, b2), (W3, b3)], x)

# --- right: nested
# why: one expression, from the inside out.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    return my_dense(my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid), W3, b3, sigmoid)

# --- right: list-slices
# why: the weights in a list, taken two at a time.
def my_sequential(x, *weights, **named):
    weights = list(weights) + [named[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3")[len(weights) :]]
    a = x
    for l in range(0, 6, 2):
        a = my_dense(a_in=a, W=weights[l], b=weights[l + 1], g=sigmoid)
    return a

# --- right: recursive-helper
# why: an inner function that calls itself for the rest of the layers.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    def run(a, layers):
        if not layers:
            return a
        (W, b), *rest = layers
        return run(my_dense(a, W, b, sigmoid), rest)
    return run(x, [(W1, b1), (W2, b2), (W3, b3)])

# --- right: other-sigmoid
# why: the same function through tanh, handed to my_dense.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    def half_tanh(z):
        return (np.tanh(np.asarray(z) / 2) + 1) / 2
    a = x
    for W, b in zip((W1, W2, W3), (b1, b2, b3)):
        a = my_dense(a, W, b, half_tanh)
    return a
