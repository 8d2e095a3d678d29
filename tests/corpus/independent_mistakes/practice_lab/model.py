# --- wrong: relu
# why: ReLU in the hidden layers
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="relu"),
    tf.keras.layers.Dense(15, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: swapped_sizes
# why: 15 and 25 swapped
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: linear_output
# why: the output has no activation
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1),
])

# --- wrong: no_output
# why: the output layer is missing
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
])

# --- wrong: two_outputs
# why: an output for each of the two digits
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(2, activation="sigmoid"),
])

# --- wrong: no_bias
# why: layers without a bias
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid", use_bias=False),
    tf.keras.layers.Dense(15, activation="sigmoid", use_bias=False),
    tf.keras.layers.Dense(1, activation="sigmoid", use_bias=False),
])
