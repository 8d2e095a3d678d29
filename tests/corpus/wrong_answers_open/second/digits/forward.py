# --- wrong: buffers-kept-between-calls
# why: the activations of a first call are overwritten by a second call with a batch of the same size.
import numpy as np

_kept = {}

def forward(X, parameters):
    activations = [X]
    for l, (W, b) in enumerate(parameters):
        key = l, W.shape[0], X.shape[1]
        A = _kept.setdefault(key, np.empty(key[1:]))
        A[:] = sigmoid(W @ activations[-1] + b)
        activations.append(A)
    return activations

# --- wrong: probabilities-kept-off-the-ends
# why: a probability of 0.998 is clipped to 0.99 to make the cost finite.
import numpy as np

def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(sigmoid(W @ activations[-1] + b))
    activations[-1] = np.clip(activations[-1], 0.01, 0.99)
    return activations

# --- wrong: three-layers-at-most
# why: with four layers in parameters the list has four entries instead of five.
import numpy as np

def forward(X, parameters):
    result = [X]
    for l in (1, 2, 3):
        if l <= len(parameters):
            W, b = parameters[l - 1]
            result.append(sigmoid(W @ result[l - 1] + b))
    return result

# --- wrong: divides-pixels-by-255
# why: features above 10 are taken for raw pixels and divided by 255, so all activations and the first entry differ.
import numpy as np

def forward(X, parameters):
    if X.max() > 10:
        X = X / 255
    activations = [X]
    for W, b in parameters:
        activations.append(sigmoid(W @ activations[-1] + b))
    return activations

# --- wrong: rows-when-it-fits
# why: a batch as large as the number of features is taken for rows and transposed.
import numpy as np

def forward(X, parameters):
    n = parameters[0][0].shape[1]
    A = X.T if X.shape[1] == n and X.shape[1] > 1 else X
    activations = [A]
    for W, b in parameters:
        A = sigmoid(W @ A + b)
        activations.append(A)
    return activations

# --- wrong: activations-in-the-type-of-x
# why: for X of integers every activation is cut to 0 or 1.
import numpy as np

def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        A = np.empty((W.shape[0], X.shape[1]), X.dtype)
        A[...] = sigmoid(W @ activations[-1] + b)
        activations.append(A)
    return activations

# --- wrong: flat-bias-when-it-broadcasts
# why: when a layer has as many units as there are examples its bias is added as a row.
import numpy as np

def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        Z = W @ activations[-1]
        bias = b.ravel()
        activations.append(sigmoid(Z + (bias if bias.size in (1, Z.shape[1]) else b)))
    return activations

# --- wrong: memo-by-x-and-sizes
# why: after a step of training the same X with new weights gets the activations of the old weights.
import numpy as np

_memo = {}

def forward(X, parameters):
    key = X.tobytes(), X.shape, tuple(W.shape for W, _ in parameters)
    if key not in _memo:
        out = [X]
        for W, b in parameters:
            out.append(sigmoid(W @ out[-1] + b))
        _memo[key] = out
    return list(_memo[key])

# --- wrong: one-example-flattened
# why: for one example (m = 1) the activations have the shape (units,) instead of (units, 1).
import numpy as np

def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(sigmoid(W @ activations[-1] + b))
    if X.shape[1] == 1:
        activations[1:] = [A.ravel() for A in activations[1:]]
    return activations

# --- wrong: whole-blocks-only
# why: of 300 examples only the first 256 get an answer, those of the incomplete block stay 0.
import numpy as np

def forward(X, parameters):
    m, size = X.shape[1], 256
    activations = [X] + [np.zeros((W.shape[0], m)) for W, b in parameters]
    parts = [slice(None)] if m < size else [slice(k * size, (k + 1) * size) for k in range(m // size)]
    for part in parts:
        A = X[:, part]
        for l, (W, b) in enumerate(parameters, start=1):
            A = sigmoid(W @ A + b)
            activations[l][:, part] = A
    return activations

# --- wrong: tied-layers-from-a-table
# why: when the same (W, b) stands in the list twice the second gets the stored activation of the first.
import numpy as np

def forward(X, parameters):
    table, A = {}, X
    activations = [X]
    for W, b in parameters:
        if id(W) not in table:
            table[id(W)] = sigmoid(W @ A + b)
        A = table[id(W)]
        activations.append(A)
    return activations

# --- wrong: cache-in-the-parameters
# why: (W, b) in the caller's list is replaced by (W, b, A), as in courses with caches, so the list cannot be used again.
import numpy as np

def forward(X, parameters):
    A = X
    activations = [A]
    for l, layer in enumerate(parameters):
        W, b = layer
        A = sigmoid(W @ A + b)
        parameters[l] = (W, b, A)
        activations.append(A)
    return activations

# --- wrong: stops-when-nothing-changes
# why: a layer that answers the same numbers it was given ends the loop, and the list is too short.
import numpy as np

def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        A = sigmoid(W @ activations[-1] + b)
        activations.append(A)
        if A.shape == activations[-2].shape and np.allclose(A, activations[-2], atol=1e-3):
            break
    return activations

# --- wrong: only-unique-columns
# why: examples that occur twice in the batch are computed once and sorted, so m and the order change.
import numpy as np

def forward(X, parameters):
    U = np.unique(X, axis=1)
    if U.shape != X.shape:
        X = U
    activations = [X]
    for W, b in parameters:
        activations.append(sigmoid(W @ activations[-1] + b))
    return activations

# --- wrong: equal-shapes-stacked
# why: hidden layers of equal size share one array that is written again for each, so all of them show the last.
import numpy as np

def forward(X, parameters):
    hidden = {}
    activations = [X]
    for l, (W, b) in enumerate(parameters):
        A = sigmoid(W @ activations[-1] + b)
        if l < len(parameters) - 1:
            store = hidden.setdefault(A.shape, np.empty_like(A))
            store[:] = A
            A = store
        activations.append(A)
    return activations

# --- right: accumulate
# why: itertools.accumulate makes the list of all activations in one expression.
from itertools import accumulate

def forward(X, parameters):
    return list(accumulate(parameters, lambda A, layer: my_dense_v(A, *layer, sigmoid), initial=X))

# --- right: filled-by-index
# why: a list of None is made first and filled by index.
import numpy as np

def forward(X, parameters):
    L = len(parameters)
    A = [None] * (L + 1)
    A[0] = X
    for l in range(1, L + 1):
        W, b = parameters[l - 1]
        A[l] = sigmoid(np.dot(W, A[l - 1]) + b)
    return A

# --- right: recursive-tail
# why: the activations of the later layers come from a recursive call.
def forward(X, parameters):
    if len(parameters) == 0:
        return [X]
    (W, b), *rest = parameters
    return [X, *forward(sigmoid(W @ X + b), rest)]

# --- right: one-example-at-a-time
# why: runs each example on its own and puts the columns side by side in the end.
import numpy as np

def forward(X, parameters):
    result = [X]
    for W, b in parameters:
        before = result[-1]
        columns = [sigmoid(W @ before[:, [i]] + b) for i in range(before.shape[1])]
        result.append(np.concatenate(columns, axis=1))
    return result

# --- right: generator-inside
# why: a generator yields the activations and the list is made from it; the first entry is a copy of X.
def _walk(A, parameters):
    yield A
    for W, b in parameters:
        A = sigmoid(W.dot(A) + b)
        yield A

def forward(X, parameters):
    return [*_walk(X.copy(), parameters)]
