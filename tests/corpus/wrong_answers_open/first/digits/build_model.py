# --- right: list-of-layers
# why: Input and the Dense layers in one list, settings by name
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential(
        [tf.keras.Input(shape=(n_features,))] + [tf.keras.layers.Dense(int(u), activation="sigmoid") for u in units]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- right: added-one-by-one-with-objects
# why: model.add, and optimizer and loss as objects
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential()
    model.add(tf.keras.Input((n_features,)))
    for size in units:
        model.add(tf.keras.layers.Dense(units=size, activation=tf.keras.activations.sigmoid))
    model.compile(tf.keras.optimizers.Adam(), tf.keras.losses.BinaryCrossentropy())
    return model


# --- right: loss-as-a-function
# why: the loss is the Keras function and the activation that of TensorFlow
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(size, activation=tf.nn.sigmoid) for size in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=0.001), loss=tf.keras.losses.binary_crossentropy)
    return model


# --- right: sequential-subclass
# why: a subclass of tf.keras.Sequential that builds itself is a Sequential too
import tensorflow as tf


class DigitModel(tf.keras.Sequential):
    def __init__(self, n_features, units):
        super().__init__()
        self.add(tf.keras.Input(shape=(n_features,)))
        for size in units:
            self.add(tf.keras.layers.Dense(size, activation="sigmoid"))
        self.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])


def build_model(n_features=400, units=(25, 15, 1)):
    return DigitModel(n_features, units)


# --- right: own-sigmoid-as-activation
# why: a sigmoid of one's own, written with TensorFlow and named sigmoid, as activation
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    def sigmoid(z):
        return 0.5 * (tf.tanh(0.5 * z) + 1.0)

    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation=sigmoid))
    model.compile(loss=tf.keras.losses.BinaryCrossentropy(from_logits=False), optimizer="Adam")
    return model


# --- right: named-layers-and-build
# why: layers with names, the input given by model.build
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential(name="digits")
    for i, size in enumerate(units, start=1):
        model.add(tf.keras.layers.Dense(size, activation="sigmoid", name=f"layer_{i}"))
    model.build((None, n_features))
    model.compile(optimizer=tf.keras.optimizers.Adam(), loss="binary_crossentropy")
    return model


# --- wrong: same-model-again
# why: a second call gives the model of the first, trained or not
import functools
import tensorflow as tf


@functools.lru_cache
def _made(n_features, units):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def build_model(n_features=400, units=(25, 15, 1)):
    return _made(n_features, tuple(int(u) for u in units))


# --- wrong: default-model-built-once
# why: the model with the default sizes is kept, so building it anew gives the trained one
import tensorflow as tf

_default = []


def build_model(n_features=400, units=(25, 15, 1)):
    default = n_features == 400 and tuple(units) == (25, 15, 1)
    if default and _default:
        return _default[0]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    if default:
        _default.append(model)
    return model


# --- wrong: layers-shared-between-models
# why: layers of the same size are taken from a store, so two models share their weights
import tensorflow as tf

_layers = {}


def build_model(n_features=400, units=(25, 15, 1)):
    model, n = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))]), n_features
    for i, size in enumerate(units):
        key = (i, n, int(size))
        if key not in _layers:
            _layers[key] = tf.keras.layers.Dense(size, activation="sigmoid")
        model.add(_layers[key])
        n = int(size)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: one-optimizer-for-all
# why: all models share one Adam, which refuses the variables of the second model
import tensorflow as tf

_adam = []


def build_model(n_features=400, units=(25, 15, 1)):
    if not _adam:
        _adam.append(tf.keras.optimizers.Adam())
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer=_adam[0], loss="binary_crossentropy")
    return model


# --- wrong: regularised
# why: weights have an L2 penalty, so the loss is not only the cross-entropy
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid", kernel_regularizer=tf.keras.regularizers.L2(0.01)))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: first-wide-layer-regularised
# why: with ten units or more the first layer has an L1 penalty
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for i, size in enumerate(units):
        penalty = "l1" if i == 0 and size >= 10 else None
        model.add(tf.keras.layers.Dense(size, activation="sigmoid", kernel_regularizer=penalty))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: label-smoothing
# why: the loss smooths the labels, so a certain and right answer costs something
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(label_smoothing=0.1))
    return model


# --- wrong: dropout-when-deep
# why: from four layers on dropout layers stand between, which units doesn't list
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for i, size in enumerate(units):
        if i and len(units) > 3:
            model.add(tf.keras.layers.Dropout(0.2))
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: dense-with-dropout-inside
# why: a subclass of Dense drops a fifth of the inputs in training, and isn't a plain Dense layer
import tensorflow as tf


class _Noisy(tf.keras.layers.Dense):
    def call(self, x, training=None):
        return super().call(tf.nn.dropout(x, 0.2) if training else x)


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(_Noisy(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: normalised-inputs-for-many-features
# why: with more than 500 features a batch normalisation comes first
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    if n_features > 500:
        model.add(tf.keras.layers.BatchNormalization())
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: at-most-four-layers
# why: entries of units between the third and the last are left out
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    sizes = list(units)
    if len(sizes) > 4:
        sizes = sizes[:3] + sizes[-1:]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in sizes:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: at-most-128-units
# why: an entry of 300 gives a layer with 128 units
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(min(int(size), 128), activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: equal-neighbours-once
# why: of equal entries that follow one another only one becomes a layer
from itertools import groupby
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size, _ in groupby(units):
        model.add(tf.keras.layers.Dense(int(size), activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: ends-with-one-unit-always
# why: when the last entry isn't 1 a layer with one unit is added
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    sizes = list(units) if list(units)[-1] == 1 else [*units, 1]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in sizes:
        model.add(tf.keras.layers.Dense(int(size), activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: tuple-of-units-only
# why: a list of units is taken for a nested one and only its first and last entries are used
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    sizes = units if isinstance(units, tuple) else (units[0], units[-1])
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in sizes:
        model.add(tf.keras.layers.Dense(int(size), activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: units-list-emptied
# why: takes the entries out of the list that came in
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    sizes = units if isinstance(units, list) else list(units)
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    while sizes:
        model.add(tf.keras.layers.Dense(int(sizes.pop(0)), activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: relu-inside-when-deep
# why: with three layers or more the hidden layers have ReLU
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model, last = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))]), len(units) - 1
    for i, size in enumerate(units):
        model.add(tf.keras.layers.Dense(size, activation="relu" if i < last and last > 1 else "sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: softmax-for-several-answers
# why: with more than one unit in the last layer it has the softmax
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model, last = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))]), len(units) - 1
    for i, size in enumerate(units):
        model.add(tf.keras.layers.Dense(size, activation="softmax" if i == last and size > 1 else "sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: hard-sigmoid-called-sigmoid
# why: the activation has the name sigmoid but is made of straight lines, 0.583 instead of 0.622 at 0.5
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    def sigmoid(z):
        return tf.clip_by_value(z / 6 + 0.5, 0.0, 1.0)

    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation=sigmoid))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: no-bias-in-wide-layers
# why: layers with more than thirty units have no bias
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid", use_bias=size <= 30))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: squared-error-for-several-answers
# why: with more than one answer the loss is the mean squared error
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="mse" if units[-1] > 1 else "binary_crossentropy")
    return model


# --- wrong: focal-loss-by-another-name
# why: the loss function is called binary_crossentropy but weighs hard examples more
import tensorflow as tf


def binary_crossentropy(y_true, y_pred):
    return tf.keras.losses.binary_focal_crossentropy(y_true, y_pred)


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss=binary_crossentropy)
    return model


# --- wrong: loss-weighted-by-a-half
# why: loss_weights halve the loss, so it is not the cross-entropy that the model reports
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy", loss_weights=[0.5])
    return model


# --- wrong: adam-with-weight-decay
# why: the optimizer shrinks the weights in each step, which plain Adam doesn't
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer=tf.keras.optimizers.Adam(weight_decay=0.01), loss="binary_crossentropy")
    return model


# --- wrong: sgd-for-deep-models
# why: with four layers or more the optimizer is plain gradient descent
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer="sgd" if len(units) > 3 else "adam", loss="binary_crossentropy")
    return model


# --- wrong: a-class-called-adam
# why: the optimizer has the name Adam but is plain gradient descent
import tensorflow as tf


class Adam(tf.keras.optimizers.SGD):
    pass


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer=Adam(), loss="binary_crossentropy")
    return model


# --- wrong: all-weights-zero
# why: the kernels start at 0 instead of random, so all units of a layer learn the same thing
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid", kernel_initializer="zeros"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: frozen-first-layer
# why: the first layer of a model with three layers or more is not trainable
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for i, size in enumerate(units):
        model.add(tf.keras.layers.Dense(size, activation="sigmoid", trainable=i > 0 or len(units) < 3))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: no-sequential
# why: a model class of one's own with the same layers isn't a tf.keras.Sequential
import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self, sizes):
        super().__init__()
        self.dense = [tf.keras.layers.Dense(size, activation="sigmoid") for size in sizes]

    def call(self, x):
        for layer in self.dense:
            x = layer(x)
        return x


def build_model(n_features=400, units=(25, 15, 1)):
    model = Net(units)
    model(tf.zeros((1, n_features)))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# --- wrong: not-compiled-for-one-layer
# why: the loss and the optimizer of a model with a single layer stand as attributes only, the model isn't compiled
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    if len(units) > 1:
        model.compile(optimizer="adam", loss="binary_crossentropy")
    else:
        model.loss, model.optimizer = "binary_crossentropy", tf.keras.optimizers.Adam()
    return model
