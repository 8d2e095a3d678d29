# --- wrong: list-as-a-default
# why: the default list lives on between the calls: the second call returns the activations of the first as well.
def forward(X, parameters, activations=[]):
    activations.append(X)
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations

# --- wrong: Z-in-the-list
# why: keeps what is before the sigmoid; the next layer gets the right input, but the list holds no activations.
def forward(X, parameters):
    kept, A = [X], X
    for W, b in parameters:
        Z = W @ A + b
        A = sigmoid(Z)
        kept.append(Z)
    return kept

# --- wrong: newest-first
# why: puts each activation in front, so the list is [AL, ..., A1, X].
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.insert(0, my_dense_v(activations[0], W, b, sigmoid))
    return activations

# --- wrong: tanh-in-the-hidden-layers
# why: tanh in all layers but the last, as other courses recommend.
import numpy as np
def forward(X, parameters):
    activations = [X]
    for l, (W, b) in enumerate(parameters):
        g = sigmoid if l == len(parameters) - 1 else np.tanh
        activations.append(g(W @ activations[-1] + b))
    return activations

# --- wrong: row-of-ones-kept
# why: keeps each input with a row of ones for the bias on top, so all entries but the last have a row too many.
import numpy as np
def forward(X, parameters):
    ones = np.ones((1, X.shape[1]))
    activations = [np.vstack([ones, X])]
    for l, (W, b) in enumerate(parameters, start=1):
        A = sigmoid(np.hstack([b, W]) @ activations[-1])
        activations.append(np.vstack([ones, A]) if l < len(parameters) else A)
    return activations
