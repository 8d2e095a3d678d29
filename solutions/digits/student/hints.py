"""Three hints for each exercise: the idea, the formula, the shape of the code.

The notebook folds them below each exercise; check(sigmoid, hint=1) shows one. The dots are for you to fill in.
"""

HINTS: dict[str, tuple[str, str, str]] = {
    "sigmoid": (
        "Every number goes through the formula on its own. NumPy works on a whole array at once, so you need no loop."
        " A large positive z should give a value near 1, and a large negative z a value near 0.",
        "The value is 1 / (1 + e^-z). Watch two things: the minus sign in the power, and the brackets around the sum"
        " below the line. `np.exp(x)` gives e^x for a number or for each entry of an array.",
        "One line is enough:\n```python\nreturn 1 / (1 + ...)\n```",
    ),
    "my_dense": (
        "A layer is a group of units. Each unit has its own row of weights and its own bias. It multiplies each input"
        " by its weight, adds up, and adds its bias. When all units are done, call `g` once on the column of sums.",
        "For unit j: z_j = W_j1 a_1 + W_j2 a_2 + ... + b_j. The result is g(z), and z has the shape (units, 1)."
        " Row j of `W` is `W[j]`, and the bias of unit j is `b[j, 0]`.",
        "Fill a column of zeros, one row for each unit:\n"
        "```python\nz = np.zeros(b.shape)\nfor j in range(...):\n    z[j, 0] = ...\nreturn g(...)\n```",
    ),
    "my_sequential": (
        "The answer of one layer is the input of the next. Keep one variable for what flows through the network."
        " It starts as `x`. Each layer replaces it with its own answer. You have a function for one layer already.",
        "a0 is x. Then a1 is layer 1 applied to a0, a2 is layer 2 applied to a1, and so on. The last one is the"
        " result. Every layer gets its own W and b and the same g.",
        "Loop over the list of pairs:\n```python\na = ...\nfor W, b in ...:\n    a = my_dense(...)\nreturn a\n```",
    ),
    "my_dense_v": (
        "The examples stand side by side as columns. One matrix product finds every sum of every unit for every"
        " example. The column `b` is then added to each column of the product: NumPy does that for you.",
        "Z = W A_in + b, and the result is g(Z). The shapes fit together: (units, n) times (n, m) gives (units, m)."
        " In NumPy `@` is the matrix product, and `*` multiplies entry by entry.",
        "Two lines, no loop, one call of `g`:\n```python\nZ = ... + b\nreturn ...\n```",
    ),
    "standardize": (
        "A feature is a row. Move each row so that its mean is 0. Then scale it so that its standard deviation is 1."
        " A row with equal numbers can't be scaled, because its deviation is 0. That row should become 0.",
        "x' = (x - mean of the row) / (standard deviation of the row). Use `axis=1` to work along each row and"
        " `keepdims=True` to keep a column that fits X. A row is constant when its smallest number equals its largest.",
        "Replace the deviation of a constant row before you divide:\n"
        "```python\nmean = X.mean(axis=..., keepdims=True)\nconstant = ...\ns = np.where(constant, 1, ...)\n"
        "return np.where(constant, 0, ...)\n```",
    ),
    "forward": (
        "This is the same chain as in `my_sequential`, now for a batch. The new part: keep every answer in a list."
        " The list starts with X. The last entry of the list is always the input of the next layer.",
        "A0 = X. For each layer, A_next = sigmoid(W A + b), where A is the entry before. The result is the list"
        " [A0, A1, ..., AL]. With two layers it has three entries.",
        "Start the list, then append to it:\n```python\nactivations = [...]\nfor W, b in ...:\n"
        "    A = my_dense_v(..., W, b, ...)\n    activations.append(...)\nreturn ...\n```",
    ),
    "cost": (
        "Look at the probability that the network gave to the right label. Its logarithm, with a minus sign, is the"
        " price of that example. The cost is the mean of all prices. Never give `np.log` a 0.",
        "The price is -ln(y_hat) where y is 1, and -ln(1 - y_hat) where y is 0. One formula covers both:"
        " -(y ln(y_hat) + (1 - y) ln(1 - y_hat)). Take the mean over the examples.",
        "Keep both logarithms away from 0:\n```python\ntiny = 1e-10\nlog_one = np.log(np.maximum(..., tiny))\n"
        "log_zero = np.log(np.maximum(..., tiny))\nreturn -np.mean(...)\n```",
    ),
    "backward": (
        "Start at the last layer, where the error is prediction minus truth. From the error of a layer you get its dW"
        " and db. Then carry the error one layer back, through the old weights and the slope of the sigmoid.",
        "Last layer: dZ = A - Y. Every layer: dW = dZ A_in^T / m, and db = the mean of each row of dZ. One layer back:"
        " the new dZ is (W^T dZ) times A_in (1 - A_in). The first product is a matrix product. The others go entry by"
        " entry.",
        "Walk the layers from last to first. A_in is the activation in front of the layer:\n"
        "```python\ndZ = ...\nfor l in reversed(range(len(parameters))):\n    A_in = activations[l]\n"
        "    dW, db = ..., ...\n    gradients.insert(0, (dW, db))\n    dZ = ...\nreturn gradients\n```",
    ),
    "gradient_step": (
        "The gradient points uphill, and you want to go down. So subtract a part of it. The learning rate says how"
        " large that part is. Make new arrays and leave the old ones alone.",
        "New W = W - alpha dW, and new b = b - alpha db, for every layer. `W - ...` makes a new array."
        " `W -= ...` writes into the old one, so don't use that here.",
        "Go through both lists together:\n```python\nnew = []\nfor (W, b), (dW, db) in zip(...):\n"
        "    new.append((..., ...))\nreturn new\n```",
    ),
    "train": (
        "You have all the parts. Each step predicts, notes the cost, finds the gradients, and moves the parameters."
        " The next step starts from the new parameters. Write the cost down before you move.",
        "In each step, in this order: `forward`, `cost` of the last activation, `backward`, `gradient_step`."
        " After `steps` rounds return the newest parameters and the list of costs.",
        "One loop, four calls:\n```python\ncosts = []\nfor _ in range(...):\n    activations = ...\n"
        "    costs.append(...)\n    gradients = ...\n    parameters = ...\nreturn ..., ...\n```",
    ),
    "predict": (
        "Run the network, take the probabilities of the last layer, and compare them with the threshold."
        " A comparison gives True and False. Turn these into 1 and 0.",
        "The label is 1 where the probability is at least the threshold, and 0 elsewhere. At least means `>=`."
        " `forward` returns a list, and its last entry is `[-1]`.",
        "One line, or two:\n```python\nprobabilities = forward(...)[...]\nreturn (...).astype(int)\n```",
    ),
    "build_model": (
        "A Keras model is a list of layers: first the input, then one `Dense` layer for each entry of `units`."
        " To compile the model means to choose its loss and its optimizer. Use both arguments, and fix no sizes.",
        "Each layer is `tf.keras.layers.Dense(size, activation=...)`. The input is `tf.keras.Input(shape=(...,))`."
        " The example with the house prices above shows every call that you need.",
        "A loop, or a list in one line:\n```python\nlayers = [tf.keras.Input(...)]\nfor size in units:\n"
        "    layers.append(...)\nmodel = tf.keras.Sequential(layers)\nmodel.compile(...)\nreturn model\n```",
    ),
    "parameters_from_keras": (
        "Keras puts examples in rows, and we put them in columns. So each array of weights must be turned. The bias of"
        " Keras is flat, and ours is a column. Do this for each layer that has weights.",
        "W is the transpose of the kernel: (inputs, units) becomes (units, inputs). b is the bias as a column:"
        " (units,) becomes (units, 1). `layer.get_weights()` gives the kernel and the bias as NumPy arrays.",
        "One pair for each layer:\n```python\nparameters = []\nfor layer in model.layers:\n"
        "    kernel, bias = layer.get_weights()\n    parameters.append((..., ...))\nreturn parameters\n```",
    ),
    "tf_gradients": (
        "The tape notes what TensorFlow computes, and plays it back to find the slopes. So do the forward pass and"
        " the cost inside the tape, with TensorFlow only. What NumPy computes is not on the tape.",
        "Cast all numbers to `tf.float64` first. Tell the tape to watch the parameters. Then compute A for each layer,"
        " and the mean cost J as in exercise 7. `tape.gradient(J, parameters)` gives the list of pairs.",
        "Cast, watch, compute, ask:\n```python\nparameters = [(tf.cast(...), tf.cast(...)) for W, b in parameters]\n"
        "with tf.GradientTape() as tape:\n    tape.watch(...)\n    for W, b in ...:\n        A = ...\n"
        "    J = ...\nreturn tape.gradient(...)\n```",
    ),
}
