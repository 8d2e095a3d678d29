# --- wrong: last-layer-linear
# why: the last layer has no activation, so its answer isn't a probability.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1),
])

# --- wrong: relu-in-the-hidden-layers
# why: ReLU in the first two layers; each should have the sigmoid.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="relu"),
    tf.keras.layers.Dense(15, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: first-layer-tanh
# why: tanh in one layer of the three.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="tanh"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: 15-before-25
# why: the hidden layers in the wrong order: other shapes, other numbers of weights.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: layer-of-15-forgotten
# why: only two layers.
import tensorflow as tf
model = tf.keras.models.Sequential()
model.add(tf.keras.Input(shape=(400,)))
model.add(tf.keras.layers.Dense(25, activation="sigmoid"))
model.add(tf.keras.layers.Dense(1, activation="sigmoid"))

# --- wrong: input-as-a-dense-layer
# why: a Dense layer of 400 units for the "input layer": four layers and 160 400 numbers more.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(400, activation="sigmoid"),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: an-output-for-each-digit
# why: two outputs with a softmax, one for 0 and one for 1, instead of a single sigmoid.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(2, activation="softmax"),
])

# --- wrong: softmax-of-one-unit
# why: a softmax over one unit is always 1.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="softmax"),
])

# --- wrong: 784-inputs
# why: pictures of 28 x 28 as in other courses; ours have 400 pixels.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(784,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: pictures-flattened-inside
# why: takes 20 x 20 pictures and flattens them, so the rows of 400 numbers don't fit.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(20, 20)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: one-feature-400-times
# why: Input(shape=(400, 1)): each pixel is an example of its own; the first layer has 50 numbers.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400, 1)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: no-biases
# why: use_bias=False, and each unit should have a bias: 10 000 numbers in the first layer instead of 10 025.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid", use_bias=False),
    tf.keras.layers.Dense(15, activation="sigmoid", use_bias=False),
    tf.keras.layers.Dense(1, activation="sigmoid", use_bias=False),
])

# --- wrong: normalised-between-the-layers
# why: BatchNormalization between the layers: five layers, more weights, and answers that depend on the batch in training.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.BatchNormalization(),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.BatchNormalization(),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: noise-in-training
# why: GaussianNoise on the pixels: nothing in predict, but in training the same picture gives another answer each time.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.GaussianNoise(0.5),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: hand-made-sigmoid-without-minus
# why: its own activation 1 / (1 + e^z) is that of -z.
import tensorflow as tf
def falling(z):
    return 1 / (1 + tf.exp(z))
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation=falling),
    tf.keras.layers.Dense(15, activation=falling),
    tf.keras.layers.Dense(1, activation=falling),
])

# --- wrong: numpy-sigmoid-as-activation
# why: hands the NumPy sigmoid of autils to Keras, whose graphs can't go through np.exp: predict and fit are errors.
import tensorflow as tf
from autils import sigmoid
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation=sigmoid),
    tf.keras.layers.Dense(15, activation=sigmoid),
    tf.keras.layers.Dense(1, activation=sigmoid),
])

# --- wrong: label-instead-of-probability
# why: the last activation rounds the sigmoid to 0 or 1, and has no slope to learn from.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation=lambda z: tf.round(tf.sigmoid(z))),
])

# --- wrong: pixels-as-integers
# why: dtype="int32" for the input cuts the brightness 0.7 off to 0.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,), dtype="int32"),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: function-instead-of-model
# why: `model` is a function that would build the model; nobody calls it.
import tensorflow as tf
def model():
    return tf.keras.Sequential([
        tf.keras.Input(shape=(400,)),
        tf.keras.layers.Dense(25, activation="sigmoid"),
        tf.keras.layers.Dense(15, activation="sigmoid"),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ])

# --- wrong: nothing-learns
# why: trainable = False for the whole model: the loss stays as it is in each epoch.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.trainable = False

# --- right: added-in-a-loop
# why: layers added one by one in a loop over the sizes.
import tensorflow as tf
model = tf.keras.models.Sequential()
model.add(tf.keras.layers.InputLayer(shape=(400,)))
for size in (25, 15, 1):
    model.add(tf.keras.layers.Dense(size, activation=tf.keras.activations.sigmoid))

# --- right: built-by-a-function-and-compiled
# why: a function builds it, the variable holds the result; compiled and named already, which costs nothing.
from tensorflow import keras
def build(sizes, inputs):
    net = keras.Sequential([keras.Input(shape=(inputs,))] + [keras.layers.Dense(s, "sigmoid") for s in sizes], name="digits")
    net.compile(loss="binary_crossentropy", optimizer="adam")
    return net
model = build([25, 15, 1], 400)

# --- right: tf-sigmoid
# why: tf.nn.sigmoid as a function, names for the layers, and no Input but a build.
import tensorflow as tf
model = tf.keras.Sequential()
model.add(tf.keras.layers.Dense(25, activation=tf.nn.sigmoid, name="hidden_1"))
model.add(tf.keras.layers.Dense(15, activation=tf.nn.sigmoid, name="hidden_2"))
model.add(tf.keras.layers.Dense(1, activation=tf.nn.sigmoid, name="probability"))
model.build(input_shape=(None, 400))

# --- right: trained-weights-loaded
# why: starts with given weights; the text says "with whatever weights".
import tensorflow as tf
from autils import load_weights
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.set_weights(load_weights())

# --- right: from-a-configuration
# why: the layers come from a list of settings.
import tensorflow as tf
settings = [{"units": u, "activation": "sigmoid", "kernel_initializer": "he_normal"} for u in (25, 15, 1)]
model = tf.keras.Sequential([tf.keras.Input((400,)), *map(lambda s: tf.keras.layers.Dense(**s), settings)])
