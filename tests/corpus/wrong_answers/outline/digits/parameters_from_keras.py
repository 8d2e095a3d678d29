# --- wrong: reshaped
# why: a kernel isn't transposed by reshape
def parameters_from_keras(model):
    weights = [layer.get_weights() for layer in model.layers]
    return [(kernel.reshape(kernel.shape[::-1]), bias.reshape(-1, 1)) for kernel, bias in weights]

# --- wrong: two_layers
# why: no more than two layers are read
def parameters_from_keras(model):
    weights = [layer.get_weights() for layer in model.layers[:2]]
    return [(kernel.T, bias.reshape(-1, 1)) for kernel, bias in weights]

# --- right: attributes
# why: kernel and bias by their names
def parameters_from_keras(model):
    return [(layer.kernel.numpy().T, layer.bias.numpy()[:, None]) for layer in model.layers]
