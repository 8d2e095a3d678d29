# --- wrong: kernel-as-it-is
# why: not transposed: (inputs, units) instead of (units, inputs).
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel, bias.reshape(-1, 1)))
    return parameters

# --- wrong: bias-as-a-vector
# why: (units,) instead of (units, 1): .T doesn't make a column of a vector.
def parameters_from_keras(model):
    return [(layer.get_weights()[0].T, layer.get_weights()[1].T) for layer in model.layers]

# --- wrong: bias-as-a-row
# why: (1, units) instead of (units, 1).
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(1, -1)))
    return parameters

# --- wrong: last-layer-first
# why: the list is turned round.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.insert(0, (kernel.T, bias[:, None]))
    return parameters

# --- wrong: reshaped-not-transposed
# why: reshape gives the right shape but keeps the order of the numbers; right for one input or one unit only.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.reshape(kernel.shape[1], kernel.shape[0]), bias.reshape(-1, 1)))
    return parameters

# --- wrong: transposed-only-when-it-must
# why: transposes when the shape isn't (units, inputs) already; a square kernel stays as it was.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        W, b = layer.get_weights()
        if W.shape[0] != len(b):
            W = W.T
        parameters.append((W, b.reshape(-1, 1)))
    return parameters

# --- wrong: one-flat-list
# why: [W1, b1, W2, b2] instead of pairs.
def parameters_from_keras(model):
    return [w.T if w.ndim == 2 else w.reshape(-1, 1) for w in model.get_weights()]

# --- wrong: bias-first
# why: pairs (b, W).
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((bias.reshape(-1, 1), kernel.T))
    return parameters

# --- wrong: trainable-weights-only
# why: a frozen layer isn't among the trainable weights and is left out.
def parameters_from_keras(model):
    arrays = [variable.numpy() for variable in model.trainable_weights]
    return [(kernel.T, bias.reshape(-1, 1)) for kernel, bias in zip(arrays[::2], arrays[1::2])]

# --- wrong: three-layers-exactly
# why: takes the layers 0, 1 and 2: an error for two, one left out for four.
def parameters_from_keras(model):
    W1, b1 = model.layers[0].get_weights()
    W2, b2 = model.layers[1].get_weights()
    W3, b3 = model.layers[2].get_weights()
    return [(W1.T, b1.reshape(-1, 1)), (W2.T, b2.reshape(-1, 1)), (W3.T, b3.reshape(-1, 1))]

# --- wrong: input-skipped
# why: takes layers[0] for the input; model.layers begins with the first Dense.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers[1:]:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- wrong: takes-the-model-apart
# why: pops the layers off the model, which has none left afterwards.
def parameters_from_keras(model):
    parameters = []
    while model.layers:
        kernel, bias = model.layers[-1].get_weights()
        parameters.insert(0, (kernel.T, bias.reshape(-1, 1)))
        model.pop()
    return parameters

# --- wrong: writes-into-the-model
# why: rounds the weights inside the model so that both sides agree to the last digit; the model should stay as it is.
import numpy as np
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        layer.set_weights([np.round(w, 3) for w in layer.get_weights()])
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- wrong: float16
# why: half precision keeps three digits; forward and model.predict agree to three only.
import numpy as np
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T.astype(np.float16), bias.reshape(-1, 1).astype(np.float16)))
    return parameters

# --- wrong: always-the-first-layer
# why: model.layers[0] inside the loop: every layer gets the first one's arrays.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = model.layers[0].get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- wrong: clone
# why: clone_model copies the layers but not the weights, which are new and random.
import tensorflow as tf
def parameters_from_keras(model):
    copy = tf.keras.models.clone_model(model)
    arrays = iter(copy.get_weights())
    return [(kernel.T, bias.reshape(-1, 1)) for kernel, bias in zip(arrays, arrays)]

# --- wrong: remembered-per-model
# why: a cache gives the weights of the first call, also when the model has been trained since.
from functools import cache
@cache
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- wrong: flipped
# why: takes np.rot90 for the transposition; the rows or columns come out in the opposite order.
import numpy as np
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((np.rot90(kernel), bias.reshape(-1, 1)))
    return parameters

# --- wrong: overlapping-pairs
# why: pairs each array with the next one: (K1, b1), (b1, K2), (K2, b2).
import numpy as np
def parameters_from_keras(model):
    arrays = model.get_weights()
    return [(np.atleast_2d(k).T, np.reshape(b, (-1, 1))) for k, b in zip(arrays, arrays[1:])]

# --- wrong: first-half-kernels
# why: takes the first half of get_weights() for kernels and the second for biases; right for one layer.
def parameters_from_keras(model):
    arrays = model.get_weights()
    half = len(arrays) // 2
    return [(kernel.T, bias.reshape(-1, 1)) for kernel, bias in zip(arrays[:half], arrays[half:])]

# --- wrong: sorted-by-name
# why: sorts the layers by name, and "dense_10" comes before "dense_9".
def parameters_from_keras(model):
    parameters = []
    for layer in sorted(model.layers, key=lambda layer: layer.name):
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- wrong: one-layer-per-size
# why: keeps the layers in a dict by their number of units: two of one size become one.
def parameters_from_keras(model):
    found = {}
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        found[layer.units] = (kernel.T, bias.reshape(-1, 1))
    return list(found.values())

# --- wrong: only-sigmoid-layers
# why: leaves out layers with another activation, but it is asked for the weights of a model, any model.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        if layer.activation.__name__ == "sigmoid":
            kernel, bias = layer.get_weights()
            parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- right: two-at-a-time
# why: one iterator used twice by zip makes the pairs.
import numpy as np
def parameters_from_keras(model):
    arrays = iter(model.get_weights())
    return [(np.transpose(kernel), bias[:, np.newaxis]) for kernel, bias in zip(arrays, arrays)]

# --- right: slices-of-get-weights
# why: every second array, from 0 and from 1, as 64-bit copies.
import numpy as np
def parameters_from_keras(model):
    w = [np.array(a, dtype=np.float64) for a in model.get_weights()]
    return [(w[i].T.copy(), w[i + 1].reshape(w[i + 1].size, 1)) for i in range(0, len(w), 2)]

# --- right: variables
# why: asks the layer's variables kernel and bias, with einsum and expand_dims.
import numpy as np
def parameters_from_keras(model):
    return [
        (np.einsum("ij->ji", np.asarray(layer.kernel)), np.expand_dims(np.asarray(layer.bias), axis=1))
        for layer in model.layers
    ]

# --- right: both-two-dimensional
# why: atleast_2d makes a row of the bias, then the same .T does for both.
import numpy as np
def parameters_from_keras(model):
    return [tuple(np.atleast_2d(a).T for a in layer.get_weights()) for layer in model.layers]

# --- right: unit-by-unit
# why: fills W row by row: row j is column j of the kernel.
import numpy as np
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        n, units = kernel.shape
        W, b = np.zeros((units, n)), np.zeros((units, 1))
        for j in range(units):
            W[j, :] = kernel[:, j]
            b[j, 0] = bias[j]
        parameters.append((W, b))
    return parameters
