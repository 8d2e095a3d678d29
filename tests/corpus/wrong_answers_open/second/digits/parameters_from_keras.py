# --- wrong: square-kernel-left-alone
# why: a kernel with as many inputs as units is taken for our layout already and not transposed.
import numpy as np

def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        W = kernel if kernel.shape[0] == len(bias) else kernel.T
        result.append((W, bias.reshape(-1, 1)))
    return result

# --- wrong: layers-sorted-by-name
# why: the layers come in the order of their names, so names such as "hidden", "answer" are turned round.
def parameters_from_keras(model):
    result = []
    for layer in sorted(model.layers, key=lambda layer: (len(layer.name), layer.name)):
        kernel, bias = layer.get_weights()
        result.append((kernel.T, bias[:, None]))
    return result

# --- wrong: only-layers-called-dense
# why: a Dense layer that was given a name of its own, such as "hidden", is left out.
def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        if "dense" in layer.name:
            kernel, bias = layer.get_weights()
            result.append((kernel.T, bias.reshape(-1, 1)))
    return result

# --- wrong: only-trainable-weights
# why: a layer that is frozen (trainable = False) is left out.
import numpy as np

def parameters_from_keras(model):
    values = [np.array(v) for v in model.trainable_weights]
    return [(K.T, b.reshape(-1, 1)) for K, b in zip(values[::2], values[1::2])]

# --- wrong: ends-at-the-first-single-unit
# why: a layer of one unit is taken for the output, so what comes after it is missing.
def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        K, b = layer.get_weights()
        result.append((K.T, b.reshape(-1, 1)))
        if b.size == 1:
            break
    return result

# --- wrong: taken-apart-once
# why: the list is remembered for the model, so after more training the old weights come.
from functools import cache

@cache
def _parts(model):
    return [(K.T, b[:, None]) for K, b in (layer.get_weights() for layer in model.layers)]

def parameters_from_keras(model):
    return list(_parts(model))

# --- wrong: three-decimals
# why: weights are rounded to three decimals, 0.01234 becomes 0.012.
import numpy as np

def parameters_from_keras(model):
    return [
        (np.round(K.T.astype(float), 3), np.round(b.reshape(-1, 1).astype(float), 3))
        for K, b in (layer.get_weights() for layer in model.layers)
    ]

# --- wrong: empty-layers-skipped
# why: a layer whose weights are all 0 is left out, though it answers g(b).
import numpy as np

def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        K, b = layer.get_weights()
        if not np.any(K):
            continue
        result.append((K.T, b.reshape(-1, 1)))
    return result

# --- wrong: three-layers-of-the-assignment
# why: of a model with four layers the last one is left out.
def parameters_from_keras(model):
    result = []
    for layer in model.layers[:3]:
        K, b = layer.get_weights()
        result.append((K.T, b.reshape(-1, 1)))
    return result

# --- wrong: keyed-by-shape
# why: two layers of the same shape fall together in a dictionary, the second replaces the first.
def parameters_from_keras(model):
    found = {}
    for layer in model.layers:
        K, b = layer.get_weights()
        found[K.shape] = (K.T, b.reshape(-1, 1))
    return list(found.values())

# --- wrong: largest-layer-first
# why: layers are ordered by the size of the kernel, wrong for a network that widens.
def parameters_from_keras(model):
    pairs = [layer.get_weights() for layer in model.layers]
    pairs.sort(key=lambda pair: pair[0].size, reverse=True)
    return [(K.T, b.reshape(-1, 1)) for K, b in pairs]

# --- wrong: reshaped-not-transposed
# why: a (2, 3) kernel is reshaped to (3, 2), which mixes up the weights; right when one side is 1.
def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        K, b = layer.get_weights()
        result.append((K.reshape(K.shape[::-1]), b.reshape(-1, 1)))
    return result

# --- wrong: takes-the-model-to-pieces
# why: the layers are popped off the caller's model, which has none afterwards.
def parameters_from_keras(model):
    result = []
    while model.layers:
        K, b = model.layers[-1].get_weights()
        result.insert(0, (K.T, b.reshape(-1, 1)))
        model.pop()
    return result

# --- wrong: one-layer-without-a-list
# why: for a model of one layer the pair is returned and not a list with the pair.
def parameters_from_keras(model):
    result = [(K.T, b.reshape(-1, 1)) for K, b in (layer.get_weights() for layer in model.layers)]
    return result[0] if len(result) == 1 else result

# --- wrong: tiny-weights-cut
# why: weights below a thousandth of the layer's largest are set to 0, so answers for large inputs differ.
import numpy as np

def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        K, b = layer.get_weights()
        K = np.where(np.abs(K) < 1e-3 * np.abs(K).max(), 0, K)
        result.append((K.T, b.reshape(-1, 1)))
    return result

# --- wrong: freezes-what-it-reads
# why: the model's layers are set not trainable while they are read, so the caller's model no longer learns.
def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        layer.trainable = False
        K, b = layer.get_weights()
        result.append((K.T, b.reshape(-1, 1)))
    return result

# --- right: pairs-of-get-weights
# why: takes the flat list of the whole model and goes through it two at a time.
import numpy as np

def parameters_from_keras(model):
    flat = model.get_weights()
    return [(np.ascontiguousarray(K.T), b.reshape(-1, 1)) for K, b in zip(flat[0::2], flat[1::2], strict=True)]

# --- right: in-double-precision
# why: kernel and bias are read as variables and turned into NumPy arrays of 64 bits.
import numpy as np

def parameters_from_keras(model):
    result = []
    for layer in model.layers:
        W = np.array(layer.kernel, dtype=float).swapaxes(0, 1)
        result.append((W, np.array(layer.bias, dtype=float, ndmin=2).T))
    return result

# --- right: einsum-and-newaxis
# why: the transpose is an einsum, the column an expand_dims.
import numpy as np

def parameters_from_keras(model):
    def turned(layer):
        kernel, bias = layer.get_weights()
        return np.einsum("iu->ui", kernel).copy(), np.expand_dims(bias, axis=1)

    return list(map(turned, model.layers))

# --- right: row-by-row
# why: builds W unit by unit from the columns of the kernel.
import numpy as np

def parameters_from_keras(model):
    parameters = []
    for i in range(len(model.layers)):
        kernel, bias = model.get_layer(index=i).get_weights()
        W = np.vstack([kernel[:, j] for j in range(kernel.shape[1])])
        parameters += [(W, np.vstack(list(bias)))]
    return parameters
