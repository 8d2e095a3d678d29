# --- wrong: not_transposed
# why: keeps the kernel as it is
def parameters_from_keras(model):
    return [(W, b.reshape(-1, 1)) for W, b in (layer.get_weights() for layer in model.layers)]

# --- wrong: flat_bias
# why: keeps the bias flat
def parameters_from_keras(model):
    return [(W.T, b) for W, b in (layer.get_weights() for layer in model.layers)]

# --- wrong: row_bias
# why: the bias as a row
def parameters_from_keras(model):
    return [(W.T, b.reshape(1, -1)) for W, b in (layer.get_weights() for layer in model.layers)]

# --- wrong: flat_list
# why: a flat list, as model.get_weights gives it
def parameters_from_keras(model):
    out = []
    for layer in model.layers:
        W, b = layer.get_weights()
        out += [W.T, b.reshape(-1, 1)]
    return out

# --- wrong: as_keras
# why: returns model.get_weights()
def parameters_from_keras(model):
    return model.get_weights()

# --- wrong: reshaped
# why: reshape in place of the transpose
def parameters_from_keras(model):
    return [(W.reshape(W.shape[::-1]), b.reshape(-1, 1)) for W, b in (layer.get_weights() for layer in model.layers)]

# --- wrong: reversed_layers
# why: last layer first
def parameters_from_keras(model):
    return [(W.T, b.reshape(-1, 1)) for W, b in (layer.get_weights() for layer in model.layers[::-1])]

# --- wrong: swapped
# why: (b, W)
def parameters_from_keras(model):
    return [(b.reshape(-1, 1), W.T) for W, b in (layer.get_weights() for layer in model.layers)]

# --- wrong: three_layers
# why: three layers, whatever comes
def parameters_from_keras(model):
    W1, b1, W2, b2, W3, b3 = model.get_weights()
    return [(W1.T, b1.reshape(-1, 1)), (W2.T, b2.reshape(-1, 1)), (W3.T, b3.reshape(-1, 1))]

# --- wrong: skips_first
# why: takes the first layer for the input
def parameters_from_keras(model):
    return [(W.T, b.reshape(-1, 1)) for W, b in (layer.get_weights() for layer in model.layers[1:])]

# --- wrong: weights_only
# why: forgets the biases
def parameters_from_keras(model):
    return [layer.get_weights()[0].T for layer in model.layers]

# --- wrong: zero_bias
# why: zeros for the biases
def parameters_from_keras(model):
    return [
        (W.T, np.zeros((len(b), 1))) for W, b in (layer.get_weights() for layer in model.layers)
    ]

# --- wrong: rounded
# why: rounds to four places
def parameters_from_keras(model):
    return [
        (W.T.round(4), b.reshape(-1, 1).round(4)) for W, b in (layer.get_weights() for layer in model.layers)
    ]

# --- wrong: clears_model
# why: sets the model's weights to 0 afterwards
def parameters_from_keras(model):
    out = [(W.T, b.reshape(-1, 1)) for W, b in (layer.get_weights() for layer in model.layers)]
    model.set_weights([0 * w for w in model.get_weights()])
    return out
