# --- wrong: rescaling-first
# why: the pixels are divided by 255 inside, though X holds 0 to 1 already, so it isn't what the three layers give for X.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Rescaling(1 / 255),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: recurrent-first-layer
# why: the first layer is a SimpleRNN over sequences with 25 units and no Dense layer; it takes (m, steps, 400), not (m, 400).
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(1, 400)),
    tf.keras.layers.SimpleRNN(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: sigmoid-twice
# why: a further Activation after the last layer puts the probability through a second sigmoid, so it is never below 0.5.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
    tf.keras.layers.Activation("sigmoid"),
])

# --- wrong: without-biases
# why: the first two layers have no bias, so there are 10000 and 375 numbers instead of 10025 and 390.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid", use_bias=False),
    tf.keras.layers.Dense(15, activation="sigmoid", use_bias=False),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: straight-line-called-sigmoid
# why: the activation of the hidden layers is an own function named sigmoid that is the hard sigmoid.
import tensorflow as tf

def _make():
    def sigmoid(z):
        return tf.keras.activations.hard_sigmoid(z)

    dense = tf.keras.layers.Dense
    return tf.keras.Sequential([
        tf.keras.Input(shape=(400,)),
        dense(25, activation=sigmoid),
        dense(15, activation=sigmoid),
        dense(1, activation="sigmoid"),
    ])

model = _make()

# --- wrong: nothing-to-train
# why: the whole model is set not trainable, so the training that follows changes no weight.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.trainable = False

# --- wrong: softmax-over-one-unit
# why: a Softmax layer after the last unit makes every answer 1.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
    tf.keras.layers.Softmax(),
])

# --- wrong: batch-normalised
# why: a BatchNormalization between the layers changes what they give and adds numbers that the layer's formula doesn't have.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.BatchNormalization(),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: takes-squares-of-pixels
# why: it takes pictures of (20, 20) and flattens them, so a batch of rows with 400 numbers doesn't fit.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(20, 20)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: half-precision
# why: the layers compute with 16 bits, and the answers agree with NumPy's to three digits only and not to six.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid", dtype="float16"),
    tf.keras.layers.Dense(15, activation="sigmoid", dtype="float16"),
    tf.keras.layers.Dense(1, activation="sigmoid", dtype="float16"),
])

# --- wrong: one-row-more
# why: the input is (1, 400), so it wants a batch of (m, 1, 400) and answers with three axes.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(1, 400)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: linear-at-the-end
# why: the last layer has no activation, so it gives any number and no probability.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1),
])

# --- wrong: hidden-block-inside
# why: a nested Sequential with one more Dense layer of 10 units stands before the last layer.
import tensorflow as tf

layers = tf.keras.layers
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    layers.Dense(25, activation="sigmoid"),
    layers.Dense(15, activation="sigmoid"),
    tf.keras.Sequential([layers.Dense(10, activation="sigmoid")]),
    layers.Dense(1, activation="sigmoid"),
])

# --- wrong: answers-are-labels
# why: a Lambda rounds the probability to 0 or 1.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
    tf.keras.layers.Lambda(lambda p: tf.round(p)),
])

# --- wrong: digits-of-28-by-28
# why: it takes 784 inputs, the whole MNIST picture, where the pictures have 400.
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.Input(shape=(784,))] + [
    tf.keras.layers.Dense(u, activation="sigmoid") for u in (25, 15, 1)
])

# --- wrong: relu-before-the-sigmoid
# why: the Dense layers are of a class that puts z through max(0, z) before the sigmoid, so no answer is below 0.5.
import tensorflow as tf

class RectifiedDense(tf.keras.layers.Dense):
    def call(self, inputs):
        return self.activation(tf.nn.relu(tf.matmul(inputs, self.kernel) + self.bias))

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    RectifiedDense(25, activation="sigmoid"),
    RectifiedDense(15, activation="sigmoid"),
    RectifiedDense(1, activation="sigmoid"),
])

# --- wrong: bottleneck-without-units
# why: an EinsumDense of 5 units, which has no attribute units, is a fourth layer between the second and the last.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.EinsumDense("ab,bc->ac", output_shape=5, activation="sigmoid", bias_axes="c"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- right: added-one-by-one
# why: layers are added in a loop and have names.
import tensorflow as tf

model = tf.keras.Sequential(name="zero_or_one")
model.add(tf.keras.Input(shape=(400,), name="picture"))
for _number, _units in enumerate([25, 15, 1], start=1):
    model.add(tf.keras.layers.Dense(_units, activation=tf.keras.activations.sigmoid, name=f"L{_number}"))

# --- right: built-without-an-input-layer
# why: model.build says how many inputs there are.
import tensorflow as tf

model = tf.keras.models.Sequential([tf.keras.layers.Dense(u, "sigmoid") for u in (25, 15, 1)])
model.build(input_shape=(None, 400))

# --- right: compiled-and-with-own-weights
# why: it is compiled already, with a metric, and its weights are set to small random numbers.
import numpy as np
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.layers.InputLayer(shape=(400,)),
    tf.keras.layers.Dense(units=25, activation="sigmoid"),
    tf.keras.layers.Dense(units=15, activation="sigmoid"),
    tf.keras.layers.Dense(units=1, activation="sigmoid"),
])
model.compile(optimizer="sgd", loss="mse", metrics=["accuracy"])
_rng = np.random.default_rng(5)
model.set_weights([0.1 * _rng.normal(size=w.shape) for w in model.get_weights()])

# --- right: out-of-a-function
# why: a function makes it, with other starting weights and 64 bits.
import tensorflow as tf

def _network(*sizes):
    made = tf.keras.Sequential([tf.keras.Input((400,), dtype="float64")])
    for size in sizes:
        made.add(tf.keras.layers.Dense(size, activation=tf.nn.sigmoid, kernel_initializer="he_normal", dtype="float64"))
    return made

model = _network(25, 15, 1)

# --- right: copy-from-a-config
# why: the model is made anew from its own configuration.
import tensorflow as tf

_plan = tf.keras.Sequential([tf.keras.Input(shape=[400])] + [tf.keras.layers.Dense(u, "sigmoid") for u in (25, 15, 1)])
model = tf.keras.Sequential.from_config(_plan.get_config())

# --- right: one-layer-too-many-popped
# why: a wrong last layer is popped again and the right one added.
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(10, activation="softmax"),
])
model.pop()
model.add(tf.keras.layers.Dense(1, activation="sigmoid"))
