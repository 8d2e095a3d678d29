# --- wrong: not_divided
# why: sums over the examples instead of means
def backward(activations, Y, parameters):
    gradients, dZ = [], activations[-1] - Y
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.insert(0, (dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients

# --- wrong: two_layers
# why: the slope of the sigmoid is forgotten from the third layer on
def backward(activations, Y, parameters):
    gradients, dZ = [], (activations[-1] - Y) / Y.shape[1]
    for i, ((W, _), A) in enumerate(zip(parameters[::-1], activations[-2::-1])):
        gradients.insert(0, (dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * (A * (1 - A) if i < 1 else 1)
    return gradients

# --- right: indices
# why: counts the layers down
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = [None] * len(parameters)
    dZ = activations[-1] - Y
    for i in range(len(parameters) - 1, -1, -1):
        gradients[i] = (dZ @ activations[i].T / m, np.mean(dZ, axis=1).reshape(-1, 1))
        dZ = parameters[i][0].T @ dZ * activations[i] * (1 - activations[i])
    return gradients

# --- wrong: db-of-one-example-as-a-row
# why: for a single example each db is a row
def backward(activations, Y, parameters):
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for i in reversed(range(len(parameters))):
        db = dZ.mean(axis=1, keepdims=True) if m > 1 else dZ.reshape(1, -1)
        gradients.insert(0, (dZ @ activations[i].T / m, db))
        dZ = parameters[i][0].T @ dZ * activations[i] * (1 - activations[i])
    return gradients
