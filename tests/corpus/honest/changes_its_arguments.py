# tries: updates the parameters that came in: right numbers, but the caller's arrays are gone
# expect: gradient_step error 2


def gradient_step(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W -= alpha * dW
        b -= alpha * db
    return parameters
