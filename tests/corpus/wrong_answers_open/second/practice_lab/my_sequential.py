# --- wrong: relu-in-the-first-layer
# why: the first layer has max(0, z) instead of the sigmoid, seen as soon as W1 or b1 and W2 are not 0.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, lambda z: np.maximum(0, z))
    a2 = my_dense(a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: first-bias-forgotten
# why: b1 is replaced by zeros; with b1 other than 0 the answer differs.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, np.zeros_like(b1), sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: second-bias-forgotten
# why: b2 doesn't occur, a2 is sigmoid(a1 W2).
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = sigmoid(a1 @ W2)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: second-layer-from-x-when-it-fits
# why: when layer 1 has as many units as there are inputs, layer 2 is given x instead of a1.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(x if len(x) == len(a1) else a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: first-unit-only
# why: with several units in the last layer only the answer of the first one is returned.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return np.atleast_1d(my_dense(a, W3, b3, sigmoid))[:1]

# --- wrong: probability-kept-off-the-ends
# why: an answer of 0.999 is clipped to 0.99.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = x
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        a = my_dense(a, W, b, sigmoid)
    return np.clip(a, 0.01, 0.99)

# --- wrong: weights-by-shape
# why: layers of equal shape share an entry of a dictionary, so layer 1 gets the weights of layer 2.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    layers = {W.shape: (W, b) for W, b in ((W1, b1), (W2, b2), (W3, b3))}
    for W in (W1, W2, W3):
        x = my_dense(x, *layers[W.shape], sigmoid)
    return x

# --- wrong: softmax-for-several-units
# why: with more than one unit in the last layer it uses the softmax.
import numpy as np

def _softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return my_dense(a, W3, b3, sigmoid if len(b3) == 1 else _softmax)

# --- wrong: pixels-divided-again
# why: inputs above 1 are taken for raw pixels and divided by 255; hidden from any test whose W1 is 0.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    x = x / 255 if x.max() > 1 else x
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: blank-picture-is-half
# why: for a picture of zeros it returns 0.5 as if there were no biases.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    if not np.any(x):
        return np.full(W3.shape[1], 0.5)
    a1 = my_dense(x, W1, b1, sigmoid)
    return my_dense(my_dense(a1, W2, b2, sigmoid), W3, b3, sigmoid)

# --- wrong: writes-into-x
# why: when layer 1 has as many units as inputs its answer is stored in the caller's x.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = x
    for W, b in zip((W1, W2, W3), (b1, b2, b3)):
        out = my_dense(a, W, b, sigmoid)
        if a.shape == np.shape(out):
            a[:] = out
        else:
            a = out
    return a

# --- wrong: activations-in-the-type-of-x
# why: for x of integers the hidden activations are cut to 0.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = np.asarray(my_dense(x, W1, b1, sigmoid)).astype(x.dtype)
    a2 = np.asarray(my_dense(a1, W2, b2, sigmoid)).astype(x.dtype)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: weights-of-the-first-call
# why: the weights are put into one list at the first call and used for all later calls of that size.
import numpy as np

_network = {}

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    key = W1.shape, W2.shape, W3.shape, float(np.sum(b3)), float(np.sum(W3))
    layers = _network.setdefault(key, [(W1, b1), (W2, b2), (W3, b3)])
    a = x
    for W, b in layers:
        a = my_dense(a, W, b, sigmoid)
    return a

# --- wrong: hidden-layers-bend-with-tanh
# why: layer 1 uses tanh(z), which is 0 where the sigmoid is 0.5; unseen while W2 is 0.
import numpy as np

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    hidden = my_dense(x, W1, b1, np.tanh)
    for W, b in ((W2, b2), (W3, b3)):
        hidden = my_dense(hidden, W, b, sigmoid)
    return hidden

# --- right: reduce-over-triples
# why: a reduce over the three pairs.
from functools import reduce

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    return reduce(lambda a, layer: my_dense(a, *layer, sigmoid), [(W1, b1), (W2, b2), (W3, b3)], x)

# --- right: starred-weights-in-a-list
# why: puts the arguments into a flat list and takes two at a time.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    flat = [W1, b1, W2, b2, W3, b3]
    a = x
    while flat:
        W, b, *flat = flat
        a = my_dense(a, W, b, sigmoid)
    return a

# --- right: written-out-with-keywords
# why: three calls with keyword arguments.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    first = my_dense(a_in=x, W=W1, b=b1, g=sigmoid)
    second = my_dense(a_in=first, W=W2, b=b2, g=sigmoid)
    return my_dense(a_in=second, W=W3, b=b3, g=sigmoid)

# --- right: layer-as-an-inner-function
# why: makes three functions and applies one to the other.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    def layer(W, b):
        return lambda a: my_dense(a, W, b, sigmoid)

    f1, f2, f3 = layer(W1, b1), layer(W2, b2), layer(W3, b3)
    return f3(f2(f1(x)))

# --- right: answer-as-a-tensor
# why: the answer is handed out as a TensorFlow tensor.
import tensorflow as tf

def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = x
    for W, b in zip([W1, W2, W3], [b1, b2, b3]):
        a = my_dense(a, W, b, sigmoid)
    return tf.convert_to_tensor(a)

# --- right: history-of-activations
# why: keeps the activations in a list and returns the last.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    history = [x]
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        history.append(my_dense(history[-1], W, b, sigmoid))
    return history[3]
