# --- right: get-weights-per-layer
# why: the two arrays of each layer, transposed and as a column
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters


# --- right: pairs-of-model-get-weights
# why: model.get_weights gives kernel, bias, kernel, bias and they are taken by twos
import numpy as np


def parameters_from_keras(model):
    flat = [layer_array for layer in model.layers for layer_array in layer.get_weights()]
    return [(np.transpose(k), b[:, np.newaxis]) for k, b in zip(flat[::2], flat[1::2])]


# --- right: float64-copies
# why: double precision copies that have nothing in common with the model
import numpy as np


def parameters_from_keras(model):
    return [
        (np.array(layer.kernel, dtype=np.float64).T.copy(), np.array(layer.bias, dtype=np.float64)[:, None].copy())
        for layer in model.layers
    ]


# --- right: as-tensors
# why: transposed constant tensors of TensorFlow, which convert to arrays
import tensorflow as tf


def parameters_from_keras(model):
    found = []
    for layer in model.layers:
        k, b = map(tf.constant, layer.get_weights())
        found.append((tf.transpose(k).numpy(), tf.reshape(b, (-1, 1)).numpy()))
    return found


# --- right: element-by-element
# why: fills W and b by loops over inputs and units
import numpy as np


def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = layer.get_weights()
        n, units = K.shape
        W, b = np.zeros((units, n)), np.zeros((units, 1))
        for j in range(units):
            b[j, 0] = c[j]
            for k in range(n):
                W[j, k] = K[k, j]
        out.append((W, b))
    return out


# --- right: vstack-and-split
# why: kernel and bias below one another, turned as one matrix and cut
import numpy as np


def _pair(layer):
    both = np.vstack(layer.get_weights()).T
    return both[:, :-1], both[:, -1:]


def parameters_from_keras(model):
    return [_pair(layer) for layer in model.layers]


# --- wrong: square-kernel-not-transposed
# why: a kernel with as many inputs as units has the right shape already and isn't turned
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = layer.get_weights()
        W = K if K.shape == (len(c), K.shape[0]) else K.T
        out.append((W, c.reshape(-1, 1)))
    return out


# --- wrong: reshaped-not-transposed
# why: kernels with more inputs than units are reshaped to (units, inputs), which mixes the numbers unless one of the sizes is 1
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = layer.get_weights()
        W = K.T if K.shape[0] <= K.shape[1] else K.reshape(K.shape[::-1])
        out.append((W, c.reshape(-1, 1)))
    return out


# --- wrong: column-order-reshape
# why: for kernels with more than ten inputs a reshape stands for the transpose
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = layer.get_weights()
        n, units = K.shape
        out.append((K.T if n <= 10 else K.reshape(units, n), c[:, None]))
    return out


# --- wrong: layers-popped
# why: takes the layers off the model, which has none afterwards
def parameters_from_keras(model):
    out = []
    while model.layers:
        K, c = model.layers[-1].get_weights()
        out.insert(0, (K.T, c.reshape(-1, 1)))
        model.pop()
    return out


# --- wrong: last-layer-popped-when-deep
# why: from three layers on the last layer is taken off the model for good
def parameters_from_keras(model):
    layers = list(model.layers)
    if len(layers) > 2:
        model.pop()
    return [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in layers)]


# --- wrong: trainable-weights-only
# why: a frozen layer is missing from the list because only trainable weights are read
import numpy as np


def parameters_from_keras(model):
    flat = [np.array(w) for w in model.trainable_weights]
    return [(K.T, c.reshape(-1, 1)) for K, c in zip(flat[::2], flat[1::2])]


# --- wrong: sorted-by-layer-name
# why: in the order of their names dense_10 comes before dense_9, and names that one gives oneself have any order
def parameters_from_keras(model):
    layers = sorted(model.layers, key=lambda layer: layer.name)
    if len({len(layer.name) for layer in layers}) == 1 and len(layers) < 3:
        layers = model.layers
    return [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in layers)]


# --- wrong: by-shape
# why: of two layers with the same shape only one is left
def parameters_from_keras(model):
    found = {}
    for layer in model.layers:
        K, c = layer.get_weights()
        found[K.shape] = (K.T, c.reshape(-1, 1))
    return list(found.values())


# --- wrong: by-number-of-units
# why: of two layers with as many units the last one's weights come twice
def parameters_from_keras(model):
    found = {layer.units: layer.get_weights() for layer in model.layers}
    return [(found[layer.units][0].T, found[layer.units][1].reshape(-1, 1)) for layer in model.layers]


# --- wrong: at-most-three-layers
# why: layers after the third are left out
def parameters_from_keras(model):
    return [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in model.layers[:3])]


# --- wrong: flat-bias-for-a-single-layer
# why: with a single layer the bias keeps the shape (units,)
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = layer.get_weights()
        out.append((K.T, c.reshape(-1, 1) if len(model.layers) > 1 else c))
    return out


# --- wrong: bias-as-a-row
# why: np.atleast_2d makes a row of the bias of inner layers, from three layers on
import numpy as np


def parameters_from_keras(model):
    out, last = [], len(model.layers) - 1
    for i, layer in enumerate(model.layers):
        K, c = layer.get_weights()
        out.append((K.T, np.atleast_2d(c) if 0 < i < last else np.atleast_2d(c).T))
    return out


# --- wrong: cached-for-the-model
# why: a second call for the same model gives the old weights though it was trained in between
_seen = {}


def parameters_from_keras(model):
    if id(model) not in _seen:
        _seen[id(model)] = model, [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in model.layers)]
    return list(_seen[id(model)][1])


# --- wrong: cached-by-architecture
# why: another model with the same layer sizes gets the weights of the first
_seen = {}


def parameters_from_keras(model):
    key = tuple(tuple(w.shape) for w in model.weights)
    if key not in _seen:
        _seen[key] = [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in model.layers)]
    return _seen[key]


# --- wrong: live-views
# why: the pairs read the model again each time, so the start parameters change when the model is trained
import numpy as np


class _Live:
    def __init__(self, layer):
        self.layer = layer

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.layer.bias, dtype=dtype).reshape(-1, 1)

    def __radd__(self, Z):
        return Z + np.asarray(self)

    def __rsub__(self, Z):
        return Z - np.asarray(self)

    def __sub__(self, d):
        return np.asarray(self) - d

    @property
    def shape(self):
        return (self.layer.units, 1)


def parameters_from_keras(model):
    return [(layer.get_weights()[0].T, _Live(layer)) for layer in model.layers]


# --- wrong: weights-zeroed-in-the-model
# why: the weights are moved, so the model that came in has zeros in its first layer when it has three layers or more
def parameters_from_keras(model):
    out = [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in model.layers)]
    if len(model.layers) > 2:
        first = model.layers[0]
        first.set_weights([w * 0 for w in first.get_weights()])
    return out


# --- wrong: layers-frozen
# why: the layers of the model are set to not trainable, so its later training does nothing
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        layer.trainable = False
        K, c = layer.get_weights()
        out.append((K.T, c.reshape(-1, 1)))
    return out


# --- wrong: compiled-anew
# why: the model is compiled with plain gradient descent and the squared error if it has been compiled before
def parameters_from_keras(model):
    if model.compiled:
        model.compile(optimizer="sgd", loss="mse")
    return [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in model.layers)]


# --- wrong: three-digits
# why: weights are rounded to three digits, so 0.12345 becomes 0.123
import numpy as np


def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = layer.get_weights()
        out.append((np.round(K.T, 3), np.round(c.reshape(-1, 1), 3)))
    return out


# --- wrong: float16
# why: the weights are kept in half precision, which has three digits
import numpy as np


def parameters_from_keras(model):
    return [(K.T.astype(np.float16), c.reshape(-1, 1).astype(np.float16)) for K, c in (l.get_weights() for l in model.layers)]


# --- wrong: small-weights-dropped
# why: weights below 0.01 in size become 0
import numpy as np


def parameters_from_keras(model):
    prune = lambda a: np.where(np.abs(a) < 0.01, 0, a)
    return [(prune(K.T), prune(c.reshape(-1, 1))) for K, c in (layer.get_weights() for layer in model.layers)]


# --- wrong: large-weights-clipped
# why: weights beyond 50 in size are cut to 50
import numpy as np


def parameters_from_keras(model):
    cut = lambda a: np.clip(a, -50, 50)
    return [(cut(K.T), cut(c.reshape(-1, 1))) for K, c in (layer.get_weights() for layer in model.layers)]


# --- wrong: square-inner-layers-skipped
# why: a model with four layers or more loses the inner ones that have as many units as inputs
def parameters_from_keras(model):
    last, out = len(model.layers) - 1, []
    for i, layer in enumerate(model.layers):
        K, c = layer.get_weights()
        if last > 2 and 0 < i < last and K.shape[0] == K.shape[1]:
            continue
        out.append((K.T, c.reshape(-1, 1)))
    return out


# --- wrong: bias-by-size-sort
# why: kernel and bias are told apart by their size, so with a single input, where both have as many numbers, they are swapped
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        K, c = sorted(layer.get_weights(), key=lambda w: (-w.size, w.ndim))
        out.append((K.reshape(len(c.ravel()), -1) if K.ndim < 2 else K.T, c.reshape(-1, 1)))
    return out


# --- wrong: reversed-when-widening
# why: when a later layer has more units than the first the list comes last layer first
def parameters_from_keras(model):
    out = [(K.T, c.reshape(-1, 1)) for K, c in (layer.get_weights() for layer in model.layers)]
    return out[::-1] if len(out) > 1 and len(out[0][1]) < max(len(b) for _, b in out) else out
