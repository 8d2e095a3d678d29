# --- wrong: picture-not-flattened
# why: the input is 20 x 20 and no Flatten follows, so each line of the picture goes through the layers on its own and the model doesn't take 400 inputs.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(20, 20)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: four-hundred-by-one
# why: shape (400, 1) is 400 inputs of one number each: the first kernel is (1, 25) and every pixel gets an answer of its own.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400, 1)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: what-compile-returns
# why: compile returns None, and that is what is stored in model.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
]).compile(loss="binary_crossentropy", optimizer="adam")

# --- wrong: swish
# why: "silu", the sigmoid linear unit, is z times the sigmoid, not the sigmoid.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="silu"),
    tf.keras.layers.Dense(15, activation="silu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: line-of-25-copied
# why: the line of the first layer was copied and its size left: 25, 25, 1.
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.Input(shape=(400,)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])

# --- wrong: output-layer-missing
# why: ends with the layer of 15 units, so there are 15 answers for a picture.
import tensorflow as tf
model = tf.keras.Sequential()
model.add(tf.keras.Input(shape=(400,)))
for size in [25, 15, 1][:-1]:
    model.add(tf.keras.layers.Dense(size, activation="sigmoid"))

# --- wrong: sigmoid-given-twice
# why: the Dense layers have the sigmoid and an Activation layer after each applies it once more.
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.Input(shape=(400,))])
for size in (25, 15, 1):
    model.add(tf.keras.layers.Dense(size, activation="sigmoid"))
    model.add(tf.keras.layers.Activation("sigmoid"))

# --- wrong: as-many-inputs-as-pictures
# why: takes the 1000 of X.shape for the inputs; that is the number of examples.
import tensorflow as tf
from autils import load_data
pictures, digits = load_data()
model = tf.keras.Sequential([
    tf.keras.Input(shape=(pictures.shape[0],)),
    tf.keras.layers.Dense(25, activation="sigmoid"),
    tf.keras.layers.Dense(15, activation="sigmoid"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
