"""Figures of the notebook. Each function takes numbers, or one of your functions, and draws."""

from functools import wraps
from io import BytesIO
from itertools import pairwise
from uuid import uuid4

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, Image, display

# Each has a contrast of at least 4 with a white page and with a dark one (#111111).
BLUE, ORANGE, GREEN, RED, GRAY = "#2f7cc0", "#bc6a00", "#288a47", "#dd434e", "#7f7f7f"
STYLE = {
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor", "legend.facecolor"), "none"),
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), GRAY),
}


def figure(draw):
    """Make a function that draws display its figure, without a background, so that it fits light and dark pages."""

    @wraps(draw)
    def displayed(*arguments, **keywords):
        with plt.rc_context(STYLE):
            draw(*arguments, **keywords)
            picture = BytesIO()
            plt.savefig(picture, format="png", bbox_inches="tight")
        plt.close()
        display(Image(picture.getvalue()))  # plt.show() would put white behind it on a dark page

    return displayed


def image(column):
    """Return a column of 400 features as a picture of 20 x 20 pixels."""
    return np.reshape(column, (20, 20))


@figure
def digits(X, Y, columns=12, rows=3):
    """Draw the first examples of the batch, with their labels."""
    _, axes = plt.subplots(rows, columns, figsize=(columns * 0.8, rows * 1.0))
    for i, ax in enumerate(axes.flat):
        ax.imshow(image(X[:, i]), cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(f"{int(Y[0, i])}", fontsize=10, color=GRAY, pad=2)
        ax.axis("off")
    plt.tight_layout(pad=0.3)


@figure
def pixel_table(X, i=0):
    """Draw digit i as a picture, and the numbers that the picture is made of."""
    _, (left, right) = plt.subplots(1, 2, figsize=(10.5, 5), width_ratios=(1, 2))
    for ax, strength in ((left, 1), (right, 0.25)):
        ax.imshow(strength * image(X[:, i]), cmap="gray_r", vmin=0, vmax=1, aspect="auto" if ax is right else "equal")
        ax.set(xticks=[], yticks=[])
    for (row, column), ink in np.ndenumerate(image(X[:, i])):
        text = f"{ink:.2f}".rstrip("0").rstrip(".").lstrip("0") or "0"
        right.text(column, row, text, ha="center", va="center", fontsize=7, color="black" if ink else "#999999")
    left.set_title("20 x 20 pixels")
    right.set_title("the same pixels as numbers")
    plt.tight_layout()


@figure
def network(sizes, shown=6):
    """Draw a network of dense layers: a circle is a unit, a line is a weight."""
    _, ax = plt.subplots(figsize=(8.5, 3.6))
    places = [_heights(size, shown) for size in sizes]
    for layer, (before, after) in enumerate(pairwise(places)):
        for y in before:
            for other in after:
                ax.plot([layer, layer + 1], [y, other], color=GRAY, linewidth=0.5, alpha=0.5, zorder=1)
        ax.text(layer + 0.5, -3.85, f"W: ({sizes[layer + 1]}, {sizes[layer]})\nb: ({sizes[layer + 1]}, 1)",
                ha="center", va="top", fontsize=11, color=GRAY)  # fmt: skip
    for layer, (size, heights) in enumerate(zip(sizes, places, strict=True)):
        last = layer == len(sizes) - 1
        color = BLUE if layer == 0 else ORANGE if not last else GREEN
        ax.scatter([layer] * len(heights), heights, s=150, color=color, edgecolor="white", zorder=2)
        if size > shown:
            ax.text(layer, 0, "⋮", ha="center", va="center", fontsize=16, zorder=3)
        name = "input" if layer == 0 else "output" if last else f"hidden layer {layer}"
        what = "unit" if size == 1 else "features" if layer == 0 else "units"
        ax.text(layer, 3.5, f"{name}\n{size} {what}", ha="center", va="bottom", fontsize=11)  # fmt: skip
    ax.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-5, 4.8))
    ax.axis("off")
    plt.tight_layout()


def _heights(size, shown):
    """Return the heights of the circles of a layer. A large layer has a gap in its middle for the dots."""
    if size > shown:
        return [3, 2, 1, -1, -2, -3]
    return list(np.arange(size) - (size - 1) / 2)


@figure
def sigmoid_curve(sigmoid):
    """Draw the sigmoid from -8 to 8."""
    z = np.linspace(-8, 8, 201)
    curve, points = sigmoid(z), sigmoid(np.array([-4.0, 0.0, 4.0]))
    _, ax = plt.subplots(figsize=(6.5, 2.8))
    ax.axhline(0.5, color=GRAY, linewidth=0.7, linestyle=":")
    ax.axvline(0, color=GRAY, linewidth=0.7, linestyle=":")
    ax.plot(z, curve, color=BLUE, linewidth=2.5)
    ax.plot([-4, 0, 4], points, "o", color=ORANGE)
    ax.text(-4, 0.1, "surely 0", ha="center", color=GRAY)
    ax.text(0.3, 0.42, "no idea", color=GRAY)
    ax.text(4, 0.86, "surely 1", ha="center", color=GRAY)
    ax.set(xlabel="z", ylabel="sigmoid(z)", ylim=(-0.03, 1.05))
    _tidy(ax)


@figure
def price_of_a_guess(cost):
    """Draw the cost of one example, for each probability that the network may give."""
    p = np.linspace(0.005, 0.995, 199)
    prices = {label: [float(cost(np.array([[x]]), np.array([[label]]))) for x in p] for label in (1, 0)}
    _, ax = plt.subplots(figsize=(6.5, 2.8))
    for label, color in ((1, GREEN), (0, ORANGE)):
        ax.plot(p, prices[label], color=color, linewidth=2.5, label=f"when the label is {label}")
    ax.set(xlabel="predicted probability of a 1", ylabel="cost", ylim=(0, 5.2))
    ax.legend(frameon=False, loc="upper center")
    _tidy(ax)


@figure
def walks(gradient_step, rates=(0.03, 0.3, 1.03), count=8):
    """Draw eight steps down the parabola J(w) = w^2, whose slope is 2w, with three learning rates."""
    paths = [np.array(_walk(gradient_step, rate, count)) for rate in rates]
    line = np.linspace(-3.6, 3.6, 101)
    _, axes = plt.subplots(1, len(rates), figsize=(9, 2.7), sharey=True)
    for ax, rate, path, color in zip(axes, rates, paths, (BLUE, GREEN, RED), strict=True):
        ax.plot(line, line**2, color=GRAY, linewidth=1)
        ax.plot(path, path**2, "o-", color=color, markersize=4, linewidth=1)
        ax.set(title=f"alpha = {rate}", xlabel="w")
        _tidy(ax)
    axes[0].set_ylabel("J(w)")
    plt.tight_layout()


def _walk(gradient_step, rate, count, w=-2.2):
    """Return w before the first step and after each step."""
    parameters, nothing, path = [(np.array([[w]]), np.zeros((1, 1)))], np.zeros((1, 1)), [w]
    for _ in range(count):
        parameters = gradient_step(parameters, [(2 * parameters[0][0], nothing)], rate)
        path.append(float(parameters[0][0][0, 0]))
    return path


@figure
def cost_curves(curves, top=None):
    """Draw a line for each entry of {name: costs}, up to the cost `top`."""
    _, ax = plt.subplots(figsize=(7.5, 3.2))
    for (name, costs), color in zip(curves.items(), (BLUE, GREEN, RED, ORANGE), strict=False):
        ax.plot(costs, color=color, linewidth=2, label=name)
    ax.set(xlabel="step", ylabel="cost", ylim=(0, top))
    ax.legend(frameon=False)
    _tidy(ax)


@figure
def same_curve(ours, theirs):
    """Draw two cost curves that should agree: one as a line, the other as dots on it."""
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


@figure
def mistakes(X, Y, labels, probabilities, names=(0, 1), count=10):
    """Draw the digits that were labeled wrong (red), then those that the network was least sure of."""
    wrong = (np.asarray(labels) != Y)[0]
    doubt = np.abs(np.asarray(probabilities)[0] - 0.5)
    order = np.lexsort((doubt, ~wrong))[:count]
    _, axes = plt.subplots(1, count, figsize=(count, 1.7))
    for ax, i in zip(axes, order, strict=True):
        ax.imshow(image(X[:, i]), cmap="gray_r", vmin=0, vmax=1)
        title = f"a {names[int(Y[0, i])]}\nsaid {names[int(labels[0, i])]}"
        ax.set_title(title, fontsize=10, color=RED if wrong[i] else GRAY)
        ax.set_xlabel(f"p = {probabilities[0, i]:.2f}", fontsize=10, color=GRAY)
        ax.set(xticks=[], yticks=[])
        for side in ax.spines.values():
            side.set_color(RED if wrong[i] else "#dddddd")
    plt.tight_layout(pad=0.3)


@figure
def computation_graph():
    """Draw the network of the example by hand: values forward (blue, above), slopes of J backward (orange, below)."""
    nodes = [("x", "2"), ("z1", "0"), ("a1", "0.5"), ("z2", "1"), ("a2", "0.731"), ("J", "0.313")]
    steps = ["$W_1 x + b_1$", "sigmoid", "$W_2 a_1 + b_2$", "sigmoid", "cost, $y = 1$"]
    slopes = {1: "$dz_1 = -0.403$", 2: "$da_1 = -1.614$", 3: "$dz_2 = -0.269$", 5: "start here"}
    inputs = {1: ("W_1 = 2", "b_1 = -4", "dW_1 = -0.807", "db_1 = -0.403"),
              3: ("W_2 = 6", "b_2 = -2", "dW_2 = -0.134", "db_2 = -0.269")}  # fmt: skip
    _, ax = plt.subplots(figsize=(10, 3.4))
    arrow = {"arrowstyle": "->", "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    for i, (name, value) in enumerate(nodes):
        ax.scatter(i, 0, s=900, color="white", edgecolor=BLUE, linewidth=1.8, zorder=2)
        label = f"${name[0]}_{name[1]}$" if len(name) > 1 else f"${name}$"
        ax.text(i, 0, label, ha="center", va="center", fontsize=13, color="black", zorder=3)
        ax.text(i, 0.42, value, ha="center", color=BLUE, fontsize=12)
    for i, step in enumerate(steps):
        ax.annotate("", (i + 0.78, 0.06), (i + 0.22, 0.06), arrowprops={**arrow, "color": BLUE})
        ax.annotate("", (i + 0.22, -0.09), (i + 0.78, -0.09), arrowprops={**arrow, "color": ORANGE})
        ax.text(i + 0.5, 0.2, step, ha="center", color=GRAY, fontsize=10)
    for i, text in slopes.items():
        ax.text(i, -0.62, text, ha="center", color=ORANGE, fontsize=12)
    for i, (weight, bias, weight_slope, bias_slope) in inputs.items():
        ax.annotate("", (i, 0.72), (i, 1.0), arrowprops={**arrow, "color": BLUE})
        ax.text(i, 1.1, f"${weight}$,  ${bias}$", ha="center", color=BLUE, fontsize=12)
        ax.annotate("", (i, -1.0), (i, -0.72), arrowprops={**arrow, "color": ORANGE})
        ax.text(i, -1.28, f"${weight_slope}$,  ${bias_slope}$", ha="center", color=ORANGE, fontsize=12)
    ax.set(xlim=(-0.4, 5.4), ylim=(-1.45, 1.35))
    ax.axis("off")
    plt.tight_layout()


@figure
def layer_by_layer(forward, parameters, X, Y):
    """Draw what each unit of a network with two inputs answers, for every place of the plane: a panel for each unit."""
    reach = 1.1 * np.abs(X).max()
    line = np.linspace(-reach, reach, 120)
    plane = np.array(np.meshgrid(line, line)).reshape(2, -1)
    answers = [np.asarray(A) for A in forward(plane, parameters)[1:]]
    units = [(layer, unit) for layer, A in enumerate(answers, start=1) for unit in range(len(A))]
    _, axes = plt.subplots(1, len(units), figsize=(2.4 * len(units), 2.7), squeeze=False)
    for ax, (layer, unit) in zip(axes[0], units, strict=True):
        ax.set_facecolor("white")
        answer = answers[layer - 1][unit].reshape(len(line), len(line))
        levels = plt.get_cmap("RdBu", 8)  # few colors make a small picture
        ax.imshow(answer, extent=(-reach, reach, -reach, reach), origin="lower", cmap=levels, vmin=0, vmax=1, alpha=0.4)
        if answer.min() < 0.5 < answer.max():
            ax.contour(line, line, answer, levels=[0.5], colors="black", linewidths=1.5)
        for label, color in ((0, RED), (1, BLUE)):
            ax.scatter(*X[:, Y[0] == label], s=5, color=color)
        ax.set(title="output" if layer == len(answers) else f"layer {layer}, unit {unit + 1}")
        ax.set(xticks=[], yticks=[], aspect="equal")
    plt.tight_layout()


@figure
def first_layer(before, after, columns=13):
    """Draw how training changed the weights of each unit of the first layer, as pictures of 20 x 20 pixels."""
    changes = np.asarray(after[0][0]) - np.asarray(before[0][0])
    rows = -(-len(changes) // columns)
    _, axes = plt.subplots(rows, columns, figsize=(0.8 * columns, 0.95 * rows), squeeze=False)
    limit = np.abs(changes).max()
    for ax in axes.flat:
        ax.axis("off")
    for unit, (ax, weights) in enumerate(zip(axes.flat, changes, strict=False), start=1):
        ax.imshow(image(weights), cmap="RdBu", vmin=-limit, vmax=limit)
        ax.set_title(unit, fontsize=9, color=GRAY, pad=2)
    plt.tight_layout(pad=0.3)


def learning_rate_slider(curve):
    """Draw the costs that curve(alpha) returns, with a slider for alpha; four curves where ipywidgets is missing."""
    try:
        from ipywidgets import FloatLogSlider, interact
    except ImportError:
        cost_curves({f"alpha = {alpha}": curve(alpha) for alpha in (0.03, 0.3, 3, 10)}, top=2)
        print("For a slider: python -m pip install ipywidgets, then restart the kernel")
        return

    curve(0.1)  # an exercise that isn't written yet stops here, before there is a slider

    def draw(alpha):
        cost_curves({f"alpha = {alpha:.3g}": curve(alpha)}, top=2)

    interact(draw, alpha=FloatLogSlider(value=0.1, base=10, min=-3, max=1.5, step=0.1, continuous_update=False))


BOARD = """
<canvas id="ID" width="300" height="300" style="border: 1px solid #888; background: white; touch-action: none"></canvas>
<div><button id="ID-clear">Clear</button> Then copy this line:</div>
<input id="ID-text" readonly style="width: 300px" aria-label="your digit as text"/>
<script>
(() => {
  const canvas = document.getElementById("ID"), text = document.getElementById("ID-text");
  const pen = canvas.getContext("2d"), side = 20, size = 15;
  let ink = new Array(side * side).fill(0), down = false;
  const show = () => {
    ink.forEach((value, i) => {
      const gray = Math.round(255 * (1 - value));
      pen.fillStyle = `rgb(${gray}, ${gray}, ${gray})`;
      pen.fillRect((i % side) * size, Math.floor(i / side) * size, size, size);
    });
    text.value = ink.map(value => Math.round(15 * value).toString(16)).join("");
  };
  const draw = event => {
    if (!down) return;
    const x = event.offsetX / size - 0.5, y = event.offsetY / size - 0.5;
    ink = ink.map((value, i) => {
      const distance = Math.hypot(i % side - x, Math.floor(i / side) - y);
      return Math.max(value, Math.min(1, 1.7 - distance));
    });
    show();
  };
  canvas.onpointerdown = event => { down = true; event.preventDefault(); draw(event); };
  canvas.onpointermove = draw;
  window.addEventListener("pointerup", () => { down = false; });
  text.onfocus = () => text.select();
  document.getElementById("ID-clear").onclick = () => { ink.fill(0); show(); };
  show();
})();
</script>
"""


def drawing_board():
    """Show a board of 20 x 20 pixels to draw on. It writes the drawing as a line of 400 characters."""
    display(HTML(BOARD.replace("ID", f"board-{uuid4().hex}")))


def drawn(text):
    """Return the drawing of the board as a column (400, 1), moved to the middle as the digits of the data are.

    Raises ValueError if the text isn't a line of the board.
    """
    text = text.strip()
    if len(text) != 400 or set(text) - set("0123456789abcdef"):
        raise ValueError("this isn't the line below the board: copy all 400 characters of it")
    ink = image([int(character, 16) / 15 for character in text])
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        raise ValueError("the board is empty: draw a digit first")
    down, right = ((19 - places[0] - places[-1]) // 2 for places in (rows, columns))
    return np.roll(ink, (down, right), axis=(0, 1)).reshape(400, 1)


def _tidy(ax):
    ax.spines[["top", "right"]].set_visible(False)
