"""Wrong implementations that students write, each with a hint that leads and doesn't give the answer away.

A function under `@wrong` stands in for the question it is registered for; other names of the assignment (`sigmoid`,
`forward`, ...) mean the right functions. `np` and `tf` are there as in the notebook. A function under `@slip` takes
an answer, and the arguments of the call, and spoils the answer: it makes a second mistake on top of any other.

A hint is told to whoever gives the same answers, however they came about: it must be true of the answers. Mistakes
that give the same answers share their hint.
"""

import math

import numpy as np

try:
    import tensorflow as tf
except ImportError:
    tf = None

WRONG = []  # (question, function, hint)
SLIPS = []  # the same


def wrong(question, hint):
    def register(function):
        WRONG.append((question, function, hint))
        return function

    return register


def slip(question, hint):
    def register(function):
        SLIPS.append((question, function, hint))
        return function

    return register


# ---------------------------------------------------------------- sigmoid


@wrong("sigmoid", "Look at the sign of the exponent: what should happen for a large positive z?")
def exp_plus(z):
    return 1 / (1 + np.exp(z))


@wrong("sigmoid", "Division comes before addition: which part belongs under the fraction bar?")
def missing_parentheses(z):
    return 1 / 1 + np.exp(-z)


@wrong("sigmoid", "Your values reach below 0. The sigmoid stays between 0 and 1.")
def tanh_instead(z):
    return np.tanh(z)


@wrong("sigmoid", "e to the power of a large number overflows. Can you write it with a power that never grows?")
def overflows_to_nan(z):
    return np.exp(z) / (1 + np.exp(z))


@wrong("sigmoid", "A number far below 0 raises an error: math.exp does that where np.exp gives infinity.")
def math_exp(z):
    return np.vectorize(lambda t: 1 / (1 + math.exp(-t)), otypes=[float])(z)


@wrong("sigmoid", "A function for single numbers got an array. math.exp is such a function; what does NumPy have?")
def math_exp_scalar(z):
    return 1 / (1 + math.exp(-z))


@wrong("sigmoid", "This is the slope of the sigmoid, not the sigmoid.")
def derivative(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


@wrong("sigmoid", "The values are between 0 and 1, but grow too slowly: which number is raised to the power of -z?")
def base_two(z):
    return 1 / (1 + 2.0 ** (-np.asarray(z, dtype=float)))


@wrong("sigmoid", "The result should be a smooth number between 0 and 1, not a decision.")
def step_function(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


@wrong("sigmoid", "Your values go far above 1: what is added in the denominator?")
def missing_one(z):
    return 1 / np.exp(-z)


@wrong("sigmoid", "Some of your values are negative, and near 0 they explode: look at the sign in the denominator.")
def minus_in_denominator(z):
    return 1 / (1 - np.exp(-z))


@wrong("sigmoid", "Your result is a flat array: how does it get the shape of the input?")
def flattened_sigmoid(z):
    return np.array([1 / (1 + np.exp(-t)) for t in np.ravel(z)])


@wrong("sigmoid", "It fails for a single number, which has no length and no index: can you do without the loop?")
def loop_over_len(z):
    out = np.zeros_like(z, dtype=float)
    for i in range(len(z)):
        out[i] = 1 / (1 + np.exp(-z[i]))
    return out


@wrong("sigmoid", "For integers your result is cut to whole numbers: what can an array made by zeros_like of integers hold?")
def integer_buffer(z):
    out = np.zeros_like(z)
    out[...] = 1 / (1 + np.exp(-z))
    return out


@wrong("sigmoid", "Your function overwrites the array that came in: make a new one.")
def sigmoid_in_place(z):
    if isinstance(z, np.ndarray):
        z[...] = 1 / (1 + np.exp(-z))
        return z
    return 1 / (1 + np.exp(-z))


@wrong("sigmoid", "Your function overwrites the array that came in, if it holds floats: does asarray copy?")
def sigmoid_asarray_in_place(z):
    z = np.asarray(z, dtype=float)
    np.negative(z, out=z)
    return 1 / (1 + np.exp(z))


@wrong("sigmoid", "Your function gives back None: does every way through it end in a return?")
def sigmoid_prints(z):
    print(1 / (1 + np.exp(-z)))


@wrong("sigmoid", "Your values add up to 1, which is what softmax does: the sigmoid treats each element on its own.")
def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@wrong("sigmoid", "From a certain size of z on, your result stays the same: where may z be cut off, if at all?")
def clips_too_early(z):
    return 1 / (1 + np.exp(-np.clip(z, -3, 3)))


@wrong("sigmoid", "Your results are rounded: later, a small number has to be told apart from 0.")
def rounded(z):
    return np.round(1 / (1 + np.exp(-np.asarray(z, dtype=float))), 2)


@slip("sigmoid", "Your result is a flat array: how does it get the shape of the input?")
def then_flat(result, z):
    return np.ravel(result)


@slip("sigmoid", "Your results are rounded: later, a small number has to be told apart from 0.")
def then_rounded(result, z):
    return np.round(result, 2)


# ---------------------------------------------------------------- my_dense


@wrong("my_dense", "A number is missing in z: what else does a unit add to the weighted sum?")
def no_bias(a_in, W, b, g):
    return g(W @ a_in)


@wrong("my_dense", "The bias belongs to z, before the activation.")
def bias_after_activation(a_in, W, b, g):
    return g(W @ a_in) + b


@wrong("my_dense", "What comes back is z itself: what becomes of g?")
def no_activation(a_in, W, b, g):
    return W @ a_in + b


@wrong("my_dense", "g may be any activation: use the one that you are given.")
def g_ignored(a_in, W, b, g):
    return 1 / (1 + np.exp(-(W @ a_in + b)))


@wrong("my_dense", "Check which axis of W belongs to the units.")
def w_transposed(a_in, W, b, g):
    return g(W.T @ a_in + b)


@wrong("my_dense", "Check which axis of W belongs to the units.")
def loops_over_columns_of_w(a_in, W, b, g):
    return np.array([g(np.dot(W[:, j], a_in[:, 0]) + b[j]) for j in range(W.shape[1])]).reshape(-1, 1)


@wrong("my_dense", "Your result is flat: what is the shape of a column?")
def flat_result(a_in, W, b, g):
    return g(W @ a_in + b).ravel()


@wrong("my_dense", "Your result is a row: what is the shape of a column?")
def row_result(a_in, W, b, g):
    return g(W @ a_in + b).T


@wrong("my_dense", "Your result is a matrix: a column plus a flat array is broadcast. Which of the two should change?")
def broadcast_to_matrix(a_in, W, b, g):
    return g(W @ a_in[:, 0] + b)


@wrong("my_dense", "Look at the sign of the bias in your z.")
def minus_bias(a_in, W, b, g):
    return g(W @ a_in - b)


@wrong("my_dense", "Your units all use the same bias, and each has its own.")
def first_bias_for_all(a_in, W, b, g):
    return g(W @ a_in + b[0])


@wrong("my_dense", "The last unit is left out: where does your loop end?")
def last_unit_missed(a_in, W, b, g):
    z = np.zeros((len(W), 1))
    for j in range(len(W) - 1):
        z[j] = W[j] @ a_in + b[j]
    return g(z)


@wrong("my_dense", "Only the first unit is filled in: does a return stand inside your loop?")
def returns_after_first_unit(a_in, W, b, g):
    out = np.zeros((len(W), 1))
    for j in range(len(W)):
        out[j] = g(W[j] @ a_in + b[j])
        return out


@wrong("my_dense", "Your result is g(g(z)): where is g called?")
def g_twice(a_in, W, b, g):
    return g(g(W @ a_in + b))


@wrong("my_dense", "Your result has a column for each input: what happens to the products of weights and inputs?")
def elementwise_product(a_in, W, b, g):
    return g(W * a_in.T + b)


@wrong("my_dense", "For integers your result is cut to whole numbers: what can an array made by zeros_like of integers hold?")
def dense_integer_buffer(a_in, W, b, g):
    out = np.zeros_like(b)
    for j in range(len(W)):
        out[j] = g(W[j] @ a_in + b[j])
    return out


@wrong("my_dense", "Your function overwrites the bias that came in: += writes into it.")
def dense_writes_into_b(a_in, W, b, g):
    b += W @ a_in
    return g(b)


@wrong("my_dense", "Your weighted sum is divided by the number of inputs: is it a sum or a mean?")
def dense_mean(a_in, W, b, g):
    return g(W @ a_in / W.shape[1] + b)


@wrong("my_dense", "g gets your units one by one: it is a function of the whole column z, and may look at all of it.")
def g_for_each_unit(a_in, W, b, g):
    out = np.zeros((len(W), 1))
    for j in range(len(W)):
        out[j, 0] = g(np.dot(W[j], a_in[:, 0]) + b[j, 0])
    return out


@wrong("my_dense", "g gets a flat z: it is a function of the column, with a row for each unit.")
def g_of_a_flat_z(a_in, W, b, g):
    return np.reshape(g((W @ a_in + b).ravel()), (-1, 1))


@slip("my_dense", "Your result is flat: what is the shape of a column?")
def dense_then_flat(result, a_in, W, b, g):
    return np.ravel(result)


@slip("my_dense", "Your result is a row: what is the shape of a column?")
def dense_then_row(result, a_in, W, b, g):
    return np.reshape(result, (1, -1))


# ---------------------------------------------------------------- my_sequential


@wrong("my_sequential", "Each layer should work on what the layer before it gave.")
def every_layer_gets_x(x, parameters, g):
    for W, b in parameters:
        a = g(np.resize(W @ np.resize(x, (W.shape[1], 1)) + b, b.shape))
    return a


@wrong("my_sequential", "Each layer should work on what the layer before it gave.")
def x_to_every_layer(x, parameters, g):
    for W, b in parameters:
        a = my_dense(x, W, b, g)
    return a


@wrong("my_sequential", "Your network stops one layer too early: is the last one in your loop?")
def last_layer_skipped(x, parameters, g):
    a = x
    for W, b in parameters[:-1]:
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "Your network starts one layer too late: is the first one in your loop?")
def first_layer_skipped(x, parameters, g):
    a = x
    for W, b in parameters[1:]:
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "Your function works for two layers only: how does it go through a list of any length?")
def two_layers_only(x, parameters, g):
    (W1, b1), (W2, b2) = parameters
    return my_dense(my_dense(x, W1, b1, g), W2, b2, g)


@wrong("my_sequential", "Your function works for three layers only: how does it go through a list of any length?")
def three_layers_only(x, parameters, g):
    (W1, b1), (W2, b2), (W3, b3) = parameters
    return my_dense(my_dense(my_dense(x, W1, b1, g), W2, b2, g), W3, b3, g)


@wrong("my_sequential", "What comes back is the result of the first layer: does a return stand inside your loop?")
def returns_first_layer(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
        return a


@wrong("my_sequential", "Your layers run in the wrong order: which one comes first?")
def layers_backwards(x, parameters, g):
    a = x
    for W, b in reversed(parameters):
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "g may be any activation: hand on the one that you were given.")
def always_sigmoid(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, sigmoid)
    return a


@wrong("my_sequential", "Your last layer has no activation: every layer has one.")
def last_layer_linear(x, parameters, g):
    a = x
    for i, (W, b) in enumerate(parameters):
        a = my_dense(a, W, b, g if i < len(parameters) - 1 else lambda z: z)
    return a


@wrong("my_sequential", "Your hidden layers have no activation: every layer has one.")
def hidden_layers_linear(x, parameters, g):
    a = x
    for i, (W, b) in enumerate(parameters):
        a = my_dense(a, W, b, g if i == len(parameters) - 1 else lambda z: z)
    return a


@wrong("my_sequential", "A list of all layers came back: which of them is the result?")
def returns_all_layers(x, parameters, g):
    activations = [x]
    for W, b in parameters:
        activations.append(my_dense(activations[-1], W, b, g))
    return activations


@wrong("my_sequential", "Your function empties the list of parameters that came in: pop takes things out of it.")
def pops_parameters(x, parameters, g):
    a = x
    while parameters:
        W, b = parameters.pop(0)
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "Your result is flat: what is the shape of a column?")
def sequential_flat(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
    return a.ravel()


@slip("my_sequential", "Your result is flat: what is the shape of a column?")
def sequential_then_flat(result, x, parameters, g):
    return np.ravel(result)


# ---------------------------------------------------------------- my_dense_v


@wrong("my_dense_v", "A number is missing in Z: what else does a unit add to the weighted sum?")
def v_no_bias(A_in, W, b, g):
    return g(W @ A_in)


@wrong("my_dense_v", "The bias belongs to Z, before the activation.")
def v_bias_after_activation(A_in, W, b, g):
    return g(W @ A_in) + b


@wrong("my_dense_v", "What comes back is Z itself: what becomes of g?")
def v_no_activation(A_in, W, b, g):
    return W @ A_in + b


@wrong("my_dense_v", "g may be any activation: use the one that you are given.")
def v_g_ignored(A_in, W, b, g):
    return sigmoid(W @ A_in + b)


@wrong("my_dense_v", "Your product is that of a layout with examples as rows; here an example is a column.")
def v_rows(A_in, W, b, g):
    return g(A_in @ W + b)


@wrong("my_dense_v", "Your result is transposed: units are rows, examples are columns.")
def v_transposed_result(A_in, W, b, g):
    return g(A_in.T @ W.T + b.T)


@wrong("my_dense_v", "Check which axis of W belongs to the units.")
def v_w_transposed(A_in, W, b, g):
    return g(W.T @ A_in + b)


@wrong("my_dense_v", "The numbers are right, but g is called once for each example: can it take them all at once?")
def v_loop_over_examples(A_in, W, b, g):
    return np.hstack([g(W @ A_in[:, [i]] + b) for i in range(A_in.shape[1])])


@wrong("my_dense_v", "The numbers are right, but g is called once for each unit: can it take them all at once?")
def v_loop_over_units(A_in, W, b, g):
    return np.vstack([g(W[[j]] @ A_in + b[j]) for j in range(len(W))])


@wrong("my_dense_v", "Your b is flat when it is added: along which axis does broadcasting add it then?")
def v_flat_bias(A_in, W, b, g):
    return g(W @ A_in + b.ravel())


@wrong("my_dense_v", "Your units all use the same bias, and each has its own.")
def v_first_bias(A_in, W, b, g):
    return g(W @ A_in + b[0, 0])


@wrong("my_dense_v", "Your examples are added up: a layer treats each on its own.")
def v_sums_examples(A_in, W, b, g):
    return g(np.sum(W @ A_in, axis=1, keepdims=True) + b)


@wrong("my_dense_v", "Axes of length 1 are missing in your result: what drops them?")
def v_squeezed(A_in, W, b, g):
    return np.squeeze(g(W @ A_in + b))


@wrong("my_dense_v", "`*` multiplies element by element: which product does a layer need?")
def v_elementwise(A_in, W, b, g):
    return g(W * A_in + b)


@wrong("my_dense_v", "g gets your Z on its side: it should see a row for each unit, a column for each example.")
def v_g_of_rows(A_in, W, b, g):
    return g((W @ A_in + b).T).T


@wrong("my_dense_v", "Your function overwrites the array that came in: make a new one.")
def v_writes_into_input(A_in, W, b, g):
    Z = W @ A_in + b
    A_in *= 0
    return g(Z)


@wrong("my_dense_v", "Your weighted sum is divided by the number of inputs: is it a sum or a mean?")
def v_mean(A_in, W, b, g):
    return g(W @ A_in / len(A_in) + b)


@slip("my_dense_v", "Your result is transposed: units are rows, examples are columns.")
def v_then_transposed(result, A_in, W, b, g):
    return np.transpose(result)


@slip("my_dense_v", "Axes of length 1 are missing in your result: what drops them?")
def v_then_squeezed(result, A_in, W, b, g):
    return np.squeeze(result)


# ---------------------------------------------------------------- standardize


@wrong("standardize", "Each feature is a row: along which axis do the examples lie?")
def axis_zero(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "Your numbers are those of one mean and one deviation for everything: each feature has its own.")
def global_mean(X):
    return (X - X.mean()) / (X.std() or 1)


@wrong("standardize", "A constant feature has deviation 0, and dividing by 0 gives nan.")
def nan_for_constant(X):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@wrong("standardize", "Rounding makes the deviation of equal numbers a little more than 0: look at the numbers themselves.")
def deviation_exactly_zero(X):
    spread = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "You add a little to every deviation: it shows where the numbers themselves are small or large.")
def small_epsilon(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-8)


@wrong("standardize", "Your features are divided by the wrong number: standard deviation and variance aren't the same.")
def variance(X):
    spread = X.var(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "The mean of each feature is 0, but its deviation isn't 1 yet.")
def only_centred(X):
    return X - X.mean(axis=1, keepdims=True)


@wrong("standardize", "The deviation of each feature is 1, but its mean isn't 0 yet.")
def only_scaled(X):
    spread = X.std(axis=1, keepdims=True)
    return X / np.where(spread == 0, 1, spread)


@wrong("standardize", "Your features reach from 0 to 1: that is another way to scale, with minimum and maximum.")
def min_max(X):
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    return (X - low) / np.where(high == low, 1, high - low)


@wrong("standardize", "Your deviation is a little too large: is it divided by m or by m - 1?")
def ddof_one(X):
    spread = X.std(axis=1, keepdims=True, ddof=1) if X.shape[1] > 1 else np.zeros((len(X), 1))
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "Your function overwrites the array that came in: make a new one.")
def standardize_in_place(X):
    X -= X.mean(axis=1, keepdims=True).astype(X.dtype)
    spread = X.std(axis=1, keepdims=True)
    return X / np.where(spread == 0, 1, spread)


@wrong("standardize", "Your function overwrites the array that came in, if it holds floats: does asarray copy?")
def standardize_asarray_in_place(X):
    X = np.asarray(X, dtype=float)
    X -= X.mean(axis=1, keepdims=True)
    spread = X.std(axis=1, keepdims=True)
    X /= np.where(spread == 0, 1, spread)
    return X


@wrong("standardize", "The means have one axis, X has two: which shape lets them be subtracted from every column?")
def no_keepdims(X):
    spread = X.std(axis=1)
    return (X - X.mean(axis=1)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "Constant features are missing in your result: they should stay, as zeros.")
def drops_constant(X):
    spread = X.std(axis=1, keepdims=True)
    keep = spread[:, 0] > 0
    return (X[keep] - X[keep].mean(axis=1, keepdims=True)) / spread[keep]


@wrong("standardize", "A constant feature keeps its value in your result: which value should it get?")
def constant_stays(X):
    spread = X.std(axis=1, keepdims=True)
    return np.where(spread == 0, X, (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread))


@wrong("standardize", "You add something to the deviation to avoid dividing by 0: it is so large that it shows.")
def large_epsilon(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 0.1)


@wrong("standardize", "Your features come out too narrow: is something added to a deviation that isn't 0?")
def adds_one(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1)


@wrong("standardize", "Division comes before subtraction: what do you divide by the deviation?")
def standardize_parentheses(X):
    spread = X.std(axis=1, keepdims=True)
    return X - X.mean(axis=1, keepdims=True) / np.where(spread == 0, 1, spread)


@slip("standardize", "Your result is transposed: a feature stays a row.")
def standardize_then_transposed(result, X):
    return np.transpose(result)


# ---------------------------------------------------------------- forward


@wrong("forward", "Your list begins with A1: what does the first layer's gradient need?")
def without_x(X, parameters):
    activations, A = [], X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
        activations.append(A)
    return activations


@wrong("forward", "Only the output came back: backpropagation needs every layer's activation, in a list.")
def only_output(X, parameters):
    A = X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
    return A


@wrong("forward", "Your list holds Z: which values does the next layer see?")
def z_instead_of_a(X, parameters):
    activations, A = [X], X
    for W, b in parameters:
        Z = W @ A + b
        A = sigmoid(Z)
        activations.append(Z)
    return activations


@wrong("forward", "Each layer should work on what the layer before it gave.")
def forward_every_layer_gets_x(X, parameters):
    return [X] + [my_dense_v(X, W, b, sigmoid) for W, b in parameters]


@wrong("forward", "Your last layer gives Z: it has the sigmoid, too.")
def linear_output(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        g = sigmoid if i < len(parameters) - 1 else lambda z: z
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations


@wrong("forward", "Your hidden layers have an activation other than the sigmoid.")
def relu_hidden(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        g = sigmoid if i == len(parameters) - 1 else lambda z: np.maximum(z, 0)
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations


@wrong("forward", "Your function works for a fixed number of layers: a network can have any.")
def forward_two_layers(X, parameters):
    A1 = my_dense_v(X, *parameters[0], sigmoid)
    return [X, A1, my_dense_v(A1, *parameters[1], sigmoid)]


@wrong("forward", "Your last layer is missing: where does the loop end?")
def forward_last_skipped(X, parameters):
    activations = [X]
    for W, b in parameters[:-1]:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


@wrong("forward", "Your list ends after the first layer: does a return stand inside your loop?")
def forward_returns_early(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
        return activations


@wrong("forward", "Your list is in reverse order: the input comes first.")
def forward_reversed(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations[::-1]


@wrong("forward", "Your activations have examples as rows; here an example is a column.")
def forward_transposed(X, parameters):
    activations = [X.T]
    for W, b in parameters:
        activations.append(sigmoid(activations[-1] @ W.T + b.T))
    return activations


@wrong("forward", "Your last entry holds labels: the cost needs the probabilities.")
def forward_labels(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    activations[-1] = (activations[-1] > 0.5).astype(float)
    return activations


@wrong("forward", "Your layers have no bias: what is added to W A?")
def forward_no_bias(X, parameters):
    activations = [X]
    for W, _ in parameters:
        activations.append(sigmoid(W @ activations[-1]))
    return activations


@wrong("forward", "Your function changes the list of parameters that came in: pop takes things out of it.")
def forward_pops(X, parameters):
    activations = [X]
    while parameters:
        activations.append(my_dense_v(activations[-1], *parameters.pop(0), sigmoid))
    return activations


@slip("forward", "Your list begins with A1: what does the first layer's gradient need?")
def forward_then_without_x(result, X, parameters):
    return result[1:]


@slip("forward", "Your list is in reverse order: the input comes first.")
def forward_then_reversed(result, X, parameters):
    return result[::-1]


@slip("forward", "Only the output came back: backpropagation needs every layer's activation, in a list.")
def forward_then_output(result, X, parameters):
    return result[-1]


# ---------------------------------------------------------------- cost


@wrong("cost", "The cost is the mean over the examples: by what do you divide, and how many examples are there?")
def cost_sum(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "Your cost is off by a constant factor: which logarithm do you take?")
def cost_log2(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log2(p) + (1 - Y) * np.log2(1 - p))


@wrong("cost", "Your cost is off by a constant factor: which logarithm do you take?")
def cost_log10(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log10(p) + (1 - Y) * np.log10(1 - p))


@wrong("cost", "A cost is never negative: look at your signs.")
def cost_no_minus(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "Examples with label 0 cost nothing in your formula.")
def cost_first_half(Y_hat, Y):
    return -np.mean(Y * np.log(np.clip(Y_hat, 1e-15, 1)))


@wrong("cost", "Examples with label 1 cost nothing in your formula.")
def cost_second_half(Y_hat, Y):
    return -np.mean((1 - Y) * np.log(np.clip(1 - Y_hat, 1e-15, 1)))


@wrong("cost", "For predictions of exactly 0 or 1 your cost isn't a number: what is log 0, and 0 times that?")
def cost_nan(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


@wrong("cost", "For predictions of exactly 0 or 1 your cost is infinite: how can you keep 0 out of the logarithm?")
def cost_inf(Y_hat, Y):
    return -np.mean(np.log(np.where(Y == 1, Y_hat, 1 - Y_hat)))


@wrong("cost", "What you compute is the squared error: another cost is asked for.")
def cost_squared(Y_hat, Y):
    return np.mean((Y_hat - Y) ** 2)


@wrong("cost", "What you compute is the mean absolute error: another cost is asked for.")
def cost_absolute(Y_hat, Y):
    return np.mean(np.abs(Y_hat - Y))


@wrong("cost", "The value is right, but it is still an array: how does it become one number?")
def cost_matrix(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -(Y @ np.log(p).T + (1 - Y) @ np.log(1 - p).T) / Y.shape[1]


@wrong("cost", "What comes back are the losses of the single examples: the cost is one number for all.")
def cost_vector(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "The cost is the mean over the examples: by what do you divide, and how many examples are there?")
def cost_divides_by_rows(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / Y.shape[0]


@wrong("cost", "You take the logarithm of the labels: of what should it be taken?")
def cost_swapped(Y_hat, Y):
    p = np.clip(Y, 1e-15, 1 - 1e-15)
    return -np.mean(Y_hat * np.log(p) + (1 - Y_hat) * np.log(1 - p))


@wrong("cost", "Your cost is half of what it should be: is there a 2 in the denominator?")
def cost_half(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / 2


@wrong("cost", "Look at the sign between the two terms.")
def cost_minus_between(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(p) - (1 - Y) * np.log(1 - p))


@wrong("cost", "log(1 - p) and 1 - log(p) differ: what does the second term hold?")
def cost_one_minus_log(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(p) + (1 - Y) * (1 - np.log(p)))


@wrong("cost", "Certain and wrong predictions cost nothing in your function: what becomes of nan and infinity?")
def cost_nan_to_zero(Y_hat, Y):
    loss = -(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    return np.mean(np.nan_to_num(loss, nan=0.0, posinf=0.0, neginf=0.0))


@wrong("cost", "Your function overwrites the predictions that came in: clip into a new array.")
def cost_clips_in_place(Y_hat, Y):
    Y_hat[:] = np.clip(Y_hat, 0.2, 0.8)
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


@wrong("cost", "You clip the predictions so strongly that it shows: how close to 0 and 1 may they come?")
def cost_coarse_clip(Y_hat, Y):
    p = np.clip(Y_hat, 0.1, 0.9)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "What you compute is the share of wrong labels: the cost looks at the probabilities.")
def cost_error_rate(Y_hat, Y):
    return np.mean((Y_hat >= 0.5) != (Y == 1))


@slip("cost", "A cost is never negative: look at your signs.")
def cost_then_negative(result, Y_hat, Y):
    return -result


@slip("cost", "The cost is the mean over the examples: by what do you divide, and how many examples are there?")
def cost_then_times_m(result, Y_hat, Y):
    return result * Y.shape[1]


@slip("cost", "The value is right, but it is still an array: how does it become one number?")
def cost_then_matrix(result, Y_hat, Y):
    return np.reshape(result, (1, 1))


@slip("cost", "Your cost is half of what it should be: is there a 2 in the denominator?")
def cost_then_half(result, Y_hat, Y):
    return result / 2


# ---------------------------------------------------------------- backward


def _backward(activations, Y, parameters, dZ=None, hidden=None, db=None, dW=None, factor=None):
    """Backpropagation with one part replaced."""
    m = Y.shape[1]
    dZ = (activations[-1] - Y) / m if dZ is None else dZ(activations[-1], Y, m)
    gradients = []
    for (W, _), A in zip(reversed(parameters), reversed(activations[:-1])):
        gradients.append(
            (
                dZ @ A.T if dW is None else dW(dZ, A),
                dZ.sum(axis=1, keepdims=True) if db is None else db(dZ),
            )
        )
        dA = W.T @ dZ if hidden is None else hidden(W, dZ)
        dZ = dA * A * (1 - A) if factor is None else factor(dA, A)
    return gradients[::-1]


@wrong("backward", "Your gradients are those of a sum over the examples, and the cost is a mean.")
def not_divided_by_m(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: A - Y)


@wrong("backward", "All your gradients have the wrong sign: what is subtracted from what?")
def sign_of_the_gradient(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: (Y - A) / m)


@wrong("backward", "There is one factor too many in your last layer: what does the slope of the cross-entropy cancel?")
def squared_error_factor(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: (A - Y) * A * (1 - A) / m)


@wrong("backward", "Your last layer is right, the ones before aren't: what does the sigmoid of a hidden layer add to the chain?")
def no_sigmoid_slope(activations, Y, parameters):
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA)


@wrong("backward", "Your hidden layers use the slope of tanh: what is that of the sigmoid?")
def tanh_slope(activations, Y, parameters):
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA * (1 - A**2))


@wrong("backward", "The activations are sigmoids already; applying the sigmoid again gives another slope.")
def sigmoid_of_activation(activations, Y, parameters):
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA * sigmoid(A) * (1 - sigmoid(A)))


@wrong("backward", "Your db is flat: what is the shape of b?")
def db_flat(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: dZ.sum(axis=1))


@wrong("backward", "Your db is the same for every unit: over which axis is it added up?")
def db_total(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: np.full((len(dZ), 1), dZ.sum()))


@wrong("backward", "Your db has a column for each example: what becomes of them?")
def db_not_summed(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: dZ)


@wrong("backward", "Your dW is right and your db is too small: is it divided by m once more?")
def db_mean(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: dZ.mean(axis=1, keepdims=True))


@wrong("backward", "Your dW is transposed: it should have the shape of W.")
def dw_transposed(activations, Y, parameters):
    return _backward(activations, Y, parameters, dW=lambda dZ, A: A @ dZ.T)


@wrong("backward", "Your list is in reverse order: the first layer comes first.")
def gradients_reversed(activations, Y, parameters):
    return _backward(activations, Y, parameters)[::-1]


@wrong("backward", "Your m is the number of features: along which axis do the examples lie?")
def divided_by_n(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: (A - Y) / len(activations[0]))


@wrong("backward", "Your last layer is right, the ones before are too small: how often do you divide by m?")
def divided_by_m_in_every_layer(activations, Y, parameters):
    m = Y.shape[1]
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA * A * (1 - A) / m)


@wrong("backward", "The shapes of W and dZ don't fit on the way back: what does W have to become?")
def w_not_transposed(activations, Y, parameters):
    return _backward(activations, Y, parameters, hidden=lambda W, dZ: W @ dZ)


@wrong("backward", "Your gradients are 0 except in the last layer: how does the error get to the ones before?")
def only_last_layer(activations, Y, parameters):
    full = _backward(activations, Y, parameters)
    return [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in full[:-1]] + [full[-1]]


@wrong("backward", "Your function works for a fixed number of layers: a network can have any.")
def backward_two_layers(activations, Y, parameters):
    X, A1, A2 = activations
    m = Y.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = (parameters[1][0].T @ dZ2) * A1 * (1 - A1)
    return [
        (dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True)),
        (dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)),
    ]


@wrong("backward", "Your db is right, your dW isn't: which activations belong to it, those that came in or those that go out?")
def wrong_activation(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.shape[1]
    for i in reversed(range(len(parameters))):
        W, b = parameters[i]
        A = activations[i + 1]
        gradients.insert(0, (np.resize(dZ @ A.T, W.shape), dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * activations[i] * (1 - activations[i])
    return gradients


@wrong("backward", "Your pairs are in the wrong order: dW comes first.")
def pairs_swapped(activations, Y, parameters):
    return [(db, dW) for dW, db in _backward(activations, Y, parameters)]


@wrong("backward", "Your gradients are twice as large as they should be: does the derivative of a square come in somewhere?")
def factor_two(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: 2 * (A - Y) / m)


@wrong("backward", "You return a dict: a list of pairs is asked for.")
def gradients_dict(activations, Y, parameters):
    return {f"layer{i}": pair for i, pair in enumerate(_backward(activations, Y, parameters))}


@wrong("backward", "Your function overwrites the activations that came in: -= writes into them.")
def backward_in_place(activations, Y, parameters):
    activations[-1] -= Y
    dZ = activations[-1] / Y.shape[1]
    gradients = []
    for (W, _), A in zip(reversed(parameters), reversed(activations[:-1])):
        gradients.append((dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients[::-1]


@slip("backward", "All your gradients have the wrong sign: what is subtracted from what?")
def backward_then_negative(result, activations, Y, parameters):
    return [(-dW, -db) for dW, db in result]


@slip("backward", "Your gradients are those of a sum over the examples, and the cost is a mean.")
def backward_then_times_m(result, activations, Y, parameters):
    return [(dW * Y.shape[1], db * Y.shape[1]) for dW, db in result]


@slip("backward", "Your db is flat: what is the shape of b?")
def backward_then_db_flat(result, activations, Y, parameters):
    return [(dW, np.ravel(db)) for dW, db in result]


@slip("backward", "Your dW is transposed: it should have the shape of W.")
def backward_then_dw_transposed(result, activations, Y, parameters):
    return [(dW.T, db) for dW, db in result]


@slip("backward", "Your list is in reverse order: the first layer comes first.")
def backward_then_reversed(result, activations, Y, parameters):
    return result[::-1]


@slip("backward", "Your pairs are in the wrong order: dW comes first.")
def backward_then_swapped(result, activations, Y, parameters):
    return [(db, dW) for dW, db in result]


# ---------------------------------------------------------------- gradient_step


@wrong("gradient_step", "Your step goes uphill: in which direction does the gradient point?")
def uphill(parameters, gradients, alpha):
    return [(W + alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The length of your step doesn't depend on alpha.")
def alpha_ignored(parameters, gradients, alpha):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The length of your step doesn't depend on alpha: it is always the same number.")
def alpha_fixed(parameters, gradients, alpha):
    return [(W - 0.1 * dW, b - 0.1 * db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "Only W changes in your function: what about b?")
def b_never_updated(parameters, gradients, alpha):
    return [(W - alpha * dW, b) for (W, b), (dW, _) in zip(parameters, gradients)]


@wrong("gradient_step", "Only b changes in your function: what about W?")
def w_never_updated(parameters, gradients, alpha):
    return [(W, b - alpha * db) for (W, b), (_, db) in zip(parameters, gradients)]


@wrong("gradient_step", "What came in was changed: make new arrays, and a new list to hold them.")
def in_place(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W -= alpha * dW
        b -= alpha * db
    return parameters


@wrong("gradient_step", "What came in was changed: make new arrays, and a new list to hold them.")
def list_in_place(parameters, gradients, alpha):
    for i, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        parameters[i] = (W - alpha * dW, b - alpha * db)
    return parameters


@wrong("gradient_step", "The parameters come back as they were: what becomes of what your loop computes?")
def loop_never_updates(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W = W - alpha * dW
        b = b - alpha * db
    return parameters


@wrong("gradient_step", "Only the first layer came back: does a return stand inside your loop?")
def only_first_layer(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new.append((W - alpha * dW, b - alpha * db))
        return new


@wrong("gradient_step", "Your layers get each other's gradients: in which order are they listed?")
def gradients_in_reverse(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients[::-1])]


@wrong("gradient_step", "Only the step came back: what is it a step from?")
def step_alone(parameters, gradients, alpha):
    return [(-alpha * dW, -alpha * db) for dW, db in gradients]


@wrong("gradient_step", "The smaller alpha is, the longer your step: should it multiply or divide?")
def alpha_divides(parameters, gradients, alpha):
    return [(W - dW / alpha, b - db / alpha) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The step of b doesn't depend on alpha.")
def alpha_for_w_only(parameters, gradients, alpha):
    return [(W - alpha * dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "Your arrays came as one flat list: keep each W and its b together in a pair.")
def flat_list(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new += [W - alpha * dW, b - alpha * db]
    return new


@wrong("gradient_step", "Your function changes what came in and gives back None: new parameters are asked for.")
def step_returns_none(parameters, gradients, alpha):
    for i, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        parameters[i] = (W - alpha * dW, b - alpha * db)


@slip("gradient_step", "Your arrays came as one flat list: keep each W and its b together in a pair.")
def step_then_flat(result, parameters, gradients, alpha):
    return [array for pair in result for array in pair]


@slip("gradient_step", "Only the first layer came back: does a return stand inside your loop?")
def step_then_first_layer(result, parameters, gradients, alpha):
    return result[:1]


# ---------------------------------------------------------------- train


@wrong("train", "Your cost never changes: what becomes of the result of gradient_step?")
def never_updates(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Training ends after one step: does a return stand inside your loop?")
def one_step_only(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        return parameters, costs


@wrong("train", "Your costs are those after each step: the first one should belong to the initial parameters.")
def cost_after_step(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        parameters = gradient_step(parameters, backward(forward(X, parameters), Y, parameters), alpha)
        costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs


@wrong("train", "Only one cost came back: keep one for every step.")
def last_cost_only(X, Y, parameters, alpha, steps):
    for _ in range(steps):
        A = forward(X, parameters)
        J = cost(A[-1], Y)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, J


@wrong("train", "The length of your step doesn't depend on alpha: it is always the same number.")
def train_alpha_fixed(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), 0.1)
    return parameters, costs


@wrong("train", "Your number of steps doesn't depend on the argument.")
def fixed_steps(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(100):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Your loop makes one step too few.")
def one_step_less(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(1, steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Your loop makes one step too many.")
def one_step_more(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps + 1):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "The two results are in the wrong order: the parameters come first.")
def order_swapped(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return costs, parameters


@wrong("train", "Only the parameters came back: the costs are asked for, too.")
def parameters_only(X, Y, parameters, alpha, steps):
    for _ in range(steps):
        parameters = gradient_step(parameters, backward(forward(X, parameters), Y, parameters), alpha)
    return parameters


@wrong("train", "Your cost never changes: which activations does a step use, those of the current parameters?")
def forward_once(X, Y, parameters, alpha, steps):
    costs = []
    A = forward(X, parameters)
    for _ in range(steps):
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Your training doesn't start from the parameters that came in.")
def own_parameters(X, Y, parameters, alpha, steps):
    generator = np.random.default_rng(0)
    parameters = [(generator.normal(size=W.shape) * 0.1, np.zeros(b.shape)) for W, b in parameters]
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Your function changes the parameters that came in: keep the new ones under another name.")
def train_in_place(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters[:] = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Your cost grows from step to step: in which direction does a step go?")
def train_uphill(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), -alpha)
    return parameters, costs


@wrong("train", "Your steps get shorter on the way: alpha should stay the same.")
def alpha_decays(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha / (i + 1))
    return parameters, costs


@wrong("train", "Your costs are those of all examples, but each step looks at a single one.")
def one_example_a_step(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        j = i % X.shape[1]
        costs.append(cost(forward(X, parameters)[-1], Y))
        A = forward(X[:, j : j + 1], parameters)
        parameters = gradient_step(parameters, backward(A, Y[:, j : j + 1], parameters), alpha)
    return parameters, costs


@wrong("train", "Some costs are missing: keep one for every step.")
def every_tenth_cost(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        if i % 10 == 0:
            costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@slip("train", "The two results are in the wrong order: the parameters come first.")
def train_then_swapped(result, X, Y, parameters, alpha, steps):
    return result[::-1]


@slip("train", "Only the parameters came back: the costs are asked for, too.")
def train_then_parameters(result, X, Y, parameters, alpha, steps):
    return result[0]


@slip("train", "Only one cost came back: keep one for every step.")
def train_then_last_cost(result, X, Y, parameters, alpha, steps):
    return result[0], result[1][-1]


# ---------------------------------------------------------------- predict


@wrong("predict", "Probabilities came back: how do they become labels?")
def probabilities(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1]


@wrong("predict", "Your labels don't depend on the threshold.")
def threshold_ignored(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= 0.5).astype(int)


@wrong("predict", "What about a probability that is exactly the threshold?")
def strictly_above(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] > threshold).astype(int)


@wrong("predict", "Your zeros and ones are the wrong way round.")
def labels_inverted(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] < threshold).astype(int)


@wrong("predict", "Your labels have lost an axis: the shape should be (1, m).")
def labels_flat(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold).astype(int)[0]


@wrong("predict", "Your labels have lost an axis: the shape should be (1, m).")
def labels_squeezed(X, parameters, threshold=0.5):
    return np.squeeze(forward(X, parameters)[-1] >= threshold).astype(int)


@wrong("predict", "Your labels are a column: the shape should be (1, m).")
def labels_column(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold).astype(int).T


@wrong("predict", "Your labels don't depend on the threshold, and exactly 0.5 gives 0: do you round?")
def labels_rounded(X, parameters, threshold=0.5):
    return np.round(forward(X, parameters)[-1])


@wrong("predict", "Your labels are those of the first layer: which entry of the list is the output?")
def first_activation(X, parameters, threshold=0.5):
    return (forward(X, parameters)[1] >= threshold).astype(int)


@wrong("predict", "Every label is 0: what turns a probability into a label in your code?")
def argmax(X, parameters, threshold=0.5):
    return np.argmax(forward(X, parameters)[-1], axis=0).reshape(1, -1)


@wrong("predict", "Your labels come from one sigmoid too many: what does forward give already?")
def sigmoid_twice(X, parameters, threshold=0.5):
    return (sigmoid(forward(X, parameters)[-1]) >= threshold).astype(int)


@wrong("predict", "Your labels are -1 and 1: 0 and 1 are asked for.")
def minus_one(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] >= threshold, 1, -1)


@wrong("predict", "Every label is 0: what turns a probability into a label in your code?")
def truncated(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1].astype(int)


@slip("predict", "Your zeros and ones are the wrong way round.")
def predict_then_inverted(result, X, parameters, threshold=0.5):
    return 1 - result


@slip("predict", "Your labels have lost an axis: the shape should be (1, m).")
def predict_then_flat(result, X, parameters, threshold=0.5):
    return np.ravel(result)


@slip("predict", "Your labels are a column: the shape should be (1, m).")
def predict_then_column(result, X, parameters, threshold=0.5):
    return np.reshape(result, (-1, 1))


@slip("predict", "Your labels are -1 and 1: 0 and 1 are asked for.")
def predict_then_minus_one(result, X, parameters, threshold=0.5):
    return 2 * result - 1


# ---------------------------------------------------------------- build_model


def _model(n_features, units, activations=None, **compile):
    activations = activations or ["sigmoid"] * len(units)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((n_features,)),
            *(tf.keras.layers.Dense(u, activation=a) for u, a in zip(units, activations)),
        ]
    )
    if compile:
        model.compile(**compile)
    return model


@wrong("build_model", "Your output layer has no activation: what makes its number a probability?")
def linear_output_layer(n_features=400, units=(25, 15, 1)):
    last = ["sigmoid"] * (len(units) - 1) + [None]
    return _model(n_features, units, last, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Your output layer has no activation, and the loss does its work: here the model itself should give probabilities.")
def logits(n_features=400, units=(25, 15, 1)):
    last = ["sigmoid"] * (len(units) - 1) + [None]
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    return _model(n_features, units, last, loss=loss, optimizer="adam")


@wrong("build_model", "Your hidden layers have an activation other than the one that is asked for.")
def relu_layers(n_features=400, units=(25, 15, 1)):
    last = ["relu"] * (len(units) - 1) + ["sigmoid"]
    return _model(n_features, units, last, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Your output layer uses softmax: over a single unit that is always 1.")
def softmax_output(n_features=400, units=(25, 15, 1)):
    last = ["sigmoid"] * (len(units) - 1) + ["softmax"]
    return _model(n_features, units, last, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The sizes of your layers don't depend on the argument.")
def fixed_units(n_features=400, units=(25, 15, 1)):
    return _model(n_features, (25, 15, 1), loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The size of your input doesn't depend on the argument.")
def fixed_features(n_features=400, units=(25, 15, 1)):
    return _model(400, units, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Without arguments your layers don't have the sizes that the assignment asks for.")
def wrong_units(n_features=400, units=(25, 10, 1)):
    return _model(n_features, units, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Your last layer is missing: where does the loop end?")
def missing_layer(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units[:-1], loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Your loss isn't the one for two classes: which cost did you write by hand?")
def squared_error_loss(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="mse", optimizer="adam")


@wrong("build_model", "Your loss is one for several classes.")
def categorical_loss(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="categorical_crossentropy", optimizer="adam")


@wrong("build_model", "Your loss is one for several classes.")
def sparse_loss(n_features=400, units=(25, 15, 1)):
    loss = tf.keras.losses.SparseCategoricalCrossentropy()
    return _model(n_features, units, loss=loss, optimizer="adam")


@wrong("build_model", "Your loss expects logits, but your last layer gives probabilities.")
def from_logits(n_features=400, units=(25, 15, 1)):
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    return _model(n_features, units, loss=loss, optimizer="adam")


@wrong("build_model", "Your model isn't compiled.")
def not_compiled(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units)


@wrong("build_model", "Your optimizer isn't the one that the assignment asks for.")
def sgd(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="binary_crossentropy", optimizer="sgd")


@wrong("build_model", "Your optimizer is RMSprop, which is what Keras takes when you name none.")
def default_optimizer(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="binary_crossentropy")


@wrong("build_model", "Your model is compiled without a loss.")
def no_loss(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, optimizer="adam")


@wrong("build_model", "Your model doesn't know how many features there are: where can you tell it?")
def no_input_shape(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.layers.Dense(u, activation="sigmoid") for u in units])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "Your layers have no bias.")
def layers_without_bias(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential(
        [
            tf.keras.Input((n_features,)),
            *(tf.keras.layers.Dense(u, activation="sigmoid", use_bias=False) for u in units),
        ]
    )
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "Your model is a functional one: a Sequential is asked for.")
def functional(n_features=400, units=(25, 15, 1)):
    inputs = outputs = tf.keras.Input((n_features,))
    for u in units:
        outputs = tf.keras.layers.Dense(u, activation="sigmoid")(outputs)
    model = tf.keras.Model(inputs, outputs)
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "Your model has Dropout layers, which nobody asked for.")
def dropout(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
        model.add(tf.keras.layers.Dropout(0.5))
    model.add(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "Your function gives back None: compile() changes the model, and returns nothing.")
def returns_compile(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units).compile(loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Your model has one Dense layer too many at its beginning: the input isn't a layer of units.")
def input_as_dense(n_features=400, units=(25, 15, 1)):
    return _model(n_features, (n_features, *units), loss="binary_crossentropy", optimizer="adam")


# ---------------------------------------------------------------- parameters_from_keras


@wrong("parameters_from_keras", "Keras has inputs as rows of a kernel; what are the rows of W?")
def kernel_not_transposed(model):
    return [(k, b.reshape(-1, 1)) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "Your b is flat: which shape does it have in this assignment?")
def bias_flat(model):
    return [(k.T, b) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "Your b is a row: which shape does it have in this assignment?")
def bias_row(model):
    return [(k.T, b.reshape(1, -1)) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "Your W has the right shape and its numbers in wrong places: reshaping isn't transposing.")
def kernel_reshaped(model):
    return [
        (k.reshape(k.shape[1], k.shape[0]), b.reshape(-1, 1))
        for k, b in (layer.get_weights() for layer in model.layers)
    ]


@wrong("parameters_from_keras", "Your arrays came as one flat list: keep each W and its b together in a pair.")
def flat_weights(model):
    return [w.T if w.ndim == 2 else w.reshape(-1, 1) for w in model.get_weights()]


@wrong("parameters_from_keras", "Your pairs are in the wrong order: W comes first.")
def bias_first(model):
    return [(b.reshape(-1, 1), k.T) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "Your list is in reverse order: the first layer comes first.")
def last_layer_first(model):
    weights = [layer.get_weights() for layer in reversed(model.layers)]
    return [(k.T, b.reshape(-1, 1)) for k, b in weights]


@wrong("parameters_from_keras", "The first Dense layer is missing: Keras doesn't list the input as a layer.")
def first_layer_lost(model):
    weights = [layer.get_weights() for layer in model.layers[1:]]
    return [(k.T, b.reshape(-1, 1)) for k, b in weights]


@wrong("parameters_from_keras", "Your function works for a fixed number of layers: a model can have any.")
def three_layers(model):
    weights = [model.layers[i].get_weights() for i in range(3)]
    return [(k.T, b.reshape(-1, 1)) for k, b in weights]


@wrong("parameters_from_keras", "Your biases are all 0: where does Keras keep them?")
def zero_bias(model):
    weights = [layer.get_weights() for layer in model.layers]
    return [(k.T, np.zeros((len(b), 1))) for k, b in weights]


@wrong("parameters_from_keras", "You return a dict: a list of pairs is asked for.")
def weights_dict(model):
    weights = [layer.get_weights() for layer in model.layers]
    return {f"W{i}": k.T for i, (k, _) in enumerate(weights, start=1)}


@slip("parameters_from_keras", "Keras has inputs as rows of a kernel; what are the rows of W?")
def keras_then_w_transposed(result, model):
    return [(W.T, b) for W, b in result]


@slip("parameters_from_keras", "Your b is flat: which shape does it have in this assignment?")
def keras_then_b_flat(result, model):
    return [(W, np.ravel(b)) for W, b in result]


@slip("parameters_from_keras", "Your b is a row: which shape does it have in this assignment?")
def keras_then_b_row(result, model):
    return [(W, np.reshape(b, (1, -1))) for W, b in result]


@slip("parameters_from_keras", "Your pairs are in the wrong order: W comes first.")
def keras_then_swapped(result, model):
    return [(b, W) for W, b in result]


@slip("parameters_from_keras", "Your list is in reverse order: the first layer comes first.")
def keras_then_reversed(result, model):
    return result[::-1]


# ---------------------------------------------------------------- tf_gradients


def _tape(parameters, X, Y, loss=None, activation=None, after=None):
    variables = [(tf.Variable(W, dtype=tf.float64), tf.Variable(b, dtype=tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    loss = loss or (lambda A, Y: tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A)))
    activation = activation or (lambda Z, last: tf.sigmoid(Z))
    with tf.GradientTape() as tape:
        for i, (W, b) in enumerate(variables):
            A = activation(W @ A + b, i == len(variables) - 1)
        J = loss(A, Y)
    return tape.gradient(J, variables)


@wrong("tf_gradients", "Your gradients are multiplied by the number of examples: is the loss a sum or a mean?")
def tape_sum(parameters, X, Y):
    def loss(A, Y):
        return tf.reduce_sum(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))

    return _tape(parameters, X, Y, loss)


@wrong("tf_gradients", "Your loss is the squared error: which cost belongs to labels of 0 and 1?")
def tape_squared_error(parameters, X, Y):
    return _tape(parameters, X, Y, lambda A, Y: tf.reduce_mean((A - Y) ** 2))


@wrong("tf_gradients", "All your gradients have the wrong sign: look at the sign of the loss.")
def tape_sign(parameters, X, Y):
    def loss(A, Y):
        return tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))

    return _tape(parameters, X, Y, loss)


@wrong("tf_gradients", "Your last layer has no sigmoid: every layer has one.")
def tape_linear_output(parameters, X, Y):
    def activation(Z, last):
        return tf.clip_by_value(Z, 0.01, 0.99) if last else tf.sigmoid(Z)

    return _tape(parameters, X, Y, activation=activation)


@wrong("tf_gradients", "Your hidden layers have an activation other than the one that is asked for.")
def tape_relu(parameters, X, Y):
    return _tape(parameters, X, Y, activation=lambda Z, last: tf.sigmoid(Z) if last else tf.nn.relu(Z))


@wrong("tf_gradients", "The gradients are None: the tape follows only what TensorFlow computes from variables inside the with block, the loss included.")
def tape_not_watched(parameters, X, Y):
    constants = [(tf.constant(W), tf.constant(b)) for W, b in parameters]
    A = tf.constant(X)
    with tf.GradientTape() as tape:
        for W, b in constants:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, constants)


@wrong("tf_gradients", "The gradients are None: the tape follows only what TensorFlow computes from variables inside the with block, the loss included.")
def tape_loss_outside(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    A = tf.constant(X)
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
    J = tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)


@wrong("tf_gradients", "The gradients are None: the tape follows only what TensorFlow computes from variables inside the with block, the loss included.")
def tape_numpy(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    A = X
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = 1 / (1 + np.exp(-(W.numpy() @ A + b.numpy())))
        J = tf.constant(np.mean(-Y * np.log(A) - (1 - Y) * np.log(1 - A)))
    return tape.gradient(J, variables)


@wrong("tf_gradients", "Only one pair came back: there is one for every layer.")
def tape_first_layer(parameters, X, Y):
    return _tape(parameters, X, Y)[:1]


@wrong("tf_gradients", "Your arrays came as one flat list: keep each dW and its db together in a pair.")
def tape_flat(parameters, X, Y):
    return [gradient for pair in _tape(parameters, X, Y) for gradient in pair]


@wrong("tf_gradients", "Your loss takes the probabilities for logits: one sigmoid too many.")
def tape_logits_of_probabilities(parameters, X, Y):
    def loss(A, Y):
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=A))

    return _tape(parameters, X, Y, loss)


@wrong("tf_gradients", "Your dW is transposed: it should have the shape of W.")
def tape_transposed(parameters, X, Y):
    return [(tf.transpose(dW), db) for dW, db in _tape(parameters, X, Y)]


@wrong("tf_gradients", "What came back are parameters after a step: the gradients themselves are asked for.")
def tape_updated_parameters(parameters, X, Y):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, _tape(parameters, X, Y))]


@wrong("tf_gradients", "You take examples as rows; here an example is a column.")
def tape_rows(parameters, X, Y):
    return _tape(parameters, tf.transpose(X), tf.transpose(Y))


@wrong("tf_gradients", "float64 and float32 don't mix: cast everything to one of them.")
def tape_mixed_kinds(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)


@slip("tf_gradients", "All your gradients have the wrong sign: look at the sign of the loss.")
def tape_then_negative(result, parameters, X, Y):
    return [(-dW, -db) for dW, db in result]


@slip("tf_gradients", "Your gradients are multiplied by the number of examples: is the loss a sum or a mean?")
def tape_then_times_m(result, parameters, X, Y):
    return [(dW * X.shape[1], db * X.shape[1]) for dW, db in result]


@slip("tf_gradients", "Your dW is transposed: it should have the shape of W.")
def tape_then_transposed(result, parameters, X, Y):
    return [(dW.T, db) for dW, db in result]


@slip("tf_gradients", "Your arrays came as one flat list: keep each dW and its db together in a pair.")
def tape_then_flat(result, parameters, X, Y):
    return [array for pair in result for array in pair]


@slip("tf_gradients", "Your list is in reverse order: the first layer comes first.")
def tape_then_reversed(result, parameters, X, Y):
    return result[::-1]
