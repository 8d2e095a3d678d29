"""What the notebook takes as given: the sigmoid, the digits, and the weights of a network that was trained before."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # of TensorFlow's messages only the errors
DATA = Path(__file__).resolve().parent / "data"
GRAY = "#7f7f7f"  # has a contrast of 4 with a white page and with a dark one


def sigmoid(z):
    """1 / (1 + e^-z) for a number or for every element of an array."""
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def load_data():
    """X (1000, 400), a picture in each row, values 0 to 1, and y (1000, 1), the digits: 500 zeros, then 500 ones."""
    return np.load(DATA / "X.npy").astype(float), np.load(DATA / "y.npy").astype(float)


def load_weights():
    """W1 (400, 25), b1 (25,), W2 (25, 15), b2 (15,), W3 (15, 1), b3 (1,) of a network that knows the digits."""
    with np.load(DATA / "weights.npz") as file:
        return tuple(file[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))


def show_digits(X, titles, columns=8):
    """Show the pictures in the rows of X, each below its title, on the page's own background, light or dark."""
    import matplotlib.pyplot as plt
    from IPython.display import Image, display

    rows = -(-len(X) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(columns, 1.4 * rows), squeeze=False, facecolor="none")
    for ax in axes.flat:
        ax.axis("off")
    for ax, x, title in zip(axes.flat, X, titles, strict=False):
        ax.imshow(np.reshape(x, (20, 20)), cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(title, fontsize=9, color=GRAY)
    figure.tight_layout()
    picture = BytesIO()
    figure.savefig(picture, format="png", bbox_inches="tight")
    plt.close(figure)
    display(Image(picture.getvalue()))  # plt.show() would put white behind it on a dark page
