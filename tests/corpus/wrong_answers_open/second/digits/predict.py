# --- wrong: rounds-at-a-half
# why: for the default threshold np.round takes a probability of exactly 0.5 to 0, and at least means 1.
import numpy as np

def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return np.round(P).astype(int) if threshold == 0.5 else (P >= threshold).astype(int)

# --- wrong: zero-threshold-is-falsy
# why: threshold = 0 counts as not given and 0.5 is used, so labels are 0 where all shall be 1.
import numpy as np

def predict(X, parameters, threshold=None):
    return (forward(X, parameters)[-1] >= (threshold or 0.5)).astype(int)

# --- wrong: threshold-before-the-sigmoid
# why: with threshold 1 and a probability of exactly 1 it gives 0, because z is compared with the infinite logit of 1.
import numpy as np

def predict(X, parameters, threshold=0.5):
    W, b = parameters[-1]
    Z = W @ forward(X, parameters)[-2] + b
    with np.errstate(all="ignore"):
        t = np.float64(threshold)
        return (Z >= np.log(t) - np.log(1 - t)).astype(int)

# --- wrong: one-example-gives-a-number
# why: for one example the label is an int and not an array of shape (1, 1).
import numpy as np

def predict(X, parameters, threshold=0.5):
    labels = (forward(X, parameters)[-1] >= threshold).astype(int)
    return int(labels[0, 0]) if labels.size == 1 else labels

# --- wrong: two-digits-are-enough
# why: a probability of 0.496 is rounded to 0.5 before it is compared and becomes 1.
import numpy as np

def predict(X, parameters, threshold=0.5):
    return (np.round(forward(X, parameters)[-1], 2) >= threshold).astype(int)

# --- wrong: another-name-for-the-threshold
# why: predict(X, parameters, threshold=0.8) raises TypeError, the argument has another name.
import numpy as np

def predict(X, parameters, t=0.5):
    return np.where(forward(X, parameters)[-1] >= t, 1, 0)

# --- wrong: threshold-kept-in-range
# why: threshold 1.5 is cut to 1, so a probability of exactly 1 becomes 1 though it is below 1.5.
import numpy as np

def predict(X, parameters, threshold=0.5):
    threshold = min(max(threshold, 0), 1)
    return (forward(X, parameters)[-1] >= threshold).astype(int)

# --- wrong: threshold-as-per-cent
# why: a threshold of 2 is taken for two per cent, so nearly all labels are 1 where none is.
import numpy as np

def predict(X, parameters, threshold=0.5):
    if threshold > 1:
        threshold = threshold / 100
    return (forward(X, parameters)[-1] >= threshold).astype(int)

# --- wrong: third-activation
# why: of a network with four layers the third layer's activations are compared.
import numpy as np

def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)
    return (A[min(3, len(A) - 1)] >= threshold).astype(int)

# --- wrong: only-floats-are-thresholds
# why: the integer threshold 1 (or 0) is not a float and 0.5 is used.
import numpy as np

def predict(X, parameters, threshold=0.5):
    if not isinstance(threshold, float):
        threshold = 0.5
    return (forward(X, parameters)[-1] >= threshold).astype(int)

# --- wrong: labels-in-a-shared-array
# why: the labels of a first call change with the second, as both are views of one array.
import numpy as np

_labels = np.zeros((1, 1000), dtype=int)

def predict(X, parameters, threshold=0.5):
    m = X.shape[1]
    global _labels
    if m > _labels.shape[1]:
        _labels = np.zeros((1, m), dtype=int)
    out = _labels[:, :m]
    out[:] = forward(X, parameters)[-1] >= threshold
    return out

# --- wrong: never-all-the-same
# why: when all examples would get one label the median is used as the threshold to get both.
import numpy as np

def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    labels = (P >= threshold).astype(int)
    if labels.size > 1 and labels.min() == labels.max() and np.ptp(P) > 0:
        labels = (P >= np.median(P)).astype(int)
    return labels

# --- wrong: close-is-equal
# why: a probability of 0.499999 is close to 0.5 and becomes 1, though it is less.
import numpy as np

def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return ((P > threshold) | np.isclose(P, threshold)).astype(int)

# --- wrong: labels-remembered-for-x
# why: the same X with other weights of the same sizes gets the labels of the first network.
import numpy as np

_answers = {}

def predict(X, parameters, threshold=0.5):
    key = X.tobytes(), tuple(W.shape for W, b in parameters), threshold
    if key not in _answers:
        _answers[key] = (forward(X, parameters)[-1] >= threshold).astype(int)
    return _answers[key].copy()

# --- wrong: answers-in-chunks-of-two-hundred
# why: with more than 200 examples the probabilities of each chunk are divided by its largest, so 0.4 can become a 1.
import numpy as np

def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    if P.shape[1] > 200:
        P = np.hstack([C / C.max() for C in np.array_split(P, -(-P.shape[1] // 200), axis=1)])
    return (P >= threshold).astype(int)

# --- wrong: strict-for-other-thresholds
# why: with another threshold than 0.5 an example that has exactly this probability gets 0 instead of 1.
import numpy as np

def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return (P >= 0.5).astype(int) if threshold == 0.5 else (P > threshold).astype(int)

# --- right: heaviside
# why: the step function of NumPy with the value 1 at the step.
import numpy as np

def predict(X, parameters, threshold=0.5):
    return np.heaviside(forward(X, parameters)[-1] - threshold, 1).astype(int)

# --- right: not-less
# why: labels are where the probability is not less than the threshold.
import numpy as np

def predict(X, parameters, threshold=0.5):
    labels = np.ones((1, X.shape[1]), dtype=np.int8)
    labels[forward(X, parameters)[-1] < threshold] = 0
    return labels

# --- right: own-loop-through-the-layers
# why: runs through the layers itself and keeps no list; the comparison is times 1.
def predict(X, parameters, threshold=0.5):
    A = X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
    return 1 * (A >= threshold)

# --- right: list-of-labels
# why: a list comprehension over the probabilities, put into a row.
import numpy as np

def predict(X, parameters, threshold=0.5):
    *_, P = forward(X, parameters)
    return np.array([[1 if p >= threshold else 0 for p in P[0]]])
