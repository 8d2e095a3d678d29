# --- wrong: last-layer-linear
# why: the last layer answers with a plain number, not with a probability.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(u, activation="sigmoid") for u in units[:-1]]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers, tf.keras.layers.Dense(units[-1])])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: relu-in-the-hidden-layers
# why: hidden layers with ReLU as in the example; right for a single layer.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for i, u in enumerate(units):
        model.add(tf.keras.layers.Dense(u, activation="sigmoid" if i == len(units) - 1 else "relu"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: softmax-at-the-end
# why: the softmax of a single unit is always 1.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.add(tf.keras.layers.Dense(units[-1], activation="softmax"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: hard-sigmoid
# why: "hard_sigmoid" is a broken line through the sigmoid, not the sigmoid.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="hard_sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: never-compiled
# why: the model has neither loss nor optimizer: fit raises an error.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    return tf.keras.Sequential(
        [tf.keras.Input(shape=(n_features,))] + [tf.keras.layers.Dense(u, activation="sigmoid") for u in units]
    )

# --- wrong: sgd
# why: plain gradient descent, copied from the example, instead of Adam.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="sgd", loss="binary_crossentropy")
    return model

# --- wrong: adamax
# why: Adamax sounds like Adam but is another rule.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer=tf.keras.optimizers.Adamax(), loss="binary_crossentropy")
    return model

# --- wrong: loss-of-logits
# why: from_logits=True applies a second sigmoid inside the loss, though the last layer has one.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(from_logits=True))
    return model

# --- wrong: squared-error
# why: the loss of the house prices instead of binary cross-entropy.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="mean_squared_error")
    return model

# --- wrong: cross-entropy-as-a-metric
# why: binary cross-entropy is only watched as a metric; there is no loss to train with.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", metrics=["binary_crossentropy"])
    return model

# --- wrong: categorical-cross-entropy
# why: with a single output unit it is 0 or nearly so, whatever the answer.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model

# --- wrong: smoothed-labels
# why: label_smoothing=0.1 makes 0.05 and 0.95 of the labels, so the loss is another.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(label_smoothing=0.1))
    return model

# --- wrong: sum-of-the-losses
# why: reduction="sum" adds the examples up instead of taking the mean.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(reduction="sum"))
    return model

# --- wrong: focal-loss
# why: the focal cross-entropy plays easy examples down; at 0.75 for a 1 it is about a sixteenth.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_focal_crossentropy")
    return model

# --- wrong: units-ignored
# why: 25, 15 and 1 are written into the body.
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

# --- wrong: always-400-features
# why: the input is 400 wide, whatever n_features says.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(400,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: no-input
# why: without an Input the model has no weights yet: nothing to count, and n_features is never used.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.layers.Dense(u, activation="sigmoid") for u in units])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: one-output-layer-more
# why: takes units for the hidden layers and adds an output layer of its own.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.add(tf.keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: single-layer-twice
# why: builds the first and the last layer outside the loop; with units=(1,) that is two layers.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential()
    model.add(tf.keras.Input(shape=(n_features,)))
    model.add(tf.keras.layers.Dense(units[0], activation="sigmoid"))
    for u in units[1:-1]:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.add(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: largest-layer-first
# why: sorts the layers so that the network narrows; (2, 4, 1) becomes (4, 2, 1).
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in sorted(units, reverse=True):
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: one-layer-object-per-size
# why: makes a Dense for each different size and uses it again for the same size: (3, 3, 1) can't be built or shares weights.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    layers = {u: tf.keras.layers.Dense(u, activation="sigmoid") for u in units}
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))] + [layers[u] for u in units])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: no-biases
# why: use_bias=False: 10 390 numbers instead of 10 431.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", use_bias=False))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: dropout-between
# why: a Dropout after each hidden layer: more layers than entries of units, and other answers while it trains.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
        model.add(tf.keras.layers.Dropout(0.2))
    model.add(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: weights-punished
# why: an L2 regulariser adds the squares of the weights to the loss.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", kernel_regularizer=tf.keras.regularizers.L2(0.01)))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: all-weights-start-at-0
# why: kernel_initializer="zeros": all units of a layer are alike and learn the same; "so they start at random", says the text.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", kernel_initializer="zeros"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: hidden-layers-frozen
# why: trainable = False for all but the last layer: training can't change them.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    for layer in model.layers[:-1]:
        layer.trainable = False
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: one-model-for-all-calls
# why: a cache hands out the model of the first call again, with whatever it has learnt meanwhile.
from functools import cache
import tensorflow as tf
@cache
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: rescales-the-pixels
# why: a Rescaling by 1/255 comes first, but the pixels are from 0 to 1 already; the answers are others.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), tf.keras.layers.Rescaling(1 / 255)])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- right: list-in-one-expression
# why: the layers by a comprehension inside the call; loss and optimizer as objects.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential(
        [tf.keras.Input(shape=(n_features,)), *(tf.keras.layers.Dense(u, activation=tf.sigmoid) for u in units)]
    )
    model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=0.001), loss=tf.keras.losses.BinaryCrossentropy())
    return model

# --- right: built-afterwards
# why: no Input; model.build gives the shape instead.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.models.Sequential()
    for u in units:
        model.add(tf.keras.layers.Dense(units=u, activation=tf.keras.activations.sigmoid))
    model.build((None, n_features))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model

# --- right: shape-of-the-first-layer
# why: names for the layers, and an InputLayer instead of Input.
from tensorflow import keras
def build_model(n_features=400, units=(25, 15, 1)):
    layers = [keras.layers.InputLayer(shape=(n_features,), name="picture")]
    for number, size in enumerate(units, start=1):
        layers.append(keras.layers.Dense(size, "sigmoid", name=f"layer_{number}"))
    model = keras.Sequential(layers, name="digits")
    model.compile(loss="binary_crossentropy", optimizer="Adam")
    return model

# --- right: from-a-configuration
# why: describes the model as a configuration and lets Keras build it.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    blank = tf.keras.Sequential([tf.keras.Input((n_features,))] + [tf.keras.layers.Dense(u, "sigmoid") for u in units])
    model = tf.keras.Sequential.from_config(blank.get_config())
    model.compile(optimizer=tf.keras.optimizers.get("adam"), loss=tf.keras.losses.binary_crossentropy)
    return model

# --- right: glorot-normal-start
# why: its own choice of a random start, and a learning rate given explicitly.
import tensorflow as tf
def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Input(shape=[n_features]))
    for i in range(len(units)):
        model.add(tf.keras.layers.Dense(units[i], activation="sigmoid", kernel_initializer="glorot_normal"))
    model.compile(loss="bce", optimizer=tf.keras.optimizers.Adam(1e-3))
    return model
