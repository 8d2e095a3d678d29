"""The drawings of the notebook. Each function takes numbers, or one of your functions, and draws."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

BLUE, ORANGE, GREEN, RED, GREY = "#1f6fb4", "#e07b00", "#2a8c4a", "#c8202f", "#8a8a8a"


def image(column):
    """A column of 400 features as a picture of 20 x 20 pixels."""
    return np.reshape(column, (20, 20))


def digits(X, Y, columns=12, rows=3):
    """The first examples of the batch, with their labels."""
    _, axes = plt.subplots(rows, columns, figsize=(columns * 0.8, rows * 1.0))
    for i, ax in enumerate(axes.flat):
        ax.imshow(image(X[:, i]), cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(f"{int(Y[0, i])}", fontsize=10, color=GREY, pad=2)
        ax.axis("off")
    plt.tight_layout(pad=0.3)
    plt.show()


def digit_and_column(X, i=0):
    """One digit as a picture, and as the column of numbers that the network sees."""
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6), width_ratios=(1, 2.6))
    left.imshow(image(X[:, i]), cmap="gray_r", vmin=0, vmax=1)
    left.set(title="20 x 20 pixels", xticks=[], yticks=[])
    right.fill_between(range(X.shape[0]), X[:, i], step="mid", color=BLUE, linewidth=0)
    right.set(title="the same picture as 400 features, row after row", xlabel="feature", ylabel="brightness")
    right.set(xlim=(0, X.shape[0]), ylim=(0, 1.05))
    _tidy(right)
    plt.tight_layout()
    plt.show()


def network(sizes, shown=6):
    """A network of dense layers: a circle is a unit, a line is a weight."""
    _, ax = plt.subplots(figsize=(8.5, 3.6))
    places = [_heights(size, shown) for size in sizes]
    for layer, (before, after) in enumerate(pairwise(places)):
        for y in before:
            for other in after:
                ax.plot([layer, layer + 1], [y, other], color=GREY, linewidth=0.5, alpha=0.5, zorder=1)
        ax.text(layer + 0.5, -3.85, f"W: ({sizes[layer + 1]}, {sizes[layer]})\nb: ({sizes[layer + 1]}, 1)",
                ha="center", va="top", fontsize=9, color=GREY)  # fmt: skip
    for layer, (size, heights) in enumerate(zip(sizes, places, strict=True)):
        last = layer == len(sizes) - 1
        colour = BLUE if layer == 0 else ORANGE if not last else GREEN
        ax.scatter([layer] * len(heights), heights, s=150, color=colour, edgecolor="white", zorder=2)
        if size > shown:
            ax.text(layer, 0, "⋮", ha="center", va="center", fontsize=16, zorder=3)
        name = "input" if layer == 0 else "output" if last else f"hidden layer {layer}"
        what = "unit" if size == 1 else "features" if layer == 0 else "units"
        ax.text(layer, 3.5, f"{name}\n{size} {what}", ha="center", va="bottom", fontsize=10)  # fmt: skip
    ax.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-5, 4.8))
    ax.axis("off")
    plt.tight_layout()
    plt.show()


def _heights(size, shown):
    """Where the circles of a layer stand; a large layer leaves a gap in its middle for the dots."""
    if size > shown:
        return [3, 2, 1, -1, -2, -3]
    return list(np.arange(size) - (size - 1) / 2)


def sigmoid_curve(sigmoid):
    """The sigmoid from -8 to 8."""
    z = np.linspace(-8, 8, 201)
    curve, points = sigmoid(z), sigmoid(np.array([-4.0, 0.0, 4.0]))
    _, ax = plt.subplots(figsize=(6.5, 2.8))
    ax.axhline(0.5, color=GREY, linewidth=0.7, linestyle=":")
    ax.axvline(0, color=GREY, linewidth=0.7, linestyle=":")
    ax.plot(z, curve, color=BLUE, linewidth=2.5)
    ax.plot([-4, 0, 4], points, "o", color=ORANGE)
    ax.text(-4, 0.1, "surely 0", ha="center", color=GREY)
    ax.text(0.3, 0.42, "no idea", color=GREY)
    ax.text(4, 0.86, "surely 1", ha="center", color=GREY)
    ax.set(xlabel="z", ylabel="sigmoid(z)", ylim=(-0.03, 1.05))
    _tidy(ax)
    plt.show()


def price_of_a_guess(cost):
    """What one example costs, for each probability that the network may give."""
    p = np.linspace(0.005, 0.995, 199)
    prices = {label: [float(cost(np.array([[x]]), np.array([[label]]))) for x in p] for label in (1, 0)}
    _, ax = plt.subplots(figsize=(6.5, 2.8))
    for label, colour in ((1, GREEN), (0, ORANGE)):
        ax.plot(p, prices[label], color=colour, linewidth=2.5, label=f"when the label is {label}")
    ax.set(xlabel="predicted probability of a 1", ylabel="cost", ylim=(0, 5.2))
    ax.legend(frameon=False, loc="upper center")
    _tidy(ax)
    plt.show()


def walks(gradient_step, rates=(0.03, 0.3, 1.03), count=8):
    """Eight steps down the parabola J(w) = w^2, whose slope is 2w, with three learning rates."""
    paths = [np.array(_walk(gradient_step, rate, count)) for rate in rates]
    line = np.linspace(-3.6, 3.6, 101)
    _, axes = plt.subplots(1, len(rates), figsize=(9, 2.7), sharey=True)
    for ax, rate, path, colour in zip(axes, rates, paths, (BLUE, GREEN, RED), strict=True):
        ax.plot(line, line**2, color=GREY, linewidth=1)
        ax.plot(path, path**2, "o-", color=colour, markersize=4, linewidth=1)
        ax.set(title=f"alpha = {rate}", xlabel="w")
        _tidy(ax)
    axes[0].set_ylabel("J(w)")
    plt.tight_layout()
    plt.show()


def _walk(gradient_step, rate, count, w=-2.2):
    """Where w is before the first step and after each."""
    parameters, nothing, path = [(np.array([[w]]), np.zeros((1, 1)))], np.zeros((1, 1)), [w]
    for _ in range(count):
        parameters = gradient_step(parameters, [(2 * parameters[0][0], nothing)], rate)
        path.append(float(parameters[0][0][0, 0]))
    return path


def cost_curves(curves, top=None):
    """A line for each entry of {name: costs}."""
    _, ax = plt.subplots(figsize=(7.5, 3.2))
    for (name, costs), colour in zip(curves.items(), (BLUE, GREEN, RED, ORANGE), strict=False):
        ax.plot(costs, color=colour, linewidth=2, label=name)
    ax.set(xlabel="step", ylabel="cost", ylim=(0, top))
    ax.legend(frameon=False)
    _tidy(ax)
    plt.show()


def same_curve(ours, theirs):
    """Two cost curves that ought to agree: one as a line, the other as dots on it."""
    _, ax = plt.subplots(figsize=(7.5, 3.2))
    ax.plot(ours, color=BLUE, linewidth=2, label="NumPy, your train")
    every = max(1, len(theirs) // 25)
    ax.plot(
        range(0, len(theirs), every),
        theirs[::every],
        "o",
        color=ORANGE,
        markersize=5,
        label="Keras, model.fit",
    )
    ax.set(xlabel="step", ylabel="cost", ylim=(0, None))
    ax.legend(frameon=False)
    _tidy(ax)
    plt.show()


def mistakes(X, Y, labels, probabilities, count=10):
    """The digits that were labelled wrong (red), then those that the network was least sure of."""
    wrong = (np.asarray(labels) != Y)[0]
    doubt = np.abs(np.asarray(probabilities)[0] - 0.5)
    order = np.lexsort((doubt, ~wrong))[:count]
    _, axes = plt.subplots(1, count, figsize=(count, 1.7))
    for ax, i in zip(axes, order, strict=True):
        ax.imshow(image(X[:, i]), cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(f"a {int(Y[0, i])}\nsaid {int(labels[0, i])}", fontsize=9, color=RED if wrong[i] else GREY)
        ax.set_xlabel(f"p = {probabilities[0, i]:.2f}", fontsize=8, color=GREY)
        ax.set(xticks=[], yticks=[])
        for side in ax.spines.values():
            side.set_color(RED if wrong[i] else "#dddddd")
    plt.tight_layout(pad=0.3)
    plt.show()


def _tidy(ax):
    ax.spines[["top", "right"]].set_visible(False)
