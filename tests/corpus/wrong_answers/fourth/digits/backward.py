# --- wrong: subtracts-in-the-activation
# why: dZ -= Y writes into the last array of activations; the gradients are right but the caller's predictions are gone.
def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1]
    dZ -= Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A_in, W = activations[l], parameters[l][0]
        gradients.insert(0, (dZ @ A_in.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (W.T @ dZ) * A_in * (1 - A_in)
    return gradients

# --- wrong: long-form-at-the-output
# why: divides by a and 1 - a, which is 0/0, nan, when the network is so confident that a is exactly 0 or 1.
def backward(activations, Y, parameters):
    m = Y.shape[1]
    A = activations[-1]
    dA = -Y / A + (1 - Y) / (1 - A)
    dZ = dA * A * (1 - A)
    gradients = []
    for l in reversed(range(len(parameters))):
        A_in, W = activations[l], parameters[l][0]
        gradients.insert(0, (dZ @ A_in.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = (W.T @ dZ) * A_in * (1 - A_in)
    return gradients

# --- wrong: mean-error-goes-back
# why: the error handed to the layer before is the mean over the examples instead of an error for each; right for one example or one layer.
def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A_in, W = activations[l], parameters[l][0]
        dW = dZ @ A_in.T / m
        db = dZ.mean(axis=1, keepdims=True)
        gradients.insert(0, (dW, db))
        dZ = (W.T @ db) * A_in * (1 - A_in)
    return gradients

# --- wrong: slope-of-sigmoid-of-a
# why: puts the activation through the sigmoid again before taking s(1 - s); the last layer is right.
def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        A_in, W = activations[l], parameters[l][0]
        gradients.insert(0, (dZ @ A_in.T / m, dZ.sum(axis=1, keepdims=True) / m))
        s = sigmoid(A_in)
        dZ = (W.T @ dZ) * s * (1 - s)
    return gradients

# --- wrong: one-db-for-the-whole-layer
# why: the mean is taken over units and examples together, so all units get the same db; right for layers of one unit.
import numpy as np
def backward(activations, Y, parameters):
    m = Y.shape[1]
    dZ = activations[-1] - Y
    gradients = []
    for l in reversed(range(len(parameters))):
        W, b = parameters[l]
        A_in = activations[l]
        gradients.insert(0, (dZ @ A_in.T / m, np.full(b.shape, np.mean(dZ))))
        dZ = (W.T @ dZ) * A_in * (1 - A_in)
    return gradients
