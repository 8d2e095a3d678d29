# --- wrong: input-not-in-the-list
# why: [A1, ..., AL] instead of [X, A1, ..., AL]: one entry too few.
def forward(X, parameters):
    activations, A = [], X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
        activations.append(A)
    return activations

# --- wrong: keeps-Z
# why: keeps and hands on the weighted sums; the sigmoid is missing.
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(W @ activations[-1] + b)
    return activations

# --- wrong: relu-in-the-hidden-layers
# why: hidden layers with max(0, z), the sigmoid at the end only; right for a single layer.
import numpy as np
def forward(X, parameters):
    activations = [X]
    for l, (W, b) in enumerate(parameters, start=1):
        g = sigmoid if l == len(parameters) else (lambda Z: np.maximum(0, Z))
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations

# --- wrong: each-layer-from-X
# why: each layer works on X: an error when the shapes don't fit, wrong numbers when they do.
def forward(X, parameters):
    return [X] + [my_dense_v(X, W, b, sigmoid) for W, b in parameters]

# --- wrong: last-layer-linear
# why: the last entry is Z, not a probability.
def forward(X, parameters):
    activations = [X]
    for W, b in parameters[:-1]:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    W, b = parameters[-1]
    activations.append(W @ activations[-1] + b)
    return activations

# --- wrong: newest-first
# why: puts each activation at the front, so the list is [AL, ..., X].
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.insert(0, my_dense_v(activations[0], W, b, sigmoid))
    return activations

# --- wrong: only-the-probabilities
# why: returns the last activation alone.
def forward(X, parameters):
    A = X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
    return A

# --- wrong: one-layer-too-few
# why: range(1, L) makes L - 1 layers.
def forward(X, parameters):
    activations = [X]
    for l in range(1, len(parameters)):
        W, b = parameters[l - 1]
        activations.append(my_dense_v(activations[l - 1], W, b, sigmoid))
    return activations

# --- wrong: examples-as-rows
# why: turns X round to rows: an error unless n = m, and then other numbers.
def forward(X, parameters):
    activations = [X]
    A = X.T
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
        activations.append(A)
    return activations

# --- wrong: list-in-the-default-argument
# why: the list of the default argument is kept: the second call returns the activations of both.
def forward(X, parameters, activations=[]):
    activations.append(X)
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations

# --- wrong: layers-of-one-size-share-an-array
# why: writes into the array of the layer before when the shapes agree, so equal layers all hold the last one's numbers.
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        new = my_dense_v(activations[-1], W, b, sigmoid)
        if len(activations) > 1 and new.shape == activations[-1].shape:
            activations[-1][...] = new
            new = activations[-1]
        activations.append(new)
    return activations

# --- wrong: standardises-first
# why: standardises X, which nobody asked for (the pictures "have the same scale already").
def forward(X, parameters):
    activations = [standardize(X)]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations

# --- wrong: rounded-activations
# why: rounds each layer to three digits, so 0.8808 becomes 0.881 and the layers after work with it.
import numpy as np
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(np.round(my_dense_v(activations[-1], W, b, sigmoid), 3))
    return activations

# --- wrong: kept-away-from-0-and-1
# why: clips the activations to 0.001..0.999 for the sake of the logarithm later: sigmoid(-20) becomes 0.001.
import numpy as np
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(np.clip(my_dense_v(activations[-1], W, b, sigmoid), 0.001, 0.999))
    return activations

# --- wrong: array-of-activations
# why: np.array of arrays with different shapes is an error (and no list).
import numpy as np
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return list(np.array(activations))

# --- wrong: dropout
# why: drops a fifth of the hidden units at random, so the same arguments don't give the same answer.
import numpy as np
def forward(X, parameters):
    activations = [X]
    for l, (W, b) in enumerate(parameters, start=1):
        A = my_dense_v(activations[-1], W, b, sigmoid)
        if l < len(parameters):
            A = A * (np.random.random(A.shape) > 0.2) / 0.8
        activations.append(A)
    return activations

# --- wrong: probabilities-as-a-vector
# why: the last entry has the shape (m,), not (1, m).
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    activations[-1] = activations[-1].reshape(-1)
    return activations

# --- wrong: global-start-parameters
# why: uses the notebook's start_parameters instead of the argument; in the notebook the cell below works all the same.
def forward(X, parameters):
    activations = [X]
    for W, b in start_parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations

# --- wrong: remembered-for-the-same-X
# why: remembers the answer for the X of the last call; with other parameters the old activations come back.
_last = {}
def forward(X, parameters):
    if _last.get("X") is not X:
        activations = [X]
        for W, b in parameters:
            activations.append(my_dense_v(activations[-1], W, b, sigmoid))
        _last.update(X=X, activations=activations)
    return _last["activations"]

# --- wrong: sigmoid-of-the-sigmoid
# why: my_dense_v applies the sigmoid already, and it is applied once more.
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        A = my_dense_v(activations[-1], W, b, sigmoid)
        activations.append(sigmoid(A))
    return activations

# --- wrong: batches-put-below-each-other
# why: takes 100 examples at a time and concatenates along axis 0: for more than 100 examples the shapes are wrong.
import numpy as np
def forward(X, parameters):
    parts = []
    for start in range(0, X.shape[1], 100):
        part = [X[:, start : start + 100]]
        for W, b in parameters:
            part.append(my_dense_v(part[-1], W, b, sigmoid))
        parts.append(part)
    return [parts[0][l] if len(parts) == 1 else np.concatenate([p[l].T for p in parts]) for l in range(len(parameters) + 1)]

# --- right: accumulate
# why: itertools.accumulate keeps every step of the fold.
from itertools import accumulate
def forward(X, parameters):
    return list(accumulate(parameters, lambda A, layer: my_dense_v(A, *layer, sigmoid), initial=X))

# --- right: recursive
# why: the first layer, and the rest by calling itself.
def forward(X, parameters):
    if len(parameters) == 0:
        return [X]
    W, b = parameters[0]
    return [X, *forward(my_dense_v(X, W, b, sigmoid), parameters[1:])]

# --- right: places-prepared
# why: a list with empty places, filled by index, the sigmoid written out.
import numpy as np
def forward(X, parameters):
    L = len(parameters)
    A = [None] * (L + 1)
    A[0] = np.array(X)
    for l in range(1, L + 1):
        Z = np.dot(parameters[l - 1][0], A[l - 1]) + parameters[l - 1][1]
        A[l] = 0.5 * (1 + np.tanh(Z / 2))
    return A

# --- right: example-by-example
# why: my_dense for each column, put side by side.
import numpy as np
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        columns = [my_dense(column.reshape(-1, 1), W, b, sigmoid) for column in activations[-1].T]
        activations.append(np.concatenate(columns, axis=1))
    return activations

# --- right: generator
# why: a generator yields the activations, list collects them.
def forward(X, parameters):
    def run(A):
        yield A
        for W, b in parameters:
            A = sigmoid(W @ A + b)
            yield A
    return list(run(X))
