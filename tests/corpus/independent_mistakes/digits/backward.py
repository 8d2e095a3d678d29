# --- wrong: no_mean
# why: forgets 1/m in both
def backward(activations, Y, parameters):
    out, dZ = [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: no_mean_db
# why: forgets 1/m in db
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True)))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: no_mean_dw
# why: forgets 1/m in dW
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: reversed_list
# why: last layer first
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.append((dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: sign
# why: Y - A at the output
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], Y - activations[-1]
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: no_slope
# why: forgets a(1 - a) going back
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ
    return out

# --- wrong: slope_at_output
# why: multiplies the output error by a(1 - a)
def backward(activations, Y, parameters):
    m, out, AL = Y.shape[1], [], activations[-1]
    dZ = (AL - Y) * AL * (1 - AL)
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: slope_of_square
# why: 1 - a^2, the slope of tanh
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * (1 - A**2)
    return out

# --- wrong: flat_db
# why: forgets keepdims
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: mean_of_all
# why: db is the mean over everything
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        db = np.full_like(parameters[l][1], dZ.mean(), dtype=float)
        out.insert(0, (dZ @ A.T / m, db))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: divided_twice
# why: divides dZ by m and the gradients again
def backward(activations, Y, parameters):
    m, out = Y.shape[1], []
    dZ = (activations[-1] - Y) / m
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: m_is_features
# why: m taken from the first axis of X
def backward(activations, Y, parameters):
    m, out, dZ = activations[0].shape[0], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: two_layers_only
# why: written for two layers
def backward(activations, Y, parameters):
    X, A1, A2 = activations
    m = Y.shape[1]
    dZ2 = A2 - Y
    dZ1 = parameters[1][0].T @ dZ2 * A1 * (1 - A1)
    return [
        (dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m),
        (dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m),
    ]

# --- wrong: zeros_first_layer
# why: the loop doesn't reach the first layer
def backward(activations, Y, parameters):
    m, dZ = Y.shape[1], activations[-1] - Y
    out = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in parameters]
    for l in range(len(parameters) - 1, 0, -1):
        A = activations[l]
        out[l] = (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m)
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: swapped_pair
# why: (db, dW) in place of (dW, db)
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ.sum(axis=1, keepdims=True) / m, dZ @ A.T / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: transposed_dw
# why: A dZ^T in place of dZ A^T
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (A @ dZ.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: dw_only
# why: returns the list of dW alone
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, dZ @ A.T / m)
        dZ = parameters[l][0].T @ dZ * A * (1 - A)
    return out

# --- wrong: error_not_passed_on
# why: every layer's error is computed from the output's (first hidden only)
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = np.ones((A.shape[0], 1)) @ dZ.mean(axis=0, keepdims=True) * A * (1 - A)
    return out

# --- wrong: activation_of_next
# why: uses the slope of the wrong activation at the front
def backward(activations, Y, parameters):
    m, out, dZ = Y.shape[1], [], activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A = activations[l]
        out.insert(0, (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m))
        dZ = parameters[l][0].T @ dZ * A
    return out
