"""Code of students who wrote alike, or by themselves."""

from __future__ import annotations

# One student's own way, in which nobody else of the class writes, and none of the known answers is written.
OWN = """
import numpy as np

def layer_of(inputs, weights, shift):
    total = shift * 1.0
    for column in range(weights.shape[1]):
        total = total + weights[:, [column]] * inputs[[column], :]
    return total

def my_dense_v(A_in, W, b, g):
    # the columns of W one after another
    return g(layer_of(A_in, W, b))

def cost(Y_hat, Y):
    safe = np.minimum(np.maximum(Y_hat, 3e-14), 1 - 3e-14).ravel()
    wanted = Y.ravel().astype(bool)
    parts = np.concatenate([np.log(safe[wanted]), np.log(1 - safe[~wanted])])
    return float(-parts.sum() / wanted.size)

def predict(X, parameters, threshold=0.5):
    last = forward(X, parameters).pop()
    answer = np.zeros_like(last)
    answer[last > threshold] = 1
    answer[last == threshold] = 1
    return answer

def standardize(X):
    centred = X - X @ np.full((X.shape[1], 1), 1 / X.shape[1])
    length = np.sqrt((centred * centred).sum(axis=1, keepdims=True) / X.shape[1])
    length[length < 1e-9] = np.inf
    return centred / length
"""


def helpers(many: int, text: str = "") -> str:
    """Functions that a graded one needs, each with a number of its own and lines that all have."""
    made = [
        f"def h{n}(a):\n    b = a.rare * {n}.25 + a.other ** 2\n    return b / a.third - 1.5 + a.x * 7.5{text}\n"
        for n in range(many)
    ]
    return "".join(made) + f"def cost(Y_hat, Y):\n    return [{', '.join(f'h{n}' for n in range(many))}]\n"
