# --- wrong: fixed_sizes
# why: 400, 25, 15 and 1, whatever comes
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([
        tf.keras.Input(shape=(400,)),
        tf.keras.layers.Dense(25, activation="sigmoid"),
        tf.keras.layers.Dense(15, activation="sigmoid"),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: fixed_layers
# why: three layers of the sizes that came
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([
        tf.keras.Input(shape=(n_features,)),
        tf.keras.layers.Dense(units[0], activation="sigmoid"),
        tf.keras.layers.Dense(units[1], activation="sigmoid"),
        tf.keras.layers.Dense(units[2], activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: relu
# why: ReLU in the hidden layers
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="relu") for n in units[:-1]]
    layers.append(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: linear_output
# why: a linear output, as in the example
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units[:-1]]
    layers.append(tf.keras.layers.Dense(units[-1], activation="linear"))
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: no_activation
# why: no activation at all
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *(tf.keras.layers.Dense(n) for n in units)])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: sgd
# why: the optimizer of the example
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="sgd", loss="binary_crossentropy")
    return model

# --- wrong: mse
# why: the loss of the example
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="mean_squared_error")
    return model

# --- wrong: not_compiled
# why: forgets to compile
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units]
    return tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])

# --- wrong: no_input
# why: forgets the input, so the model has no weights yet
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.layers.Dense(n, activation="sigmoid") for n in units])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: compile_returned
# why: returns what compile returns
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    return model.compile(optimizer="adam", loss="binary_crossentropy")

# --- wrong: one_layer_short
# why: the last layer is missing
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units[:-1]]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: extra_output
# why: one more layer of one unit
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in (*units, 1)]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: categorical
# why: categorical cross-entropy
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model

# --- wrong: no_bias
# why: layers without a bias
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid", use_bias=False) for n in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: from_logits
# why: tells the loss that the output is no probability
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(n, activation="sigmoid") for n in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(from_logits=True))
    return model
