"""Mistakes that are often made in an exercise, each known by the numbers that it gives.

A suspect is told only if it explains every wrong result of the exercise, number for number. It is worked out from the
expected result, so that nothing here is an answer.
"""

import numpy as np
from relations import alike, as_numbers, holds_none


def sigmoid(z, right):
    z, right = np.asarray(z, dtype=float), np.asarray(right)
    yield 1 - right, "These are the values for -z: look at the sign in the power."
    yield 1 / right, "This is 1 + e^-z: which part belongs below the fraction bar? Use brackets."
    yield right / (1 - right), "This is e^z: something is missing below the fraction bar."
    yield right / (2 * right - 1), "This is 1 / (1 - e^-z): look at the sign below the fraction bar."
    yield right * (1 - right), "This is the slope of the sigmoid, not its value."
    yield np.tanh(z), "This is tanh(z), which reaches from -1 to 1."
    yield right >= 0.5, "These are decisions, 0 or 1. The sigmoid gives numbers between them."
    yield np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))), "This is softmax: the numbers add up to 1."


def layer(a, W, b, g, right):
    """Of my_dense and my_dense_v: z is taken from the right answer, since g(z) is z or 2z here."""
    times = g(1.0)
    z = right / times
    yield g(z - b), "Your numbers are right for a bias of 0: b isn't added."
    yield g(z - 2 * b), "The bias is subtracted: look at its sign."
    yield g(z - b) + b, "The bias is added after g. It belongs to z, before g."
    yield z, "This is z itself: g isn't applied."
    yield g(right), "This is g(g(z)): g is applied twice."
    yield (1 + np.tanh(z / 2)) / 2, "This is the sigmoid of z. Use the g that is handed over."
    yield g(z - b + b[0]), "All units use the bias of the first unit."
    yield g(z - b + b[-1]), "All units use the bias of the last unit."
    if z.shape[1] in (1, len(b)):
        yield g(z - b + np.ravel(b)), "b is added as a row: each unit needs its own bias. Keep its shape (units, 1)."
    yield g((z - b) / W.shape[1] + b), "The weighted sum is divided by the number of inputs: it should be a sum."
    first, last = np.zeros_like(right), np.array(right, dtype=float)
    first[0], last[-1] = right[0], 0
    yield first, "Only the first unit is filled in: does the loop end too early?"
    yield last, "The last unit is 0: does the loop reach it?"


def my_sequential(x, parameters, g, right, through):
    yield through[-2], "You returned what the layer before the last one gives: does the loop reach the last layer?"
    yield through[1], "You returned what layer 1 gives: does the loop end after one turn?"
    yield through[0], "You returned x itself: does the loop replace it?"


def standardize(X, right, through):
    mean, spread = through
    yield X - mean, "The mean of each row is 0, but its deviation isn't 1: nothing is divided."
    safe = np.where(spread, spread, 1)
    yield X / safe, "The deviation of each row is 1, but its mean isn't 0: nothing is subtracted."
    yield right / safe, "Each row is divided by its variance. The deviation is the square root of that."
    yield X - mean / safe, "Only the mean is divided. Put the difference in brackets."
    m = X.shape[1]
    yield right * np.sqrt((m - 1) / m), "The deviation is that with m - 1 (ddof=1). Here it is divided by m."
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    yield (X - low) / np.where(high > low, high - low, 1), "Your rows reach from 0 to 1: that is another way to scale."
    if X.std():
        yield (X - X.mean()) / X.std(), "There is one mean and one deviation for all of X. Each row has its own."


def forward(X, parameters, right):
    inner = [np.log(A / (1 - A)) for A in right[1:]]  # Z of each layer
    yield [X, *inner], "Your list holds Z, from before the sigmoid."
    yield [*right[:-1], inner[-1]], "The last entry is Z: the last layer has the sigmoid too."
    for labels in (right[-1] >= 0.5, right[-1] > 0.5):
        yield [*right[:-1], labels], "The last entry holds labels. Keep the probabilities."
    yield [A.T for A in right], "Every entry is transposed: an example is a column."
    without = [1 / (1 / right[1] - 1), np.exp(parameters[0][1])]
    if len(parameters) == 1:
        yield [X, without[0] / (without[0] + without[1])], "Your numbers are right for a bias of 0: b isn't added."


def cost(p, y, right, through):
    yield np.mean((p - y) ** 2), "This is the squared error. Exercise 7 asks for another cost."
    yield np.mean(np.abs(p - y)), "This is the mean absolute error. Exercise 7 asks for another cost."
    yield np.mean((p >= 0.5) != (y == 1)), "This is the share of wrong labels. The cost looks at the probabilities."
    for digits in (*range(5, 17), 100, 300):  # of the tiny number that is put in place of 0
        yield np.mean(np.abs(p - y)) * digits * np.log(10), "Y_hat and Y are swapped: the logarithm is that of Y here."
    one, zero = through or (right, right)  # what the examples with each label cost
    yield one, "Examples with label 0 cost nothing here."
    yield zero, "Examples with label 1 cost nothing here."
    yield one - zero, "The two labels have different signs: look at the sign between the two terms."
    yield zero - one, "The two labels have different signs: look at the sign between the two terms."


def gradient_step(parameters, gradients, alpha, right):
    def each(change):
        return [
            tuple(change(old, new) for old, new in zip(*layer, strict=True))
            for layer in zip(parameters, right, strict=True)
        ]

    yield each(lambda old, new: 2 * old - new), "The step goes uphill: look at the sign."
    yield each(lambda old, new: old), "The parameters come back as they were: where does your loop keep the new ones?"
    yield each(lambda old, new: new - old), "You returned the step alone. Add it to the old parameters."
    yield (
        each(lambda old, new: old - new),
        "You returned alpha times the gradient. Subtract it from the old parameters.",
    )
    yield each(lambda old, new: old + (new - old) / alpha), "The step doesn't depend on alpha."
    yield each(lambda old, new: old + (new - old) / alpha**2), "The step is divided by alpha."
    kept = [(W, new) for (W, _), (_, new) in zip(parameters, right, strict=True)]
    yield kept, "W stays as it was: only b moves."
    kept = [(new, b) for (_, b), (new, _) in zip(parameters, right, strict=True)]
    yield kept, "b stays as it was: only W moves."


def train(X, Y, parameters, alpha, steps, right, through):
    trained, costs = right
    before, after, next_cost = through
    yield (after, [*costs, next_cost]), "Your training makes one step too many."
    if steps:
        yield (before, costs[:-1]), "Your training makes one step too few."
        yield (
            (parameters, np.full(steps, costs[0])),
            "Nothing changes from step to step: keep what gradient_step returns.",
        )
        yield (trained, [*costs[1:], next_cost]), "These are the costs after each step. Note the cost before the step."
        yield (trained, costs[-1]), "You returned the last cost alone. Keep one for every step, in a list."
        yield (trained, costs[1:]), "The first cost is missing."
        yield (parameters, costs), "The costs are right, but you returned the parameters that came in."


def predict(X, parameters, *threshold_and_right, through):
    threshold, right = (0.5, *threshold_and_right)[-2:]
    yield through[-1], "You returned the probabilities: compare them with the threshold."
    yield 1 - right, "Your zeros and ones are swapped."
    yield 2 * right - 1, "Your labels are -1 and 1: they should be 0 and 1."
    yield through[-1] <= threshold, "Labels are 1 up to the threshold: look at the direction of the comparison."
    yield through[-1] > threshold, "A probability that equals the threshold should give 1."
    z = np.log(through[-1] / (1 - through[-1]))
    yield z >= threshold, "You compare z with the threshold: compare its sigmoid, the probability."
    yield through[-1] >= 0.5, "Your labels don't depend on the threshold."
    yield np.round(through[-1]), "These are the rounded probabilities: they don't depend on the threshold."
    if len(parameters) > 1:
        yield through[1] >= threshold, "These are the labels of the first layer. Take the last entry of the list."
    yield np.zeros_like(right), "Every label is 0."


def parameters_from_keras(model, right):
    yield [(W, np.zeros_like(b)) for W, b in right], "Every b is 0: get_weights() gives the bias too."


def gradients(arguments, right):
    """Of backward and tf_gradients."""
    zeros = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in right[:-1]]
    yield [*zeros, right[-1]], "Only the last layer has gradients: carry dZ back to the layers before."
    yield [(dW, np.zeros_like(db)) for dW, db in right], "Every db is 0."


def suspects(name, example):
    """Yield (wrong result, what it is) for the mistakes that are known of an exercise."""
    arguments, right = example.arguments, example.expected
    if name in ("my_dense", "my_dense_v"):
        yield from layer(*arguments, right)
    elif name in ("my_sequential", "predict", "standardize", "cost", "train"):
        yield from globals()[name](*arguments, right, through=example.through)
    elif name in ("backward", "tf_gradients"):
        yield from gradients(arguments, right)
    elif name != "build_model":
        yield from globals()[name](*arguments, right)


# --- what a single result says ---------------------------------------------------------------------------


def about_nan(name, example, got):
    """Say where nan or infinity comes from, if the example leaves one way only."""
    if name == "cost" and not got.shape and set(np.ravel(example.arguments[0])) <= {0, 1}:
        if np.isnan(got):
            return "NumPy's 0 * ln 0 is nan: keep what the logarithm gets away from 0."
        return "ln 0 is minus infinity: keep what the logarithm gets away from 0." if np.isinf(got) else ""
    if name == "sigmoid" and got.shape == (2,) and np.isnan(got).any():
        return "e^1000 is too large for the computer, which takes it for infinity; and inf / inf is nan."
    return ""


def is_rounding(X, got):
    """Tell whether equal numbers were divided by a deviation that is only not 0 because of rounding."""
    tiny = X - X.mean(axis=1, keepdims=True)  # about 1e-17
    plain, sample = (tiny / X.std(axis=1, ddof=ddof, keepdims=True) for ddof in (0, 1))
    return np.allclose(got, plain) or np.allclose(got, sample) or np.abs(got).min() > 1e6


def about_rows(X, got):
    """Say what happens to the constant rows of X, or that columns were standardized."""
    constant = X.max(axis=1) == X.min(axis=1)
    rows = got[constant]
    if constant.any() and np.isnan(rows).all() and not np.isnan(got[~constant]).any():
        return "The deviation of a constant row is 0, and 0 / 0 is nan."
    if constant.any() and rows.size and np.array_equal(rows, X[constant]):
        return "The constant row keeps its value. It should become 0."
    if constant.all() and is_rounding(X, rows):
        return (
            "The deviation isn't exactly 0 here, because of rounding. Look at the numbers of the row: do they differ?"
        )
    if not constant.any() and np.allclose(got.mean(axis=0), 0) and not np.allclose(got.mean(axis=1), 0):
        return "Each column of your result has the mean 0. A feature is a row here."
    return ""


def about_slope(activations, right, got):
    """Say that the slope of the sigmoid is in the last dZ twice, where each slope there is 0.25."""
    quarter = [(dW / 4, db / 4) for dW, db in right]
    if np.all(activations[-1] == 0.5) and alike(got, quarter):
        return (
            "Everything is a quarter of what it should be: the slope of the sigmoid is in it twice. A - Y includes it."
        )
    return ""


def about_g(example, got):
    """Say what g was called with, where it divides by the sum over all units."""
    if np.all(got == 1):
        return "g is called for each unit alone. Call it once, for all units."
    if np.all(got == -1):
        return "g gets a flat array. Give it all units as a column, of shape (units, 1)."
    return "g gets Z transposed: in Z an example is a column." if alike(got, example.through) else ""


def alone(name, example, got):
    """Return what one wrong result says by itself, or nothing."""
    if name == "backward":
        return about_slope(example.arguments[0], example.expected, got)
    if name == "tf_gradients" and got is None:
        return "tape.gradient gives None where it sees no way from the parameters to the cost."
    if name == "build_model" and got is None:
        return "model.compile and model.summary return nothing. Return the model itself."
    if name == "tf_gradients" and holds_none(got):
        return (
            "The tape saw no way from that parameter to the cost. Is it used and watched, and is all of it computed "
            "with TensorFlow inside the tape?"
        )
    numbers = as_numbers(got)
    if numbers is None:
        return ""
    if name in ("my_dense", "my_dense_v") and np.ndim(example.expected) == 2 and example.look:
        return about_g(example, numbers)
    if name == "standardize":
        return about_rows(example.arguments[0], numbers) if numbers.shape == np.shape(example.expected) else ""
    return about_nan(name, example, numbers)
