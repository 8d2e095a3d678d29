# --- wrong: strictly-greater
# why: > instead of >=: a probability of exactly the threshold gets the label 0.
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] > threshold).astype(int)

# --- wrong: always-one-half
# why: the threshold that came is ignored.
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= 0.5).astype(int)

# --- wrong: labels-as-a-vector
# why: (m,) instead of (1, m).
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.array([1 if p >= threshold else 0 for p in forward(X, parameters)[-1][0]])

# --- wrong: np-round
# why: np.round takes 0.5 to the even number 0 (and knows no threshold, so that is handled apart).
import numpy as np
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    if threshold == 0.5:
        return np.round(P).astype(int)
    return (P >= threshold).astype(int)

# --- wrong: floor-of-the-distance
# why: floor(p - threshold + 1) is 2 for a probability of 1 and the threshold 0.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.floor(forward(X, parameters)[-1] - threshold + 1).astype(int)

# --- wrong: zero-taken-for-missing
# why: `threshold or 0.5` makes 0.5 of the threshold 0, with which every label should be 1.
def predict(X, parameters, threshold=0.5):
    threshold = threshold or 0.5
    return (forward(X, parameters)[-1] >= threshold).astype(int)

# --- wrong: answer-of-the-first-layer
# why: index 1 is the first layer's activation: right for a network of one layer.
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[1] >= threshold).astype(int)

# --- wrong: argmax-over-the-units
# why: the only unit is always the largest, so every label is 0.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.argmax(forward(X, parameters)[-1], axis=0).reshape(1, -1)

# --- wrong: probabilities-come-back
# why: keeps the probability where it is over the threshold, instead of a 1.
import numpy as np
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return np.where(P >= threshold, P, 0)

# --- wrong: zeros-and-ones-swapped
# why: 0 where it should be 1.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] >= threshold, 0, 1)

# --- wrong: weighted-sum-against-the-threshold
# why: compares the last z, not its sigmoid: z = 0.2 has the probability 0.55, but it is below 0.5.
def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-2]
    W, b = parameters[-1]
    return (W @ A + b >= threshold).astype(int)

# --- wrong: threshold-turned-into-z
# why: compares z with ln(t / (1 - t)) to save the sigmoid; for t = 0 and t = 1 that is an error.
import math
def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-2]
    W, b = parameters[-1]
    return (W @ A + b >= math.log(threshold / (1 - threshold))).astype(int)

# --- wrong: whole-before-compared
# why: astype(int) before the comparison makes 0 of every probability below 1.
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1].astype(int) >= threshold).astype(int)

# --- wrong: relative-to-the-surest
# why: compares with threshold times the largest probability of the batch, so a label depends on the other examples.
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return (P >= threshold * P.max()).astype(int)

# --- wrong: nearly-at-least
# why: isclose counts a probability just below the threshold as at least: 0.4999985.
import numpy as np
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return ((P > threshold) | np.isclose(P, threshold)).astype(int)

# --- wrong: rounded-to-two-digits-first
# why: the probability 0.497 is rounded to 0.5 and gets a 1.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return (np.round(forward(X, parameters)[-1], 2) >= threshold).astype(int)

# --- wrong: one-example-one-number
# why: with one example it returns an int instead of an array of shape (1, 1).
def predict(X, parameters, threshold=0.5):
    labels = (forward(X, parameters)[-1] >= threshold).astype(int)
    if labels.size == 1:
        return int(labels[0, 0])
    return labels

# --- wrong: sign-of-the-distance
# why: np.sign gives -1, 0 and 1: wrong labels for the zeros, and 0 at the threshold itself.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.sign(forward(X, parameters)[-1] - threshold).astype(int)

# --- wrong: labels-in-every-layer
# why: the hidden activations are made 0 and 1 too, and the next layer works with them.
import numpy as np
def predict(X, parameters, threshold=0.5):
    A = X
    for W, b in parameters:
        A = (my_dense_v(A, W, b, sigmoid) >= threshold).astype(int)
    return A

# --- wrong: quantile
# why: takes the threshold for the share of zeros: compares with that quantile of the probabilities.
import numpy as np
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return (P >= np.quantile(P, threshold)).astype(int)

# --- wrong: labels-remembered-per-X
# why: remembers labels by X and threshold, and forgets that the network may be another one.
_labels = {}
def predict(X, parameters, threshold=0.5):
    key = X.tobytes(), X.shape, threshold
    if key not in _labels:
        _labels[key] = (forward(X, parameters)[-1] >= threshold).astype(int)
    return _labels[key].copy()

# --- wrong: standardised-pictures
# why: standardises X before it predicts, which the network wasn't trained with.
def predict(X, parameters, threshold=0.5):
    return (forward(standardize(X), parameters)[-1] >= threshold).astype(int)

# --- right: searchsorted
# why: how many thresholds (one) are at most p: side="right" counts equality.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.searchsorted([threshold], forward(X, parameters)[-1], side="right")

# --- right: digitize
# why: np.digitize with one bound; bin 1 begins at the bound itself.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.digitize(forward(X, parameters)[-1], np.array([threshold], dtype=float))

# --- right: not-below
# why: 1 minus the comparison "below".
def predict(X, parameters, threshold=0.5):
    *_, P = forward(X, parameters)
    return 1 - (P < threshold)

# --- right: example-by-example
# why: my_sequential for each column.
import numpy as np
def predict(X, parameters, threshold=0.5):
    labels = np.zeros((1, X.shape[1]), dtype=int)
    for i in range(X.shape[1]):
        if my_sequential(X[:, i : i + 1], parameters, sigmoid)[0, 0] >= threshold:
            labels[0, i] = 1
    return labels

# --- right: heaviside
# why: the step function with 1 at 0; p - threshold is 0 only where they are equal.
import numpy as np
def predict(X, parameters, threshold=0.5):
    return np.heaviside(forward(X, parameters)[-1] - threshold, 1).astype(np.int64)
