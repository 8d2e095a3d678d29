# --- wrong: reshaped-not-transposed
# why: reshape gives the shape (units, n_in) but reads the numbers row by row, so the weights are shuffled.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        n_in, units = kernel.shape
        parameters.append((kernel.reshape(units, n_in), bias.reshape(units, 1)))
    return parameters

# --- wrong: biases-start-at-zero
# why: takes zeros for the biases, which is right for a new model but not for a trained one.
import numpy as np
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        W = layer.get_weights()[0].T
        parameters.append((W, np.zeros((W.shape[0], 1))))
    return parameters

# --- wrong: first-layer-taken-for-the-input
# why: leaves out model.layers[0] as the input layer, but Sequential doesn't list the input there.
def parameters_from_keras(model):
    parameters = []
    for layer in model.layers[1:]:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters

# --- wrong: pairs-that-overlap
# why: takes entries i and i + 1 of the flat list for layer i instead of 2i and 2i + 1; right for a single layer.
def parameters_from_keras(model):
    weights = model.get_weights()
    parameters = []
    for i in range(len(model.layers)):
        parameters.append((weights[i].T, weights[i + 1].reshape(-1, 1)))
    return parameters

# --- wrong: largest-layer-first
# why: sorts the layers by their number of inputs; right while the layers get smaller, wrong when a layer is wider than the one before.
def parameters_from_keras(model):
    layers = sorted(model.layers, key=lambda layer: -layer.get_weights()[0].shape[0])
    parameters = []
    for layer in layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.transpose(), bias[:, None]))
    return parameters
