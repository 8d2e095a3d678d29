# --- right: compare-and-astype
# why: the last activation compared with the threshold
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold).astype(int)


# --- right: where
# why: np.where with 1.0 and 0.0, floats of the right values
import numpy as np


def predict(X, parameters, threshold=0.5):
    *_, P = forward(X, parameters)
    return np.where(P < threshold, 0.0, 1.0)


# --- right: mask-filled
# why: zeros with ones put in where the probability is large enough
import numpy as np


def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    labels = np.zeros(P.shape, dtype=int)
    labels[P >= threshold] = 1
    return labels


# --- right: example-by-example
# why: each example by my_sequential, labels in a nested list turned into an array
import numpy as np


def predict(X, parameters, threshold=0.5):
    answers = [my_sequential(X[:, [i]], parameters, sigmoid).item() for i in range(X.shape[1])]
    return np.array([[1 if p >= threshold else 0 for p in answers]])


# --- right: heaviside
# why: np.heaviside with 1 at zero of the difference to the threshold
import numpy as np


def predict(X, parameters, threshold=0.5):
    return np.heaviside(forward(X, parameters)[-1] - threshold, 1).astype(np.int64)


# --- right: negated-less
# why: one minus less-than, in int8
import numpy as np


def predict(X, parameters, threshold=0.5):
    return 1 - np.less(forward(X, parameters)[-1], threshold).astype(np.int8)


# --- wrong: greater-than-for-other-thresholds
# why: with a threshold of 0.75 a probability of exactly 0.75 gives 0 because only 0.5 has >=
import numpy as np


def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    return np.where(P == 0.5, P >= threshold, P > threshold).astype(int)


# --- wrong: rounding-at-one-half
# why: np.round takes 0.5 to 0, and the fix for exactly 0.5 is missing as soon as all probabilities are 0.5
import numpy as np


def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    if threshold == 0.5:
        R = np.round(P)
        return (R if np.ptp(P) == 0 else np.where(P == 0.5, 1, R)).astype(int)
    return (P >= threshold).astype(int)


# --- wrong: falsy-threshold
# why: a threshold of 0 counts as missing and becomes 0.5, so not every example is 1
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= (threshold or 0.5)).astype(int)


# --- wrong: threshold-one-is-everything
# why: a threshold of 1 is kept below 0.999, so a probability of 0.9995 gives 1
import numpy as np


def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= np.clip(threshold, 0.001, 0.999)).astype(int)


# --- wrong: tolerance-at-the-threshold
# why: a probability just below the threshold, by less than 1e-3, gives 1
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold - 1e-3).astype(int)


# --- wrong: probabilities-rounded-to-two
# why: 0.4975 with the threshold 0.5 is rounded to 0.5 and gives 1
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1].round(2) >= threshold).astype(int)


# --- wrong: threshold-rounded-to-one-digit
# why: a threshold of 0.95 is taken as 1.0 or 0.9 and one of 0.25 as 0.2
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= round(float(threshold), 1)).astype(int)


# --- wrong: low-thresholds-are-one-half
# why: a threshold below a half, like 0.2, acts as a half because Z is compared with 0 then
import numpy as np


def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-2] if len(parameters) > 1 else X
    W, b = parameters[-1]
    t = np.clip(threshold, 0.5, 1 - 1e-12)
    return (W @ A + b >= np.log(t / (1 - t))).astype(int)


# --- wrong: threshold-of-the-first-call
# why: the threshold of the first call is kept for all further ones
_first = []


def predict(X, parameters, threshold=0.5):
    _first.append(threshold)
    return (forward(X, parameters)[-1] >= _first[0]).astype(int)


# --- wrong: probabilities-cached-by-shape
# why: other examples of the same shape get the labels of the first ones, when the parameters are the same objects
_known = []


def predict(X, parameters, threshold=0.5):
    for shape, p, P in _known:
        if shape == X.shape and p is parameters:
            break
    else:
        P = forward(X, parameters)[-1]
        _known.append((X.shape, parameters, P))
    return (P >= threshold).astype(int)


# --- wrong: labels-in-a-reused-array
# why: labels of two calls with as many examples are the same array, so the first change with the second call
import numpy as np

_labels = {}


def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    out = _labels.setdefault(P.shape, np.zeros(P.shape, dtype=int))
    out[...] = P >= threshold
    return out


# --- wrong: flat-for-one-example
# why: a batch of one gives a plain number instead of an array of shape (1, 1)
def predict(X, parameters, threshold=0.5):
    labels = (forward(X, parameters)[-1] >= threshold).astype(int)
    return int(labels[0, 0]) if labels.size == 1 else labels


# --- wrong: flat-for-many-examples
# why: from four examples on the labels have the shape (m,) because of a squeeze
import numpy as np


def predict(X, parameters, threshold=0.5):
    labels = (forward(X, parameters)[-1] >= threshold).astype(int)
    return labels if labels.shape[1] < 4 else np.squeeze(labels)


# --- wrong: column-of-labels
# why: with more examples than features plus two the labels come as a column
def predict(X, parameters, threshold=0.5):
    labels = (forward(X, parameters)[-1] >= threshold).astype(int)
    return labels if X.shape[1] <= X.shape[0] + 2 else labels.T


# --- wrong: only-two-layers
# why: looks at the second activation, which isn't the last with three layers
def predict(X, parameters, threshold=0.5):
    activations = forward(X, parameters)
    return (activations[min(2, len(activations) - 1)][:1] >= threshold).astype(int)


# --- wrong: linear-hidden-layers-when-deep
# why: in nets with four layers it leaves out the sigmoid of the hidden layers
import numpy as np


def predict(X, parameters, threshold=0.5):
    A, L = X, len(parameters)
    for i, (W, b) in enumerate(parameters):
        Z = W @ A + b
        A = Z if L >= 4 and i < L - 1 else sigmoid(Z)
    return (A >= threshold).astype(int)


# --- wrong: median-split
# why: with more than four examples and probabilities all on one side of a half the middle one decides
import numpy as np


def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    if P.size > 4 and (P.min() > threshold or P.max() < threshold):
        threshold = np.median(P)
    return (P >= threshold).astype(int)


# --- wrong: scaled-to-the-largest
# why: probabilities are divided by the largest when that is below a half, so a batch of unlikely ones has a 1
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    if P.max() < 0.5:
        P = P / P.max()
    return (P >= threshold).astype(int)


# --- wrong: minus-one-for-zero
# why: with a threshold above 0.9 the other label is -1 instead of 0
import numpy as np


def predict(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] >= threshold, 1, 0 if threshold <= 0.9 else -1)


# --- wrong: low-threshold-turned
# why: a threshold below a half is taken for the one of the label 0, so 0.2 acts as 0.8
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= max(threshold, 1 - threshold)).astype(int)


# --- wrong: float16-probabilities
# why: in half precision a probability of 0.49999 is 0.5 and gives 1
import numpy as np


def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1].astype(np.float16) >= np.float16(threshold)).astype(int)


# --- wrong: integer-probabilities
# why: with whole-number X the probabilities are cut to 0 before they are compared, so only thresholds of 0 give 1
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1].astype(X.dtype) >= threshold).astype(int)


# --- wrong: in-percent
# why: a threshold from 1 on is read as percent, so 1.0 acts as 0.01
def predict(X, parameters, threshold=0.5):
    t = threshold / 100 if threshold >= 1 else threshold
    return (forward(X, parameters)[-1] >= t).astype(int)


# --- wrong: at-most-400-examples
# why: of 500 examples only the first 400 get labels, so the shape is wrong
def predict(X, parameters, threshold=0.5):
    return (forward(X[:, :400], parameters)[-1] >= threshold).astype(int)


# --- wrong: x-overwritten
# why: with more than three examples X is centred in place after the labels are found, so the next call sees other examples
def predict(X, parameters, threshold=0.5):
    P = forward(X, parameters)[-1]
    if X.shape[1] > 3 and X.dtype == float:
        X -= X.mean(axis=1, keepdims=True)
    return (P >= threshold).astype(int)
