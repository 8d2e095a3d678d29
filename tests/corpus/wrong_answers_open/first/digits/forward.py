# --- right: loop-with-my-dense-v
# why: appends what each layer returns
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


# --- right: accumulate
# why: itertools.accumulate gives X and the answer of each layer
from itertools import accumulate


def forward(X, parameters):
    return list(accumulate(parameters, lambda A, layer: my_dense_v(A, *layer, sigmoid), initial=X))


# --- right: generator-in-list
# why: a generator yields X and then each activation
def _layers(X, parameters):
    yield X
    for W, b in parameters:
        X = sigmoid(W @ X + b)
        yield X


def forward(X, parameters):
    return list(_layers(X, parameters))


# --- right: recursive
# why: the first layer, then the rest
def forward(X, parameters):
    if not parameters:
        return [X]
    W, b = parameters[0]
    return [X] + forward(sigmoid(W.dot(X) + b), parameters[1:])


# --- right: tanh-form-own-sigmoid
# why: another stable formula of the sigmoid and a copy of X at the start
import numpy as np


def forward(X, parameters):
    out = [np.array(X, dtype=float)]
    for layer in parameters:
        Z = np.einsum("ij,jm->im", layer[0], out[-1]) + layer[1]
        out.append((np.tanh(Z / 2) + 1) / 2)
    return out


# --- right: column-by-column
# why: each example on its own, put together with hstack
import numpy as np


def forward(X, parameters):
    out = [X]
    for W, b in parameters:
        A = out[-1]
        out.append(np.hstack([my_dense(A[:, [i]], W, b, sigmoid) for i in range(A.shape[1])]))
    return out


# --- wrong: at-most-four-layers
# why: with eight layers the list ends with A4
def forward(X, parameters):
    activations = [X]
    for W, b in parameters[:4]:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


# --- wrong: linear-hidden-layer-when-deep
# why: from four layers on the first one is left without the sigmoid
def forward(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        g = (lambda z: z) if i == 0 and len(parameters) >= 4 else sigmoid
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations


# --- wrong: relu-inside-for-three-layers
# why: hidden layers from the second on have ReLU, which shows from three layers
import numpy as np


def forward(X, parameters):
    activations, last = [X], len(parameters) - 1
    for i, (W, b) in enumerate(parameters):
        g = (lambda z: np.maximum(z, 0)) if 0 < i < last else sigmoid
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations


# --- wrong: softmax-in-wide-layers
# why: a hidden layer of three units or more gets a softmax over its units instead of the sigmoid
import numpy as np


def _softmax(Z):
    E = np.exp(Z - Z.max(axis=0, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, _softmax if len(b) > 2 else sigmoid))
    return activations


# --- wrong: same-list-item-overwritten
# why: a layer that keeps the size writes into the array of the layer before, so two entries of the list are one
def forward(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        A = sigmoid(W @ activations[-1] + b)
        if i and A.shape == activations[-1].shape and len(A) > 1:
            activations[-1][...] = A
            A = activations[-1]
        activations.append(A)
    return activations


# --- wrong: first-activation-in-place-of-x
# why: a first layer with as many units as features overwrites X
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        Z = W @ activations[-1] + b
        A = sigmoid(Z)
        if Z.shape == X.shape and X.dtype == float and len(X) > 1 and len(activations) == 1:
            X[...] = A
            A = X
        activations.append(A)
    return activations


# --- wrong: cache-by-shapes
# why: a second call with the same X object and same layer sizes gives the old activations though the parameters have changed
_last = {}


def forward(X, parameters):
    key = (X.tobytes(), tuple(W.shape for W, _ in parameters))
    if key not in _last:
        activations = [X.copy()]
        for W, b in parameters:
            activations.append(my_dense_v(activations[-1], W, b, sigmoid))
        _last[key] = activations
    return list(_last[key])


# --- wrong: reused-buffers
# why: the activations are written into arrays kept for each shape, so the lists of two calls hold the same numbers
import numpy as np

_buffers = {}


def forward(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        shape = (W.shape[0], X.shape[1])
        buffer = _buffers.setdefault((i, shape), np.empty(shape))
        buffer[...] = sigmoid(W @ activations[-1] + b)
        activations.append(buffer)
    return activations


# --- wrong: one-list-for-all-calls
# why: with more than two layers the list that is returned is kept and refilled in the next call
_list = []


def forward(X, parameters):
    if len(parameters) < 3:
        out = []
    else:
        out = _list
        out.clear()
    out.append(X)
    for W, b in parameters:
        out.append(my_dense_v(out[-1], W, b, sigmoid))
    return out


# --- wrong: clipped-probabilities
# why: every activation is kept within 0.01 and 0.99, so strong examples have other values
import numpy as np


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(np.clip(my_dense_v(activations[-1], W, b, sigmoid), 0.01, 0.99))
    return activations


# --- wrong: last-clipped-at-a-thousandth
# why: probabilities below 0.001 and above 0.999 are moved, to please the logarithm
import numpy as np


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    activations[-1] = np.clip(activations[-1], 1e-3, 1 - 1e-3)
    return activations


# --- wrong: z-clipped-at-5
# why: weighted sums beyond 5 are cut to 5, so an activation of 0.9999 becomes 0.9933
import numpy as np


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(sigmoid(np.clip(W @ activations[-1] + b, -5, 5)))
    return activations


# --- wrong: square-w-transposed
# why: a layer with as many units as inputs is multiplied the wrong way round
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        K = W.T if W.shape[0] == W.shape[1] else W
        activations.append(my_dense_v(activations[-1], K, b, sigmoid))
    return activations


# --- wrong: bias-row-when-it-fits
# why: with as many examples as units a flat bias is added to the rows instead of the columns
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        bias = b.ravel() if len(b) == X.shape[1] > 1 else b
        activations.append(sigmoid(W @ activations[-1] + bias))
    return activations


# --- wrong: activations-take-the-dtype-of-x
# why: an integer X gives activations of 0 only
import numpy as np


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid).astype(X.dtype))
    return activations


# --- wrong: integer-parameters-cut
# why: whole-number biases make the activation be stored in whole numbers
import numpy as np


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        A = np.repeat(b, X.shape[1], axis=1)
        A[...] = sigmoid(W @ activations[-1] + b)
        activations.append(A)
    return activations


# --- wrong: repeated-layer-left-out
# why: the same (W, b) twice in the list counts only once, so the list is too short
def forward(X, parameters):
    activations, seen = [X], []
    for layer in parameters:
        if any(layer is old for old in seen):
            continue
        seen.append(layer)
        activations.append(my_dense_v(activations[-1], *layer, sigmoid))
    return activations


# --- wrong: flat-probabilities-for-one-example
# why: for a batch of one example and three layers the last entry has the shape (1,) instead of (1, 1)
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    if X.shape[1] == 1 and len(parameters) >= 3:
        activations[-1] = activations[-1][:, 0]
    return activations


# --- wrong: batches-of-64-only-last-kept
# why: with more than 64 examples only the last activation is put together from the parts, the others belong to the last part
import numpy as np


def forward(X, parameters):
    lasts = []
    for start in range(0, X.shape[1], 64):
        activations = [X[:, start : start + 64]]
        for W, b in parameters:
            activations.append(my_dense_v(activations[-1], W, b, sigmoid))
        lasts.append(activations[-1])
    activations[0] = X
    activations[-1] = np.hstack(lasts)
    return activations


# --- wrong: scaled-to-0-and-1
# why: an X with values beyond 20 is thought to hold raw pixels and divided by 255
import numpy as np


def forward(X, parameters):
    activations = [X / 255 if np.abs(X).max() > 20 else X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


# --- wrong: hard-sigmoid-tail
# why: activations below 0.002 are set to 0 and above 0.998 to 1
import numpy as np


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        A = my_dense_v(activations[-1], W, b, sigmoid)
        activations.append(np.where(A < 0.002, 0.0, np.where(A > 0.998, 1.0, A)))
    return activations


# --- wrong: bias-missing-in-deep-layers
# why: from the third layer on the bias is forgotten
def forward(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        activations.append(my_dense_v(activations[-1], W, b if i < 2 else 0, sigmoid))
    return activations


# --- wrong: z-kept-for-the-hidden-layers
# why: with three layers or more the entries of the inner layers are Z instead of A, though the last is right
def forward(X, parameters):
    entries, A = [X], X
    for i, (W, b) in enumerate(parameters):
        Z = W @ A + b
        A = sigmoid(Z)
        entries.append(Z if 0 < i < len(parameters) - 1 else A)
    return entries
