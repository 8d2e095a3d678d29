# --- wrong: one-more-output-unit
# why: units already ends with the output layer, and another Dense(1) comes after it.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.add(tf.keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: sizes-written-down
# why: 25, 15 and 1 are fixed in the code and units isn't used; right for the default.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([
        tf.keras.Input(shape=(n_features,)),
        tf.keras.layers.Dense(25, activation="sigmoid"),
        tf.keras.layers.Dense(15, activation="sigmoid"),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: dropout-between
# why: a Dropout layer after each hidden layer, against overfitting; only Dense layers were asked for, and training gets other numbers.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.Input(shape=(n_features,))]
    for size in units[:-1]:
        layers.append(tf.keras.layers.Dense(size, activation="sigmoid"))
        layers.append(tf.keras.layers.Dropout(0.2))
    layers.append(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model = tf.keras.Sequential(layers)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: smoothed-labels
# why: label_smoothing=0.1 makes the labels 0.05 and 0.95: another loss.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(size, activation="sigmoid") for size in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))] + layers)
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(label_smoothing=0.1))
    return model

# --- wrong: inputs-of-the-first-layer-by-its-units
# why: the input gets units[0] features instead of n_features.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.Input(shape=(units[0],))]
    for size in units:
        layers.append(tf.keras.layers.Dense(size, activation="sigmoid"))
    model = tf.keras.Sequential(layers)
    model.compile(optimizer=tf.keras.optimizers.Adam(), loss="binary_crossentropy")
    return model
