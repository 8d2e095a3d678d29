# --- wrong: uphill
# why: plus in place of minus
def gradient_step(parameters, gradients, alpha):
    return [(W + alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: no_alpha
# why: forgets the learning rate
def gradient_step(parameters, gradients, alpha):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: fixed_alpha
# why: a rate of 0.1, whatever comes
def gradient_step(parameters, gradients, alpha):
    return [(W - 0.1 * dW, b - 0.1 * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: weights_only
# why: the bias stays
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: in_place
# why: changes the caller's arrays
def gradient_step(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W -= alpha * dW
        b -= alpha * db
    return parameters

# --- wrong: last_layer_only
# why: the list is made anew in each turn
def gradient_step(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        out = [(W - alpha * dW, b - alpha * db)]
    return out

# --- wrong: first_layer_only
# why: the return stands inside the loop
def gradient_step(parameters, gradients, alpha):
    out = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        out.append((W - alpha * dW, b - alpha * db))
        return out

# --- wrong: step_only
# why: returns the step and not the new weights
def gradient_step(parameters, gradients, alpha):
    return [(alpha * dW, alpha * db) for dW, db in gradients]

# --- wrong: scaled_weights
# why: alpha before the bracket
def gradient_step(parameters, gradients, alpha):
    return [(alpha * (W - dW), alpha * (b - db)) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: unchanged
# why: computes local names and returns the old list
def gradient_step(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W = W - alpha * dW
        b = b - alpha * db
    return parameters

# --- wrong: divides
# why: divides by alpha
def gradient_step(parameters, gradients, alpha):
    return [(W - dW / alpha, b - db / alpha) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: reversed_gradients
# why: goes through the gradients from the back
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, reversed(gradients))]

# --- wrong: flat_list
# why: a flat list W1, b1, W2, b2
def gradient_step(parameters, gradients, alpha):
    out = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        out.append(W - alpha * dW)
        out.append(b - alpha * db)
    return out

# --- wrong: bias_sign
# why: the sign of the bias' step
def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- wrong: lists_of_lists
# why: the pair of lists, all W and then all b
def gradient_step(parameters, gradients, alpha):
    pairs = [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]
    return [W for W, _ in pairs], [b for _, b in pairs]

# --- wrong: bias_uses_dw
# why: the mean of dW for the bias
def gradient_step(parameters, gradients, alpha):
    return [
        (W - alpha * dW, b - alpha * dW.mean(axis=1, keepdims=True)) for (W, b), (dW, db) in zip(parameters, gradients)
    ]
