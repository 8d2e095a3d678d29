# --- wrong: relu
# why: another activation in the first layer
model = tf.keras.Sequential([tf.keras.Input((400,)), *(tf.keras.layers.Dense(u, a) for u, a in ((25, "relu"), (15, "sigmoid"), (1, "sigmoid")))])

# --- wrong: two_layers
# why: the layer of 15 units is missing
model = tf.keras.Sequential([tf.keras.Input((400,)), *(tf.keras.layers.Dense(u, "sigmoid") for u in (25, 1))])

# --- right: own_sigmoid
# why: the sigmoid as a function of the student's own
model = tf.keras.Sequential([tf.keras.Input((400,)), *(tf.keras.layers.Dense(u, lambda z: 1 / (1 + tf.exp(-z))) for u in (25, 15, 1))])
