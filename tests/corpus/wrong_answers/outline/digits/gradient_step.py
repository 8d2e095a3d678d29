# --- wrong: in_place
# why: changes the arrays that came in
def gradient_step(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W -= alpha * dW
        b -= alpha * db
    return parameters

# --- wrong: small_rates_alone
# why: the learning rate is cut at 1
def gradient_step(parameters, gradients, alpha):
    alpha = min(alpha, 1)
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]

# --- right: copies
# why: works on copies
def gradient_step(parameters, gradients, alpha):
    new = [(W.astype(float), b.astype(float)) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients):
        W -= alpha * dW
        b -= alpha * db
    return new
