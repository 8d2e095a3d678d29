# --- wrong: one-unit-at-the-end
# why: the last layer always has one unit, so units = (4, 3) gives one answer instead of three.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(u, activation="sigmoid") for u in units[:-1]]
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), *layers, tf.keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model

# --- wrong: label-smoothing
# why: the loss smooths the labels, so a right and certain answer costs more than the binary cross-entropy.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(loss=tf.keras.losses.BinaryCrossentropy(label_smoothing=0.1), optimizer="adam")
    return model

# --- wrong: hard-sigmoid-of-its-own
# why: the activation is a function called sigmoid, but it is the straight line 0.2 z + 0.5 cut off at 0 and 1.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    def sigmoid(z):
        return tf.clip_by_value(0.2 * z + 0.5, 0.0, 1.0)

    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation=sigmoid))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model

# --- wrong: model-from-a-cache
# why: a second call with the same sizes returns the same model, with the weights it has been trained to.
from functools import lru_cache
import tensorflow as tf

@lru_cache(maxsize=None)
def _built(n_features, units):
    layers = [tf.keras.layers.Dense(u, activation="sigmoid") for u in units]
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), *layers])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model

def build_model(n_features=400, units=(25, 15, 1)):
    return _built(n_features, tuple(units))

# --- wrong: funnel-order
# why: the layers are sorted from large to small, so units = (2, 5, 1) gives 5, 2, 1.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for size in sorted(units, reverse=True):
        model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.compile(optimizer=tf.keras.optimizers.Adam(), loss="binary_crossentropy")
    return model

# --- wrong: layers-from-a-dictionary
# why: equal entries fall together in a dictionary, units = (4, 4, 1) gives two layers instead of three.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    layers = {u: tf.keras.layers.Dense(u, activation="sigmoid") for u in units}
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers.values()])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: weights-penalised
# why: an L2 penalty is added to the loss, so what is minimised is more than the binary cross-entropy.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", kernel_regularizer=tf.keras.regularizers.L2(0.01)))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: hidden-layers-frozen
# why: all layers but the last are set not trainable, so Adam never changes them.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for i, u in enumerate(units, start=1):
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", trainable=i == len(units)))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: functional-model
# why: returns a functional tf.keras.Model and no tf.keras.Sequential, with the input among its layers.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    x = first = tf.keras.Input(shape=(n_features,))
    for u in units:
        x = tf.keras.layers.Dense(u, activation="sigmoid")(x)
    model = tf.keras.Model(first, x)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: softmax-for-several-answers
# why: when the last entry of units is above 1 the last layer has the softmax instead of the sigmoid.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.add(tf.keras.layers.Dense(units[-1], activation="sigmoid" if units[-1] == 1 else "softmax"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: relu-when-deep
# why: with more than three entries in units the hidden layers get the ReLU against vanishing gradients.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    hidden = "relu" if len(units) > 3 else "sigmoid"
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, activation=hidden))
    model.add(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: own-loss-from-logits
# why: the loss has the right name but takes the probabilities for logits and puts them through a second sigmoid.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    def binary_crossentropy(y_true, y_pred):
        y_true = tf.cast(y_true, y_pred.dtype)
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y_true, y_pred), axis=-1)

    layers = [tf.keras.layers.Dense(u, activation="sigmoid") for u in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss=binary_crossentropy)
    return model

# --- wrong: own-loss-with-one-term
# why: the loss of the right name has only the term of the label 1, so examples with the label 0 cost nothing.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    def binary_crossentropy(y_true, y_pred):
        y_true = tf.cast(y_true, y_pred.dtype)
        return -tf.reduce_mean(y_true * tf.math.log(y_pred + 1e-7), axis=-1)

    layers = [tf.keras.layers.Dense(u, activation="sigmoid") for u in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss=binary_crossentropy)
    return model

# --- wrong: one-optimizer-for-all-models
# why: all models share one Adam, and once the first has been trained, training the second raises an error.
import tensorflow as tf

_adam = tf.keras.optimizers.Adam(learning_rate=0.001)

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer=_adam, loss="binary_crossentropy")
    return model

# --- wrong: another-name-for-the-features
# why: build_model(n_features=10) raises TypeError, since the argument has another name.
import tensorflow as tf

def build_model(n=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: half-precision
# why: the layers compute with 16 bits, so the answers have three digits and don't agree with forward to six.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", dtype="float16"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: rescales-the-pixels
# why: inside the layer the first inputs are divided by 255, though the examples come as they are.
import tensorflow as tf

class _First(tf.keras.layers.Dense):
    def call(self, inputs):
        return super().call(tf.cast(inputs, tf.float32) / 255)

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for i, u in enumerate(units):
        kind = tf.keras.layers.Dense if i else _First
        model.add(kind(u, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# --- wrong: own-loss-with-swapped-arguments
# why: the own loss names its arguments in the other order than Keras hands them over, so truth and prediction change places.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    def binary_crossentropy(y_pred, y_true):
        return tf.keras.losses.binary_crossentropy(y_true, y_pred)

    layers = [tf.keras.layers.Dense(u, activation="sigmoid") for u in units]
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,)), *layers])
    model.compile(optimizer="adam", loss=binary_crossentropy)
    return model

# --- right: objects-everywhere
# why: activation, loss and optimizer are given as objects, and two more metrics are watched.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    keras = tf.keras
    model = keras.Sequential([keras.Input(shape=(n_features,))], name="reader")
    for number, size in enumerate(units, start=1):
        model.add(keras.layers.Dense(units=size, activation=keras.activations.sigmoid, name=f"layer_{number}"))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.003),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=["accuracy", keras.metrics.AUC()],
    )
    return model

# --- right: built-afterwards
# why: no Input layer but model.build with the number of features.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.models.Sequential([tf.keras.layers.Dense(u, "sigmoid") for u in units])
    model.build((None, n_features))
    model.compile("adam", "binary_crossentropy")
    return model

# --- right: from-a-config
# why: the layers are made from a configuration, and the loss is Keras's function.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    make = tf.keras.layers.Dense.from_config
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.InputLayer(shape=[n_features]))
    for u in units:
        model.add(make({"units": u, "activation": "sigmoid"}))
    model.compile(optimizer=tf.keras.optimizers.get("Adam"), loss=tf.keras.losses.binary_crossentropy)
    return model

# --- right: own-starting-weights
# why: other initialisers, a named input and eager running.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    start = tf.keras.initializers.RandomNormal(stddev=0.05, seed=3)
    dense = lambda u: tf.keras.layers.Dense(u, activation=tf.nn.sigmoid, kernel_initializer=start)
    model = tf.keras.Sequential([tf.keras.Input((n_features,), name="pixels"), *map(dense, units)])
    model.compile(optimizer="Adam", loss=tf.keras.losses.BinaryCrossentropy(from_logits=False), run_eagerly=True)
    return model

# --- right: double-precision
# why: the layers compute with 64 bits, and the model is compiled twice, the second time with Adam.
import tensorflow as tf

def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,), dtype="float64")])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid", dtype="float64"))
    model.compile(optimizer="sgd", loss="mse")
    model.compile(optimizer="adam", loss="binary_crossentropy", weighted_metrics=[])
    return model
