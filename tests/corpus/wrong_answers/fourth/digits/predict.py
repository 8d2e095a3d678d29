# --- wrong: zero-is-no-threshold
# why: `threshold or 0.5` takes a threshold of 0 for a missing one and uses 0.5.
def predict(X, parameters, threshold=0.5):
    threshold = threshold or 0.5
    return (forward(X, parameters)[-1] >= threshold).astype(int)

# --- wrong: shifts-and-rounds
# why: rounds y_hat - threshold + 0.5; NumPy rounds 0.5 to the even 0, so a probability equal to the threshold gets 0.
import numpy as np
def predict(X, parameters, threshold=0.5):
    probabilities = forward(X, parameters)[-1]
    return np.clip(np.round(probabilities - threshold + 0.5), 0, 1).astype(int)

# --- wrong: standardizes-first
# why: the examples are standardized before the network sees them, though it was trained without.
def predict(X, parameters, threshold=0.5):
    probabilities = forward(standardize(X), parameters)[-1]
    return (probabilities >= threshold).astype(int)

# --- wrong: threshold-for-z
# why: compares z of the last layer, not its sigmoid, with the threshold; probabilities from 0.5 to 0.62 get 0.
def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-2]
    W, b = parameters[-1]
    return (W @ A + b >= threshold).astype(int)

# --- wrong: floor-division
# why: y_hat // threshold is 2, 3, ... where the threshold fits in more than once: for 0.2 the labels go up to 4.
def predict(X, parameters, threshold=0.5):
    probabilities = forward(X, parameters)[-1]
    return (probabilities // threshold).astype(int)
