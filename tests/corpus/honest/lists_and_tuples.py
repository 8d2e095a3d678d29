# tries: returns lists where arrays are usual: what converts to the right array is right


def my_dense(a_in, W, b, g):
    return g(W @ a_in + b).tolist()


def gradient_step(parameters, gradients, alpha):
    return tuple([W - alpha * dW, b - alpha * db] for (W, b), (dW, db) in zip(parameters, gradients))
