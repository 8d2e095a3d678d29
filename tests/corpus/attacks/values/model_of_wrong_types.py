# tries: a layer whose settings have types that no layer's settings have
# expect: build_model failed 0
import tensorflow as tf


class Odd(tf.keras.layers.Layer):
    units = ["seven"]
    activation = property(lambda self: [1, 2])
    use_bias = "yes"

    def call(self, x):
        return x


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((4,)), Odd(), tf.keras.layers.Dense(1)])
    model.compile(loss="binary_crossentropy", optimizer="sgd")
    return model
